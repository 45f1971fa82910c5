// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/records/structured_text.h"
#include <gmock/gmock.h>

namespace faultline::records
{
namespace
{

using namespace std::string_literals;

const std::string good = R"({"time":"2026-03-12T14:03:30Z","msg":"all is well","n":1})"
                         "\n";

/// The good lines around a hostile one are records, whatever it is.
void expectRejected(const std::string& hostile)
{
    const auto set = loadInAllBlocks(good + good + hostile + "\n" + good);
    EXPECT_EQ(set.table.size(), 3U) << hostile.substr(0, 80);
    ASSERT_EQ(set.reports.size(), 1U);
    EXPECT_EQ(set.reports[0].rejectedLines, 1U) << hostile.substr(0, 80);
}

TEST(HostileJson, RejectsWhatIsNotJson)
{
    expectRejected(R"({"msg":"cut)");
    expectRejected(R"({"a":1,"b":)");
    expectRejected(R"({"n":NaN})");
    expectRejected(R"({"n":-Infinity})");
    expectRejected(R"({"n":1e400})");
    expectRejected("{\"msg\":\"\xFF\xFE\"}");
    expectRejected("{\"msg\":\"a\0b\"}"s);
    expectRejected(R"({"msg":"\uD800"})");
    expectRejected("[]");
    expectRejected("{}{}");
}

TEST(HostileJson, RejectsNestingWithoutEnd)
{
    expectRejected(R"({"a":)" + std::string(10'000, '[') + std::string(10'000, ']') + "}");
    std::string objects;
    for (int i = 0; i < 10'000; ++i)
        objects += "{\"a\":";
    expectRejected(objects + "1" + std::string(10'000, '}'));
}

TEST(HostileJson, LastOfTwoEqualKeysCounts)
{
    const auto set = loadInAllBlocks(good + R"({"time":"2026-03-12T14:03:31Z","msg":"a","n":1,"n":7})" + "\n");
    EXPECT_EQ(field(set, "n", 1), 7.0);
}

TEST(HostileJson, KeepsColumnsBoundedWhenEveryLineHasOtherKeys)
{
    std::string text;
    for (int i = 0; i < 2'000; ++i) {
        text += "{\"time\":\"2026-03-12T14:03:30Z\",\"msg\":\"m\"";
        for (int k = 0; k < 50; ++k)
            text += ",\"key" + std::to_string(i * 50 + k) + "\":1";
        text += "}\n";
    }
    const auto set = loadText(text);
    EXPECT_EQ(set.table.size(), 2'000U);
    EXPECT_LE(set.table.fields.size(), 500U);
    EXPECT_THAT(set.reports[0].detection.reasons, testing::Contains(testing::HasSubstr("left out")));
}

TEST(HostileJson, TakesAKeyOfAMegabyteForNoColumn)
{
    const auto set = loadText(good + "{\"" + std::string(1 << 20, 'k') + "\":1}\n" + good);
    EXPECT_EQ(set.table.size(), 3U);
    EXPECT_EQ(set.table.fields.size(), 1U);
}

TEST(HostileJson, EmptyArraysAndObjectsAreNoColumns)
{
    EXPECT_EQ(loadInAllBlocks(good + R"({"time":"2026-03-12T14:03:31Z","msg":"a","l":[],"o":{},"z":null})" + "\n")
                  .table.fields.size(),
              1U);
}

TEST(HostileJson, ManyUnclosedObjectsDoNotHoldMemory)
{
    std::string text;
    for (int i = 0; i < 200'000; ++i)
        text += "{\n";
    const auto set = loadText(good + good + good + text + good);
    EXPECT_GE(set.table.size(), 3U);
    expectBalanced(set.reports[0]);
}

TEST(HostileJournal, RejectsALengthThatCannotBe)
{
    const std::string entry = "__CURSOR=a\n__REALTIME_TIMESTAMP=1534860261221373\nMESSAGE=all is well\n\n";
    const auto huge = "__CURSOR=b\nMESSAGE\n"s + "\0\0\0\0\0\0\0\x80"s + "text\n\n";
    const auto set = loadInAllBlocks(entry + huge + entry);
    EXPECT_EQ(set.table.size(), 2U);
    EXPECT_EQ(set.reports[0].rejectedLines, 3U);
}

TEST(HostileJournal, RejectsAnEntryThatTheFilesEndCutsInsideABinaryField)
{
    const std::string entry = "__CURSOR=a\n__REALTIME_TIMESTAMP=1534860261221373\nMESSAGE=all is well\n\n";
    const auto set = loadInAllBlocks(entry + "__CURSOR=b\nMESSAGE\n"s + "\x40\0\0\0\0\0\0\0"s + "short");
    EXPECT_EQ(set.table.size(), 1U);
    EXPECT_GE(set.reports[0].rejectedLines, 1U);
}

TEST(HostileLogfmt, SurvivesUnclosedQuotesAndEmptyValues)
{
    const std::string line = "time=2026-03-12T14:03:30Z level=info msg=\"all is well\" n=1\n";
    const auto set = loadInAllBlocks(line + line + "time=2026-03-12T14:03:31Z msg=\"open level= n=\n" + line);
    EXPECT_EQ(set.table.size(), 4U);
}

TEST(HostileW3c, RejectsShortRowsAndRowsWithoutAHeader)
{
    const auto set = loadInAllBlocks("1 2\n#Fields: date time cs-method sc-status\n2026-03-12 14:03:30 GET 200\n"
                                     "2026-03-12 14:03:31 GET\n2026-03-12 14:03:32 GET 500\n");
    EXPECT_EQ(set.table.size(), 2U);
    EXPECT_EQ(set.reports[0].rejectedLines, 2U);
}

} // namespace
} // namespace faultline::records
