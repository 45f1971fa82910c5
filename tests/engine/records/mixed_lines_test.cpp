// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/record_table.h"
#include "tests/engine/records/structured_text.h"
#include <gmock/gmock.h>

namespace faultline::records
{
namespace
{
using testing::Contains;
using testing::HasSubstr;

std::string json(int second, const std::string& more = R"("level":"info","msg":"order placed")")
{
    return R"({"time":"2026-03-12T14:03:)" + std::to_string(10 + second) + R"(Z",)" + more + "}\n";
}

TEST(MixedLines, TextAmongJsonIsKeptAsRecordsAndSaid)
{
    std::string text;
    for (int i = 0; i < 6; ++i)
        text += json(i);
    text += "Server listening on :8080\n[warn] cache is cold\n";
    const auto set = loadInAllBlocks(text);
    ASSERT_EQ(set.table.size(), 8U);
    EXPECT_EQ(set.reports[0].rejectedLines, 0U);
    EXPECT_EQ(messageTemplate(set, 0), "order placed");
    EXPECT_THAT(messageTemplate(set, 6), HasSubstr("Server listening on"));
    EXPECT_EQ(set.table.flags[6], NoHeader | TimeInherited);
    EXPECT_EQ(timeText(set, 6), "2026-03-12T14:03:15Z");
    EXPECT_THAT(set.reports[0].detection.reasons, Contains(HasSubstr("2 sampled lines are text")));
}

TEST(MixedLines, JsonWithTimesWinsOverTimedLinesOfTextThatAreFewer)
{
    std::string text;
    for (int i = 0; i < 6; ++i)
        text += json(i) + (i % 2 == 0 ? "2026-03-12 14:03:00,000 INFO started worker\n" : "");
    const auto set = loadInAllBlocks(text);
    EXPECT_EQ(set.reports[0].detection.kind, Kind::JsonLines);
    EXPECT_EQ(set.table.size(), 9U);
}

TEST(MixedLines, JsonWithoutTimesIsThePayloadOfTimedLines)
{
    std::string text;
    for (int i = 10; i < 20; ++i)
        text += "2026-03-12 14:03:" + std::to_string(i) + ",000 INFO request received\n{\"amount\": 5, \"items\": 2}\n";
    const auto set = loadInAllBlocks(text);
    EXPECT_EQ(set.reports[0].detection.kind, Kind::TextLog);
    EXPECT_EQ(set.table.size(), 10U);
}

TEST(MixedLines, AStackTraceGoesOnWithTheRecordAboveIt)
{
    const auto set = loadInAllBlocks(json(0) + json(1) + json(2) + "\tat shop.Orders.place(Orders.java:7)\n" +
                                     "Caused by: java.io.IOException: broken pipe\n" + json(3));
    EXPECT_EQ(set.table.size(), 4U);
    EXPECT_EQ(set.reports[0].continuationLines, 2U);
    EXPECT_THAT(*set.text(2), HasSubstr("Caused by"));
}

TEST(MixedLines, PiecesOfBrokenJsonAreRejected)
{
    const auto set = loadInAllBlocks(json(0) + json(1) + json(2) + "{\"time\":\n  \"level\": \"info\"\n}\n[1,2]\n");
    EXPECT_EQ(set.table.size(), 3U);
    EXPECT_EQ(set.reports[0].rejectedLines, 4U);
}

TEST(ComposeLines, JsonBehindAServiceIsReadWithTheServiceAsEntity)
{
    std::string text = "Attaching to web_1, db_1\n";
    for (int i = 0; i < 6; ++i)
        text += (i % 2 == 0 ? "web_1  | " : "\x1b[36mdb_1   |\x1b[0m ") + json(i);
    const auto set = loadInAllBlocks(text);
    ASSERT_EQ(set.table.size(), 7U);
    EXPECT_EQ(set.reports[0].detection.kind, Kind::JsonLines);
    EXPECT_EQ(entity(set, 1), "web_1");
    EXPECT_EQ(entity(set, 2), "db_1");
    EXPECT_EQ(messageTemplate(set, 1), "order placed");
    EXPECT_EQ(timeText(set, 2), "2026-03-12T14:03:11Z");
    EXPECT_EQ(set.text(1)->substr(set.table.messageStart[1], 12), "order placed");
}

TEST(ComposeLines, NamesAndValuesBehindAServiceAreReadWithTheServiceAsEntity)
{
    std::string text;
    for (int i = 10; i < 20; ++i)
        text += std::string(i % 2 == 0 ? "api-1" : "worker-1") + " | ts=2026-03-12T14:03:" + std::to_string(i) +
                "Z level=info msg=\"order placed\" took=12ms\n";
    text += "api-1 | \n";
    const auto set = loadInAllBlocks(text);
    ASSERT_EQ(set.table.size(), 10U);
    EXPECT_EQ(set.reports[0].detection.format, "logfmt");
    EXPECT_EQ(set.reports[0].blankLines, 1U);
    EXPECT_EQ(entity(set, 0), "api-1");
    EXPECT_EQ(entity(set, 1), "worker-1");
    EXPECT_EQ(field(set, "took", 0), 12.0);
    EXPECT_EQ(messageTemplate(set, 0), "order placed");
}

TEST(ComposeLines, AnEntityThatWasAskedForComesBeforeTheService)
{
    std::string text;
    for (int i = 0; i < 6; ++i)
        text += "web_1  | " + json(i, R"("host":"node)" + std::to_string(i % 2) + R"(","msg":"order placed")");
    EXPECT_EQ(entity(loadInAllBlocks(text, {.entityField = "host"}), 1), "node1");
}

TEST(JsonTimes, WhatHappenedLastComesBeforeWhatBeganIt)
{
    std::string text;
    for (int i = 10; i < 14; ++i)
        text += R"({"metadata":{"creationTimestamp":"2026-01-01T00:00:00Z"},"firstTimestamp":"2026-02-01T00:00:00Z",)"
                R"("lastTimestamp":"2026-03-12T14:03:)" +
                std::to_string(i) + R"(Z","reason":"BackOff","message":"restarting"})" + "\n";
    EXPECT_EQ(timeText(loadInAllBlocks(text), 0), "2026-03-12T14:03:10Z");
}

