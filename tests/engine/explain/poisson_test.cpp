// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/explain/poisson.h"
#include <cmath>
#include <gtest/gtest.h>

namespace faultline::explain
{

TEST(Poisson, MatchesChancesWorkedOutByHand)
{
    EXPECT_NEAR(poissonAtLeast(1, 1.0), -std::log10(1.0 - std::exp(-1.0)), 1e-12);
    EXPECT_NEAR(poissonAtLeast(2, 1.0), -std::log10(1.0 - 2.0 * std::exp(-1.0)), 1e-12);
    EXPECT_NEAR(poissonAtMost(0, 5.0), 5.0 / std::log(10.0), 1e-12);
    EXPECT_NEAR(poissonAtMost(1, 2.0), -std::log10(3.0 * std::exp(-2.0)), 1e-12);
}

TEST(Poisson, MatchesAThirdPartysNumbers)
{
    // -scipy.stats.poisson.logsf(k - 1, mean) / ln 10 and -logcdf(k, mean) / ln 10
    EXPECT_NEAR(poissonAtLeast(10, 3.0), 2.957626077645246, 1e-10);
    EXPECT_NEAR(poissonAtLeast(188, 2.0), 291.7010042715528, 1e-9);
    EXPECT_NEAR(poissonAtMost(80, 100.0), 1.6449475811224257, 1e-10);
}

TEST(Poisson, StaysExactWhereTheChanceIsTooSmallForADouble)
{
    EXPECT_GT(poissonAtLeast(1'000'000, 1'000.0), 1e6);
    EXPECT_NEAR(poissonAtMost(0, 1e6), 1e6 / std::log(10.0), 1e-3);
}

TEST(Poisson, IsNoSurpriseForTheExpectedCount)
{
    EXPECT_EQ(poissonAtLeast(0, 3.0), 0.0);
    EXPECT_NEAR(poissonAtLeast(100, 100.0), -std::log10(0.5), 0.05);
    EXPECT_NEAR(poissonAtLeast(50, 100.0), 0.0, 1e-6);
}

TEST(Poisson, GrowsWithTheCount)
{
    double last = 0.0;
    for (std::uint64_t k = 1; k < 60; ++k) {
        const double now = poissonAtLeast(k, 7.5);
        EXPECT_GT(now, last) << k;
        last = now;
    }
}

} // namespace faultline::explain
