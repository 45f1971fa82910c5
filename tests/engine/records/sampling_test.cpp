// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/sampling.h"
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{

constexpr TimeUs start = 1'700'000'000 * second_us;

std::vector<TimeUs> everyMinute(int count)
{
    std::vector<TimeUs> times;
    for (int i = 0; i < count; ++i)
        times.push_back(start + i * minute_us);
    return times;
}

TEST(Sampling, ofEvenStepsIsRegular)
{
    const auto sampling = samplingOf(everyMinute(10));
    EXPECT_TRUE(sampling.regular);
    EXPECT_EQ(sampling.step_us, minute_us);
    EXPECT_DOUBLE_EQ(sampling.stepShare, 1.0);
    EXPECT_EQ(sampling.gapCount, 0U);
}

TEST(Sampling, countsTheRowsThatAGapLacks)
{
    auto times = everyMinute(20);
    times.erase(times.begin() + 5, times.begin() + 8);
    const auto sampling = samplingOf(times);
    ASSERT_EQ(sampling.gaps.size(), 1U);
    EXPECT_EQ(sampling.gaps[0].start, start + 4 * minute_us);
    EXPECT_EQ(sampling.gaps[0].end, start + 8 * minute_us);
    EXPECT_EQ(sampling.gaps[0].missingRows, 3U);
    EXPECT_TRUE(sampling.regular);
}

TEST(Sampling, takesHalfAStepForJitter)
{
    auto times = everyMinute(100);
    times[50] += minute_us * 4 / 10;
    const auto sampling = samplingOf(times);
    EXPECT_TRUE(sampling.regular);
    EXPECT_EQ(sampling.gapCount, 0U);
}

TEST(Sampling, countsRepeatedTimesOnce)
{
    auto times = everyMinute(10);
    times.push_back(times[3]);
    times.push_back(times[3]);
    const auto sampling = samplingOf(times);
    EXPECT_EQ(sampling.duplicates, 2U);
    EXPECT_EQ(sampling.times, 10U);
    EXPECT_EQ(sampling.step_us, minute_us);
}

TEST(Sampling, doesNotDependOnTheOrder)
{
    auto times = everyMinute(50);
    std::reverse(times.begin(), times.end());
    EXPECT_TRUE(samplingOf(times).regular);
}

TEST(Sampling, ofALogIsIrregularAndOnlyLongPausesAreGaps)
{
    std::vector<TimeUs> times;
    TimeUs time = start;
    for (int i = 0; i < 1'000; ++i)
        times.push_back(time += (1 + i * i % 97) * second_us);
    times.push_back(time + 3'600 * second_us);
    const auto sampling = samplingOf(times);
    EXPECT_FALSE(sampling.regular);
    EXPECT_EQ(sampling.gapCount, 1U);
    EXPECT_EQ(sampling.missingRows, 0U);
}

TEST(Sampling, ofFewTimesSaysNothing)
{
    EXPECT_EQ(samplingOf({}).records, 0U);
    const std::vector<TimeUs> one{start, noTime};
    EXPECT_EQ(samplingOf(one).records, 1U);
    EXPECT_FALSE(samplingOf(one).regular);
    EXPECT_FALSE(samplingOf(everyMinute(2)).regular);
}

TEST(Sampling, isOfEachEntityByItself)
{
    RecordSet set;
    set.table.entities.intern("");
    const auto web = set.table.entities.intern("web");
    const auto db = set.table.entities.intern("db");
    for (int i = 0; i < 10; ++i)
        for (const auto entity : {web, db}) {
            set.table.time.push_back(start + i * (entity == web ? minute_us : 2 * minute_us));
            set.table.entity.push_back(entity);
            set.table.source.push_back(0);
        }
    QuietJob job;
    const auto all = sampleRates(set, job);
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 2U);
    EXPECT_EQ(all->at(0).step_us, minute_us);
    EXPECT_EQ(all->at(1).step_us, 2 * minute_us);
    EXPECT_EQ(sampleRate(set, {.entity = db}).step_us, 2 * minute_us);
    EXPECT_EQ(sampleRate(set).records, 20U);
}

} // namespace
} // namespace faultline::records
