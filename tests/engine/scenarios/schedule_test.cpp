// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/scenarios/schedule.h"
#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace faultline::scenarios
{
namespace
{

constexpr std::uint64_t rowCounts[] = {10'000, 80'000, 100'000, 500'000, 2'000'000, 100'000'000};

TimeUs march(int day, int hour, int minute)
{
    return fromCivil({.year = 2026, .month = 3, .day = day, .hour = hour, .minute = minute});
}

TEST(Schedule, lastsSevenDaysAndSomeHoursFromTwoMillionRowsOn)
{
    EXPECT_EQ(spanFor(2'000'000).start, march(5, 0, 0));
    EXPECT_EQ(spanFor(10'000'000).start, march(5, 0, 0));
    EXPECT_EQ(spanFor(10'000'000).end, march(12, 14, 40));
}

TEST(Schedule, isShorterWithFewerRows)
{
    EXPECT_EQ(spanFor(10'000).end - spanFor(10'000).start, 12 * hour_us);
    EXPECT_EQ(spanFor(100'000).end - spanFor(100'000).start, 24 * hour_us);
    EXPECT_LT(spanFor(300'000).end - spanFor(300'000).start, spanFor(600'000).end - spanFor(600'000).start);
}

TEST(Schedule, leavesTheFirstPartCalm)
{
    for (const auto rows : rowCounts) {
        const auto schedule = makeSchedule(rows, 7, true);
        const auto calm = schedule.anomalies.front().span.start - schedule.span.start;
        EXPECT_GT(static_cast<double>(calm), 0.45 * static_cast<double>(schedule.span.end - schedule.span.start))
            << rows;
    }
    EXPECT_GT(makeSchedule(10'000'000, 7, true).anomalies.front().span.start, march(8, 12, 0));
}

TEST(Schedule, keepsAnomaliesApart)
{
    for (const auto rows : rowCounts) {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const auto schedule = makeSchedule(rows, seed, true);
            for (std::size_t i = 1; i < schedule.anomalies.size(); ++i) {
                const auto& before = schedule.anomalies[i - 1];
                const auto& after = schedule.anomalies[i];
                if (before.kind == after.kind)
                    continue; // parts of one
                const auto shown = before.kind == AnomalyKind::ClockJump ? schedule.clockShift_us : 0;
                EXPECT_GE(after.span.start - before.span.end - shown, 5 * minute_us)
                    << rows << ' ' << kindName(before.kind);
            }
        }
    }
}

TEST(Schedule, deploysOutsideAnomalies)
{
    for (const auto rows : rowCounts) {
        const auto schedule = makeSchedule(rows, 3, true);
        for (const auto& deploy : schedule.deploys)
            for (const auto& anomaly : schedule.anomalies)
                EXPECT_FALSE(anomaly.span.contains(deploy.at_us)) << rows << ' ' << kindName(anomaly.kind);
    }
}

TEST(Schedule, hasTheSameDeploysWithoutAnomalies)
{
    const auto calm = makeSchedule(100'000, 3, false);
    const auto outage = makeSchedule(100'000, 3, true);
    EXPECT_TRUE(calm.anomalies.empty());
    ASSERT_EQ(calm.deploys.size(), outage.deploys.size());
    for (std::size_t i = 0; i < calm.deploys.size(); ++i)
        EXPECT_EQ(calm.deploys[i].at_us, outage.deploys[i].at_us);
}

TEST(Schedule, holdsNineKindsOfAnomalies)
{
    std::set<AnomalyKind> kinds;
    for (const auto& anomaly : makeSchedule(10'000, 1, true).anomalies)
        kinds.insert(anomaly.kind);
    EXPECT_EQ(kinds.size(), 9U);
}

TEST(Outage, risesToItsPeakAndEnds)
{
    const auto outage = makeSchedule(10'000, 1, true).outage;
    EXPECT_EQ(outage.slow, march(12, 13, 54));
    EXPECT_DOUBLE_EQ(outage.severity(march(12, 13, 53)), 0.0);
    EXPECT_DOUBLE_EQ(outage.severity(outage.failing + 5 * minute_us), 1.0);
    EXPECT_DOUBLE_EQ(outage.severity(march(12, 14, 16)), 0.5);
    EXPECT_DOUBLE_EQ(outage.severity(march(12, 14, 19)), 0.0);
    EXPECT_DOUBLE_EQ(outage.chargeFailure(march(12, 14, 3)), 0.0);
}

TEST(Rhythm, isLowAtNightAndOnSundays)
{
    EXPECT_LT(rhythm(march(10, 3, 30)), 0.5 * rhythm(march(10, 15, 0)));
    EXPECT_LT(rhythm(march(8, 15, 0)), 0.85 * rhythm(march(10, 15, 0)));
    EXPECT_LT(rhythm(march(10, 12, 45)), rhythm(march(10, 11, 15)));
}

} // namespace
} // namespace faultline::scenarios
