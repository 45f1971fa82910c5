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
Table column(const std::vector<double>& values, ColumnRole role = ColumnRole::Value, double noiseFloor = 0.0)
{
    features::Matrix matrix(static_cast<Eigen::Index>(values.size()), 1);
    std::copy(values.begin(), values.end(), matrix.data());
    auto out = tableOf(std::move(matrix), {role});
    out.table.columns[0].noiseFloor = noiseFloor;
    return out;
}

std::vector<double> ascending(int n)
{
    std::vector<double> out;
    for (int i = 1; i <= n; ++i)
        out.push_back(i);
    return out;
}
} // namespace

TEST(Percentile, IsTheTwoSidedTailInDecades)
{
    const auto training = column(ascending(99));
    const auto scores = scoresOf(*fitted("percentile", training), training, true);
    EXPECT_NEAR(scores[98], -std::log10(2.0 * 1.0 / 100.0), 1e-6); // the largest: itself alone of 99 + 1
    EXPECT_NEAR(scores[0], scores[98], 1e-6);
    EXPECT_NEAR(scores[49], 0.0, 1e-6);
}

TEST(Percentile, FurtherOutsideTheTrainingRangeIsMore)
{
    const auto detector = fitted("percentile", column(ascending(100)));
    const auto scores = scoresOf(*detector, column({100.0, 101.0, 200.0, 1e9, -1e9}));
    EXPECT_LT(scores[0], scores[1]);
    EXPECT_LT(scores[1], scores[2]);
    EXPECT_LT(scores[2], scores[3]);
    EXPECT_NEAR(scores[3], scores[4], 1e-6);
}

TEST(Percentile, TiesShareTheirRank)
{
    auto values = std::vector<double>(90, 0.0);
    values.insert(values.end(), 10, 1.0);
    const auto scores = scoresOf(*fitted("percentile", column(values)), column({0.0, 1.0}));
    EXPECT_NEAR(scores[0], -std::log10(2.0 * 45.5 / 101.0), 1e-9);
    EXPECT_NEAR(scores[1], -std::log10(2.0 * 5.5 / 101.0), 1e-9);
}

TEST(Percentile, AChangeOnAConstantColumnIsUnusualUnlessItIsRounding)
{
    const auto detector = fitted("percentile", column(std::vector<double>(999, 5.0)));
    const auto scores = scoresOf(*detector, column({5.0, 5.0 + 1e-9, 6.0}));
    EXPECT_EQ(scores[0], 0.0);
    EXPECT_EQ(scores[1], 0.0);
    EXPECT_GT(scores[2], 3.0);
}

TEST(Percentile, DifferencesBelowTheNoiseFloorAreNothing)
{
    const auto detector = fitted("percentile", column(std::vector<double>(999, 5.0), ColumnRole::Value, 0.5));
    const auto scores = scoresOf(*detector, column({5.4, 5.6}));
    EXPECT_EQ(scores[0], 0.0);
    EXPECT_GT(scores[1], 2.0);
}

TEST(Percentile, NoveltyCountsUpwardsOnly)
{
    const auto detector = fitted("percentile", column(ascending(99), ColumnRole::Novelty));
    const auto scores = scoresOf(*detector, column({-50.0, 150.0}));
    EXPECT_NEAR(scores[0], 0.0, 0.01);
    EXPECT_GT(scores[1], 2.0);
}

TEST(Percentile, AMissingValueSaysNothing)
{
    const auto detector = fitted("percentile", column(ascending(99)));
    EXPECT_EQ(scoresOf(*detector, column({std::nan("")}))[0], 0.0);
}

TEST(Percentile, ManyDistinctValuesAreKeptAsOrderStatistics)
{
    const auto training = gaussianTable(50'000, 1, 3);
    const auto detector = fitted("percentile", training);
    const auto scores = scoresOf(*detector, column({1.959964, -2.575829}));
    EXPECT_NEAR(scores[0], -std::log10(0.05), 0.03);
    EXPECT_NEAR(scores[1], -std::log10(0.01), 0.05);
    TensorBundle bundle;
    detector->save(bundle, "part");
    EXPECT_LE(bundle.vector<double>("part/knots")->size(), 4097u);
}

TEST(Percentile, ExplainsByTheMostExtremeColumn)
{
    auto table = gaussianTable(500, 4, 1);
    table.table.values(7, 2) = 40.0;
    const auto reasons = fitted("percentile", table)->explain(table.input(), 7);
    ASSERT_FALSE(reasons.empty());
    EXPECT_EQ(reasons[0].column, 2);
}

TEST(Percentile, RefusesDamagedContent)
{
    const auto detector = fitted("percentile", column({1.0, 2.0, 3.0}));
    const auto damage = [&](const char* name, const auto& values) {
        return refusesAfter(*detector, [&](TensorBundle& b) { b.put(std::string("part/") + name, values); });
    };
    EXPECT_TRUE(damage("knots", std::vector<double>{3.0, 2.0, 1.0}));
    EXPECT_TRUE(damage("knots", std::vector<double>{1.0, std::nan(""), 3.0}));
    EXPECT_TRUE(damage("sizes", std::vector<std::uint32_t>{4'000'000'000u}));
    EXPECT_TRUE(damage("not_above", std::vector<double>{1.0, 2.0, 9.0}));
    EXPECT_TRUE(damage("scalars", std::vector<double>{3.0, 0.0, 2.0, 0.0}));
}
