// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/session_cut.h"
#include "tests/support/record_set_builder.h"
#include <algorithm>
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{
using Keys = std::vector<std::string>;
using Records = std::vector<std::uint32_t>;

JobContext& quiet()
{
    static QuietJob job;
    return job;
}

/// u1 speaks at minutes 0, 1, 40 and 41; u2 at 2 and 39.
RecordSet twoUsers()
{
    const auto line = [](int minute, const char* user) {
        return testing::RecordLine{.time = minute * minute_us, .entity = user, .message = "x", .session = user};
    };
    testing::RecordSetBuilder builder;
    builder.add(line(0, "u1"))
        .add(line(1, "u1"))
        .add(line(2, "u2"))
        .add(line(39, "u2"))
        .add(line(40, "u1"))
        .add(line(41, "u1"));
    return builder.build();
}

TEST(SessionCut, AKeyThatIsSilentForTheTimeOutBeginsANewSession)
{
    const auto cut = cutSessions(twoUsers(), {.timeout_us = 37 * minute_us}, SessionOrder::ByStart, quiet());
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->sessions.keys.all(), (Keys{"u1@1970-01-01T00:00:00Z", "u2@1970-01-01T00:02:00Z",
                                              "u2@1970-01-01T00:39:00Z", "u1@1970-01-01T00:40:00Z"}));
    EXPECT_EQ(cut->sessions.records, (Records{0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(cut->sessions.begin, (std::vector<std::uint64_t>{0, 2, 3, 4, 6}));
}

TEST(SessionCut, EntitiesAreKeysWhenAskedFor)
{
    auto set = twoUsers();
    set.sessions = {};
    const auto cut = cutSessions(set, {.byEntity = true}, SessionOrder::ByStart, quiet());
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->sessions.keys.all(), (Keys{"u1", "u2"}));
    EXPECT_EQ(cut->sessions.records, (Records{0, 1, 4, 5, 2, 3}));
}

TEST(SessionCut, CausallyThoseThatMayGoOnAreOpenAndTheOthersStandInTheOrderOfTheirEnds)
{
    const auto cut = cutSessions(twoUsers(), {.timeout_us = 10 * minute_us}, SessionOrder::Causal, quiet());
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->sessions.keys.all(), (Keys{"u1@1970-01-01T00:00:00Z", "u2@1970-01-01T00:02:00Z"}));
    EXPECT_EQ(cut->open.keys.all(), (Keys{"u2", "u1"}));
    EXPECT_EQ(cut->open.records, (Records{3, 4, 5}));
}

TEST(SessionCut, CausallyASessionClosesWhenTheTimeOutHasPassed)
{
    auto set = testing::RecordSetBuilder()
                   .add({.time = 0, .message = "x", .session = "a"})
                   .add({.time = 10 * minute_us, .message = "y", .session = "b"})
                   .build();
    EXPECT_EQ(cutSessions(set, {.timeout_us = 10 * minute_us}, SessionOrder::Causal, quiet())->sessions.keys.size(),
              1U);
    EXPECT_EQ(cutSessions(set, {.timeout_us = 10 * minute_us + 1}, SessionOrder::Causal, quiet())->sessions.keys.size(),
              0U);
}

TEST(SessionCut, RecordsOutOfOrderAreSortedInTime)
{
    auto set = testing::RecordSetBuilder()
                   .add({.time = 50 * minute_us, .message = "x", .session = "a"})
                   .add({.time = 0, .message = "x", .session = "a"})
                   .build();
    const auto cut = cutSessions(set, {.timeout_us = minute_us}, SessionOrder::ByStart, quiet());
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->sessions.keys.size(), 2U);
}

TEST(SessionCut, WithoutAKeyThereIsNoSession)
{
    const auto set = testing::RecordSetBuilder().add({.time = 0, .message = "x"}).build();
    EXPECT_EQ(cutSessions(set, {.timeout_us = minute_us}, SessionOrder::ByStart, quiet()).error().code,
              ErrorCode::Config);
    EXPECT_EQ(cutSessions(set, {.byEntity = true}, SessionOrder::ByStart, quiet())->sessions.keys.all(),
              (Keys{"session"}));
}

TEST(SessionCut, AStoppedJobIsCancelled)
{
    std::stop_source stop;
    stop.request_stop();
    Progress progress;
    JobContext job(stop.get_token(), progress);
    const SessionRule rule{.timeout_us = minute_us};
    EXPECT_EQ(cutSessions(twoUsers(), rule, SessionOrder::ByStart, job).error().code, ErrorCode::Cancelled);
}

TEST(SessionCut, ManyRecordsOfOneKeyOutOfOrderStandInTimeAndThoseOfOneTimeInTheOrderOfTheTable)
{
    constexpr int records = 200'000; // more than are sorted in one go
    testing::RecordSetBuilder builder;
    for (int i = 0; i < records; ++i)
        builder.add({.time = i * 7919LL % 1'000 * second_us, .message = "x", .session = "a"});
    const auto set = builder.build();
    const auto cut = cutSessions(set, {}, SessionOrder::ByStart, quiet());
    ASSERT_TRUE(cut);
    const auto inOrder = [&](std::uint32_t a, std::uint32_t b) {
        return std::pair(set.table.time[a], a) < std::pair(set.table.time[b], b);
    };
    EXPECT_EQ(cut->sessions.records.size(), std::size_t{records});
    EXPECT_TRUE(std::is_sorted(cut->sessions.records.begin(), cut->sessions.records.end(), inOrder));
}

} // namespace
} // namespace faultline::records
