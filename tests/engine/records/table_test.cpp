// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/loader.h"
#include "engine/records/record_batch.h"
#include "tests/engine/records/scratch_folder.h"
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Tables as people have them, from bytes to records.
namespace faultline::records
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;

class TableTest : public testing::Test
{
protected:
    /// The only source's records; the lines add up.
    RecordSet load(const std::string& text, const ParseOptions& options = {})
    {
        const auto path = m_folder.write("table.csv", text);
        QuietJob job;
        LoadOptions load{.parse = options};
        auto set = records::load({path}, load, job);
        EXPECT_TRUE(set) << set.error().text();
        if (!set)
            return {};
        const auto& report = set->reports.front();
        EXPECT_EQ(report.lines, report.records + report.continuationLines + report.blankLines + report.headerLines +
                                    report.rejectedLines);
        return std::move(*set);
    }
    static std::vector<std::string> names(const RecordSet& set)
    {
        std::vector<std::string> all;
        for (const auto& field : set.table.fields)
            all.push_back(field.name());
        return all;
    }
    static double value(const RecordSet& set, std::string_view field, std::size_t record)
    {
        const auto index = set.table.fieldIndex(field);
        return index < 0 ? -1e9 : set.table.fields[static_cast<std::size_t>(index)][record];
    }
    static std::string time(const RecordSet& set, std::size_t record) { return formatIso8601(set.table.time[record]); }
    static std::string reasons(const RecordSet& set)
    {
        std::string all;
        for (const auto& reason : set.reports.front().detection.reasons)
            all += reason + '\n';
        return all;
    }
    ScratchFolder m_folder{"table"};
};

TEST_F(TableTest, mayHaveSeveralHeaderRowsAndAnIndexName)
{
    const auto set = load("service,web,web,db\nmetric,latency,requests,latency\nstatistic,p90,Sum,p90\nunix_time,,,\n"
                          "1700000000,1,2,3\n1700000300,4,5,6\n");
    EXPECT_THAT(names(set), ElementsAre("web/latency/p90", "web/requests/Sum", "db/latency/p90"));
    EXPECT_EQ(set.reports.front().detection.columns.front(), "unix_time");
    EXPECT_EQ(set.reports.front().headerLines, 4U);
    EXPECT_EQ(set.table.size(), 2U);
}

TEST_F(TableTest, takesUnitsFromARowOfTheirOwn)
{
    const auto set = load("time,cpu,memory\n,%,MiB\n2026-03-12 14:00:00,5,100\n2026-03-12 14:01:00,6,101\n");
    EXPECT_EQ(set.table.fields.at(0).unit(), "%");
    EXPECT_EQ(set.table.fields.at(1).unit(), "MiB");
    EXPECT_EQ(set.table.size(), 2U);
}

TEST_F(TableTest, mayBeginBehindATitleAndComments)
{
    const auto set = load("Load of web-1\n# exported by monitor\n\ntime;load\n2026-03-12 14:00:00;5\n"
                          "# restarted\n2026-03-12 14:01:00;6\n");
    EXPECT_THAT(names(set), ElementsAre("load"));
    EXPECT_EQ(set.table.size(), 2U);
    EXPECT_EQ(set.reports.front().headerLines, 4U);
    EXPECT_EQ(set.lineNumber(1), 7U);
}

TEST_F(TableTest, mayHaveItsHeaderInAComment)
{
    const auto set = load("% time load users\n1700000000 0.5 3\n1700000060 0.7 4\n1700000120 0.9 4\n");
    EXPECT_THAT(names(set), ElementsAre("load", "users"));
    EXPECT_EQ(time(set, 1), "2023-11-14T22:14:20Z");
}

TEST_F(TableTest, mayBeAlignedWithBlanks)
{
    const auto set = load("      time   load  users\n1700000000    0.5      3\n1700000060   12.5     14\n");
    EXPECT_THAT(names(set), ElementsAre("load", "users"));
    EXPECT_EQ(value(set, "users", 1), 14.0);
}

TEST_F(TableTest, mayRepeatItsHeader)
{
    const auto set = load("a,b\n1,2\n3,4\n5,6\na,b\n7,8\n");
    EXPECT_EQ(set.table.size(), 4U);
    EXPECT_EQ(set.reports.front().headerLines, 2U);
}

TEST_F(TableTest, mayEndItsRowsWithADelimiter)
{
    const auto set = load("time,load\n1700000000,1,\n1700000060,2,\n1700000120,3,\n");
    EXPECT_THAT(names(set), ElementsAre("load"));
    EXPECT_EQ(set.reports.front().headerLines, 1U);
    EXPECT_EQ(value(set, "load", 2), 3.0);
}

