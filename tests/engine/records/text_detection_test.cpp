// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/record_batch.h"
#include "engine/records/record_table.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;

struct Parsed {
    Candidate candidate;
    RecordBatch batch;
    std::vector<std::string> messages;
};

Parsed parsed(const std::string& text, const ParseOptions& options = {})
{
    Parsed result{.candidate = detectText(text, options, {})};
    result.batch = result.candidate.parser->parse(text, 0, true);
    for (std::size_t i = 0; i < result.batch.time.size(); ++i)
        result.messages.push_back(text.substr(result.batch.offset[i] + result.batch.messageStart[i],
                                              result.batch.bytes[i] - result.batch.messageStart[i]));
    return result;
}

std::string allReasons(const Parsed& result)
{
    std::string all;
    for (const auto& reason : result.candidate.detection.reasons)
        all += reason + "\n";
    return all;
}

TEST(TextDetection, AccessLogsGiveRequestStatusAndBytes)
{
    const auto result = parsed(
        "192.168.1.9 - bob [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 203023 \"http://x/\" \"Mozilla\"\n"
        "192.168.1.8 - - [17/May/2015:10:05:04 +0000] \"GET /b HTTP/1.1\" 404 - \"-\" \"curl\"\n"
        "192.168.1.9 - - [17/May/2015:10:05:05 +0000] \"POST /c HTTP/1.1\" 503 7 \"-\" \"curl\"\n",
        {.entityField = "client"});
    EXPECT_EQ(result.candidate.detection.format, "apache_combined");
    EXPECT_EQ(result.candidate.detection.confidence, 1.0);
    ASSERT_EQ(result.batch.fields.size(), 2U);
    EXPECT_EQ(result.batch.fields[0].name, "status");
    EXPECT_THAT(result.batch.fields[0].values, ElementsAre(200.0, 404.0, 503.0));
    EXPECT_EQ(result.batch.fields[1].unit, "bytes");
    EXPECT_EQ(result.batch.fields[1].values[2], 7.0);
    EXPECT_THAT(result.batch.level, ElementsAre(Level::Info, Level::Warn, Level::Error));
    EXPECT_THAT(result.messages[0], testing::StartsWith("GET /a HTTP/1.1"));
    EXPECT_EQ(result.batch.entities[result.batch.entity[1]], "192.168.1.8");
    EXPECT_EQ(result.batch.entity[0], result.batch.entity[2]);
}

TEST(TextDetection, ABrokenAccessLineIsARecordWithoutHeader)
{
    const auto result = parsed("1.1.1.1 - - [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 20\n"
                               "garbage\n"
                               "1.1.1.1 - - [17/May/2015:10:05:04 +0000] \"GET /a HTTP/1.1\" 200 20\n");
    EXPECT_EQ(result.candidate.detection.format, "apache_common");
    ASSERT_EQ(result.batch.time.size(), 3U);
    EXPECT_EQ(result.batch.flags[1], NoHeader);
    EXPECT_EQ(result.batch.time[1], noTime);
    EXPECT_EQ(result.messages[1], "garbage");
}

TEST(TextDetection, RequestTimesHaveTheUnitTheyAreWrittenIn)
{
    const std::string line = "1.1.1.1 - - [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 20 \"-\" \"curl\" ";
    const auto seconds = parsed(line + "0.125\n" + line + "0.250\n");
    ASSERT_EQ(seconds.batch.fields.size(), 3U);
    EXPECT_EQ(seconds.batch.fields[2].unit, "s");
    EXPECT_THAT(seconds.batch.fields[2].values, ElementsAre(0.125, 0.25));
    EXPECT_EQ(parsed(line + "1250\n").batch.fields[2].unit, "us");
}

TEST(TextDetection, SyslogProgramsLoseTheirProcessNumber)
{
    const auto result = parsed("Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure\n"
                               "Jun 14 15:16:02 combo kernel: eth0 up\n",
                               {.entityField = "program"});
    EXPECT_EQ(result.candidate.detection.format, "syslog");
    EXPECT_EQ(result.batch.entities[result.batch.entity[0]], "sshd(pam_unix)");
    EXPECT_EQ(result.batch.entities[result.batch.entity[1]], "kernel");
    EXPECT_THAT(result.messages, ElementsAre("authentication failure", "eth0 up"));
    EXPECT_EQ(result.candidate.parser->missingDate(), MissingDate::Year);
}

TEST(TextDetection, SyslogPrioritiesAreLevels)
{
    const auto result =
        parsed("<34>Oct 11 22:14:15 mymachine su: 'su root' failed\n<30>Oct 11 22:14:16 mymachine cron: ran\n");
    EXPECT_THAT(result.batch.level, ElementsAre(Level::Fatal, Level::Info));
}

