// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/plain_line.h"
#include "engine/records/record_table.h"
#include "tests/engine/records/parsed_text.h"
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;

const RecordBatch::Field& fieldOf(const ParsedText& result, std::string_view name)
{
    for (const auto& field : result.batch.fields)
        if (field.name == name)
            return field;
    static const RecordBatch::Field none{};
    ADD_FAILURE() << "no field " << name;
    return none;
}

std::string entityOf(const ParsedText& result, std::size_t record)
{
    return std::string(result.batch.entities[result.batch.entity[record]]);
}

TEST(TextRecords, HaproxyTimersAreFieldsInMilliseconds)
{
    const auto result =
        parsedText("Jan  5 10:00:00 10.0.0.2 haproxy[1]: Proxy shop started.\n"
                   "Jan  5 10:00:01 10.0.0.2 haproxy[7]: 10.0.0.9:53332 [05/Jan/2026:10:00:01.143] web~ shop/node1 "
                   "3/0/7/1457/1487 200 11394 - - ---- 2/1/0/0/0 0/0 {Mozilla|x} \"GET /cart HTTP/1.1\"\n"
                   "Jan  5 10:00:02 10.0.0.2 haproxy[7]: 10.0.0.9:53333 [05/Jan/2026:10:00:02.143] web~ shop/<NOSRV> "
                   "0/-1/-1/-1/+12 503 212 - - SC-- 2/1/0/0/0 0/0 \"GET /cart HTTP/1.1\"\n");
    EXPECT_EQ(result.candidate.detection.format, "haproxy_http");
    EXPECT_EQ(result.candidate.detection.confidence, 1.0);
    EXPECT_EQ(fieldOf(result, "time_response").unit, "ms");
    EXPECT_EQ(fieldOf(result, "time_response").values.at(1), 1457.0);
    EXPECT_EQ(fieldOf(result, "time_response").values.size(), 2U); // -1 is no measure
    EXPECT_EQ(fieldOf(result, "status").values.at(2), 503.0);
    EXPECT_EQ(result.batch.level[2], Level::Error);
    EXPECT_EQ(entityOf(result, 1), "shop/node1");
    EXPECT_EQ(result.messages[0], "Proxy shop started.");
    EXPECT_THAT(shapeText(result, 1), HasSubstr("GET"));
}

TEST(TextRecords, HaproxyTcpSessionsHaveTimersAndBytes)
{
    const auto result = parsedText("Jan  5 10:00:01 lb haproxy[7]: 10.0.0.9:53332 [05/Jan/2026:10:00:01.143] db "
                                   "pg/node1 0/2/5007 212 -- 0/0/0/0/3 0/0\n");
    EXPECT_EQ(result.candidate.detection.format, "haproxy_tcp");
    EXPECT_EQ(fieldOf(result, "time_total").values.at(0), 5007.0);
    EXPECT_EQ(fieldOf(result, "bytes").values.at(0), 212.0);
    EXPECT_EQ(fieldOf(result, "retries").values.at(0), 3.0);
}

TEST(TextRecords, AccessLogTimesAreSecondsOrMicrosecondsAndSaidSo)
{
    const std::string line = "10.0.0.9 - - [05/Jan/2026:10:00:01 +0000] \"GET /a HTTP/1.1\" 200 20 \"-\" \"curl\" ";
    const auto nginx = parsedText(line + "\"10.1.1.1\" 0.125 0.120\n" + line + "\"-\" 0.250 -\n");
    EXPECT_EQ(fieldOf(nginx, "request_time").unit, "s");
    EXPECT_EQ(fieldOf(nginx, "upstream_time").values.at(0), 0.12);
    EXPECT_THAT(allReasons(nginx), HasSubstr("request_time is read in seconds"));
    const auto apacheSeconds = parsedText(line + "0\n" + line + "2\n" + line + "1\n");
    EXPECT_EQ(fieldOf(apacheSeconds, "request_time").unit, "s");
    const auto apacheMicros = parsedText(line + "1250\n" + line + "20875\n");
    EXPECT_EQ(fieldOf(apacheMicros, "request_time").unit, "us");
    EXPECT_THAT(allReasons(apacheMicros), HasSubstr("microseconds: the numbers are whole and large"));
}

