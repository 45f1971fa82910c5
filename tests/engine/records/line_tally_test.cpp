// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/line_tally.h"
#include <gtest/gtest.h>
#include <string>

namespace faultline::records
{
namespace
{

LineStatistics tallied(const std::string& text, std::size_t linesPerBlock = 1'000'000)
{
    LineTally tally;
    std::uint64_t before = 0;
    for (std::size_t at = 0; at < text.size();) {
        auto end = at;
        std::uint64_t lines = 0;
        for (; lines < linesPerBlock && end < text.size(); ++lines)
            end = std::min(text.find('\n', end), text.size() - 1) + 1;
        tally.add(blockLines(std::string_view(text).substr(at, end - at)), before);
        before += lines;
        at = end;
    }
    return tally.finish();
}

TEST(LineTally, CountsEachKindOfLineEnd)
{
    const auto lines = tallied("a\nb\r\nc\rd\n");
    EXPECT_EQ(lines.lineFeeds, 2U);
    EXPECT_EQ(lines.crlf, 1U);
    EXPECT_EQ(lines.carriageReturns, 1U);
}

TEST(LineTally, SaysWhetherTheLastLineIsUnfinished)
{
    EXPECT_FALSE(tallied("a\nb\n").unfinished);
    EXPECT_TRUE(tallied("a\nb").unfinished);
}

TEST(LineTally, FindsTheFirstLongestLine)
{
    const auto lines = tallied("a\nlonger\r\nb\nlonger\n");
    EXPECT_EQ(lines.longestLine, 2U);
    EXPECT_EQ(lines.longestBytes, 6U);
}

TEST(LineTally, ALineOverSeveralPiecesIsOneLine)
{
    LineTally tally;
    tally.add(blockLines("short\n"), 0);
    tally.add(blockLines("bb\naaaa", {.endsInsideLine = true}), 1);
    tally.add(blockLines("aaaa", {.startsInsideLine = true, .endsInsideLine = true}), 2);
    tally.add(blockLines("aaaa\r\nc\n", {.startsInsideLine = true}), 2);
    const auto lines = tally.finish();
    EXPECT_EQ(lines.longestLine, 3U);
    EXPECT_EQ(lines.longestBytes, 12U);
    EXPECT_EQ(lines.crlf, 1U);
    EXPECT_EQ(lines.lineFeeds, 3U);
    EXPECT_FALSE(lines.unfinished);
}

TEST(LineTally, CountsRepeatedAndDuplicateLinesButNoBlankOnes)
{
    const auto lines = tallied("a\na\n\n\nb\n \na\n");
    EXPECT_EQ(lines.repeatedLines, 1U);
    EXPECT_EQ(lines.duplicateLines, 2U);
    EXPECT_TRUE(lines.duplicatesExact);
}

TEST(LineTally, DoesNotDependOnWhereTheContentWasCut)
{
    std::string text = "\xEF\xBB\xBF";
    for (int i = 0; i < 5'000; ++i)
        text += "line " + std::to_string(i * i % 977) + (i % 3 == 0 ? "\r\n" : "\n");
    const auto whole = tallied(text), cut = tallied(text, 7);
    EXPECT_EQ(whole.duplicateLines, cut.duplicateLines);
    EXPECT_EQ(whole.repeatedLines, cut.repeatedLines);
    EXPECT_EQ(whole.longestLine, cut.longestLine);
    EXPECT_EQ(whole.crlf, cut.crlf);
    EXPECT_EQ(whole.contentHash, cut.contentHash);
}

TEST(LineTally, EstimatesDuplicatesAmongMoreLinesThanItKeeps)
{
    std::string text;
    constexpr int distinct = 400'000;
    for (int i = 0; i < distinct; ++i)
        text += "line number " + std::to_string(i) + "\n";
    for (int i = 0; i < distinct / 4; ++i)
        text += "line number " + std::to_string(3 * i) + "\n";
    const auto lines = tallied(text);
    EXPECT_FALSE(lines.duplicatesExact);
    EXPECT_NEAR(static_cast<double>(lines.duplicateLines), distinct / 4.0, 0.02 * distinct);
}

TEST(LineTally, TheSameLinesInAnotherOrderHaveTheSameHash)
{
    EXPECT_EQ(tallied("a\nb\nc\n").contentHash, tallied("c\na\r\nb").contentHash);
    EXPECT_NE(tallied("a\nb\n").contentHash, tallied("a\nc\n").contentHash);
}

TEST(LineTally, CountsNulBytes)
{
    EXPECT_EQ(tallied(std::string("a\0\0b\n\0", 6)).nulBytes, 3U);
}

} // namespace
} // namespace faultline::records
