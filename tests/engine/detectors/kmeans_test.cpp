// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/detectors/golden.h"

using namespace faultline;
using namespace faultline::detectors;
using namespace faultline::detectors::test;

namespace
{
Parameters clusters(std::int64_t wanted)
{
    return {{"clusters", wanted}};
}
} // namespace

TEST(KMeans, FindsTheCentresThatScikitLearnFindsWhereTheyAreClear)
{
    for (const auto& expected : goldenCases("kmeans")) {
        const auto detector = fitted("kmeans", tableFromJson(expected["train"]), clusters(3));
        expectEqualScores(scoresOf(*detector, tableFromJson(expected["fresh"])), expected["fresh_scores"]);
    }
}

TEST(KMeans, OneClusterIsTheMean)
{
    const auto detector = fitted("kmeans", line({0.0, 1.0, 5.0}), clusters(1));
    EXPECT_DOUBLE_EQ(scoresOf(*detector, line({7.0}))[0], 5.0);
}

TEST(KMeans, ATrainingUnitIsMeasuredFromItsCentreWithoutItself)
{
    const auto training = line({0.0, 1.0, 5.0});
    EXPECT_DOUBLE_EQ(scoresOf(*fitted("kmeans", training, clusters(1)), training, true)[2], 4.5);
}

TEST(KMeans, ATrainingUnitThatIsAClusterOfItsOwnStillStandsOut)
{
    auto values = std::vector<double>(50, 0.0);
    values.push_back(100.0);
    const auto training = line(values);
    const auto detector = fitted("kmeans", training, clusters(2));
    EXPECT_DOUBLE_EQ(scoresOf(*detector, training, true)[50], 100.0);
    EXPECT_DOUBLE_EQ(scoresOf(*detector, line({100.0}))[0], 0.0) << "a new one finds the cluster";
}

TEST(KMeans, HasNoMoreCentresThanDistinctUnits)
{
    const auto training = line({1.0, 1.0, 2.0, 2.0});
    EXPECT_EQ(scoresOf(*fitted("kmeans", training, clusters(100)), training, true), std::vector<double>(4, 0.0));
}

TEST(KMeans, RefusesDamagedContent)
{
    const auto detector = fitted("kmeans", line({0.0, 1.0, 5.0}), clusters(2));
    const auto damage = [&](const char* name, const auto& values) {
        return refusesAfter(*detector, [&](TensorBundle& b) { b.put(std::string("part/") + name, values); });
    };
    EXPECT_TRUE(damage("cluster", std::vector<std::uint32_t>{0, 1, 2}));
    EXPECT_TRUE(damage("members", std::vector<double>{}));
    EXPECT_TRUE(damage("members", std::vector<double>{0.0, 0.0}));
    EXPECT_TRUE(damage("centres", std::vector<double>{std::nan(""), 1.0}));
}
