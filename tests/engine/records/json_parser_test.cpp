// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/json_message.h"
#include "engine/records/json_parser.h"
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;

Candidate detectIn(std::string_view text, const ParseOptions& options = {})
{
    return detectJsonLines(text, options, {.path = "a.json", .modified_us = 1'700'000'000 * second_us});
}

RecordBatch parseIn(std::string_view text, const ParseOptions& options = {})
{
    const auto candidate = detectIn(text, options);
    EXPECT_TRUE(candidate.parser);
    return candidate.parser ? candidate.parser->parse(text, 0, true) : RecordBatch{};
}

std::vector<std::string> fieldNames(const RecordBatch& batch)
{
    std::vector<std::string> names;
    for (const auto& field : batch.fields)
        names.push_back(field.name);
    return names;
}

const std::string line =
    R"({"time":"2026-03-12T14:03:30.5Z","level":"WARN","service":"cart","ms":12.5,"message":"disk 7 full"})"
    "\n";

TEST(JsonParser, readsTimeLevelEntityAndMessage)
{
    const auto batch = parseIn(line);
    EXPECT_EQ(formatIso8601(batch.time.at(0)), "2026-03-12T14:03:30.500Z");
    EXPECT_EQ(batch.level.at(0), Level::Warn);
    EXPECT_EQ(batch.entities[batch.entity.at(0)], "cart");
    EXPECT_EQ(batch.shapes.size(), 1U);
    EXPECT_EQ(batch.linesWithTime, 1U);
}

TEST(JsonParser, makesNumbersFields)
{
    const auto batch = parseIn(line + R"({"time":"2026-03-12T14:03:31Z","ms":3,"service":"cart"})"
                                      "\n");
    EXPECT_THAT(fieldNames(batch), ElementsAre("ms"));
    EXPECT_THAT(batch.fields.at(0).values, ElementsAre(12.5, 3.0));
}

TEST(JsonParser, leavesFieldsThatALineLacksMissing)
{
    const auto batch = parseIn("{\"a\":1,\"b\":2}\n{\"b\":3}\n{\"a\":4}\n");
    ASSERT_EQ(batch.fields.at(0).values.size(), 3U);
    EXPECT_TRUE(std::isnan(batch.fields.at(0).values.at(1)));
    EXPECT_THAT(batch.fields.at(1).values, ElementsAre(2.0, 3.0)); // the rest counts as missing
}

TEST(JsonParser, pointsAtTheMessageWithinTheLine)
{
    const auto batch = parseIn(line + line);
    EXPECT_EQ(line.substr(batch.messageStart.at(1), 11), "disk 7 full");
    EXPECT_EQ(batch.offset.at(1), line.size());
}

TEST(JsonParser, isNotMisledByTheMessagesTextInAnotherValue)
{
    const std::string text = R"({"note":"full","message":"full"})"
                             "\n";
    EXPECT_EQ(parseIn(text).messageStart.at(0), text.rfind("full"));
}

TEST(JsonParser, pointsAtTheWholeLineWhenTheMessageHoldsEscapes)
{
    EXPECT_EQ(parseIn(R"({"message":"two\nlines"})"
                      "\n")
                  .messageStart.at(0),
              0U);
}

TEST(JsonParser, looksIntoNestedObjects)
{
    const auto batch = parseIn(
        R"({"@timestamp":"2026-03-12T14:03:30Z","log":{"level":"error"},"http":{"response":{"bytes":17}},"message":"x y"})"
        "\n");
    EXPECT_EQ(batch.level.at(0), Level::Error);
    EXPECT_THAT(fieldNames(batch), ElementsAre("http.response.bytes"));
}

TEST(JsonParser, readsEpochNumbersInEveryUnit)
{
    for (const std::string number : {"1700000000.25", "1700000000250", "1700000000250000", "1700000000250000000"})
        EXPECT_EQ(parseIn("{\"ts\":" + number + ",\"v\":1}\n").time.at(0), 1'700'000'000'250'000) << number;
}

TEST(JsonParser, readsBunyanAndSyslogLevelNumbers)
{
    EXPECT_THAT(parseIn("{\"level\":50,\"msg\":\"a\"}\n{\"level\":30,\"msg\":\"b\"}\n").level,
                ElementsAre(Level::Error, Level::Info));
    EXPECT_THAT(parseIn("{\"PRIORITY\":\"3\",\"MESSAGE\":\"a\"}\n{\"PRIORITY\":\"6\",\"MESSAGE\":\"b\"}\n").level,
                ElementsAre(Level::Error, Level::Info));
}

TEST(JsonParser, rejectsWhatIsBrokenOrNoObjectWithItsLine)
{
    const auto batch = parseIn(line + "{not json\n\n[1,2]\n{\"open\":\n{\"bad\":\"\xFF\"}\n" + line);
    ASSERT_EQ(batch.rejected.size(), 4U);
    EXPECT_EQ(batch.rejected[0].line, 2U);
    EXPECT_EQ(batch.rejected[0].reason, "the line is not valid JSON");
    EXPECT_EQ(batch.rejected[1].reason, "the line is JSON but not an object");
    EXPECT_EQ(batch.rejected[3].reason, "the line is not valid UTF-8");
    EXPECT_EQ(batch.lines, batch.time.size() + batch.blankLines + batch.rejected.size());
}

TEST(JsonParser, keepsALineWithoutTimeAsARecordWithoutTime)
{
    const auto batch = parseIn(line + line + "{\"message\":\"who knows when\"}\n");
    EXPECT_EQ(batch.time.at(2), noTime);
    EXPECT_EQ(batch.linesWithTime, 2U);
}

TEST(JsonParser, readsAnArrayOfObjectsWrittenOneALine)
{
    EXPECT_EQ(parseIn("[\n{\"a\":1},\n{\"a\":2}\n]\n").time.size(), 2U);
}

TEST(JsonParser, neverMakesAVerdictAField)
{
    const std::string text = "{\"v\":1,\"label\":0,\"is_anomaly\":1}\n";
    EXPECT_THAT(fieldNames(parseIn(text)), ElementsAre("v"));
    EXPECT_THAT(detectIn(text).detection.reasons, testing::Contains(HasSubstr("`label` is named like a verdict")));
}

TEST(JsonParser, returnsTheNamedLabelsApart)
{
    ParseOptions options;
    options.labelColumn = "truth";
    const auto batch = parseIn("{\"v\":1,\"truth\":1}\n{\"v\":2}\n", options);
    EXPECT_THAT(batch.labels, ElementsAre("1", ""));
    EXPECT_THAT(fieldNames(batch), ElementsAre("v"));
}

TEST(JsonParser, takesTheKeysThatWereNamed)
{
    ParseOptions options;
    options.entityField = "k.id";
    options.valueColumns = {"b"};
    options.sessionKey = "request";
    const auto batch = parseIn("{\"a\":1,\"b\":2,\"k\":{\"id\":7},\"request\":\"r1\"}\n", options);
    EXPECT_THAT(fieldNames(batch), ElementsAre("b"));
    EXPECT_EQ(batch.entities[batch.entity.at(0)], "7");
    ASSERT_EQ(batch.keyHits.size(), 1U);
    EXPECT_EQ(batch.keys[batch.keyHits[0].key], "r1");
}

TEST(JsonParser, saysWhichKeyWasMeant)
{
    ParseOptions options;
    options.entityField = "servise";
    const auto candidate = detectIn(line, options);
    ASSERT_TRUE(candidate.error);
    EXPECT_EQ(candidate.error->code, ErrorCode::Config);
    EXPECT_THAT(candidate.error->hint, HasSubstr("service"));
}

TEST(JsonParser, doesNotGrowFieldsFromKeysBehindTheSample)
{
    const auto candidate = detectIn("{\"a\":1}\n");
    EXPECT_THAT(fieldNames(candidate.parser->parse("{\"a\":1,\"b\":2}\n", 0, true)), ElementsAre("a"));
}

TEST(JsonParser, readsTheSameWhateverTheKeysOrder)
{
    const auto batch = parseIn("{\"a\":1,\"b\":2,\"c\":3}\n{\"c\":6,\"x\":0,\"a\":4,\"b\":5}\n");
    EXPECT_THAT(batch.fields.at(0).values, ElementsAre(1.0, 4.0));
    EXPECT_THAT(batch.fields.at(2).values, ElementsAre(3.0, 6.0));
}

TEST(JsonParser, isSureByTheShareOfObjects)
{
    EXPECT_EQ(detectIn(line + line + line + "plain text\n").detection.confidence, 0.75);
    EXPECT_EQ(detectIn("plain text\n").detection.confidence, 0.0);
    EXPECT_EQ(detectIn("").detection.confidence, 0.0);
}

TEST(JsonMessage, unwrapsWhatContainersWrapped)
{
    JsonMessage message;
    const auto content =
        message.unwrap(R"({"log":"{\"severity\":\"error\",\"message\":\"card declined\"}\n","stream":"stderr"})");
    EXPECT_EQ(content.text, "card declined");
    EXPECT_EQ(content.level, Level::Error);
}

TEST(JsonMessage, leavesOtherTextAlone)
{
    JsonMessage message;
    EXPECT_EQ(message.unwrap("plain {text}").text, "plain {text}");
    EXPECT_EQ(message.unwrap("{not json}").text, "{not json}");
    EXPECT_EQ(message.unwrap("{\"a\":1}").text, "{\"a\":1}");
}

TEST(JsonMessage, findsTheLevelAmongTheFirstWords)
{
    EXPECT_EQ(levelInText("16:42:09.558 INFO  s.c.SeatController#57"), Level::Info);
    EXPECT_EQ(levelInText("[main] ERROR: no route"), Level::Error);
    EXPECT_EQ(levelInText("an error came up"), Level::None);
}

} // namespace
} // namespace faultline::records
