// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/delimited_parser.h"
#include "engine/records/record_table.h"
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
    return detectDelimited(text, options, {.path = "a.csv", .modified_us = 1'700'000'000 * second_us});
}

RecordBatch parseIn(std::string_view text, const ParseOptions& options = {})
{
    const auto candidate = detectIn(text, options);
    EXPECT_TRUE(candidate.parser);
    return candidate.parser ? candidate.parser->parse(text, 0, true) : RecordBatch{};
}

std::string reasonsOf(const Candidate& candidate)
{
    std::string all;
    for (const auto& reason : candidate.detection.reasons)
        all += reason + '\n';
    return all;
}

std::string timeColumnOf(const Candidate& candidate)
{
    for (const auto& column : candidate.detection.columnReports)
        if (column.role == FieldRole::Time)
            return column.name;
    return "none";
}

std::vector<std::string> fieldNames(const RecordBatch& batch)
{
    std::vector<std::string> names;
    for (const auto& field : batch.fields)
        names.push_back(field.name);
    return names;
}

std::uint64_t accountedLines(const RecordBatch& batch)
{
    return batch.time.size() + batch.continuationLines + batch.blankLines + batch.headerLines + batch.rejected.size();
}

/// `lines` copies of a line, with every `#` replaced by the row's number from 10 on.
std::string repeated(std::string_view line, int lines)
{
    std::string text;
    for (int i = 0; i < lines; ++i)
        for (const char c : line)
            text += c == '#' ? std::to_string(10 + i) : std::string(1, c);
    return text;
}

TEST(DelimitedParser, readsTimeAndValue)
{
    const auto batch = parseIn("timestamp,value\n2026-03-12 14:00:00,1.5\n2026-03-12 14:05:00,-2\n");
    EXPECT_EQ(formatIso8601(batch.time.at(0)), "2026-03-12T14:00:00Z");
    EXPECT_THAT(batch.fields.at(0).values, ElementsAre(1.5, -2.0));
    EXPECT_EQ(batch.headerLines, 1U);
    EXPECT_EQ(batch.linesWithTime, 2U);
}

TEST(DelimitedParser, keepsWhereEachRowStands)
{
    const std::string text = "timestamp,value\r\n2026-03-12 14:00:00,1.5\r\n2026-03-12 14:05:00,2\r\n";
    const auto batch = parseIn(text);
    EXPECT_EQ(text.substr(batch.offset.at(1), batch.bytes.at(1)), "2026-03-12 14:05:00,2");
}

TEST(DelimitedParser, takesEveryCommonDelimiter)
{
    for (const char delimiter : {',', ';', '\t', '|'}) {
        std::string text = "time#value#load\n2026-03-12 14:00:00#1#2\n2026-03-12 14:00:01#3#4\n";
        std::replace(text.begin(), text.end(), '#', delimiter);
        const auto candidate = detectIn(text);
        EXPECT_EQ(candidate.detection.delimiter, delimiter);
        EXPECT_EQ(candidate.detection.confidence, 1.0);
    }
}

TEST(DelimitedParser, readsASingleColumnOfNumbersWithAndWithoutAName)
{
    EXPECT_THAT(parseIn("  1.5e+01\n  2\n3\n").fields.at(0).values, ElementsAre(15.0, 2.0, 3.0));
    const auto named = parseIn("load\n1\n2\n");
    EXPECT_THAT(fieldNames(named), ElementsAre("load"));
    EXPECT_THAT(named.fields.at(0).values, ElementsAre(1.0, 2.0));
}

TEST(DelimitedParser, numbersTheColumnsOfAFileWithoutHeader)
{
    const auto batch = parseIn("0.5,7\n0.6,9\n0.7,8\n");
    EXPECT_THAT(fieldNames(batch), ElementsAre("column_0", "column_1"));
    EXPECT_EQ(batch.time.size(), 3U);
}

TEST(DelimitedParser, takesMissingValuesInEverySpelling)
{
    const auto batch = parseIn("time,v\n1700000000,\n1700000001,NaN\n1700000002,NA\n1700000003,null\n1700000004,-"
                               "\n1700000005,None\n1700000006,7\n");
    const auto& values = batch.fields.at(0).values;
    ASSERT_EQ(values.size(), 7U);
    for (std::size_t i = 0; i < 6; ++i)
        EXPECT_TRUE(std::isnan(values[i])) << i;
    EXPECT_EQ(values[6], 7.0);
}

TEST(DelimitedParser, tellsEpochUnitsApartBySize)
{
    for (const auto& [text, format] : {std::pair{"1700000000", "epoch seconds"},
                                       {"1700000000000", "epoch milliseconds"},
                                       {"1700000000000000", "epoch microseconds"},
                                       {"1700000000000000000", "epoch nanoseconds"}}) {
        const std::string csv = std::string("ts,v\n") + text + ",1\n" + text + ",2\n";
        EXPECT_EQ(detectIn(csv).detection.timeFormat, format);
        EXPECT_EQ(parseIn(csv).time.at(0), 1'700'000'000 * second_us);
    }
}

TEST(DelimitedParser, appliesTheGivenZoneToTimesWithoutOne)
{
    ParseOptions options;
    options.zone = TimeZone::named("+02:00").value();
    options.zoneGiven = true;
    const std::string text = "time,v\n2026-03-12 14:00:00,1\n2026-03-12 14:00:01,2\n";
    EXPECT_EQ(formatIso8601(parseIn(text, options).time.at(0)), "2026-03-12T12:00:00Z");
    EXPECT_EQ(detectIn(text, options).detection.zone, "+02:00 (given)");
}

TEST(DelimitedParser, readsTheZoneOfEachLine)
{
    const std::string text = "time,v\n2026-03-12T14:00:00+01:00,1\n2026-03-12T14:00:01+01:00,2\n";
    EXPECT_EQ(formatIso8601(parseIn(text).time.at(0)), "2026-03-12T13:00:00Z");
    EXPECT_EQ(detectIn(text).detection.zone, "+01:00 (in each line)");
}

TEST(DelimitedParser, joinsDateAndTimeOfDay)
{
    const auto batch = parseIn("Date,Time,load\n2026-03-12,14:00:00,5\n2026-03-12,14:00:30,6\n");
    EXPECT_EQ(formatIso8601(batch.time.at(1)), "2026-03-12T14:00:30Z");
}

TEST(DelimitedParser, tellsDayFromMonthByWhatIsPossible)
{
    const auto batch = parseIn("time,v\n03/12/2026 14:00:00,1\n03/13/2026 14:00:00,2\n");
    EXPECT_EQ(formatIso8601(batch.time.at(0)), "2026-03-12T14:00:00Z");
}

TEST(DelimitedParser, saysWhenNoDateTellsDayFromMonth)
{
    const auto unclear = detectIn("time,v\n03/12/2026 14:00:00,1\n04/12/2026 14:00:00,2\n");
    const auto clear = detectIn("time,v\n03/12/2026 14:00:00,1\n14/12/2026 14:00:00,2\n");
    EXPECT_THAT(reasonsOf(unclear), HasSubstr("read as day first"));
    EXPECT_THAT(reasonsOf(clear), testing::Not(HasSubstr("read as day first")));
}

TEST(DelimitedParser, findsWhereTwoDigitYearsStand)
{
    const auto batch = parseIn("time,v\n03/13/26 14:00:00,1\n03/14/26 14:00:00,2\n");
    EXPECT_EQ(formatIso8601(batch.time.at(0)), "2026-03-13T14:00:00Z");
}

TEST(DelimitedParser, rejectsRowsWithAnotherNumberOfFields)
{
    const auto text = "time,v\n" + repeated("17000000#,1\n", 40) + "1700000050,1,2\n1700000051\n";
    const auto batch = parseIn(text);
    ASSERT_EQ(batch.rejected.size(), 2U);
    EXPECT_EQ(batch.rejected[0].line, 42U);
    EXPECT_EQ(batch.rejected[0].reason, "3 fields where 2 are expected");
    EXPECT_EQ(accountedLines(batch), batch.lines);
}

TEST(DelimitedParser, rejectsTimesThatDoNotRead)
{
    const auto batch = parseIn("time,v\n" + repeated("2026-03-12 14:00:#,1\n", 30) + "yesterday,1\n,1\n");
    ASSERT_EQ(batch.rejected.size(), 2U);
    EXPECT_EQ(batch.rejected[0].reason, "the time does not read as yyyy-MM-dd HH:mm:ss");
    EXPECT_EQ(batch.rejected[1].reason, "the time is missing");
}

TEST(DelimitedParser, countsTheHeaderOfAFileThatWasJoinedOn)
{
    const auto batch = parseIn("time,v\n" + repeated("17000000#,1\n", 5) + "time,v\n" + repeated("17000010#,1\n", 5));
    EXPECT_EQ(batch.headerLines, 2U);
    EXPECT_TRUE(batch.rejected.empty());
}

TEST(DelimitedParser, accountsForBlankAndQuotedLines)
{
    const auto batch = parseIn("time,v,message\n1700000000,1,\"two\nlines of it\"\n\n1700000001,2,one line of it\n");
    EXPECT_EQ(batch.continuationLines, 1U);
    EXPECT_EQ(batch.blankLines, 1U);
    EXPECT_EQ(batch.flags.at(0), RecordFlag::Multiline);
    EXPECT_EQ(accountedLines(batch), batch.lines);
}

TEST(DelimitedParser, readsLogsWithLevelEntityAndMessage)
{
    const std::string text =
        "Time,Level,Service,Message\n" + repeated("2026-03-12 14:00:#,WARN,cart,disk # is getting full\n", 30);
    const auto batch = parseIn(text);
    EXPECT_EQ(batch.level.at(0), Level::Warn);
    EXPECT_EQ(batch.entities[batch.entity.at(0)], "cart");
    EXPECT_EQ(batch.shapes.size(), 1U);
    EXPECT_EQ(text.substr(batch.offset.at(2) + batch.messageStart.at(2), 7), "disk 12");
}

TEST(DelimitedParser, unwrapsMessagesThatContainersWroteAsJson)
{
    const auto text =
        "Time,Log\n" + repeated(R"(2026-03-12 14:00:#,"{""log"":""ERROR card # declined\n"",""stream"":""stderr""}")"
                                "\n",
                                30);
    const auto batch = parseIn(text);
    EXPECT_EQ(batch.level.at(0), Level::Error);
    EXPECT_EQ(batch.shapes.size(), 1U);
}

TEST(DelimitedParser, neverMakesAVerdictAFeature)
{
    for (const std::string name :
         {"label", "Label", "anomaly", "is_anomaly", "changepoint", "Is Anomaly", "isAnomaly"}) {
        const auto text = "time,v," + name + "\n1700000000,1,0\n1700000001,2,1\n";
        EXPECT_THAT(fieldNames(parseIn(text)), ElementsAre("v")) << name;
        EXPECT_THAT(reasonsOf(detectIn(text)), HasSubstr("`" + name + "` is named like a verdict"));
    }
}

TEST(DelimitedParser, returnsTheNamedLabelsApart)
{
    ParseOptions options;
    options.labelColumn = "truth";
    const auto batch = parseIn("time,v,truth\n1700000000,1,0\n1700000001,2,1\n", options);
    EXPECT_THAT(batch.labels, ElementsAre("0", "1"));
    EXPECT_THAT(fieldNames(batch), ElementsAre("v"));
}

TEST(DelimitedParser, neverReturnsTheLabelEvenWhenAskedAsAValue)
{
    ParseOptions options;
    options.labelColumn = "truth";
    options.valueColumns = {"truth", "v"};
    EXPECT_THAT(fieldNames(parseIn("time,v,truth\n1700000000,1,0\n1700000001,2,1\n", options)), ElementsAre("v"));
}

TEST(DelimitedParser, takesTheColumnsThatWereNamed)
{
    ParseOptions options;
    options.timeColumn = "end";
    options.valueColumns = {"b"};
    options.entityField = "k";
    const auto batch = parseIn("start,end,a,b,k\n1700000000,1700000100,1,2,x\n1700000001,1700000101,3,4,y\n", options);
    EXPECT_EQ(batch.time.at(0), 1'700'000'100 * second_us);
    EXPECT_THAT(fieldNames(batch), ElementsAre("b"));
    EXPECT_EQ(batch.entities[batch.entity.at(1)], "y");
}

TEST(DelimitedParser, takesColumnNumbersWhereThereIsNoHeader)
{
    ParseOptions options;
    options.valueColumns = {"1"};
    EXPECT_THAT(fieldNames(parseIn("1,5\n2,4\n4,7\n", options)), ElementsAre("column_1"));
}

TEST(DelimitedParser, saysWhichColumnWasMeant)
{
    ParseOptions options;
    options.valueColumns = {"latancy"};
    const auto candidate = detectIn("time,latency\n1700000000,1\n1700000001,2\n", options);
    ASSERT_TRUE(candidate.error);
    EXPECT_EQ(candidate.error->code, ErrorCode::Config);
    EXPECT_THAT(candidate.error->hint, HasSubstr("did you mean latency?"));
    EXPECT_GT(candidate.detection.confidence, 0.9);
}

TEST(DelimitedParser, refusesATimeColumnWithoutTimes)
{
    ParseOptions options;
    options.timeColumn = "city";
    EXPECT_TRUE(detectIn("city,v\nBerlin,1\nParis,2\n", options).error);
}

TEST(DelimitedParser, findsSessionsByColumn)
{
    ParseOptions options;
    options.sessionKey = "request";
    const auto batch = parseIn("time,v,request\n1700000000,1,r1\n1700000001,2,r2\n1700000002,2,r1\n", options);
    ASSERT_EQ(batch.keyHits.size(), 3U);
    EXPECT_EQ(batch.keys[batch.keyHits[2].key], "r1");
}

TEST(DelimitedParser, leavesOutWhatOnlyCountsRows)
{
    EXPECT_THAT(fieldNames(parseIn("id,v\n" + repeated("#,3.5\n", 20))), ElementsAre("v"));
}

TEST(DelimitedParser, readsUnitsFromNames)
{
    const auto batch = parseIn("time,latency_ms,cpu(%)\n1700000000,1,2\n1700000001,3,4\n");
    EXPECT_EQ(batch.fields.at(0).unit, "ms");
    EXPECT_EQ(batch.fields.at(1).unit, "%");
}

TEST(DelimitedParser, namesEqualColumnsApart)
{
    EXPECT_THAT(fieldNames(parseIn("time,v,v\n1700000000,1,2\n1700000001,3,4\n")), ElementsAre("v", "v_2"));
}

TEST(DelimitedParser, skipsAByteOrderMark)
{
    const auto batch = parseIn("\xEF\xBB\xBFtimestamp,v\n2026-03-12 14:00:00,1\n2026-03-12 14:00:01,2\n");
    EXPECT_EQ(batch.time.size(), 2U);
    EXPECT_EQ(batch.offset.at(0), 15U);
}

TEST(DelimitedParser, leavesTextLogsWithCommasToTheTextParser)
{
    const auto log4j = repeated("2015-10-18 18:01:47,9# INFO [main] org.apache.Foo: Created task#\n", 60);
    const auto prose = repeated("it was late, so we went home, all of us (#)\n", 60);
    const auto json = repeated("{\"a\":1,\"b\":#,\"c\":3}\n", 60);
    for (const auto& text : {log4j, prose, json, std::string("one line, of text\n"), std::string()})
        EXPECT_LT(detectIn(text).detection.confidence, 0.5) << text.substr(0, 60);
}

TEST(DelimitedParser, refusesTooManyColumnsWithARemedy)
{
    std::string text;
    for (int row = 0; row < 3; ++row)
        text += std::string(20'000, ',') + '\n';
    const auto candidate = detectIn(text);
    ASSERT_TRUE(candidate.error);
    EXPECT_THAT(candidate.error->message, HasSubstr("20,001 columns"));
    EXPECT_FALSE(candidate.error->hint.empty());
}

TEST(DelimitedParser, givesTheSameRecordsForAnyBlocks)
{
    const auto text = "time,host,v\n" + repeated("17000000#,web,#\n", 60);
    const auto parser = detectIn(text).parser;
    const auto whole = parser->parse(text, 0, true);
    const auto cut = text.find('\n', text.size() / 2) + 1;
    const auto first = parser->parse(std::string_view(text).substr(0, cut), 0, true);
    const auto second = parser->parse(std::string_view(text).substr(cut), cut, false);
    auto joined = first.offset;
    joined.insert(joined.end(), second.offset.begin(), second.offset.end());
    EXPECT_EQ(joined, whole.offset);
    EXPECT_EQ(first.lines + second.lines, whole.lines);
}

TEST(DelimitedParser, readsQuotedRowsAmongPlainOnesInOrder)
{
    std::string plain = "time,a,b\n", quoted = plain;
    for (int i = 0; i < 300; ++i) {
        const auto time = "2024-03-01 00:" + std::to_string(10 + i / 60) + ':' + std::to_string(10 + i % 50);
        const auto cells = std::to_string(i) + ".5," + std::to_string(-i);
        plain += time + ',' + cells + "\n";
        quoted += (i % 3 == 0 ? '"' + time + '"' : time) + ',' + cells + (i % 7 == 0 ? "\r\n" : "\n");
        if (i % 50 == 49)
            quoted += "\ntime,a,b\n1,2\n";
    }
    const auto expected = parseIn(plain), batch = parseIn(quoted);
    EXPECT_EQ(batch.time, expected.time);
    ASSERT_EQ(batch.fields.size(), 2U);
    EXPECT_EQ(batch.fields[0].values, expected.fields[0].values);
    EXPECT_EQ(batch.fields[1].values, expected.fields[1].values);
    EXPECT_EQ(batch.rejected.size(), 6U);
    EXPECT_EQ(batch.blankLines, 6U);
    EXPECT_EQ(batch.headerLines, 7U);
    EXPECT_EQ(accountedLines(batch), batch.lines);
}

TEST(DelimitedParser, countsMissingAndUnreadableNumbersOfPlainRows)
{
    const auto batch = parseIn("t,a\n" + repeated("2024-03-01 00:00:#,#\n", 40) +
                               "2024-03-01 00:01:00,\n2024-03-01 00:01:01,NA\n2024-03-01 00:01:02,broken\n");
    ASSERT_EQ(batch.columns.size(), 2U);
    EXPECT_EQ(batch.columns[1].missing, 2U);
    EXPECT_EQ(batch.columns[1].unreadable, 1U);
    EXPECT_EQ(batch.columns[1].values, 43U);
    EXPECT_TRUE(std::isnan(batch.fields[0].values.back()));
}

TEST(DelimitedParser, takesTheWrittenDateWhenANumberRunsBesideItFarAway)
{
    const auto candidate =
        detectIn("Time,TimeStamp,v\n" + repeated("2022-08-22 03:51:# +0000 UTC m=+0.1,18611402#,1.5\n", 30));
    EXPECT_EQ(timeColumnOf(candidate), "Time");
    EXPECT_THAT(reasonsOf(candidate), HasSubstr("it does not count from 1970"));
}

TEST(DelimitedParser, takesTheBetterNameWhenTwoTimesAgree)
{
    const auto candidate = detectIn("Time,TimeStamp,v\n" + repeated("2022-08-22 03:51:#,16611402#,1.5\n", 30));
    EXPECT_EQ(timeColumnOf(candidate), "TimeStamp");
}

TEST(DelimitedParser, keepsAColumnThatIsOnlyNamedLikeAVerdict)
{
    const auto candidate =
        detectIn("Source,Target,Weight\nfrontend,cart,1\nfrontend,mail,2\ncart,shipping,1\nmail,cart,3\n");
    EXPECT_THAT(reasonsOf(candidate), Not(HasSubstr("verdict")));
}

TEST(DelimitedParser, leavesOutVerdictsInWords)
{
    const auto candidate =
        detectIn("time,v,class\n" + repeated("2024-03-01 00:00:#,1.5,normal\n2024-03-01 00:01:#,9.5,dos\n", 30));
    EXPECT_THAT(reasonsOf(candidate), HasSubstr("`class` is named like a verdict"));
}

TEST(DelimitedParser, takesTheZoneOfEachRowFromItsColumn)
{
    const std::string text = "local_time,timezone,v\n"
                             "2024-03-01 13:00:00,Europe/Berlin,1.5\n2024-03-01 07:01:00,America/New_York,2.5\n"
                             "2024-03-01 21:02:00,Asia/Tokyo,3.5\n2024-03-01 12:03:00,,4.5\n"
                             "2024-03-01 12:04:00,Nowhere/Atall,4.5\n";
    const auto candidate = detectIn(text.substr(0, text.find("2024-03-01 12:04")));
    EXPECT_THAT(candidate.detection.zone, HasSubstr("in each row"));
    const auto batch = candidate.parser->parse(text, 0, true);
    const auto noon = fromCivil({.year = 2024, .month = 3, .day = 1, .hour = 12});
    EXPECT_THAT(batch.time, ElementsAre(noon, noon + minute_us, noon + 2 * minute_us, noon + 3 * minute_us));
    EXPECT_EQ(batch.rejected.size(), 1U);
}

TEST(DelimitedParser, takesOffsetsFromAColumnThatIsNamedAfterThem)
{
    const auto batch = parseIn("time,utc_offset,v\n2024-03-01 13:00:00,+0100,1\n2024-03-01 07:00:00,-0500,2\n"
                               "2024-03-01 17:30:00,+05:30,3\n");
    const auto noon = fromCivil({.year = 2024, .month = 3, .day = 1, .hour = 12});
    EXPECT_THAT(batch.time, ElementsAre(noon, noon, noon));
    EXPECT_THAT(fieldNames(batch), ElementsAre("v"));
}

TEST(DelimitedParser, keepsAMeasureThatIsNamedOffset)
{
    EXPECT_THAT(fieldNames(parseIn("time,offset,v\n" + repeated("2024-03-01 13:00:#,-3,1.5\n", 20))),
                ElementsAre("offset", "v"));
}

TEST(DelimitedParser, readsTimesOfAnyYear)
{
    for (const int year : {2, 900, 1500, 1677, 2263, 9998}) {
        auto digits = std::to_string(year);
        digits.insert(0, 4 - digits.size(), '0');
        const auto batch = parseIn("time,v\n" + repeated(digits + "-03-01 00:00:#,1.5\n", 20));
        ASSERT_EQ(batch.time.size(), 20U) << year;
        EXPECT_EQ(batch.time.front(), fromCivil({.year = year, .month = 3, .day = 1, .second = 10}));
    }
}

TEST(DelimitedParser, rejectsATimeThatWasNeverSet)
{
    const auto batch = parseIn("time,v\n" + repeated("2024-03-01 00:00:#,1.5\n", 20) + "0001-01-01 00:00:00,1.5\n");
    EXPECT_EQ(batch.time.size(), 20U);
    EXPECT_EQ(batch.rejected.size(), 1U);
}

} // namespace
} // namespace faultline::records
