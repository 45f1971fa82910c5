// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/detectors/tables.h"
#include <cmath>

using namespace faultline;
using namespace faultline::detectors;
using namespace faultline::detectors::test;
using features::ColumnRole;

namespace
{
Table row(std::initializer_list<double> values, const std::vector<ColumnRole>& roles = {})
{
    features::Matrix matrix(1, static_cast<Eigen::Index>(values.size()));
    std::copy(values.begin(), values.end(), matrix.data());
    return tableOf(std::move(matrix), roles);
}

double scoreOf(const Table& table, std::int64_t largest = 5)
{
    return scoresOf(*fitted("robust_z", table, {{"largest", largest}}), table).at(0);
}
} // namespace

TEST(RobustZ, IsTheRootMeanSquareOfTheLargestExcesses)
{
    // z = sqrt(8) has the excess 2, z = sqrt(3) has 1.
    EXPECT_NEAR(scoreOf(row({std::sqrt(8.0), 0.0, -std::sqrt(3.0)}), 2), std::sqrt((4.0 + 1.0) / 2.0), 1e-12);
}

TEST(RobustZ, QuietColumnsDoNotDiluteAWildOne)
{
    auto many = std::vector<double>(100, 0.0);
    features::Matrix values = features::Matrix::Zero(1, 100);
    values(0, 50) = 20.0;
    EXPECT_DOUBLE_EQ(scoreOf(tableOf(values)), scoreOf(row({20.0, 0.0, 0.0, 0.0, 0.0})));
}

TEST(RobustZ, LessNoveltyThanUsualIsNotUnusual)
{
    EXPECT_EQ(scoreOf(row({-5.0}, {ColumnRole::Novelty})), 0.0);
    EXPECT_GT(scoreOf(row({5.0}, {ColumnRole::Novelty})), 4.0);
    EXPECT_GT(scoreOf(row({-5.0}, {ColumnRole::Count})), 4.0) << "silence is";
}

TEST(RobustZ, TheTimeOfDayDoesNotCount)
{
    EXPECT_EQ(scoreOf(row({9.0}, {ColumnRole::Phase})), 0.0);
}

TEST(RobustZ, ExplainsByShareOfSquaredExcess)
{
    const auto table = row({std::sqrt(8.0), std::sqrt(3.0), 0.0}); // excesses 2, 1 and 0
    const auto reasons = fitted("robust_z", table)->explain(table.input(), 0);
    ASSERT_EQ(reasons.size(), 2u);
    EXPECT_EQ(reasons[0].column, 0);
    EXPECT_NEAR(reasons[0].share, 0.8, 1e-12);
}

TEST(RobustZ, RefusesAnUnknownRole)
{
    const auto detector = fitted("robust_z", row({1.0}));
    EXPECT_TRUE(refusesAfter(*detector, [](TensorBundle& b) { b.put("part/roles", std::vector<std::uint8_t>{9}); }));
}
