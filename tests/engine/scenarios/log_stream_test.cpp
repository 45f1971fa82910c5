// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/system.h"
#include "engine/scenarios/log_stream.h"
#include <filesystem>
#include <gtest/gtest.h>

namespace faultline::scenarios
{
namespace
{

class LogStreamTest : public testing::Test
{
protected:
    LogStreamTest() { std::filesystem::create_directories(m_folder); }
    ~LogStreamTest() override { std::filesystem::remove_all(m_folder); }

    [[nodiscard]] LogStream open() const { return LogStream(OutputFile::create(m_path).value()); }
    [[nodiscard]] std::string finish(LogStream& log) const
    {
        log.flushBefore(1'000);
        EXPECT_TRUE(log.file().complete().has_value());
        return readSmallFile(m_path, 1'000'000).value_or("unreadable");
    }

    std::string m_folder =
        testing::TempDir() + "log_stream_test_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::string m_path = m_folder + "/a.log";
};

TEST_F(LogStreamTest, writesInOrderOfTimeNotOfCall)
{
    auto log = open();
    log.record(2 * second_us + 5) << "third";
    log.record(7) << "second";
    log.record(3) << "first";
    EXPECT_EQ(finish(log), "first\nsecond\nthird\n");
}

TEST_F(LogStreamTest, keepsTheOrderOfCallsAtOneInstant)
{
    auto log = open();
    log.record(7) << "a";
    log.record(7) << "b";
    EXPECT_EQ(finish(log), "a\nb\n");
}

TEST_F(LogStreamTest, swallowsRecordsWhileSilent)
{
    auto log = open();
    log.beSilent({.start = 10, .end = 20});
    log.record(9) << "before";
    log.record(10) << "lost";
    log.record(20) << "after";
    EXPECT_EQ(finish(log), "before\nafter\n");
    EXPECT_EQ(log.records(), 2U);
}

TEST_F(LogStreamTest, showsAWrongClockOnlyWithinItsSpan)
{
    auto log = open();
    log.shiftClock({.span = {.start = 100, .end = 200}, .by_us = 1'000});
    EXPECT_EQ(log.shown(99), 99);
    EXPECT_EQ(log.shown(100), 1'100);
    EXPECT_EQ(log.shown(200), 200);
}

TEST_F(LogStreamTest, movesRecordsBeyondTheHorizonToItsEnd)
{
    auto log = open();
    log.record(500 * second_us) << "far";
    log.record(31 * second_us) << "near";
    EXPECT_EQ(finish(log), "near\nfar\n");
}

TEST_F(LogStreamTest, leavesNoFileBehindWhenNotCompleted)
{
    {
        auto log = open();
        log.record(1) << "never seen";
    }
    EXPECT_TRUE(std::filesystem::is_empty(m_folder));
}

} // namespace
} // namespace faultline::scenarios
