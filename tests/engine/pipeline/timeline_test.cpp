// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/pipeline/timeline.h"
#include <algorithm>
#include <gtest/gtest.h>

namespace
{

using namespace faultline;
using records::Level;

void add(records::RecordTable& table, TimeUs time, Level level)
{
    table.time.push_back(time);
    table.level.push_back(level);
}

pipeline::Timeline build(const records::RecordTable& table)
{
    QuietJob job;
    auto timeline = pipeline::Timeline::build(table, job);
    EXPECT_TRUE(timeline);
    return std::move(*timeline);
}

TEST(Timeline, MergesSourcesByTimeAndKeepsTheOrderOfEqualTimes)
{
    records::RecordTable table;
    for (const auto t : std::initializer_list<TimeUs>{10, 20, 30, 5, 20, noTime, 25})
        add(table, t, Level::Info);
    EXPECT_EQ(build(table).order(), (std::vector<std::uint32_t>{3, 0, 1, 4, 6, 2}));
}

TEST(Timeline, IsEmptyWithoutTimes)
{
    records::RecordTable table;
    add(table, noTime, Level::Info);
    const auto timeline = build(table);
    EXPECT_EQ(timeline.start(), noTime);
    EXPECT_TRUE(timeline.order().empty());
    EXPECT_EQ(timeline.counts(0, 10, 2).size(), 2u);
}

TEST(Timeline, CountsEqualADirectCountForAnyStretchAndNumberOfBuckets)
{
    records::RecordTable table;
    Random random(3);
    for (int i = 0; i < 20'000; ++i)
        add(table, static_cast<TimeUs>(random.below(1'000'000)), static_cast<Level>(random.below(records::levelCount)));
    const auto timeline = build(table);
    for (int trial = 0; trial < 50; ++trial) {
        const auto from = static_cast<TimeUs>(random.below(900'000));
        const auto to = from + 1 + static_cast<TimeUs>(random.below(200'000));
        const auto counts = timeline.counts(from, to, 1 + random.below(40));
        records::LevelCounts sum{}, direct{};
        for (const auto& bucket : counts)
            for (std::size_t l = 0; l < records::levelCount; ++l)
                sum[l] += bucket[l];
        for (std::size_t i = 0; i < table.size(); ++i)
            if (table.time[i] >= from && table.time[i] < to)
                ++direct[static_cast<std::size_t>(table.level[i])];
        EXPECT_EQ(sum, direct);
    }
}

TEST(Timeline, SortsARandomOrderToo)
{
    records::RecordTable table;
    Random random(5);
    for (int i = 0; i < 5'000; ++i)
        add(table, static_cast<TimeUs>(random.below(1'000)), Level::Info);
    const auto timeline = build(table);
    EXPECT_TRUE(std::is_sorted(timeline.order().begin(), timeline.order().end(), [&](auto a, auto b) {
        return table.time[a] != table.time[b] ? table.time[a] < table.time[b] : a < b;
    }));
}

TEST(Timeline, StopsWhenAsked)
{
    records::RecordTable table;
    add(table, 1, Level::Info);
    std::stop_source stop;
    stop.request_stop();
    Progress progress;
    JobContext job(stop.get_token(), progress);
    const auto timeline = pipeline::Timeline::build(table, job);
    ASSERT_FALSE(timeline);
    EXPECT_EQ(timeline.error().code, ErrorCode::Cancelled);
}

} // namespace
