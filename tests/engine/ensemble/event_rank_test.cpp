// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/ensemble/event_rank.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace faultline;
using namespace faultline::ensemble;

namespace
{
features::FeatureTable rows(std::size_t count, std::uint32_t entities = 1)
{
    features::FeatureTable table;
    table.values.resize(static_cast<Eigen::Index>(count), 0);
    for (std::size_t i = 0; i < count; ++i)
        table.entity.push_back(static_cast<std::uint32_t>(i) % entities);
    table.entities.resize(entities);
    return table;
}
} // namespace

TEST(EventRank, LiftsTheUnitsBesideAnEventAboveFarOnes)
{
    std::vector<double> surprise(1000, 0.4);
    for (std::size_t i = 500; i < 520; ++i)
        surprise[i] = 6.0;
    const std::vector<double> period{50.0};
    const auto rank = rankEvents(rows(1000), surprise, period);
    EXPECT_GT(rank[490], 2.0 * rank[100]);
    EXPECT_GE(rank[510], rank[490]);
    EXPECT_NEAR(rank[100], 0.4, 0.4);
}

TEST(EventRank, NeverRanksAUnitBelowItsOwnSurprise)
{
    std::vector<double> surprise;
    for (int i = 0; i < 300; ++i)
        surprise.push_back((i * 37 % 101) / 50.0);
    const std::vector<double> period{20.0};
    const auto rank = rankEvents(rows(300), surprise, period);
    for (std::size_t i = 0; i < rank.size(); ++i)
        EXPECT_GE(rank[i], surprise[i]);
}

TEST(EventRank, KeepsEntitiesApart)
{
    std::vector<double> surprise(400, 0.1);
    for (std::size_t i = 200; i < 220; i += 2)
        surprise[i] = 5.0; // units of the first entity only
    const std::vector<double> period{20.0, 20.0};
    const auto rank = rankEvents(rows(400, 2), surprise, period);
    EXPECT_GT(rank[198], rank[199]);
    EXPECT_DOUBLE_EQ(rank[199], rank[399]);
}

TEST(EventRank, MovingMeanIsTheOneComputedByHand)
{
    // Width 3 for both: a period of 3 and 3 % of 100 units. Squares 0 ... 0 9 0 ... 0: the mean is 3 at three places.
    std::vector<double> surprise(100, 0.0);
    surprise[50] = 3.0;
    const std::vector<double> period{3.0};
    const auto rank = rankEvents(rows(100), surprise, period);
    // Spreads: 3 sqrt(.01 * .99) and sqrt(3) sqrt(.03 * .97).
    const double expected =
        0.7 * std::sqrt(3.0) * (3.0 * std::sqrt(0.01 * 0.99)) / (std::sqrt(3.0) * std::sqrt(0.03 * 0.97));
    EXPECT_NEAR(rank[49], expected, 1e-12);
    EXPECT_NEAR(rank[51], expected, 1e-12);
    EXPECT_DOUBLE_EQ(rank[50], 3.0);
    EXPECT_NEAR(rank[48], 0.0, 1e-7);
}

TEST(EventRank, LeavesConstantSurpriseAlone)
{
    const std::vector<double> surprise(50, 0.3), period{5.0};
    EXPECT_EQ(rankEvents(rows(50), surprise, period), surprise);
    EXPECT_TRUE(rankEvents(rows(0), {}, period).empty());
}
