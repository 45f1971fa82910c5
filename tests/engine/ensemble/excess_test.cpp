// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/ensemble/excess.h"
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

using namespace faultline;
using ensemble::ExcessScale;

namespace
{
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
} // namespace

TEST(Excess, CountsSpreadsAboveTheMedian)
{
    // Median 5, third quartile 7: a spread of 2, above a quarter of the deviation (0.79).
    const std::vector<double> scores{1, 2, 3, 4, 5, 6, 7, 8, 9};
    const auto scale = ExcessScale::fit(scores);
    EXPECT_DOUBLE_EQ(scale.excess(5.0), 0.0);
    EXPECT_DOUBLE_EQ(scale.excess(1.0), 0.0);
    EXPECT_DOUBLE_EQ(scale.excess(7.0), std::log(2.0));
    EXPECT_DOUBLE_EQ(scale.excess(25.0), std::log(11.0));
}

TEST(Excess, TakesAQuarterOfTheDeviationWhereMostScoresAreEqual)
{
    std::vector<double> scores(100, 1.0);
    scores[0] = 101.0; // deviation sqrt(.01 * .99) * 100 = 9.95
    EXPECT_NEAR(ExcessScale::fit(scores).excess(101.0), std::log1p(100.0 / (0.25 * 9.949874)), 1e-6);
}

TEST(Excess, OfNothingOrOfNoNumbersIsFinite)
{
    EXPECT_DOUBLE_EQ(ExcessScale::fit({}).excess(0.0), 0.0);
    const std::vector<double> scores{notANumber, infinity, 2.0, 2.0};
    const auto scale = ExcessScale::fit(scores);
    EXPECT_DOUBLE_EQ(scale.excess(2.0), 0.0);
    EXPECT_DOUBLE_EQ(scale.excess(notANumber), 0.0);
    EXPECT_TRUE(std::isfinite(scale.excess(infinity)));
}

TEST(Excess, IsSmallForAllNormalDraws)
{
    Random random(9);
    std::vector<double> scores(10'000);
    for (auto& score : scores)
        score = std::abs(random.normal());
    const auto scale = ExcessScale::fit(scores);
    for (const double score : scores)
        EXPECT_LT(scale.excess(score), std::log1p(9.0));
}

TEST(Excess, IsTheSameAfterSaving)
{
    const std::vector<double> scores{1, 2, 3, 4, 50};
    const auto scale = ExcessScale::fit(scores);
    TensorBundle bundle;
    scale.save(bundle, "excess");
    const auto again = ExcessScale::load(bundle, "excess");
    ASSERT_TRUE(again);
    EXPECT_EQ(again->excess(9.0), scale.excess(9.0));
    for (const auto& damaged :
         {std::vector<double>{1.0}, std::vector<double>{1.0, 0.0}, std::vector<double>{notANumber, 1.0}}) {
        TensorBundle other;
        other.put("excess", damaged);
        EXPECT_FALSE(ExcessScale::load(other, "excess"));
    }
}