TEST(TextRecords, TransferAndCallTimesAreFields)
{
    const auto ftp = parsedText("Mon Jan  5 10:00:01 2026 12 10.0.0.9 896242 /pub/a.iso b _ o r fred ftp 0 * c\n");
    EXPECT_EQ(fieldOf(ftp, "transfer_time").values.at(0), 12.0);
    EXPECT_EQ(fieldOf(ftp, "bytes").values.at(0), 896242.0);
    const auto calls = parsedText("7001 10:00:01.000588 read(3, \"\", 99) = 0 <0.000015>\n7001 10:00:02 exit(0) = ?\n");
    EXPECT_EQ(calls.candidate.detection.format, "strace");
    EXPECT_EQ(fieldOf(calls, "duration").values.at(0), 0.000015);
    EXPECT_EQ(fieldOf(calls, "duration").values.size(), 1U);
}

TEST(TextRecords, KafkasTrailingClassIsNoPartOfTheTemplate)
{
    const auto result = parsedText("[2026-01-05 10:00:01,250] INFO Rolled segment (kafka.log.Log)\n", //
                                   {.entityField = "component"});
    EXPECT_EQ(shapeText(result, 0), "Rolled segment");
    EXPECT_EQ(entityOf(result, 0), "kafka.log.Log");
}

TEST(TextRecords, AlertTagsNeverReachTheMessage)
{
    const std::string rest = " 1131566461 2005.11.09 an77 Nov 9 12:01:01 an77/an77 crond[2915]: session closed\n";
    const auto result = parsedText("-" + rest + "VAPI" + rest, {.labelColumn = "alert"});
    EXPECT_THAT(result.batch.labels, ElementsAre("-", "VAPI"));
    EXPECT_EQ(result.batch.shape[0], result.batch.shape[1]);
    EXPECT_EQ(entityOf(result, 0), "an77");
}

TEST(TextRecords, ColoursDoNotHideTheHeader)
{
    const std::string text = "\x1b[2m2026-01-05T10:00:01.250Z\x1b[0m \x1b[32m INFO\x1b[0m \x1b[2mshop::cart\x1b[0m: "
                             "\x1b[1madded\x1b[0m 3\n"
                             "\x1b[2m2026-01-05T10:00:02.250Z\x1b[0m \x1b[31mERROR\x1b[0m shop::cart: no stock\n";
    const auto result = parsedText(text);
    EXPECT_EQ(result.candidate.detection.format, "tracing");
    EXPECT_THAT(result.batch.level, ElementsAre(Level::Info, Level::Error));
    EXPECT_EQ(result.messages[0], "added\x1b[0m 3");
    EXPECT_EQ(result.messages[1], "no stock");
    EXPECT_THAT(shapeText(result, 0), testing::StartsWith("added"));
    EXPECT_THAT(allReasons(result), HasSubstr("escapes"));
}

TEST(PlainLine, EscapesAreCutAndPositionsKept)
{
    PlainLine plain;
    const std::string line = "a\x1b[1;31mbc\x1b]0;title\x07 d\x1b";
    EXPECT_EQ(plain.strip(line), "abc d");
    EXPECT_EQ(plain.original(0), 0U);
    EXPECT_EQ(line[plain.original(1)], 'b');
    EXPECT_EQ(line[plain.original(4)], 'd');
    EXPECT_EQ(plain.original(5), line.size());
    EXPECT_EQ(plain.strip("plain"), "plain");
    EXPECT_EQ(plain.original(3), 3U);
}

TEST(TextRecords, LinesOfEscapesAloneAreBlank)
{
    const auto result =
        parsedText("2026-01-05 10:00:01 INFO a.b: x\n\x1b[0m\n2026-01-05 10:00:02 INFO a.b: y\n\x1b[2K \n");
    EXPECT_EQ(result.batch.time.size(), 2U);
    EXPECT_EQ(result.batch.blankLines, 2U);
}

TEST(PlainLine, AnEscapeThatIsNotEndedEndsWithTheLine)
{
    PlainLine plain;
    for (const std::string tail : {"\x1b", "\x1b[", "\x1b[12;", "\x1b]0;title", "\x1b]0;t\x1b"})
        EXPECT_EQ(plain.strip("x" + tail), "x") << tail.size();
}

