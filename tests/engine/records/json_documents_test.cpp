// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/records/structured_text.h"
#include <gmock/gmock.h>

namespace faultline::records
{
namespace
{

using testing::Contains;
using testing::HasSubstr;

const std::string pretty = R"({
  "time": "2026-03-12T14:03:30Z",
  "level": "error",
  "message": "disk 7 full",
  "took": {
    "ms": 12
  }
}
)";

std::string repeated(const std::string& text, int times)
{
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

TEST(JsonDocuments, ReadsAnObjectOverManyLinesAsOneRecord)
{
    const auto set = loadInAllBlocks(repeated(pretty, 50));
    ASSERT_EQ(set.table.size(), 50U);
    EXPECT_EQ(set.table.level[7], Level::Error);
    EXPECT_EQ(field(set, "took.ms", 7), 12.0);
    EXPECT_EQ(set.lineNumber(2), 17U);
    EXPECT_EQ(set.reports[0].continuationLines, 350U);
    EXPECT_EQ(set.reports[0].rejectedLines, 0U);
    EXPECT_EQ(set.text(3).value() + "\n", pretty);
}

TEST(JsonDocuments, ReadsAnArrayOnOneLineAndCountsWhoShareIt)
{
    const auto set = loadInAllBlocks(R"([{"ts":1700000000,"msg":"a b"},{"ts":1700000001,"msg":"a b"},)"
                                     R"({"ts":1700000002,"msg":"c d"}])"
                                     "\n");
    ASSERT_EQ(set.table.size(), 3U);
    EXPECT_EQ(set.reports[0].lines, 1U);
    EXPECT_EQ(set.reports[0].recordsSharingLines, 2U);
    EXPECT_EQ(timeText(set, 2), "2023-11-14T22:13:22Z");
    EXPECT_EQ(set.lineNumber(2), 1U);
}

TEST(JsonDocuments, ReadsTheArrayInsideAnObject)
{
    std::string text = "{\n  \"kind\": \"EventList\",\n  \"meta\": {\"items\": 3},\n  \"items\": [\n";
    for (int i = 0; i < 40; ++i)
        text += (i > 0 ? ",\n" : "") + std::string("    {\"eventTime\": \"2026-03-12T14:03:") + std::to_string(10 + i) +
                "Z\", \"message\": \"pod started\", \"parts\": [{\"a\": 1}]}";
    const auto set = loadInAllBlocks(text + "\n  ],\n  \"next\": null\n}\n");
    EXPECT_EQ(set.table.size(), 40U);
    EXPECT_EQ(set.reports[0].headerLines, 7U);
    EXPECT_THAT(set.reports[0].detection.reasons, Contains(HasSubstr("in the array `items`")));
}

TEST(JsonDocuments, ReadsOneShellALine)
{
    const std::string line = R"({"logGroup":"a","logEvents":[{"timestamp":1700000000000,"message":"one 1"},)"
                             R"({"timestamp":1700000001000,"message":"one 2"}]})"
                             "\n";
    const auto set = loadInAllBlocks(repeated(line, 30));
    EXPECT_EQ(set.table.size(), 60U);
    EXPECT_EQ(set.templates.size(), 1U);
}

TEST(JsonDocuments, DoesNotTakeARecordsOwnListForTheRecords)
{
    const std::string line = R"({"time":"2026-03-12T14:03:30Z","msg":"sold","items":[{"id":1},{"id":2},{"id":3}]})"
                             "\n";
    EXPECT_EQ(loadInAllBlocks(repeated(line, 5)).table.size(), 5U);
}

TEST(JsonDocuments, GoesOnBehindABrokenObject)
{
    const std::string broken = "{\n  \"time\": \"2026-03-12T14:03:30Z\",\n  \"message\": \"open\n}\n";
    const auto set = loadInAllBlocks(repeated(pretty, 3) + broken + repeated(pretty, 3));
    EXPECT_EQ(set.table.size(), 6U);
    EXPECT_EQ(set.reports[0].rejectedLines, 4U);
    ASSERT_FALSE(set.reports[0].rejectedByReason.empty());
    EXPECT_EQ(set.reports[0].rejectedByReason[0].first, "the object is not valid JSON");
}

TEST(JsonDocuments, RejectsAnObjectThatTheFilesEndCuts)
{
    const auto set = loadInAllBlocks(repeated(pretty, 3) + pretty.substr(0, 40));
    EXPECT_EQ(set.table.size(), 3U);
    EXPECT_EQ(set.reports[0].rejectedLines, 3U);
}

TEST(JsonDocuments, RejectsWordsBetweenObjectsAndSaysWhere)
{
    const auto set = loadInAllBlocks(repeated(pretty, 3) + "now come words\n" + repeated(pretty, 3));
    EXPECT_EQ(set.table.size(), 6U);
    ASSERT_EQ(set.reports[0].rejected.size(), 1U);
    EXPECT_EQ(set.reports[0].rejected[0].line, 25U);
}

TEST(JsonDocuments, ReadsALineLongerThanABlock)
{
    const std::string text = R"({"ts":1700000000,"msg":"short"})"
                             "\n{\"ts\":1700000001,\"msg\":\"" +
                             std::string(3 << 20, 'x') + "\"}\n";
    EXPECT_EQ(loadText(text).table.size(), 2U);
}

TEST(JsonDocuments, ReadsAFirstObjectLongerThanTheSample)
{
    const std::string text = "{\n\"ts\": 1700000000,\n\"msg\": \"" + std::string(700'000, 'x') + "\"\n}\n";
    const auto set = loadText(text + pretty + pretty);
    EXPECT_EQ(set.table.size(), 3U);
}

TEST(JsonDocuments, RefusesAnObjectThatIsTooLongAndGoesOn)
{
    const std::string text =
        repeated(pretty, 3) + "{\n\"msg\": \"" + std::string(20 << 20, 'x') + "\"\n}\n" + repeated(pretty, 2);
    const auto set = loadText(text);
    EXPECT_EQ(set.table.size(), 5U);
    EXPECT_EQ(set.reports[0].rejectedLines, 3U);
    EXPECT_EQ(set.reports[0].rejectedByReason.at(0).first, "the record is longer than 16 MiB");
    expectBalanced(set.reports[0]);
}

TEST(JsonDocuments, RefusesALineThatIsTooLongOnce)
{
    const std::string good = R"({"ts":1700000000,"msg":"short"})"
                             "\n";
    const auto set = loadText(good + good + "{\"msg\":\"" + std::string(40 << 20, 'x') + "\"}\n" + good);
    EXPECT_EQ(set.table.size(), 3U);
    EXPECT_EQ(set.reports[0].rejectedLines, 1U);
    EXPECT_EQ(set.reports[0].rejected.at(0).line, 3U);
    EXPECT_GT(set.reports[0].longestLineBytes, 40U << 20);
    expectBalanced(set.reports[0]);
}

TEST(JsonTimes, AddsNanosecondsThatStandApart)
{
    const auto set = loadInAllBlocks(
        R"({"instant":{"epochSecond":1663977609,"nanoOfSecond":484000123},"level":"WARN","message":"Hello there"})"
        "\n");
    EXPECT_EQ(timeText(set, 0), "2022-09-24T00:00:09.484Z");
    EXPECT_EQ(set.table.time[0] % 1'000'000, 484'000);
}

TEST(JsonTimes, JoinsADateAndAClock)
{
    const auto set = loadInAllBlocks(R"({"date":"2026-03-12","time":"14:03:30.5","msg":"Hello there"})"
                                     "\n");
    EXPECT_EQ(timeText(set, 0), "2026-03-12T14:03:30.500Z");
}

TEST(JsonLevels, FollowTheStatusWhereThereIsNoLevel)
{
    const auto set = loadInAllBlocks(R"({"time":1700000000,"status":503,"method":"GET","path":"/a"})"
                                     "\n"
                                     R"({"time":1700000001,"status":404,"method":"GET","path":"/a"})"
                                     "\n");
    EXPECT_EQ(set.table.level[0], Level::Error);
    EXPECT_EQ(set.table.level[1], Level::Warn);
    EXPECT_EQ(messageTemplate(set, 0), "method=GET path=<*>");
}

TEST(JsonLevels, AreInformationInCompactEventsThatSayNone)
{
    const auto set = loadInAllBlocks(R"({"@t":"2026-03-12T14:03:30Z","@mt":"Hello {User}","User":"a"})"
                                     "\n"
                                     R"({"@t":"2026-03-12T14:03:31Z","@mt":"Oh {User}","@l":"Warning","User":"b"})"
                                     "\n");
    EXPECT_EQ(set.reports[0].detection.format, "clef");
    EXPECT_EQ(set.table.level[0], Level::Info);
    EXPECT_EQ(set.table.level[1], Level::Warn);
}

TEST(JsonLevels, RiseWhereNoneWouldBeCalmOtherwise)
{
    const auto set = loadInAllBlocks(R"({"time":"2026-03-12T14:03:30Z","level":1,"message":"all is well"})"
                                     "\n"
                                     R"({"time":"2026-03-12T14:03:31Z","level":3,"message":"all is lost"})"
                                     "\n");
    EXPECT_EQ(set.table.level[0], Level::Info);
    EXPECT_EQ(set.table.level[1], Level::Error);
}

TEST(JsonRendering, DoesNotDependOnTheOrderOfKeys)
{
    const auto set = loadInAllBlocks(R"({"time":1700000000,"action":"login","user":"a"})"
                                     "\n"
                                     R"({"user":"a","action":"login","time":1700000001})"
                                     "\n");
    EXPECT_EQ(set.table.templateId[0], set.table.templateId[1]);
}

TEST(JsonArrays, OfNumbersGiveTheirMeanAndOfBytesTheirText)
{
    const auto set = loadInAllBlocks(
        R"({"__REALTIME_TIMESTAMP":"1534860261221373","MESSAGE":[72,105,32,120],"PRIORITY":"3","load":[1,2,6]})"
        "\n");
    EXPECT_EQ(set.reports[0].detection.format, "journald_json");
    EXPECT_EQ(messageTemplate(set, 0), "Hi x");
    EXPECT_EQ(field(set, "load", 0), 3.0);
    EXPECT_EQ(set.table.level[0], Level::Error);
}

TEST(JsonFormats, AreForcedByName)
{
    ParseOptions options;
    options.format = "json";
    const auto set = loadText("a plain line\n"
                              R"({"time":1700000000,"msg":"x y"})"
                              "\n"
                              "{another\n",
                              options);
    EXPECT_EQ(set.reports[0].detection.kind, Kind::JsonLines);
    EXPECT_EQ(set.table.size(), 2U); // the object, and the line of text
    EXPECT_EQ(set.reports[0].rejectedLines, 1U);
}

} // namespace
} // namespace faultline::records