TEST(TextDetection, Rfc5424MessagesBeginBehindTheStructuredData)
{
    const auto result =
        parsed("<165>1 2003-10-11T22:14:15.003Z host app 1234 ID47 [ex@1 iut=\"3\" x=\"]\"][b@2 k=\"v\"] An event\n"
               "<165>1 2003-10-11T22:14:16.003Z host app - - - Another\n");
    EXPECT_EQ(result.candidate.detection.format, "syslog_rfc5424");
    EXPECT_THAT(result.messages, ElementsAre("An event", "Another"));
    EXPECT_EQ(result.candidate.detection.zone, "UTC (in each line)");
}

TEST(TextDetection, StackTracesBelongToTheRecordBeforeThem)
{
    const auto result = parsed("2015-10-18 18:01:47,978 ERROR [main] org.a.B: failed\n"
                               "java.io.IOException: broken\n"
                               "\tat org.a.B.c(B.java:1)\n"
                               "\n"
                               "Caused by: x\n"
                               "2015-10-18 18:01:48,978 INFO [main] org.a.B: goes on\n");
    EXPECT_EQ(result.candidate.detection.format, "hadoop");
    ASSERT_EQ(result.batch.time.size(), 2U);
    EXPECT_EQ(result.batch.flags[0], Multiline);
    EXPECT_EQ(result.messages[0], "failed\njava.io.IOException: broken\n\tat org.a.B.c(B.java:1)\n\nCaused by: x");
    EXPECT_EQ(result.batch.continuationLines, 3U);
    EXPECT_EQ(result.batch.blankLines, 1U);
    EXPECT_EQ(result.batch.lines, 6U);
}

TEST(TextDetection, TextInWhichHardlyAnyLineHasATimeIsOneRecordPerLine)
{
    std::string text;
    for (int i = 0; i < 100; ++i)
        text += "some prose, line " + std::to_string(i) + "\n";
    const auto result = parsed(text + "2015-10-18 18:01:47 a time at last\n  indented\n");
    EXPECT_EQ(result.candidate.detection.format, "text");
    EXPECT_EQ(result.batch.time.size(), 102U);
    EXPECT_LT(result.candidate.detection.confidence, 0.5);
}

TEST(TextDetection, ALayoutIsLearnedForUnknownHeaders)
{
    std::string text;
    for (int i = 10; i < 60; ++i)
        text += "2024-01-01 00:00:" + std::to_string(i) + " | srv" + std::to_string(i % 3) + " | WARN | [req-" +
                std::to_string(i * 7919) + "] cache miss for key " + std::to_string(i) + "\n";
    const auto result = parsed(text);
    EXPECT_EQ(result.candidate.detection.format, "generic");
    EXPECT_GT(result.candidate.detection.confidence, 0.9);
    EXPECT_EQ(result.messages[0], "cache miss for key 10");
    EXPECT_EQ(result.batch.level[0], Level::Warn);
}

TEST(TextDetection, LogfmtTimesAndLevelsAreFoundInTheLine)
{
    const auto result = parsed("time=\"2021-09-15T21:17:10Z\" level=error msg=\"cannot reach db\"\n"
                               "level=info time=\"2021-09-15T21:17:11Z\" msg=\"retry\"\n");
    EXPECT_EQ(formatIso8601(result.batch.time[0]), "2021-09-15T21:17:10Z");
    EXPECT_THAT(result.batch.level, ElementsAre(Level::Error, Level::Info));
    EXPECT_EQ(result.batch.messageStart[0], 0);
}

TEST(TextDetection, DatesAreReadInTheOrderThatFits)
{
    const auto monthFirst = parsed("INFO 03/25/2026 10:00:00 a.b: one\nINFO 03/26/2026 10:00:00 a.b: two\n");
    EXPECT_EQ(formatIso8601(monthFirst.batch.time[0]), "2026-03-25T10:00:00Z");
    EXPECT_EQ(monthFirst.candidate.detection.timeFormat, "MM/dd/yyyy HH:mm:ss");
    const auto yearFirst = parsed(
        "17/06/09 20:10:40 INFO executor.Backend: Registered\n17/06/09 20:10:41 INFO executor.Backend: Started\n");
    EXPECT_EQ(formatIso8601(yearFirst.batch.time[0]), "2017-06-09T20:10:40Z");
    EXPECT_EQ(yearFirst.candidate.detection.timeFormat, "yy/MM/dd HH:mm:ss");
    EXPECT_EQ(yearFirst.messages[0], "Registered");
}

