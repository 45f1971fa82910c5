// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/session_cut.h"
#include "tests/support/record_set_builder.h"
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{
using Keys = std::vector<std::string>;
using Records = std::vector<std::uint32_t>;

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
    const auto cut = cutSessions(twoUsers(), {.timeout_us = 37 * minute_us}, false);
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
    const auto cut = cutSessions(set, {.byEntity = true}, false);
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->sessions.keys.all(), (Keys{"u1", "u2"}));
    EXPECT_EQ(cut->sessions.records, (Records{0, 1, 4, 5, 2, 3}));
}

TEST(SessionCut, CausallyThoseThatMayGoOnAreOpenAndTheOthersStandInTheOrderOfTheirEnds)
{
    const auto cut = cutSessions(twoUsers(), {.timeout_us = 10 * minute_us}, true);
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
    EXPECT_EQ(cutSessions(set, {.timeout_us = 10 * minute_us}, true)->sessions.keys.size(), 1U);
    EXPECT_EQ(cutSessions(set, {.timeout_us = 10 * minute_us + 1}, true)->sessions.keys.size(), 0U);
}

TEST(SessionCut, RecordsOutOfOrderAreSortedInTime)
{
    auto set = testing::RecordSetBuilder()
                   .add({.time = 50 * minute_us, .message = "x", .session = "a"})
                   .add({.time = 0, .message = "x", .session = "a"})
                   .build();
    const auto cut = cutSessions(set, {.timeout_us = minute_us}, false);
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->sessions.keys.size(), 2U);
}

TEST(SessionCut, WithoutAKeyThereIsNoSession)
{
    const auto set = testing::RecordSetBuilder().add({.time = 0, .message = "x"}).build();
    EXPECT_EQ(cutSessions(set, {.timeout_us = minute_us}, false).error().code, ErrorCode::Config);
    EXPECT_EQ(cutSessions(set, {.byEntity = true}, false)->sessions.keys.all(), (Keys{"session"}));
}

} // namespace
} // namespace faultline::records
