// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/docker_lines.h"
#include "tests/engine/records/structured_text.h"
#include <gmock/gmock.h>

namespace faultline::records
{
namespace
{

using testing::Contains;
using testing::HasSubstr;

const std::string logs =
    R"({"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"cart"}}]},)"
    R"("scopeLogs":[{"scope":{"name":"lib"},"logRecords":[)"
    R"({"timeUnixNano":"1700000000123456789","severityNumber":17,"severityText":"Error","body":{"stringValue":"card 7 declined"},)"
    R"("attributes":[{"key":"items","value":{"intValue":"3"}}],"traceId":"5b8efff798038103d269b633813fc60c"},)"
    R"({"observedTimeUnixNano":"1700000001000000000","severityText":"INFO2","body":{"kvlistValue":{"values":[]}}}]}]}]})"
    "\n";

TEST(OtlpLogs, BecomeRecordsOfTheirService)
{
    const auto set = loadInAllBlocks(logs + logs);
    ASSERT_EQ(set.table.size(), 4U);
    EXPECT_EQ(set.reports[0].detection.format, "otlp_logs");
    EXPECT_EQ(set.table.time[0], 1'700'000'000'123'456);
    EXPECT_EQ(set.table.level[0], Level::Error);
    EXPECT_EQ(set.table.level[1], Level::Info);
    EXPECT_EQ(set.table.time[1], 1'700'000'001'000'000);
    EXPECT_EQ(entity(set, 1), "cart");
    EXPECT_EQ(field(set, "items", 2), 3.0);
    EXPECT_THAT(set.text(0).value(), HasSubstr("card 7 declined"));
}

TEST(OtlpLogs, AreFollowedByTraceId)
{
    ParseOptions options;
    options.sessionKey = "traceId";
    EXPECT_EQ(loadText(logs + logs, options).sessions.keys.size(), 1U);
}

TEST(OtlpMetrics, BecomeRowsWithAFieldNamedAfterTheMetric)
{
    const auto set = loadInAllBlocks(R"({
  "resourceMetrics": [ { "scopeMetrics": [ { "metrics": [
    { "name": "temperature", "unit": "C", "gauge": { "dataPoints": [
      { "asDouble": 36.5, "timeUnixNano": "1704067200000000000" } ] } },
    { "name": "requests", "sum": { "dataPoints": [
      { "asInt": "42", "timeUnixNano": "1704067201000000000" } ] } },
    { "name": "latency", "histogram": { "dataPoints": [
      { "count": "4", "sum": 10.5, "timeUnixNano": "1704067202000000000" } ] } }
  ] } ] } ]
}
)");
    ASSERT_EQ(set.table.size(), 3U);
    EXPECT_EQ(field(set, "temperature", 0), 36.5);
    EXPECT_EQ(field(set, "requests", 1), 42.0);
    EXPECT_EQ(field(set, "latency.count", 2), 4.0);
    EXPECT_EQ(field(set, "latency.sum", 2), 10.5);
    EXPECT_FALSE(set.reports[0].detection.hasMessage);
}

TEST(OtlpTraces, BecomeRecordsWithADuration)
{
    const auto set = loadInAllBlocks(
        R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"GET /cart","startTimeUnixNano":"1700000000000000000",)"
        R"("endTimeUnixNano":"1700000000250000000","status":{"code":2}}]}]}]})"
        "\n");
    EXPECT_EQ(field(set, "duration", 0), 250.0);
    EXPECT_EQ(set.table.level[0], Level::Error);
    EXPECT_EQ(messageTemplate(set, 0), "GET <*>");
}

TEST(OtlpLogs, WithoutRecordsAreRejected)
{
    const auto set = loadInAllBlocks(logs + R"({"resourceLogs":[{"scopeLogs":{}}]})" + "\n");
    EXPECT_EQ(set.table.size(), 2U);
    EXPECT_EQ(set.reports[0].rejectedLines, 1U);
}

std::string docker(const std::string& text, const std::string& stream = "stdout", int second = 10)
{
    return R"({"log":")" + text + R"(","stream":")" + stream + R"(","time":"2026-03-12T14:03:)" +
           std::to_string(second) + ".5Z\"}\n";
}

TEST(DockerJson, TakesLevelAndMessageFromTheTextsOwnHeader)
{
    std::string text;
    for (int i = 0; i < 20; ++i)
        text += docker("16:42:09.5" + std::to_string(10 + i) + " WARN  s.c.SeatController#57 seat " +
                       std::to_string(i) + " is taken\\n");
    const auto set = loadInAllBlocks(text);
    EXPECT_EQ(set.reports[0].detection.format, "docker_json");
    EXPECT_EQ(set.table.level[3], Level::Warn);
    EXPECT_THAT(messageTemplate(set, 3), testing::EndsWith("seat <*> is taken"));
    EXPECT_EQ(timeText(set, 3), "2026-03-12T14:03:10.500Z");
}

TEST(DockerJson, JoinsPartsOfALongText)
{
    const auto set = loadInAllBlocks(docker("one\\n") + docker("the first half, ") + docker("the second half\\n") +
                                     docker("three\\n"));
    ASSERT_EQ(set.table.size(), 3U);
    EXPECT_EQ(messageTemplate(set, 1), "the first half, the second half");
    EXPECT_EQ(set.reports[0].continuationLines, 1U);
}

TEST(DockerJson, JoinsPartsOfOneStreamAroundAnother)
{
    const auto set =
        loadInAllBlocks(docker("out one, ", "stdout") + docker("err\\n", "stderr") + docker("out two\\n", "stdout"));
    ASSERT_EQ(set.table.size(), 2U);
    EXPECT_EQ(messageTemplate(set, 0), "out one, out two");
}

TEST(DockerJson, JoinsTheLinesOfAStackTrace)
{
    const auto set =
        loadInAllBlocks(docker("java.lang.IllegalStateException: no seat\\n") + docker("\\tat a.b.C.d(C.java:7)\\n") +
                        docker("Caused by: java.io.IOException\\n") + docker("next one here\\n"));
    ASSERT_EQ(set.table.size(), 2U);
    EXPECT_EQ(set.table.flags[0] & Multiline, Multiline);
    EXPECT_EQ(set.reports[0].continuationLines, 2U);
}

TEST(DockerLines, KnowWhetherATextEnds)
{
    EXPECT_TRUE(readDockerLine(R"({"log":"a\n","stream":"stderr"})").whole);
    EXPECT_FALSE(readDockerLine(R"({"log":"a\\n","stream":"stderr"})").whole);
    EXPECT_EQ(readDockerLine(R"({"log":"a\n","stream":"stderr"})").stream, 1U);
}

TEST(DockerJson, EndsATextWithoutEndAtAMegabyte)
{
    std::string text = docker("first\\n");
    for (int i = 0; i < 200; ++i)
        text += docker(std::string(16'000, 'x'));
    const auto set = loadText(text);
    EXPECT_EQ(set.table.size(), 5U);
    EXPECT_EQ(described(loadText(text, {}, 64 * 1'024)), described(set));
}

} // namespace
} // namespace faultline::records