TEST(TextDetection, LocalTimesAreInTheGivenZone)
{
    const auto berlin = *TimeZone::named("Europe/Berlin");
    const std::string text = "2026-07-01 12:00:00,000 INFO a.b: summer\n2026-12-01 12:00:00,000 INFO a.b: winter\n";
    const auto result = parsed(text, {.zone = berlin, .zoneGiven = true});
    EXPECT_EQ(formatIso8601(result.batch.time[0]), "2026-07-01T10:00:00Z");
    EXPECT_EQ(formatIso8601(result.batch.time[1]), "2026-12-01T11:00:00Z");
    EXPECT_EQ(result.candidate.detection.zone, "Europe/Berlin (given)");
    EXPECT_EQ(parsed(text).candidate.detection.zone, "UTC (assumed)");
    EXPECT_THAT(allReasons(parsed(text)), HasSubstr("UTC is assumed"));
}

TEST(TextDetection, ReasonsCanBeChecked)
{
    const auto result = parsed(
        "081109 203615 148 INFO dfs.DataNode: Receiving block\n081109 203616 149 INFO dfs.DataNode: Received block\n");
    EXPECT_EQ(result.candidate.detection.format, "hdfs");
    EXPECT_THAT(allReasons(result), HasSubstr("time `yyMMdd HHmmss` in 2 of 2 sampled lines"));
    EXPECT_THAT(result.candidate.detection.columns, ElementsAre("time", "pid", "level", "component", "message"));
}

TEST(TextDetection, AHeaderFieldCanBeTheSessionKey)
{
    const auto result = parsed("081109 203615 148 INFO dfs.DataNode: one\n081109 203616 149 INFO dfs.DataNode: two\n"
                               "081109 203617 148 INFO dfs.DataNode: three\n",
                               {.sessionKey = "pid"});
    ASSERT_EQ(result.batch.keyHits.size(), 3U);
    EXPECT_EQ(result.batch.keys[result.batch.keyHits[0].key], "148");
    EXPECT_EQ(result.batch.keyHits[0].key, result.batch.keyHits[2].key);
}

TEST(TextDetection, AlertTagsCanBeLabels)
{
    const std::string rest =
        " 1117838570 2005.06.03 R02-M1 2005-06-03-15.42.50.675872 R02-M1 RAS KERNEL INFO instruction cache\n";
    const auto result = parsed("-" + rest + "KERNDTLB" + rest, {.labelColumn = "alert"});
    EXPECT_EQ(result.candidate.detection.format, "bgl");
    EXPECT_THAT(result.batch.labels, ElementsAre("-", "KERNDTLB"));
    EXPECT_THAT(result.messages, ElementsAre("instruction cache", "instruction cache"));
}

TEST(TextDetection, CarriageReturnsAreNoText)
{
    const auto result =
        parsed("2015-10-18 18:01:47,978 INFO a.b: one\r\n2015-10-18 18:01:48,978 INFO a.b: two\r\n\r\n");
    EXPECT_EQ(result.candidate.detection.format, "log4j");
    EXPECT_THAT(result.messages, ElementsAre("one", "two"));
    EXPECT_EQ(result.batch.blankLines, 1U);
}

TEST(TextDetection, LinesWithNulBytesAreRejectedWithAReason)
{
    const auto result =
        parsed(std::string("2015-10-18 18:01:47,978 INFO a.b: one\nx\0y\n2015-10-18 18:01:48,978 INFO a.b: two\n", 80));
    EXPECT_EQ(result.batch.time.size(), 2U);
    ASSERT_EQ(result.batch.rejected.size(), 1U);
    EXPECT_EQ(result.batch.rejected[0].line, 2U);
    EXPECT_THAT(result.batch.rejected[0].reason, HasSubstr("NUL"));
}

TEST(TextDetection, InvalidUtf8IsKeptAndCounted)
{
    const auto result =
        parsed("2015-10-18 18:01:47,978 INFO a.b: caf\xE9\n2015-10-18 18:01:48,978 INFO a.b: caf\xC3\xA9\n");
    EXPECT_EQ(result.batch.time.size(), 2U);
    EXPECT_EQ(result.batch.invalidUtf8Lines, 1U);
}

TEST(TextDetection, AForcedFormatIsUsed)
{
    EXPECT_EQ(parsed("081109 203615 148 INFO a.b: one\n", {.format = "text"}).messages[0],
              "081109 203615 148 INFO a.b: one");
    EXPECT_EQ(parsed("081109 203615 148 INFO a.b: one\n", {.format = "generic"}).candidate.detection.format, "generic");
}

TEST(TextDetection, EmptyTextIsNotDetected)
{
    EXPECT_EQ(detectText("", {}, {}).detection.confidence, 0.0);
    EXPECT_EQ(detectText("\n\n", {}, {}).detection.confidence, 0.0);
}

} // namespace
} // namespace faultline::records
