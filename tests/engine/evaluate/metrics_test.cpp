// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/evaluate/metrics.h"
#include <algorithm>
#include <cmath>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <vector>

namespace faultline::evaluate
{

namespace
{
nlohmann::json golden()
{
    std::ifstream file(FAULTLINE_SOURCE_DIR "/tests/golden/metrics.json");
    return nlohmann::json::parse(file).at("cases");
}

Metrics of(const std::vector<double>& scores, const std::vector<std::int8_t>& labels)
{
    return evaluate(scores, std::vector<std::uint8_t>(scores.size(), 0), labels);
}
} // namespace

TEST(Metrics, AgreeWithScikitLearn)
{
    for (const auto& expected : golden()) {
        SCOPED_TRACE(expected.at("name").get<std::string>());
        const auto metrics = evaluate(expected.at("scores").get<std::vector<double>>(),
                                      expected.at("flags").get<std::vector<std::uint8_t>>(),
                                      expected.at("labels").get<std::vector<std::int8_t>>());
        EXPECT_EQ(metrics.truePositives, expected.at("true_positives"));
        EXPECT_EQ(metrics.falsePositives, expected.at("false_positives"));
        EXPECT_EQ(metrics.falseNegatives, expected.at("false_negatives"));
        EXPECT_EQ(metrics.trueNegatives, expected.at("true_negatives"));
        EXPECT_NEAR(metrics.precision, expected.at("precision").get<double>(), 1e-12);
        EXPECT_NEAR(metrics.recall, expected.at("recall").get<double>(), 1e-12);
        EXPECT_NEAR(metrics.f1, expected.at("f1").get<double>(), 1e-12);
        EXPECT_NEAR(metrics.aucRoc, expected.at("auc_roc").get<double>(), 1e-12);
        EXPECT_NEAR(metrics.aucPr, expected.at("auc_pr").get<double>(), 1e-12);
    }
}

TEST(Metrics, CountTiedPairsHalf)
{
    // Pairs (anomaly, normal): (2, 1) won, (2, 2) tied: 1.5 of 2.
    EXPECT_DOUBLE_EQ(of({2.0, 1.0, 2.0}, {1, 0, 0}).aucRoc, 0.75);
}

TEST(Metrics, AverageThePrecisionOverTheAnomaliesFound)
{
    // Ranked: anomaly (1/1), normal, anomaly (2/3): (1 + 2/3) / 2.
    EXPECT_DOUBLE_EQ(of({3.0, 2.0, 1.0}, {1, 0, 1}).aucPr, 5.0 / 6.0);
}

TEST(Metrics, DependOnTheOrderOfScoresOnly)
{
    const auto plain = of({1.0, 5.0, 3.0, 2.0, 4.0}, {0, 1, 0, 1, 0});
    const auto stretched = of({10.0, 1e5, 1e3, 100.0, 1e4}, {0, 1, 0, 1, 0});
    EXPECT_EQ(plain.aucRoc, stretched.aucRoc);
    EXPECT_EQ(plain.aucPr, stretched.aucPr);
}

TEST(Metrics, LeaveUnknownUnitsOut)
{
    const auto metrics = of({3.0, 9.0, 1.0}, {1, -1, 0});
    EXPECT_EQ(metrics.units, 2U);
    EXPECT_EQ(metrics.anomalies, 1U);
    EXPECT_EQ(metrics.aucRoc, 1.0);
}

TEST(Metrics, HaveNoAreaWithOneClassOnly)
{
    EXPECT_TRUE(std::isnan(of({1.0, 2.0}, {0, 0}).aucRoc));
    EXPECT_TRUE(std::isnan(of({1.0, 2.0}, {0, 0}).aucPr));
    EXPECT_TRUE(std::isnan(of({1.0, 2.0}, {1, 1}).aucRoc));
    EXPECT_EQ(of({1.0, 2.0}, {1, 1}).aucPr, 1.0);
}

TEST(Metrics, OfNothingAreZeroOrUndefined)
{
    const auto metrics = of({}, {});
    EXPECT_EQ(metrics.units, 0U);
    EXPECT_EQ(metrics.f1, 0.0);
    EXPECT_TRUE(std::isnan(metrics.aucPr));
}

} // namespace faultline::evaluate
