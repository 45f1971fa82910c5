// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/detectors/golden.h"
#include <cmath>
#include <fstream>
#include <limits>

using namespace faultline;
using namespace faultline::detectors;
using namespace faultline::detectors::test;
using features::ColumnRole;

namespace
{
Parameters options(std::int64_t neighbours, const std::string& distance = "largest", std::int64_t references = 5000)
{
    return {{"neighbours", neighbours}, {"distance", distance}, {"references", references}};
}

void expectNear(const std::vector<double>& ours, const nlohmann::json& expected)
{
    ASSERT_EQ(ours.size(), expected.size());
    for (std::size_t i = 0; i < ours.size(); ++i)
        EXPECT_NEAR(ours[i], expected[i].get<double>(), 1e-6);
}
} // namespace

TEST(Knn, AgreesWithScikitLearn)
{
    std::ifstream file(FAULTLINE_SOURCE_DIR "/tests/golden/knn.json");
    const auto cases = nlohmann::json::parse(file);
    for (const auto& expected : cases) {
        const auto train = tableFromJson(expected["train"]);
        const auto fresh = tableFromJson(expected["fresh"]);
        for (const auto* distance : {"largest", "mean", "median"}) {
            const auto detector = fitted("knn", train, options(expected["neighbours"].get<std::int64_t>(), distance));
            expectNear(scoresOf(*detector, train, true), expected["train_scores"][distance]);
            expectNear(scoresOf(*detector, fresh), expected["fresh_scores"][distance]);
        }
    }
}

TEST(Knn, AgreesWithScikitLearnWhereNeighboursDifferInTheLastDigitsOfAFloat)
{
    for (const auto& expected : goldenCases("knn")) {
        const auto train = tableFromJson(expected["train"]);
        for (const auto* distance : {"largest", "mean", "median"})
            expectEqualScores(
                scoresOf(*fitted("knn", train, options(expected["neighbours"].get<std::int64_t>(), distance)), train,
                         true),
                expected[distance]);
    }
}

TEST(Knn, SummarisesTheNeighboursAsChosen)
{
    const auto training = line({0.0, 1.0, 3.0, 7.0});
    const auto query = line({0.0});
    EXPECT_DOUBLE_EQ(scoresOf(*fitted("knn", training, options(4)), query)[0], 7.0);
    EXPECT_DOUBLE_EQ(scoresOf(*fitted("knn", training, options(4, "mean")), query)[0], 11.0 / 4.0);
    EXPECT_DOUBLE_EQ(scoresOf(*fitted("knn", training, options(4, "median")), query)[0], 2.0);
}

TEST(Knn, ATrainingUnitLeavesOnlyItselfOut)
{
    const auto training = line({5.0, 5.0, 9.0});
    const auto scores = scoresOf(*fitted("knn", training, options(1)), training, true);
    EXPECT_EQ(scores, (std::vector{0.0, 0.0, 4.0}));
}

TEST(Knn, UsesAllReferencesWhenThereAreFewerThanNeighbours)
{
    const auto training = line({0.0, 2.0});
    const auto detector = fitted("knn", training, options(50));
    EXPECT_EQ(scoresOf(*detector, line({10.0}))[0], 10.0);
    EXPECT_EQ(scoresOf(*detector, training, true), (std::vector{2.0, 2.0}));
}

TEST(Knn, ALoneTrainingUnitScoresZero)
{
    const auto training = line({3.0});
    const auto detector = fitted("knn", training);
    EXPECT_EQ(scoresOf(*detector, training, true)[0], 0.0);
    EXPECT_EQ(scoresOf(*detector, line({4.0}))[0], 1.0);
}