TEST(TextRecords, KubernetesPartialLinesBecomeOneRecord)
{
    const auto result = parsedText("2026-01-05T10:00:01.000000001Z stdout P first half,\n"
                                   "2026-01-05T10:00:01.000000002Z stderr F warning\n"
                                   "2026-01-05T10:00:01.000000003Z stdout F second half\n"
                                   "2026-01-05T10:00:02.000000001Z stdout F next\n");
    EXPECT_EQ(result.candidate.detection.format, "kubernetes_cri");
    ASSERT_EQ(result.batch.time.size(), 3U);
    EXPECT_EQ(result.batch.flags[0], Multiline);
    EXPECT_THAT(result.messages[0], testing::EndsWith("second half"));
    EXPECT_EQ(result.messages[2], "next");
    EXPECT_EQ(result.batch.continuationLines, 1U);
    EXPECT_EQ(result.candidate.detection.zone, "UTC (in each line)");
}

TEST(TextRecords, ContainersLinesHaveTheLevelsOfWhatTheyHold)
{
    std::string text;
    for (int i = 10; i < 30; ++i) {
        const auto second = std::to_string(i);
        text += "2026-01-05T10:00:" + second + ".000000001Z stdout F 2026-01-05 10:00:" + second +
                ",001 ERROR [main] org.shop.Cart: no stock\n";
        text += "2026-01-05T10:00:" + second + ".000000002Z stdout F java.lang.IllegalStateException: x\n";
        text += "2026-01-05T10:00:" + second + ".000000003Z stdout F \tat org.shop.Cart.add(Cart.java:17)\n";
    }
    const auto result = parsedText(text);
    EXPECT_EQ(result.candidate.detection.format, "kubernetes_cri");
    ASSERT_EQ(result.batch.time.size(), 20U);
    EXPECT_EQ(result.batch.level[0], Level::Error);
    EXPECT_EQ(shapeText(result, 0), "no stock");
    EXPECT_EQ(result.batch.continuationLines, 40U);
}

TEST(TextRecords, ComposeServicesAreEntities)
{
    const auto result = parsedText("web-1  | 2026-01-05T10:00:01.584725130Z GET /cart\n"
                                   "db-1   | 2026-01-05T10:00:02.584725130Z checkpoint\n"
                                   "web-1  | 2026-01-05T10:00:03.584725130Z GET /pay\n");
    EXPECT_EQ(result.candidate.detection.format, "docker_compose");
    EXPECT_EQ(entityOf(result, 0), "web-1");
    EXPECT_EQ(entityOf(result, 1), "db-1");
    EXPECT_EQ(formatIso8601(result.batch.time[2]), "2026-01-05T10:00:03.584725Z");
    EXPECT_EQ(result.messages[1], "checkpoint");
}

TEST(TextRecords, ComposeServicesMayWriteJson)
{
    const auto result = parsedText("caddy  | {\"level\":\"warn\",\"ts\":1767607201.25,\"msg\":\"slow\"}\n"
                                   "caddy  | {\"level\":\"info\",\"ts\":1767607202.25,\"msg\":\"fine\"}\n");
    EXPECT_EQ(formatIso8601(result.batch.time[0]), "2026-01-05T10:00:01.250Z");
    EXPECT_THAT(result.batch.level, ElementsAre(Level::Warn, Level::Info));
}

TEST(TextRecords, AnIndentedTimeDoesNotBeginARecord)
{
    std::string text;
    for (int i = 10; i < 30; ++i)
        text += "2026-01-05 10:00:" + std::to_string(i) + ",250 INFO shop.Cart: state\n";
    const auto result = parsedText(text + "    2026-01-04 09:00:00 INFO shop.Cart: quoted from another log\n");
    EXPECT_EQ(result.batch.time.size(), 20U);
    EXPECT_EQ(result.batch.continuationLines, 1U);
}

