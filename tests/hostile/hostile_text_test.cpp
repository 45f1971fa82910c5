// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
// Files whose bytes or times are not what a log should hold.
#include "engine/core/random.h"
#include "engine/core/text.h"
#include "tests/hostile/hostile_input.h"
#include "tests/support/data_folder.h"
#include "tests/support/temporary_folder.h"
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <gmock/gmock.h>

namespace faultline::test
{
namespace
{

using testing::HasSubstr;

std::string logLines(int count, const std::string& lineEnd = "\n")
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += "2024-03-01 00:" + std::to_string(10 + i / 60 % 50) + ":" + std::to_string(10 + i % 50) +
                " INFO shop: order " + std::to_string(i) + " took " + std::to_string(i * 31 % 97) + " ms" + lineEnd;
    return text;
}

class HostileText : public testing::Test
{
protected:
    TemporaryFolder m_folder;
};

TEST_F(HostileText, GarbageIsRefused)
{
    Random random(5);
    for (int round = 0; round < 20; ++round) {
        std::string bytes(4'096 + 997 * static_cast<std::size_t>(round), '\0');
        for (auto& byte : bytes)
            byte = static_cast<char>(random.below(256));
        expectLoadsOrIsRefused(m_folder.write("garbage.log", bytes));
    }
}

TEST_F(HostileText, GarbageBetweenGoodLinesCostsOnlyItself)
{
    Random random(6);
    std::string garbage(2'000, '\0');
    for (auto& byte : garbage)
        byte = static_cast<char>(random.below(256));
    const auto set = loaded(m_folder.write("a.log", logLines(500) + garbage + "\n" + logLines(500)));
    ASSERT_TRUE(set.has_value()) << set.error().text();
    EXPECT_GE(set->table.size(), 1'000U);
    expectBalance(set->reports[0]);
}

TEST_F(HostileText, ABlockOfNulBytesLeftByACrashIsRejected)
{
    const auto set = loaded(m_folder.write("a.log", logLines(300) + std::string(4'096, '\0') + "\n" + logLines(300)));
    ASSERT_TRUE(set.has_value()) << set.error().text();
    EXPECT_EQ(set->table.size(), 600U);
    EXPECT_EQ(set->reports[0].text.nulBytes, 4'096U);
    expectBalance(set->reports[0]);
}

TEST_F(HostileText, BadUtf8IsKeptAndShownSafely)
{
    std::string valid; // so that nobody takes the file for Windows-1252
    for (int i = 0; i < 20; ++i)
        valid += "2024-03-01 00:59:00 INFO shop: gr\xC3\xB6\xC3\x9F"
                 "e \xE2\x9C\x93\n";
    const auto path = m_folder.write(
        "a.log",
        valid + logLines(80) + "2024-03-01 01:00:00 INFO shop: \xC0\xAF \xED\xA0\x80 \xF5 caf\xE9\n" + logLines(100));
    const auto set = loaded(path);
    ASSERT_TRUE(set.has_value()) << set.error().text();
    EXPECT_EQ(set->table.size(), 201U);
    EXPECT_EQ(set->reports[0].invalidUtf8Lines, 1U);
    EXPECT_EQ(invalidUtf8Bytes(displayText(*set->text(100))), 0U);
    expectBalance(set->reports[0]);
    expectAnalysisEnds(path);
}

TEST_F(HostileText, AByteOrderMarkIsNoPartOfTheFirstRecord)
{
    const auto set = loaded(m_folder.write("a.log", "\xEF\xBB\xBF" + logLines(50)));
    ASSERT_TRUE(set.has_value());
    EXPECT_EQ(set->table.size(), 50U);
    EXPECT_NE(set->table.time[0], noTime);
    EXPECT_EQ(set->table.flags[0], 0);
}

TEST_F(HostileText, MixedLineEndsAreAllRead)
{
    const auto set = loaded(m_folder.write("a.log", logLines(50) + logLines(30, "\r\n") + logLines(20)));
    ASSERT_TRUE(set.has_value());
    EXPECT_EQ(set->table.size(), 100U);
    EXPECT_EQ(set->reports[0].text.crlf, 30U);
    EXPECT_EQ(set->reports[0].text.lineFeeds, 70U);
    for (std::size_t i = 0; i < 100; ++i)
        EXPECT_THAT(*set->text(i), testing::EndsWith(" ms"));
    expectBalance(set->reports[0]);
}

TEST_F(HostileText, LineEndsOfOldMacsAreReadOrRefused)
{
    expectLoadsOrIsRefused(m_folder.write("a.log", logLines(200, "\r")));
}

TEST_F(HostileText, HalfALineAtTheEndIsSaid)
{
    const auto set = loaded(m_folder.write("a.log", logLines(100) + "2024-03-01 00:5"));
    ASSERT_TRUE(set.has_value());
    EXPECT_TRUE(set->reports[0].text.unfinished);
    expectBalance(set->reports[0]);
}

TEST_F(HostileText, AnEmptyFileOneLineAndAHeaderAloneEndCleanly)
{
    for (const char* content :
         {"", "\n", "x", "2024-03-01 00:00:00 INFO a: one line", "time,cpu,mem\n", "time,cpu\n,\n"}) {
        const auto path = m_folder.write("a.csv", content);
        expectLoadsOrIsRefused(path);
        expectAnalysisEnds(path);
    }
}

TEST_F(HostileText, BackwardAndDuplicateTimesAreKeptAndCounted)
{
    std::string text;
    for (int i = 0; i < 300; ++i)
        text += "2024-03-01 00:00:" + std::to_string(i % 3 == 0 ? 10 : 40) + " INFO shop: order " + std::to_string(i) +
                "\n";
    const auto path = m_folder.write("a.log", text);
    const auto set = loaded(path);
    ASSERT_TRUE(set.has_value());
    EXPECT_EQ(set->table.size(), 300U);
    EXPECT_EQ(set->reports[0].backwardTimes, 99U);
    EXPECT_EQ(set->reports[0].duplicateTimes, 100U);
    expectAnalysisEnds(path); // a clock that goes back once gave another tool an index of -1
}

TEST_F(HostileText, TheHourThatClocksShowTwiceIsNotAnHourOff)
{
    std::string text;
    for (int hour = 0; hour < 5; ++hour) // 02:00 to 02:59 comes twice
        for (int minute = 0; minute < 60; ++minute)
            text += "2026-10-25 0" + std::to_string(hour < 3 ? hour : hour - 1) + ":" + (minute < 10 ? "0" : "") +
                    std::to_string(minute) + ":00 INFO app: tick " + std::to_string(minute) + "\n";
    records::LoadOptions options;
    options.parse.zone = *TimeZone::named("Europe/Berlin");
    options.parse.zoneGiven = true;
    const auto set = loaded(m_folder.write("a.log", text), options);
    ASSERT_TRUE(set.has_value()) << set.error().text();
    EXPECT_EQ(formatIso8601(set->reports[0].start), "2026-10-24T22:00:00Z");
    EXPECT_EQ(formatIso8601(set->reports[0].end), "2026-10-25T02:59:00Z");
    EXPECT_EQ(set->reports[0].backwardTimes, 0U);
    EXPECT_EQ(set->reports[0].repeatedLocalTimes, 120U);
}

TEST_F(HostileText, LeapSecondsAreTimesAndTheYear9999LosesNothing)
{
    const auto set =
        loaded(m_folder.write("a.log", "2016-12-31T23:59:58Z INFO app: one\n2016-12-31T23:59:60Z INFO app: two\n"
                                       "9999-12-31T23:59:59Z INFO app: three\n"));
    ASSERT_TRUE(set.has_value()) << set.error().text();
    EXPECT_GE(set->table.size(), 2U);
    EXPECT_GT(set->table.time[1], set->table.time[0]);
    EXPECT_THAT(*set->text(set->table.size() - 1), HasSubstr("three"));
    expectBalance(set->reports[0]);
    expectAnalysisEnds(m_folder.path("a.log"));
}

TEST_F(HostileText, NumbersBeyondMeasureAreMissingNotInfinite)
{
    std::string text = "time,cpu\n";
    for (int i = 0; i < 900; ++i)
        text += "2024-03-01 00:" + std::to_string(10 + i / 60) + ":" + (i % 60 < 10 ? "0" : "") +
                std::to_string(i % 60) + "," + std::to_string(i) + "\n";
    for (const char* odd : {"NaN", "inf", "-inf", "1e400", "-1e400", "0x1p99999", "1e-400"})
        text += std::string("2024-03-01 00:26:00,") + odd + "\n";
    const auto path = m_folder.write("a.csv", text);
    const auto set = loaded(path);
    ASSERT_TRUE(set.has_value()) << set.error().text();
    expectBalance(set->reports[0]);
    ASSERT_FALSE(set->table.fields.empty());
    for (std::size_t i = 0; i < set->table.size(); ++i)
        EXPECT_FALSE(std::isinf(set->table.fields[0][i])) << i;
    expectAnalysisEnds(path);
}

TEST_F(HostileText, AnOpenQuoteEndsTheFileNotTheProgram)
{
    for (const char* content : {"a,\"", "a,b\n1,\"", "a,b\n1,2\n3,\"\n", "\"", "\"\"\"", "a,\"b\"c\n"})
        expectLoadsOrIsRefused(m_folder.write("a.csv", content));
}

TEST_F(HostileText, ParquetNamedCsvIsRefusedAsBinary)
{
    std::string bytes = "PAR1";
    Random random(4);
    for (int i = 0; i < 20'000; ++i)
        bytes += static_cast<char>(random.below(256));
    const auto set = loaded(m_folder.write("a.csv", bytes + "PAR1"));
    ASSERT_FALSE(set.has_value());
    EXPECT_EQ(set.error().code, ErrorCode::Io);
    EXPECT_THAT(set.error().message, HasSubstr("Parquet"));
}

TEST_F(HostileText, Utf16IsReadOrRefusedByName)
{
    for (const bool bigEndian : {false, true}) {
        std::string text = bigEndian ? std::string("\xFE\xFF", 2) : std::string("\xFF\xFE", 2);
        for (const char c : logLines(100)) {
            const char pair[] = {bigEndian ? '\0' : c, bigEndian ? c : '\0'};
            text.append(pair, 2);
        }
        const auto set = loaded(m_folder.write("a.log", text));
        if (!set) {
            EXPECT_THAT(set.error().text(), HasSubstr("UTF-16"));
            continue;
        }
        EXPECT_EQ(set->table.size(), 100U);
        expectBalance(set->reports[0]);
    }
}

TEST_F(HostileText, AnyMutationOfATableLoadsOrFailsCleanlyAndBalances)
{
    std::string table = "time,host,cpu,note\n";
    for (int i = 10; i < 60; ++i)
        table += "2024-03-01 00:00:" + std::to_string(i) + ",web" + std::to_string(i % 3) + "," + std::to_string(i) +
                 ",\"a \"\"quoted\"\" note\"\n";
    Random random(13);
    for (int round = 0; round < 300; ++round) {
        auto mutant = table;
        for (auto edits = 1 + random.below(40); edits > 0; --edits)
            mutant[random.below(mutant.size())] = static_cast<char>(random.below(256));
        expectLoadsOrIsRefused(m_folder.write("a.csv", mutant));
    }
}

/// Whatever the formats are that people sent in: nothing of a file is lost silently.
TEST(LineBalance, HoldsForEveryFileOfTheFormats)
{
    const auto formats = dataFolder() / "formats";
    if (!std::filesystem::exists(formats))
        GTEST_SKIP() << "no " << formats << "; set FAULTLINE_DATA";
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(formats)) {
        if (!entry.is_regular_file())
            continue;
        SCOPED_TRACE(entry.path());
        expectLoadsOrIsRefused(entry.path());
        ++files;
    }
    EXPECT_GT(files, 50U);
}

} // namespace
} // namespace faultline::test