TEST(JsonTimes, AZoneBesideALocalTimeIsHonoured)
{
    const auto line = [](const std::string& zone) {
        return R"({"time":"2026-03-12 14:03:30","timezone":")" + zone + R"(","msg":"order placed"})" + "\n";
    };
    const auto set = loadInAllBlocks(line("Europe/Berlin") + line("America/New_York") + line("+05:30"));
    EXPECT_EQ(timeText(set, 0), "2026-03-12T13:03:30Z");
    EXPECT_EQ(timeText(set, 1), "2026-03-12T18:03:30Z");
    EXPECT_EQ(timeText(set, 2), "2026-03-12T08:33:30Z");
    EXPECT_EQ(set.reports[0].detection.zone, "`timezone` (in each line)");
}

TEST(JsonTimes, AZoneBesideATimeThatSaysItsOwnIsNotApplied)
{
    const auto set = loadInAllBlocks(R"({"time":"2026-03-12T14:03:30Z","tz":"Europe/Berlin","msg":"order placed"})"
                                     "\n");
    EXPECT_EQ(timeText(set, 0), "2026-03-12T14:03:30Z");
}

TEST(JsonTimes, YearsFarAwayAreRead)
{
    const auto set = loadInAllBlocks(R"({"time":"1500-03-12T14:03:30Z","msg":"order placed"})"
                                     "\n"
                                     R"({"time":"9999-03-12T14:03:30Z","msg":"order placed"})"
                                     "\n");
    EXPECT_EQ(timeText(set, 0), "1500-03-12T14:03:30Z");
    EXPECT_EQ(timeText(set, 1), "9999-03-12T14:03:30Z");
}

} // namespace
} // namespace faultline::records
