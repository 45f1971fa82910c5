// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/ensemble/tail_model.h"
#include <gtest/gtest.h>
#include <limits>

using namespace faultline;
using ensemble::LiveTail;

TEST(LiveTail, SaysNothingForTheFirstThirtyScores)
{
    LiveTail tail;
    for (int i = 0; i < 30; ++i)
        EXPECT_EQ(tail.push(i == 29 ? 1e6 : 0.0), 1.0);
    EXPECT_EQ(tail.seen(), 30u);
}

TEST(LiveTail, DoesNotDependOnWhatComesLater)
{
    Random random(4);
    LiveTail one, other;
    for (int i = 0; i < 500; ++i) {
        const double score = random.exponential();
        EXPECT_EQ(one.push(score), other.push(score));
    }
    one.push(1e9);
    other.push(-1e9);
    EXPECT_EQ(one.seen(), other.seen());
}

TEST(LiveTail, AlarmsAtTheRequestedRateOnExponentialScores)
{
    int alarms = 0;
    constexpr int scored = 40'000;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        Random random(seed);
        LiveTail tail;
        for (int i = 0; i < scored + 2'000; ++i)
            alarms += static_cast<int>(tail.push(random.exponential()) < 1e-3 && i >= 2'000);
    }
    EXPECT_GT(alarms, 4 * scored * 5e-4);
    EXPECT_LT(alarms, 4 * scored * 2e-3);
}

TEST(LiveTail, AScoreThatIsNotFiniteIsNotLearned)
{
    LiveTail tail;
    EXPECT_EQ(tail.push(std::numeric_limits<double>::quiet_NaN()), 1.0);
    EXPECT_EQ(tail.push(std::numeric_limits<double>::infinity()), 1.0);
    EXPECT_EQ(tail.seen(), 0u);
}

TEST(LiveTail, GoesOnTheSameAfterSavingAndLoading)
{
    Random random(8);
    LiveTail tail;
    for (int i = 0; i < 31'000; ++i)
        tail.push(random.normal());
    TensorBundle bundle;
    tail.save(bundle, "live");
    auto loaded = LiveTail::load(bundle, "live");
    ASSERT_TRUE(loaded) << loaded.error().text();
    for (int i = 0; i < 4'000; ++i) {
        const double score = random.normal();
        ASSERT_EQ(loaded->push(score), tail.push(score));
    }
}

TEST(LiveTail, RefusesAHistoryThatDoesNotFitItsCount)
{
    LiveTail tail;
    tail.push(1.0);
    TensorBundle bundle;
    tail.save(bundle, "live");
    bundle.put("live/seen", std::vector<std::int64_t>{7, 30});
    const auto loaded = LiveTail::load(bundle, "live");
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, ErrorCode::Parse);
}
