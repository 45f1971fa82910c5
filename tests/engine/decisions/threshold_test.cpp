// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/decisions/threshold.h"
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>

namespace faultline::decisions
{

namespace
{
using testing::HasSubstr;
using Method = ThresholdRule::Method;

std::vector<double> oneTo(int last)
{
    std::vector<double> values(static_cast<std::size_t>(last));
    std::iota(values.begin(), values.end(), 1.0);
    return values;
}

std::size_t reaching(const std::vector<double>& scores, double value)
{
    return static_cast<std::size_t>(std::ranges::count_if(scores, [&](double score) { return score >= value; }));
}

Threshold quantile(double q, const std::vector<double>& scores)
{
    return solve({Method::Quantile, q}, scores, ensemble::TailModel::fit(scores));
}
} // namespace

TEST(ThresholdRule, ReadsEachForm)
{
    const auto parsed = [](const char* text) {
        const auto rule = ThresholdRule::parse(text).value();
        return std::pair(rule.method, rule.parameter);
    };
    EXPECT_EQ(parsed("quantile:0.99"), std::pair(Method::Quantile, 0.99));
    EXPECT_EQ(parsed("evt:1e-3"), std::pair(Method::Evt, 1e-3));
    EXPECT_EQ(parsed("budget:5/day"), std::pair(Method::Budget, 5.0));
    EXPECT_EQ(parsed("budget:0.5"), std::pair(Method::Budget, 0.5));
    EXPECT_EQ(parsed("f1").first, Method::F1);
    EXPECT_EQ(parsed(" 4.2 "), std::pair(Method::Fixed, 4.2));
}

TEST(ThresholdRule, WritesWhatItReads)
{
    for (const std::string text : {"quantile:0.99", "evt:0.001", "budget:5/day", "f1", "4.2", "-1"})
        EXPECT_EQ(ThresholdRule::parse(text).value().text(), text);
}

TEST(ThresholdRule, SaysWhatIsAllowed)
{
    for (const auto* text : {"", "high", "quantile:1", "quantile:0", "quantile:x", "evt:", "evt:-1", "budget:0/day",
                             "budget:5/week", "percentile:0.9", "f1:2", "nan"}) {
        const auto rule = ThresholdRule::parse(text);
        ASSERT_FALSE(rule) << text;
        EXPECT_EQ(rule.error().code, ErrorCode::Usage);
        EXPECT_THAT(rule.error().text(), HasSubstr("budget:5/day"));
    }
}

TEST(Threshold, QuantileFlagsThePromisedShare)
{
    const auto threshold = quantile(0.99, oneTo(1'000));
    EXPECT_EQ(threshold.value, 991.0);
    EXPECT_NEAR(threshold.expectedRate, 0.01, 1e-12);
}

TEST(Threshold, QuantileKeepsItsPromiseWhenMostScoresAreEqual)
{
    std::vector<double> scores(1'000, 0.0);
    scores[7] = 3.0;
    scores[8] = 2.0;
    EXPECT_EQ(quantile(0.99, scores).value, 2.0);
}

TEST(Threshold, QuantileOfEqualScoresFlagsNone)
{
    const std::vector<double> scores(100, 1.5);
    EXPECT_EQ(reaching(scores, quantile(0.9, scores).value), 0U);
}

TEST(Threshold, QuantileNeverFlagsMoreThanPromised)
{
    for (const int count : {1, 7, 50, 99, 100, 101})
        for (const double q : {0.5, 0.9, 0.99, 0.999}) {
            const auto scores = oneTo(count);
            const auto most = (1.0 - q) * count + 1e-6;
            EXPECT_LE(static_cast<double>(reaching(scores, quantile(q, scores).value)), most) << count << " at " << q;
        }
}

TEST(Threshold, EvtAsksTheTailModel)
{
    const auto scores = oneTo(500);
    const auto tail = ensemble::TailModel::fit(scores);
    const auto threshold = solve({Method::Evt, 1e-3}, scores, tail);
    EXPECT_EQ(threshold.value, tail.scoreAt(1e-3));
    EXPECT_EQ(threshold.expectedRate, 1e-3);
}

TEST(Threshold, FixedPromisesNoRate)
{
    const auto scores = oneTo(50);
    const auto threshold = solve({Method::Fixed, 4.2}, scores, ensemble::TailModel::fit(scores));
    EXPECT_EQ(threshold.value, 4.2);
    EXPECT_TRUE(std::isnan(threshold.expectedRate));
}

TEST(ThresholdF1, FindsTheBestCut)
{
    // At 0.8: 2 hits of 3 flagged, 2 anomalies: F1 = 4/5. At 0.9: 1 of 1: 2/3. At 0.1: 2 of 5: 4/7.
    const std::vector<double> scores{0.9, 0.1, 0.8, 0.8, 0.2};
    const std::vector<std::int8_t> labels{1, 0, 1, 0, 0};
    EXPECT_EQ(solveF1(scores, labels).value().value, 0.8);
}

TEST(ThresholdF1, TakesTheHighestOfEqualCuts)
{
    // At 3: 1 of 1 flagged, 2 anomalies: 2/3. At 1: 2 of 4: 4/6.
    const std::vector<double> scores{3.0, 2.0, 1.5, 1.0};
    const std::vector<std::int8_t> labels{1, 0, 0, 1};
    EXPECT_EQ(solveF1(scores, labels).value().value, 3.0);
}

TEST(ThresholdF1, LeavesUnknownUnitsOut)
{
    const std::vector<double> scores{9.0, 8.0, 2.0, 1.0};
    const std::vector<std::int8_t> labels{-1, -1, 1, 0};
    EXPECT_EQ(solveF1(scores, labels).value().value, 2.0);
}

TEST(ThresholdF1, NeedsAnAnomaly)
{
    const std::vector<double> scores{1.0, 2.0};
    const std::vector<std::int8_t> labels{0, -1};
    const auto threshold = solveF1(scores, labels);
    ASSERT_FALSE(threshold);
    EXPECT_EQ(threshold.error().code, ErrorCode::Config);
    EXPECT_THAT(threshold.error().text(), HasSubstr("--labels"));
}

} // namespace faultline::decisions