TEST(TextRecords, GoAndRustPanicsAndSqlBelongToTheRecordBefore)
{
    const auto result =
        parsedText("2026-01-05T10:00:01Z ERROR shop.db: failed\npanic: my panic\n\ngoroutine 4 [running]:\n"
                   "main.f(0x4)\n\tfoo.go:6 +0x39\n2026-01-05T10:00:02Z ERROR shop.db: slow query\n"
                   "SELECT a\n  FROM b\nWHERE c = 1;\n2026-01-05T10:00:03Z INFO shop.db: done\n");
    ASSERT_EQ(result.batch.time.size(), 3U);
    EXPECT_EQ(result.messages[1], "slow query\nSELECT a\n  FROM b\nWHERE c = 1;");
}

TEST(TextRecords, IndentedLinesOfTextWithoutTimesGoOnWithTheLineBefore)
{
    const auto result = parsedText("checking disks\n  sda ok\n  sdb ok\nchecking memory\n  bank 0 ok\n");
    EXPECT_EQ(result.candidate.detection.format, "text");
    EXPECT_EQ(result.batch.time.size(), 2U);
    EXPECT_EQ(result.batch.continuationLines, 3U);
    EXPECT_THAT(allReasons(result), HasSubstr("not indented begins a record"));
}

TEST(TextRecords, ColumnsOfNumbersAreNoContinuation)
{
    const auto result = parsedText("usage per host\n  12 alpha\n   7 beta\n 101 gamma\nend of list\n");
    EXPECT_EQ(result.batch.time.size(), 5U);
}

TEST(TextRecords, TimesInSomeLinesOfATextAreKept)
{
    const auto result = parsedText("hello\nhello\nMar 22 13:41:18 host syslogd: statistics\nhello\nbye\n");
    EXPECT_EQ(result.candidate.detection.format, "text");
    EXPECT_EQ(result.batch.time.size(), 5U);
    EXPECT_EQ(result.batch.time[0], noTime);
    EXPECT_NE(result.batch.time[2], noTime);
}

TEST(TextRecords, TheOrderOfDayAndMonthIsSaidWithItsReason)
{
    EXPECT_THAT(allReasons(parsedText("03/25/2026 10:00:00 INFO a.b: x\n03/26/2026 10:00:00 INFO a.b: y\n")),
                HasSubstr("no other order"));
    EXPECT_THAT(allReasons(parsedText("03/12/2026 10:00:00 INFO a.b: x\n04/12/2026 10:00:00 INFO a.b: y\n")),
                HasSubstr("closer together"));
    const auto undecided = parsedText("03/04/2026 10:00:00 INFO a.b: x\n03/04/2026 10:00:01 INFO a.b: y\n");
    EXPECT_THAT(allReasons(undecided), HasSubstr("cannot be decided, day first assumed"));
    EXPECT_EQ(formatIso8601(undecided.batch.time[0]), "2026-04-03T10:00:00Z");
}

TEST(TextRecords, AnAmbiguousZoneIsReadAsDocumentedAndSaid)
{
    const auto result = parsedText("2026-01-05 10:00:01.250 IST [1234] LOG:  ready\n");
    EXPECT_EQ(formatIso8601(result.batch.time[0]), "2026-01-05T04:30:01.250Z");
    EXPECT_THAT(allReasons(result), HasSubstr("IST is read as India"));
    EXPECT_EQ(result.candidate.detection.zone, "IST (in each line)");
}

TEST(TextRecords, AnUnknownZoneIsPassedOverAndSaid)
{
    const auto result = parsedText("2026-01-05T10:00:01.250FOO err rbd [22968] ERROR: x\n");
    EXPECT_EQ(formatIso8601(result.batch.time[0]), "2026-01-05T10:00:01.250Z");
    EXPECT_THAT(allReasons(result), HasSubstr("no zone is known by the name FOO"));
}

TEST(TextRecords, ContainersMayWriteJsonWithoutTimes)
{
    const auto result = parsedText("2026-01-05T10:00:01.250123456Z stdout F {\"level\":\"error\",\"msg\":\"x\"}\n"
                                   "2026-01-05T10:00:02.250123456Z stderr F {\"level\":\"info\",\"msg\":\"y\"}\n");
    EXPECT_THAT(result.batch.level, ElementsAre(Level::Error, Level::Info));
}