TEST_F(TableTest, mayHaveDecimalCommasBesideSemicolons)
{
    const auto set = load("Zeit;Last;Summe\n2026-03-12 14:00:00;1,5;1.234,5\n2026-03-12 14:01:00;2,25;12.345,25\n");
    EXPECT_EQ(set.reports.front().detection.delimiter, ';');
    EXPECT_EQ(value(set, "Last", 1), 2.25);
    EXPECT_EQ(value(set, "Summe", 1), 12345.25);
}

TEST_F(TableTest, normalisesUnitsInCells)
{
    const auto set = load("time,latency,size\n1700000000,850 ms,3 GiB\n1700000060,1.5 s,512 MiB\n");
    EXPECT_EQ(value(set, "latency", 0), 0.85);
    EXPECT_EQ(set.table.fields.at(0).unit(), "s");
    EXPECT_EQ(value(set, "size", 1), 512.0 * 1024 * 1024);
    EXPECT_EQ(set.table.fields.at(1).unit(), "B");
}

TEST_F(TableTest, readsTruthAsNumbers)
{
    const auto set = load("time,up\n1700000000,true\n1700000060,false\n1700000120,true\n");
    EXPECT_EQ(value(set, "up", 0), 1.0);
    EXPECT_EQ(value(set, "up", 1), 0.0);
}

TEST_F(TableTest, readsEscapedQuotes)
{
    const auto set = load("time,message\n1700000000,\"say \\\"hi\\\", then\"\n1700000060,\"a \\\"b\\\" c\"\n"
                          "1700000120,\"plain text here\"\n");
    EXPECT_EQ(set.table.size(), 3U);
    EXPECT_EQ(set.reports.front().rejectedLines, 0U);
}

TEST_F(TableTest, keepsDateAndTimeInTwoColumnsApartAndWithNames)
{
    const std::string text = "day,load,clock\n2026-03-12,5,14:00:00\n2026-03-12,6,14:00:30\n";
    EXPECT_EQ(time(load(text, {.timeColumn = "day,clock"}), 1), "2026-03-12T14:00:30Z");
}

TEST_F(TableTest, readsYearMonthDayAndHourInColumns)
{
    const auto set = load("year,month,day,hour,load\n2026,3,9,7,5.5\n2026,3,9,8,6.5\n2026,3,10,0,7.5\n");
    EXPECT_EQ(time(set, 1), "2026-03-09T08:00:00Z");
    EXPECT_THAT(names(set), ElementsAre("load"));
}

TEST_F(TableTest, readsSpreadsheetDaysOnlyUnderATimesName)
{
    const std::string rows = ",1\n45000.25,2\n45000.5,3\n45000.75,4\n";
    const auto set = load("date,v\n45000" + rows);
    EXPECT_EQ(time(set, 1), "2023-03-15T06:00:00Z");
    EXPECT_EQ(load("price,v\n45000" + rows).table.time[1], noTime);
}

TEST_F(TableTest, findsTheTimeInTheLastColumn)
{
    const auto set = load("cpu,host,when\n5,a,2026-03-12 14:00:00\n6,b,2026-03-12 14:00:30\n");
    EXPECT_EQ(time(set, 0), "2026-03-12T14:00:00Z");
}

TEST_F(TableTest, joinsSeveralColumnsToOneEntity)
{
    const auto set =
        load("time,host,service,v\n1700000000,a,web,1\n1700000060,b,db,2\n", {.entityField = "host,service"});
    EXPECT_EQ(set.table.entities[set.table.entity[1]], "b/db");
}

constexpr const char* longByTime =
    "time,metric,value,host\n1700000000,cpu,1,a\n1700000000,mem,10,a\n1700000000,cpu,2,b\n"
    "1700000000,mem,20,b\n1700000060,cpu,3,a\n1700000060,mem,30,a\n1700000060,cpu,4,b\n";

TEST_F(TableTest, ofLongLayoutBecomesWide)
{
    const auto set = load(longByTime);
    EXPECT_THAT(names(set), ElementsAre("cpu", "mem"));
    ASSERT_EQ(set.table.size(), 4U);
    EXPECT_EQ(value(set, "mem", 1), 20.0);
    EXPECT_EQ(value(set, "cpu", 2), 3.0);
    EXPECT_TRUE(std::isnan(value(set, "mem", 3)));
    EXPECT_EQ(set.table.entities[set.table.entity[1]], "b");
    EXPECT_THAT(reasons(set), HasSubstr("long layout"));
    EXPECT_EQ(set.lineNumber(2), 6U);
}

TEST_F(TableTest, ofLongLayoutNeedNotBeSorted)
{
    const auto set =
        load("time,metric,value\n1700000000,cpu,1\n1700000060,cpu,2\n1700000060,mem,20\n1700000000,mem,10\n");
    ASSERT_EQ(set.table.size(), 2U);
    EXPECT_EQ(value(set, "mem", 0), 10.0);
    EXPECT_EQ(value(set, "mem", 1), 20.0);
}

