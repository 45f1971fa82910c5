// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/evaluate/labels.h"
#include "tests/support/data_folder.h"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace faultline::evaluate
{

namespace
{
using features::FeatureTable;
using features::UnitKind;
using testing::ElementsAre;
using testing::HasSubstr;

class LabelsTest : public testing::Test
{
protected:
    LabelsTest()
    {
        std::string pattern = testing::TempDir() + "labels.XXXXXX";
        m_folder = ::mkdtemp(pattern.data());
    }
    ~LabelsTest() override { std::filesystem::remove_all(m_folder); }

    [[nodiscard]] Result<Labels> read(const std::string& text) const
    {
        std::ofstream(m_folder + "/l.csv", std::ios::binary) << text;
        return readLabels(m_folder + "/l.csv");
    }
    [[nodiscard]] std::string problem(const std::string& text) const
    {
        const auto labels = read(text);
        if (labels)
            return "no error";
        EXPECT_EQ(labels.error().code, ErrorCode::Parse);
        return labels.error().text();
    }

private:
    std::string m_folder;
};

/// Units of one minute from the epoch on, of one entity called "web".
FeatureTable minutes(std::size_t count)
{
    FeatureTable table;
    table.kind = UnitKind::Window;
    table.values.resize(static_cast<Eigen::Index>(count), 0);
    for (std::size_t i = 0; i < count; ++i) {
        table.start.push_back(static_cast<TimeUs>(i) * minute_us);
        table.end.push_back(static_cast<TimeUs>(i + 1) * minute_us);
        table.entity.push_back(0);
    }
    table.entities = {"web"};
    return table;
}

FeatureTable points(std::size_t count)
{
    auto table = minutes(count);
    table.kind = UnitKind::Row;
    table.end = table.start;
    return table;
}

FeatureTable sessions(std::vector<std::string> keys)
{
    auto table = minutes(keys.size());
    table.kind = UnitKind::Session;
    table.keys = std::move(keys);
    return table;
}
} // namespace

TEST_F(LabelsTest, ReadsKeysWhateverTheFirstColumnIsCalled)
{
    const auto labels = read("block_id,label,lines\nblk_-1,1,38\nblk_2,0,4\n").value();
    EXPECT_EQ(labels.form, Labels::Form::Keys);
    EXPECT_EQ(labels.keys.at("blk_-1"), 1);
    EXPECT_EQ(labels.keys.at("blk_2"), 0);
}

TEST_F(LabelsTest, FindsTheLabelColumnByName)
{
    EXPECT_EQ(read("key,lines,Label\na,38,1\n").value().keys.at("a"), 1);
}

TEST_F(LabelsTest, ReadsEachWordForALabelInAnyCase)
{
    const auto labels = read("key,label\na,1\nb,TRUE\nc,Anomaly\nd,0\ne,False\nf,normal\n").value();
    for (const auto* key : {"a", "b", "c"})
        EXPECT_EQ(labels.keys.at(key), 1) << key;
    for (const auto* key : {"d", "e", "f"})
        EXPECT_EQ(labels.keys.at(key), 0) << key;
}

TEST_F(LabelsTest, ReadsRangesInIsoTimeAndEpochSeconds)
{
    const auto labels = read("start,end,entity\n1970-01-01T00:01:00Z,1970-01-01T00:02:00Z,web\n60,120.5,\n").value();
    EXPECT_EQ(labels.form, Labels::Form::Ranges);
    ASSERT_EQ(labels.ranges.size(), 2U);
    EXPECT_EQ(labels.ranges[0].start, minute_us);
    EXPECT_EQ(labels.ranges[0].end, 2 * minute_us);
    EXPECT_EQ(labels.ranges[0].entity, "web");
    EXPECT_EQ(labels.ranges[1].start, minute_us);
    EXPECT_EQ(labels.ranges[1].end, 120'500'000);
    EXPECT_EQ(labels.ranges[1].entity, "");
}

TEST_F(LabelsTest, ReadsRowsAndLeavesTheOthersUnknown)
{
    const auto labels = read("row,label\n3,1\n1,0\n").value();
    EXPECT_EQ(labels.form, Labels::Form::Rows);
    EXPECT_THAT(labels.rows, ElementsAre(-1, 0, -1, 1));
}

TEST_F(LabelsTest, ReadsQuotedFieldsAndWindowsLineEnds)
{
    const auto labels = read("\xEF\xBB\xBFkey,label\r\n\"a,\"\"b\"\"\",1\r\n\r\nc,0\r\n").value();
    EXPECT_EQ(labels.keys.at("a,\"b\""), 1);
    EXPECT_EQ(labels.keys.at("c"), 0);
}

TEST_F(LabelsTest, SaysWhichLineIsWrongAndWhatWasExpected)
{
    EXPECT_THAT(problem("key,label\na,1\nb,maybe\n"), HasSubstr("l.csv:3: the label is `maybe`; expected 1/0"));
    EXPECT_THAT(problem("key,label\na\n"), HasSubstr("l.csv:2: the label is ``"));
    EXPECT_THAT(problem("start,end\n60,later\n"), HasSubstr("l.csv:2: `later` is not a time"));
    EXPECT_THAT(problem("start,end\n\n120,60\n"), HasSubstr("l.csv:3: the range ends before it starts"));
    EXPECT_THAT(problem("row,label\n-1,1\n"), HasSubstr("l.csv:2: `-1` is not a row number"));
    EXPECT_THAT(problem("row,label\n1e18,1\n"), HasSubstr("row numbers go up to 200,000,000"));
    EXPECT_THAT(problem("key,label\n\"a,1\n"), HasSubstr("l.csv:2:"));
}

TEST_F(LabelsTest, RefusesBothLabelsForOneThing)
{
    EXPECT_THAT(problem("key,label\na,1\na,1\na,0\n"), HasSubstr("l.csv:4: `a` has both labels"));
    EXPECT_THAT(problem("row,label\n2,0\n2,1\n"), HasSubstr("l.csv:3: row 2 has both labels"));
}

TEST_F(LabelsTest, WantsAHeader)
{
    EXPECT_THAT(problem(""), HasSubstr("empty; expected a header"));
    EXPECT_THAT(problem("a,1\nb,0\n"), HasSubstr("l.csv:1: the first line is no header"));
    EXPECT_THAT(problem("0\n1\n"), HasSubstr("l.csv:1: the header has one column only"));
}

TEST_F(LabelsTest, SaysThatAFileIsAbsent)
{
    EXPECT_EQ(readLabels("/nowhere/l.csv").error().code, ErrorCode::Io);
}

TEST_F(LabelsTest, ReadsTheHdfsLabels)
{
    const auto path = (test::dataFolder() / "hdfs_raw" / "HDFS_2percent_block_labels.csv").string();
    if (!std::filesystem::exists(path))
        GTEST_SKIP() << "no real data at " << path << " (set FAULTLINE_DATA)";
    const auto labels = readLabels(path);
    ASSERT_TRUE(labels) << labels.error().text();
    EXPECT_GT(labels->keys.size(), 6'000U);
    EXPECT_EQ(labels->keys.at("blk_4394112519745907149"), 0);
}

TEST_F(LabelsTest, GiveSessionsTheLabelOfTheirKey)
{
    const auto labels = read("key,label\na,1\nb,0\n").value();
    EXPECT_THAT(labelUnits(labels, sessions({"b", "x", "a"})).value(), ElementsAre(0, -1, 1));
}

TEST_F(LabelsTest, NameAnExampleOfEachSideWhenNoKeyMatches)
{
    const auto units = labelUnits(read("key,label\nreq-1,1\n").value(), sessions({"blk_7"}));
    ASSERT_FALSE(units);
    EXPECT_EQ(units.error().code, ErrorCode::Config);
    EXPECT_THAT(units.error().text(), HasSubstr("named like `blk_7`, labels like `req-1`"));
}

TEST_F(LabelsTest, GiveWindowsThatOverlapARangeOne)
{
    const auto labels = read("start,end\n90,180\n").value(); // within minutes 1 and 2, up to the border of 3
    EXPECT_THAT(labelUnits(labels, minutes(5)).value(), ElementsAre(0, 1, 1, 0, 0));
}

TEST_F(LabelsTest, GivePointsAtBothBordersOfARangeOne)
{
    const auto labels = read("start,end\n60,180\n").value();
    EXPECT_THAT(labelUnits(labels, points(5)).value(), ElementsAre(0, 1, 1, 1, 0));
}

TEST_F(LabelsTest, TakeARangeOfNoLengthForAPoint)
{
    const auto labels = read("start,end\n120,120\n").value();
    EXPECT_THAT(labelUnits(labels, minutes(4)).value(), ElementsAre(0, 0, 1, 0));
    EXPECT_THAT(labelUnits(labels, points(4)).value(), ElementsAre(0, 0, 1, 0));
}

TEST_F(LabelsTest, JoinRangesThatOverlap)
{
    const auto labels = read("start,end\n0,240\n60,70\n").value();
    EXPECT_THAT(labelUnits(labels, minutes(5)).value(), ElementsAre(1, 1, 1, 1, 0));
}

TEST_F(LabelsTest, KeepARangeToItsEntity)
{
    auto table = minutes(2);
    table.entities = {"web", "db"};
    table.entity = {0, 1};
    EXPECT_THAT(labelUnits(read("start,end,entity\n0,600,db\n").value(), table).value(), ElementsAre(0, 1));
    EXPECT_THAT(labelUnits(read("start,end,entity\n0,600,\n").value(), table).value(), ElementsAre(1, 1));
}

TEST_F(LabelsTest, SayWhenNoUnitLiesInARange)
{
    const auto units = labelUnits(read("start,end\n2026-03-12T14:03:30Z,2026-03-12T14:10:00Z\n").value(), minutes(3));
    ASSERT_FALSE(units);
    EXPECT_THAT(units.error().text(),
                HasSubstr("first unit of `web` is at 1970-01-01T00:00:00Z, the first range at 2026-03-12T14:03:30Z"));
}

TEST_F(LabelsTest, WithoutAnyRangeAllUnitsAreNormal)
{
    EXPECT_THAT(labelUnits(read("start,end\n").value(), minutes(2)).value(), ElementsAre(0, 0));
}

TEST_F(LabelsTest, LeaveUnitsWithoutTimeUnknown)
{
    auto table = points(3);
    table.start[0] = table.end[0] = noTime;
    EXPECT_THAT(labelUnits(read("start,end\n60,60\n").value(), table).value(), ElementsAre(-1, 1, 0));
}

TEST_F(LabelsTest, CountRowsByRecord)
{
    auto table = points(3);
    table.record = {0, 2, 3};
    EXPECT_THAT(labelUnits(read("row,label\n2,1\n3,0\n").value(), table).value(), ElementsAre(-1, 1, 0));
}

TEST_F(LabelsTest, SayWhenTheUnitsAreOfAnotherKind)
{
    EXPECT_THAT(labelUnits(read("key,label\na,1\n").value(), minutes(2)).error().text(),
                HasSubstr("the units are windows"));
    EXPECT_THAT(labelUnits(read("row,label\n0,1\n").value(), sessions({"a"})).error().text(),
                HasSubstr("the units are sessions"));
}

TEST_F(LabelsTest, SayWhenNoRowIsLabelled)
{
    EXPECT_THAT(labelUnits(read("row,label\n700,1\n").value(), points(3)).error().text(),
                HasSubstr("the first labelled one is row 700"));
}

} // namespace faultline::evaluate