TEST(Knn, AFewerReferencesThanUnitsAreAnEvenSample)
{
    auto training = gaussianTable(1'000, 2, 1);
    for (Eigen::Index i = 0; i < 1'000; ++i)
        training.standardised.row(i).setConstant(static_cast<double>(i));
    const auto detector = fitted("knn", training, options(1, "largest", 10));
    // One reference from each hundred: no unit is further than two hundreds from one.
    for (const double score : scoresOf(*detector, training))
        EXPECT_LT(score, 200.0);
    EXPECT_NE(scoresOf(*detector, training),
              scoresOf(*fitted("knn", training, options(1, "largest", 10), 2), training));
}

TEST(Knn, TheTimeOfDayDoesNotCount)
{
    features::Matrix values(3, 2);
    values << 0.0, -1.0, 0.0, 1.0, 0.0, 0.5;
    const auto training = tableOf(values, {ColumnRole::Value, ColumnRole::Phase});
    EXPECT_EQ(scoresOf(*fitted("knn", training, options(1)), training, true), (std::vector{0.0, 0.0, 0.0}));
}

TEST(Knn, RefusesATableWithoutColumnsThatCount)
{
    const auto table = tableOf(features::Matrix::Zero(5, 1), {ColumnRole::Phase});
    QuietJob job;
    const auto result = made("knn")->fit(table.input(), job);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Numeric);
}

TEST(Knn, LearnsWhatItIsShown)
{
    for (const Eigen::Index columns : {1, 3}) {
        const auto detector = fitted("knn", gaussianTable(100, columns, 1), options(1));
        const auto odd = tableOf(features::Matrix::Constant(1, columns, 50.0));
        EXPECT_GT(scoresOf(*detector, odd)[0], 40.0);
        detector->learn(odd.input(), 0);
        EXPECT_EQ(scoresOf(*detector, odd)[0], 0.0);
    }
}

TEST(Knn, ForgetsWhatIsOlderThanThirtyThousandUnits)
{
    for (const Eigen::Index columns : {1, 2}) {
        const auto detector = fitted("knn", tableOf(features::Matrix::Constant(1, columns, 50.0)), options(1));
        const auto usual = gaussianTable(30'000, columns, 5);
        for (std::size_t unit = 0; unit + 1 < 30'000; ++unit)
            detector->learn(usual.input(), unit);
        const auto odd = tableOf(features::Matrix::Constant(1, columns, 50.0));
        EXPECT_EQ(scoresOf(*detector, odd)[0], 0.0);
        detector->learn(usual.input(), 29'999);
        EXPECT_GT(scoresOf(*detector, odd)[0], 30.0);
    }
}

TEST(Knn, ExplainsBySquaredDifferenceToTheNeighbours)
{
    features::Matrix values(2, 3);
    values << 0.0, 0.0, 0.0, 0.0, 0.0, 0.0;
    const auto detector = fitted("knn", tableOf(values), options(2));
    features::Matrix odd(1, 3);
    odd << 1.0, 0.0, 3.0;
    const auto reasons = detector->explain(tableOf(odd).input(), 0);
    ASSERT_EQ(reasons.size(), 2u);
    EXPECT_EQ(reasons[0].column, 2);
    EXPECT_NEAR(reasons[0].share, 0.9, 1e-12);
}

TEST(Knn, RefusesDamagedContent)
{
    const auto detector = fitted("knn", gaussianTable(20, 2, 1), options(1));
    const auto damage = [&](const char* name, const auto& values) {
        return refusesAfter(*detector, [&](TensorBundle& b) { b.put(std::string("part/") + name, values); });
    };
    EXPECT_TRUE(damage("rows", std::vector<double>(40, std::numeric_limits<double>::infinity())));
    EXPECT_TRUE(damage("rows", std::vector<double>(38, 0.0)));
    EXPECT_TRUE(damage("columns", std::vector<std::uint32_t>{0, 7}));
    EXPECT_TRUE(damage("columns", std::vector<std::uint32_t>{1, 0}));
    EXPECT_TRUE(damage("oldest", std::vector<std::uint32_t>{19}));
    EXPECT_TRUE(damage("oldest", std::vector<std::uint32_t>{4'000'000'000u}));
}