TEST_F(TableTest, ofLongLayoutKeepsARepeatedValueAsAnotherRecord)
{
    const auto set = load("time,metric,value\n1700000000,cpu,1\n1700000000,mem,5\n1700000000,cpu,2\n1700000060,cpu,3\n"
                          "1700000060,mem,4\n",
                          {.layout = TableLayout::Long});
    ASSERT_EQ(set.table.size(), 3U);
    EXPECT_EQ(value(set, "cpu", 1), 2.0);
    EXPECT_EQ(set.table.time[0], set.table.time[1]);
}

TEST_F(TableTest, staysWideWhenAsked)
{
    const auto set = load(longByTime, {.layout = TableLayout::Wide});
    EXPECT_EQ(set.table.size(), 7U);
    EXPECT_THAT(names(set), ElementsAre("value"));
}

TEST_F(TableTest, keepsQuotedLineEndsAcrossBlocks)
{
    std::string text = "time,v,message\n";
    for (int i = 0; i < 40'000; ++i)
        text += std::to_string(1'700'000'000 + i) + ",1,\"first line of it\nand the second, with more text\nend\"\n";
    ASSERT_GT(text.size(), 2'000'000U);
    const auto set = load(text);
    EXPECT_EQ(set.table.size(), 40'000U);
    EXPECT_EQ(set.reports.front().rejectedLines, 0U);
}

TEST_F(TableTest, losesOneRowToAQuoteThatNeverCloses)
{
    std::string text = "time,v,message\n";
    for (int i = 0; i < 60'000; ++i)
        text += std::to_string(1'700'000'000 + i) + (i == 100 ? ",1,\"open and\n" : ",1,plain words here\n");
    const auto set = load(text);
    EXPECT_EQ(set.table.size(), 59'999U);
    EXPECT_EQ(set.reports.front().rejectedLines, 1U);
}

TEST_F(TableTest, reportsItsColumns)
{
    std::string text = "time,host,load,same,name,id\n";
    for (int i = 0; i < 1'000; ++i)
        text += std::to_string(1'700'000'000 + i) + (i % 2 == 0 ? ",a," : ",b,") +
                (i % 10 == 0 ? "" : std::to_string(i)) + ",7,n" + std::to_string(i * 7) + ',' +
                std::to_string(5'000 + i * 3) + '\n';
    const auto columns = load(text).reports.front().columns;
    ASSERT_EQ(columns.size(), 6U);
    EXPECT_EQ(columns[0].role, FieldRole::Time);
    EXPECT_EQ(columns[1].role, FieldRole::Entity);
    EXPECT_EQ(columns[1].type, ColumnType::Category);
    EXPECT_EQ(columns[1].distinct, 2U);
    EXPECT_EQ(columns[2].missing, 100U);
    EXPECT_EQ(columns[2].max, 999.0);
    EXPECT_NEAR(static_cast<double>(columns[2].distinct), 900.0, 180.0);
    EXPECT_TRUE(columns[3].constant());
    EXPECT_EQ(columns[4].type, ColumnType::Identifier);
    EXPECT_EQ(columns[5].type, ColumnType::Identifier);
    EXPECT_EQ(columns[5].role, FieldRole::Ignored);
}

TEST_F(TableTest, countsWhatIsNoFiniteNumber)
{
    std::string text = "time,v\n";
    for (int i = 0; i < 100; ++i)
        text += std::to_string(1'700'000'000 + i) + (i == 3   ? ",inf\n"
                                                     : i == 4 ? ",1e400\n"
                                                     : i == 5 ? ",NaN\n"
                                                              : ",2\n");
    const auto set = load(text);
    const auto& column = set.reports.front().columns.at(1);
    EXPECT_EQ(column.values, 100U);
    EXPECT_EQ(column.missing, 1U);
    EXPECT_EQ(column.unreadable, 2U);
    EXPECT_TRUE(std::isnan(value(set, "v", 4)));
}

TEST_F(TableTest, makesRepeatedNamesDifferentAndSaysSo)
{
    const auto set = load("time,v,v\n1700000000,1,2\n1700000001,3,4\n");
    EXPECT_THAT(names(set), ElementsAre("v", "v_2"));
    EXPECT_THAT(reasons(set), HasSubstr("has the name of one before"));
}

TEST_F(TableTest, takesAnyDelimiterThatIsAsked)
{
    const auto set = load("time!v\n1700000000!1\n1700000001!2\n", {.delimiter = "!"});
    EXPECT_THAT(names(set), ElementsAre("v"));
}

TEST_F(TableTest, countsAMillionDifferentTexts)
{
    std::string text = "time,v,name\n";
    for (int i = 0; i < 1'000'000; ++i)
        text += "1700000000,1,x" + std::to_string(i) + '\n';
    const auto& column = load(text).reports.front().columns.at(2);
    EXPECT_FALSE(column.distinctExact);
    EXPECT_NEAR(static_cast<double>(column.distinct), 1e6, 2e5);
}

} // namespace
} // namespace faultline::records