TEST(TextRecords, LevelsMayCarryAProcessNumber)
{
    const auto result = parsedText("[Jan  5 10:00:01] NOTICE[1234]: chan.c:24 handle: failed\n"
                                   "[Jan  5 10:00:02] ERROR[1234]: chan.c:25 handle: gone\n");
    EXPECT_THAT(result.batch.level, ElementsAre(Level::Info, Level::Error));
}

TEST(TextRecords, OtherProgramsWithColonsAreNotTakenForDatabases)
{
    EXPECT_NE(parsedText("2026-01-05 10:00:01,250 INFO: leader\n").candidate.detection.format, "postgresql");
    EXPECT_NE(parsedText("2026-01-05T10:00:01Z [INFO]  agent: x\n").candidate.detection.format, "nginx_error");
}

TEST(TextRecords, JsonIsLeftToItsOwnReaders)
{
    const auto result =
        parsedText("{\n  \"events\": [\n    {\n      \"time\": \"2026-01-05T10:00:01Z\"\n    }\n  ]\n}\n");
    EXPECT_LT(result.candidate.detection.confidence, 0.5);
}

TEST(TextRecords, RowsOfATableAreNoServices)
{
    const auto result = parsedText("alice | 31\nbob   | 28\ncarol | 40\ndave  | 51\nerin  | 33\n");
    EXPECT_NE(result.candidate.detection.format, "docker_compose");
}

constexpr auto slowLog = "/usr/sbin/mysqld, Version: 8.0.35 (MySQL). started with:\n"
                         "Tcp port: 3306  Unix socket: /run/mysqld.sock\n"
                         "Time                 Id Command    Argument\n"
                         "# Time: 2026-01-05T10:00:01.250123Z\n"
                         "# User@Host: app[app] @ shop-1 [10.0.0.4]  Id:     2\n"
                         "# Query_time: 2.500000  Lock_time: 0.000100 Rows_sent: 3  Rows_examined: 90210\n"
                         "use shop;\n"
                         "SET timestamp=1767607201;\n"
                         "SELECT name\nFROM carts WHERE id = 17;\n"
                         "# User@Host: report[report] @  [10.0.0.5]  Id:     3\n"
                         "# Query_time: 1.000000  Lock_time: 0.000200 Rows_sent: 1  Rows_examined: 1\n"
                         "SET timestamp=1767607202;\n"
                         "SELECT 1;\n";

TEST(SlowQueryLog, AStatementWithItsCommentsIsOneRecord)
{
    const auto result = parsedText(slowLog, {.entityField = "host"});
    EXPECT_EQ(result.candidate.detection.format, "mysql_slow");
    ASSERT_EQ(result.batch.time.size(), 2U);
    EXPECT_EQ(formatIso8601(result.batch.time[0]), "2026-01-05T10:00:01.250123Z");
    EXPECT_EQ(formatIso8601(result.batch.time[1]), "2026-01-05T10:00:02Z");
    EXPECT_EQ(result.messages[0], "SELECT name\nFROM carts WHERE id = 17;");
    EXPECT_EQ(result.batch.headerLines, 3U);
    EXPECT_EQ(result.batch.continuationLines, 9U);
    EXPECT_EQ(fieldOf(result, "query_time").unit, "s");
    EXPECT_THAT(fieldOf(result, "query_time").values, ElementsAre(2.5, 1.0));
    EXPECT_EQ(fieldOf(result, "rows_examined").values.at(0), 90210.0);
    EXPECT_EQ(entityOf(result, 0), "shop-1");
    EXPECT_EQ(entityOf(result, 1), "10.0.0.5");
    EXPECT_THAT(shapeText(result, 0), HasSubstr("FROM carts"));
}

TEST(SlowQueryLog, ABlockThatBeginsWithinAStatementGivesItBack)
{
    const auto detected = parsedText(slowLog);
    const std::string block = "FROM carts;\n# Time: 2026-01-05T10:00:05Z\n# User@Host: a[a] @ h []\nSELECT 2;\n";
    const auto batch = detected.candidate.parser->parse(block, 1000, false);
    EXPECT_EQ(batch.leadingContinuationBytes, 11U);
    EXPECT_EQ(batch.time.size(), 1U);
    EXPECT_EQ(batch.lines, batch.time.size() + batch.continuationLines);
}

} // namespace
} // namespace faultline::records
