// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// pca, robust_covariance and random_feature_boundary: detectors that look at all columns together.
#include "tests/engine/detectors/golden.h"
#include <algorithm>

using namespace faultline;
using namespace faultline::detectors;
using namespace faultline::detectors::test;

namespace
{
/// Two columns that are nearly equal and one of its own.
Table togetherTable(Eigen::Index units)
{
    auto out = gaussianTable(units, 3, 1);
    out.standardised.col(1) = out.standardised.col(0) + 0.05 * out.standardised.col(1);
    return out;
}

Table apart()
{
    features::Matrix odd(1, 3);
    odd << 1.0, -1.0, 0.0; // each ordinary, but not together
    return tableOf(odd);
}
} // namespace

TEST(Pca, AgreesWithScikitLearn)
{
    for (const auto& expected : goldenCases("pca")) {
        const auto train = tableFromJson(expected["train"]), fresh = tableFromJson(expected["fresh"]);
        for (const std::string distance : {"residual", "kept"}) {
            const auto detector =
                fitted("pca", train, {{"share", expected["share"].get<double>()}, {"distance", distance}});
            expectEqualScores(scoresOf(*detector, train, true), expected[distance]["train"]);
            expectEqualScores(scoresOf(*detector, fresh), expected[distance]["fresh"]);
        }
    }
}

TEST(Pca, SeesColumnsThatPartAndNamesThem)
{
    const auto detector = fitted("pca", togetherTable(500));
    const auto usual = scoresOf(*detector, togetherTable(500));
    EXPECT_GT(scoresOf(*detector, apart())[0], 5.0 * *std::max_element(usual.begin(), usual.end()));
    const auto reasons = detector->explain(apart().input(), 0);
    ASSERT_GE(reasons.size(), 2u);
    EXPECT_NE(reasons[0].column, 2);
    EXPECT_NE(reasons[1].column, 2);
}

TEST(Pca, BothIsNeverLessThanKept)
{
    const auto table = togetherTable(100);
    const auto kept = scoresOf(*fitted("pca", table, {{"distance", std::string("kept")}}), table);
    const auto both = scoresOf(*fitted("pca", table, {{"distance", std::string("both")}}), table);
    for (std::size_t i = 0; i < kept.size(); ++i)
        EXPECT_GE(both[i], kept[i]);
}

TEST(Pca, AValueNeverSeenInAConstantColumnIsAllResidual)
{
    auto training = gaussianTable(100, 3, 2);
    training.standardised.col(2).setConstant(4.0);
    features::Matrix odd(1, 3);
    odd << training.standardised.col(0).mean(), training.standardised.col(1).mean(), 11.0;
    EXPECT_NEAR(scoresOf(*fitted("pca", training), tableOf(odd))[0], 7.0, 1e-9);
}

TEST(Pca, RefusesMoreColumnsThanItCanCompareInTime)
{
    const auto table = gaussianTable(3, 501, 1);
    QuietJob job;
    const auto result = made("pca")->fit(table.input(), job);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Numeric);
}

TEST(Pca, RefusesDamagedContent)
{
    const auto detector = fitted("pca", gaussianTable(20, 2, 1));
    const auto damage = [&](const char* name, const auto& values) {
        return refusesAfter(*detector, [&](TensorBundle& b) { b.put(std::string("part/") + name, values); });
    };
    EXPECT_TRUE(damage("spread", std::vector<double>{1.0, 0.0}));
    EXPECT_TRUE(damage("variance", std::vector<double>{1.0, 1.0, 1.0}));
    EXPECT_TRUE(damage("rest", std::vector<double>{-1.0}));
    EXPECT_TRUE(damage("mean", std::vector<double>{std::nan(""), 0.0}));
}

TEST(RobustCovariance, AgreesWithConcentrationStepsInNumpy)
{
    for (const auto& expected : goldenCases("robust_covariance")) {
        const auto train = tableFromJson(expected["train"]);
        const auto detector = fitted("robust_covariance", train);
        expectEqualScores(scoresOf(*detector, train, true), expected["train_scores"]);
        expectEqualScores(scoresOf(*detector, tableFromJson(expected["fresh"])), expected["fresh_scores"]);
    }
}

TEST(RobustCovariance, OfAllUnitsItIsScikitLearnsMahalanobisDistance)
{
    for (const auto& expected : goldenCases("robust_covariance")) {
        const auto detector = fitted("robust_covariance", tableFromJson(expected["train"]),
                                     {{"share", 1.0}, {"ridge", 0.0}, {"steps", std::int64_t{1}}});
        expectEqualScores(scoresOf(*detector, tableFromJson(expected["fresh"])), expected["all_units"]);
    }
}

