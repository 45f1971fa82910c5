// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// hbos and ecod: detectors that look at each column alone.
#include "tests/engine/detectors/golden.h"
#include <algorithm>
#include <limits>

using namespace faultline;
using namespace faultline::detectors;
using namespace faultline::detectors::test;

TEST(Hbos, AgreesWithPyOd)
{
    for (const auto& expected : goldenCases("hbos")) {
        const auto train = tableFromJson(expected["train"]);
        const auto detector = fitted("hbos", train, {{"bins", expected["bins"].get<std::int64_t>()}});
        expectEqualScores(scoresOf(*detector, train, true), expected["train_scores"]);
        expectEqualScores(scoresOf(*detector, tableFromJson(expected["fresh"])), expected["fresh_scores"]);
    }
}

TEST(Hbos, SeesTheGapBetweenTwoUsualRanges)
{
    std::vector<double> values;
    for (int i = 0; i < 50; ++i) {
        values.push_back(static_cast<double>(i % 5) / 10.0);
        values.push_back(10.0 + static_cast<double>(i % 5) / 10.0);
    }
    const auto detector = fitted("hbos", line(values), {{"bins", std::int64_t{10}}});
    EXPECT_GT(scoresOf(*detector, line({5.0}))[0], scoresOf(*detector, line({0.2}))[0]);
    EXPECT_EQ(scoresOf(*detector, line({5.0})), scoresOf(*detector, line({500.0})));
}

TEST(Hbos, AConstantColumnKnowsItsValueFromAnother)
{
    const auto detector = fitted("hbos", line(std::vector<double>(20, 3.0)));
    EXPECT_LT(scoresOf(*detector, line({3.0}))[0], scoresOf(*detector, line({3.0 + 1.1}))[0]);
}

TEST(Hbos, NamesTheColumnWhoseBinIsEmpty)
{
    const auto detector = fitted("hbos", gaussianTable(500, 3, 1));
    features::Matrix odd(1, 3);
    odd << 0.0, 9.0, 0.1;
    const auto reasons = detector->explain(tableOf(odd).input(), 0);
    ASSERT_FALSE(reasons.empty());
    EXPECT_EQ(reasons[0].column, 1);
}

TEST(Hbos, RefusesDamagedContent)
{
    const auto detector = fitted("hbos", gaussianTable(40, 2, 1));
    const auto damage = [&](const char* name, const auto& values) {
        return refusesAfter(*detector, [&](TensorBundle& b) { b.put(std::string("part/") + name, values); });
    };
    EXPECT_TRUE(damage("bins", std::vector<std::uint32_t>{6, 4'000'000'000U}));
    EXPECT_TRUE(damage("bins", std::vector<std::uint32_t>{0, 6}));
    EXPECT_TRUE(damage("bounds", std::vector<double>{1.0, 0.0, 0.0, 1.0}));
    EXPECT_TRUE(damage("surprise", std::vector<double>(12, std::nan(""))));
}

TEST(Ecod, AgreesWithPyOdOnTrainingUnitsAndOneNewUnitAtATime)
{
    for (const auto& expected : goldenCases("ecod")) {
        const auto train = tableFromJson(expected["train"]);
        const auto detector = fitted("ecod", train);
        expectEqualScores(scoresOf(*detector, train, true), expected["train_scores"]);
        expectEqualScores(scoresOf(*detector, tableFromJson(expected["fresh"])), expected["fresh_scores"]);
    }
}

TEST(Ecod, CountsTheTailOnTheUnitsSide)
{
    const auto detector = fitted("ecod", line({1.0, 2.0, 3.0, 4.0}));
    EXPECT_DOUBLE_EQ(scoresOf(*detector, line({2.5}))[0], std::log(5.0 / 3.0)); // three of five on either side
    EXPECT_DOUBLE_EQ(scoresOf(*detector, line({9.0}))[0], std::log(5.0));
    EXPECT_DOUBLE_EQ(scoresOf(*detector, line({1.0}))[0], std::log(5.0 / 2.0));
}

TEST(Ecod, OfManyValuesTheTailsStayExactAndTheMiddleNearly)
{
    constexpr std::size_t units = 60'000;
    std::vector<double> values(units);
    for (std::size_t i = 0; i < units; ++i)
        values[i] = static_cast<double>(i) / 1'000.0;
    const auto training = line(values);
    const auto scores = scoresOf(*fitted("ecod", training), training, true);
    for (const std::size_t rank : {1U, 2U, 4'000U})
        EXPECT_DOUBLE_EQ(scores[rank - 1], std::log(static_cast<double>(units) / static_cast<double>(rank)));
    for (std::size_t rank = 5'000; rank < units / 2; rank += 777)
        EXPECT_NEAR(scores[rank - 1], std::log(static_cast<double>(units) / static_cast<double>(rank)), 1e-3);
}

TEST(Ecod, RefusesDamagedContent)
{
    const auto detector = fitted("ecod", line({1.0, 2.0, 3.0}));
    const auto damage = [&](const char* name, const auto& values) {
        return refusesAfter(*detector, [&](TensorBundle& b) { b.put(std::string("part/") + name, values); });
    };
    EXPECT_TRUE(damage("knots", std::vector<double>{1.0, 1.0, 3.0}));
    EXPECT_TRUE(damage("below", std::vector<double>{0.0, 2.0, 1.0}));
    EXPECT_TRUE(damage("not_above", std::vector<double>{1.0, 2.0, 9.0}));
    EXPECT_TRUE(damage("sizes", std::vector<std::uint32_t>{4}));
    EXPECT_TRUE(damage("units", std::vector<double>{std::numeric_limits<double>::infinity()}));
}
