// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/pattern_trace.h"
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{

std::string stop(const std::string& pattern, std::string_view line)
{
    return stopText(whereMatchingStops(pattern, line));
}

TEST(PatternTrace, PointsAtTheLiteralThatIsNotThere)
{
    EXPECT_EQ(stop(R"((?P<time>\S+ \S+) \[(?P<level>\w+)\] )", "2026-03-12 14:03:30 INFO starting"),
              "it stops at column 21: expected the text `[` followed by `(?P<level>\\w+)`, found `INFO starting`");
}

TEST(PatternTrace, LooksIntoTheGroupThatFails)
{
    EXPECT_EQ(stop(R"((?P<time>\d{4}-\d\d-\d\d) )", "2026/03/12 x"),
              "it stops at column 5, in the group `time`: expected the text `-` followed by a digit (`\\d`), "
              "found `/03/12 x`");
}

TEST(PatternTrace, SaysWhatACharacterClassWouldTake)
{
    EXPECT_EQ(stop(R"(pid=(?P<pid>\d+))", "pid=x12"),
              "it stops at column 5, in the group `pid`: expected a digit (`\\d+`), found `x12`");
}

TEST(PatternTrace, SaysThatTheLineEnds)
{
    EXPECT_EQ(stop("a b c", "a b"), "it stops at column 4: expected the text ` c`, found the end of the line");
}

TEST(PatternTrace, TakesTheAlternativeThatReachesFurthest)
{
    const auto found = whereMatchingStops("abc|abde|x", "abdf");
    EXPECT_EQ(found.column, 3U);
    EXPECT_EQ(found.expected, "the text `e`");
}

TEST(PatternTrace, KnowsWhenAPatternMatches)
{
    EXPECT_TRUE(whereMatchingStops("a+b", "aaab and more").matches);
}

TEST(PatternTrace, IsNotLedAstrayByQuotedParenthesesAndClasses)
{
    EXPECT_EQ(whereMatchingStops(R"(\((?P<a>[)\](]+)\)\Q(|\Ex)", "(()])(|y").column, 7U);
    EXPECT_EQ(whereMatchingStops(R"([[:digit:]|]{2,3}?\x{41}\pL!)", "12Aé?").column, 5U);
}

TEST(PatternTrace, ShowsControlCharactersAsPictures)
{
    EXPECT_EQ(stop("ab", "a\x1b[31m").find('\x1b'), std::string::npos);
}

TEST(PatternTrace, AnswersForEveryPatternThatCompiles)
{
    for (const char* pattern :
         {"(?i)abc", "(?i:ab)c", "a{2,}b", "()", "(a|b)*c", "^a$", "\\Aab\\z", "(?P<x>(?:a|b)c)+d", "|a", "a||b"})
        for (const char* line : {"", "a", "ab", "abc", "ABC", "zzz"})
            EXPECT_LE(whereMatchingStops(pattern, line).column, std::string_view(line).size())
                << pattern << " " << line;
}

} // namespace
} // namespace faultline::records