TEST(RobustCovariance, AFifthOfAnomaliesDoesNotHideItself)
{
    auto training = togetherTable(500);
    for (Eigen::Index i = 0; i < 100; ++i)
        training.standardised.row(i) << 4.0, -4.0, 0.0;
    const auto scores = scoresOf(*fitted("robust_covariance", training), training, true);
    EXPECT_GT(scores[0], 1.5 * *std::max_element(scores.begin() + 100, scores.end()));
}

TEST(RobustCovariance, NamesTheColumnsThatPart)
{
    const auto reasons = fitted("robust_covariance", togetherTable(500))->explain(apart().input(), 0);
    ASSERT_GE(reasons.size(), 2u);
    EXPECT_GT(reasons[0].share + reasons[1].share, 0.99);
    EXPECT_NE(reasons[0].column, 2);
}

TEST(RobustCovariance, RefusesDamagedContent)
{
    const auto detector = fitted("robust_covariance", gaussianTable(20, 2, 1));
    const auto damage = [&](const char* name, const auto& values) {
        return refusesAfter(*detector, [&](TensorBundle& b) { b.put(std::string("part/") + name, values); });
    };
    EXPECT_TRUE(damage("spread", std::vector<double>{1.0, 0.0}));
    EXPECT_TRUE(damage("whitening", std::vector<double>{1.0, 0.0, 1.0}));
    EXPECT_TRUE(damage("whitening", std::vector<double>(4, std::nan(""))));
}

TEST(RandomFeatureBoundary, RanksAsScikitLearnsOneClassMachineDoes)
{
    for (const auto& expected : goldenCases("one_class")) {
        const auto train = tableFromJson(expected["train"]);
        const auto detector = fitted("random_feature_boundary", train,
                                     {{"gamma", expected["gamma"].get<double>()},
                                      {"outside", expected["nu"].get<double>()},
                                      {"features", std::int64_t{4096}}});
        EXPECT_GT(rankCorrelation(scoresOf(*detector, train), expected["train_scores"].get<std::vector<double>>()),
                  0.95);
    }
}

TEST(RandomFeatureBoundary, LeavesAboutTheWantedShareOutside)
{
    const auto training = gaussianTable(2'000, 3, 1);
    const auto scores = scoresOf(*fitted("random_feature_boundary", training, {{"outside", 0.1}}), training);
    const auto outside = std::count_if(scores.begin(), scores.end(), [](double s) { return s > 1e-6; });
    EXPECT_NEAR(static_cast<double>(outside), 200.0, 10.0);
}

TEST(RandomFeatureBoundary, SeesTheHoleInARing)
{
    Random random(2);
    features::Matrix ring(1'000, 2);
    for (Eigen::Index i = 0; i < 1'000; ++i) {
        const double angle = 6.283185307179586 * random.uniform(), radius = 3.0 + 0.1 * random.normal();
        ring.row(i) << radius * std::cos(angle), radius * std::sin(angle);
    }
    const auto training = tableOf(ring);
    const auto detector =
        fitted("random_feature_boundary", training, {{"gamma", 4.0}, {"features", std::int64_t{1024}}});
    const auto usual = scoresOf(*detector, training);
    const auto middle = scoresOf(*detector, tableOf(features::Matrix::Zero(1, 2)));
    EXPECT_GT(middle[0], *std::max_element(usual.begin(), usual.end()));
}

TEST(RandomFeatureBoundary, NamesTheColumnThatLiesOutside)
{
    const auto detector = fitted("random_feature_boundary", gaussianTable(500, 3, 1));
    features::Matrix odd(1, 3);
    odd << 0.1, 6.0, -0.1;
    const auto reasons = detector->explain(tableOf(odd).input(), 0);
    ASSERT_FALSE(reasons.empty());
    EXPECT_EQ(reasons[0].column, 1);
}

TEST(RandomFeatureBoundary, RefusesDamagedContent)
{
    const auto detector = fitted("random_feature_boundary", gaussianTable(30, 2, 1));
    const auto damage = [&](const char* name, const auto& values) {
        return refusesAfter(*detector, [&](TensorBundle& b) { b.put(std::string("part/") + name, values); });
    };
    EXPECT_TRUE(damage("boundary", std::vector<double>{0.1, 0.0}));
    EXPECT_TRUE(damage("weights", std::vector<float>(256, std::nanf(""))));
    EXPECT_TRUE(damage("spread", std::vector<float>{0.0F, 1.0F}));
    EXPECT_TRUE(damage("share", std::vector<float>(29, 0.1F)));
}
