// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/record_index.h"
#include "engine/core/random.h"
#include "engine/core/system.h"
#include "tests/support/temporary_folder.h"
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace faultline::pipeline
{

namespace
{

namespace fs = std::filesystem;

class RecordIndex : public ::testing::Test
{
protected:
    /// A log whose records have sessions, continuation lines and two levels, and a table with numbers and a label.
    void SetUp() override
    {
        std::string log, table = "timestamp,value,label\n";
        for (int i = 0; i < 3'000; ++i) {
            char time[40];
            std::snprintf(time, sizeof time, "2026-03-12 14:%02d:%02d,%03d", i / 60 % 60, i % 60, i % 1000);
            log += std::string(time) + (i % 7 == 0 ? " ERROR" : " INFO") + " [main] shop.Order: order blk_" +
                   std::to_string(i % 50) + " took " + std::to_string(i) + " ms\n";
            if (i % 7 == 0)
                log += "    at shop.Order.pay(Order.java:12)\n";
            table += std::string(time, 19) + "," + std::to_string(i * 0.25) + "," + (i % 100 == 0 ? "1" : "0") + "\n";
        }
        std::ofstream(log_path) << log;
        std::ofstream(table_path) << table;
        options.parse.sessionKey = "blk_[0-9]+";
        options.parse.labelColumn = "label";
    }

    [[nodiscard]] records::RecordSet load()
    {
        auto set = records::load({log_path, table_path}, options, job);
        EXPECT_TRUE(set.has_value()) << (set ? "" : set.error().text());
        return std::move(*set);
    }

    test::TemporaryFolder folder;
    std::string log_path = folder.path("orders.log"), table_path = folder.path("value.csv");
    std::string index_path = folder.path("case.faultline.index");
    records::LoadOptions options;
    QuietJob job;
};

TEST_F(RecordIndex, GivesBackEverythingThatWasRead)
{
    const auto set = load();
    ASSERT_TRUE(writeRecordIndex(set, "settings", index_path, job));
    const auto back = readRecordIndex(index_path, "settings", job);
    ASSERT_TRUE(back) << back.error().text();
    ASSERT_EQ(back->table.size(), set.table.size());
    for (std::size_t i = 0; i < set.table.size(); ++i) {
        ASSERT_EQ(back->table.time[i], set.table.time[i]);
        ASSERT_EQ(back->table.offset[i], set.table.offset[i]);
        ASSERT_EQ(back->table.bytes[i], set.table.bytes[i]);
        ASSERT_EQ(back->table.templateId[i], set.table.templateId[i]);
        ASSERT_EQ(back->table.entity[i], set.table.entity[i]);
        ASSERT_EQ(back->table.messageStart[i], set.table.messageStart[i]);
        ASSERT_EQ(back->table.source[i], set.table.source[i]);
        ASSERT_EQ(back->table.level[i], set.table.level[i]);
        ASSERT_EQ(back->table.flags[i], set.table.flags[i]);
    }
    EXPECT_EQ(back->table.entities.all(), set.table.entities.all());
    EXPECT_EQ(back->sessions.keys.all(), set.sessions.keys.all());
    EXPECT_EQ(back->sessions.begin, set.sessions.begin);
    EXPECT_EQ(back->sessions.records, set.sessions.records);
    EXPECT_EQ(back->labels, set.labels);
    ASSERT_EQ(back->templates.size(), set.templates.size());
    for (std::size_t i = 0; i < set.templates.size(); ++i)
        EXPECT_EQ(back->templates.templates[i].text, set.templates.templates[i].text);
}

TEST_F(RecordIndex, KeepsFieldsTextAndLineNumbers)
{
    const auto set = load();
    ASSERT_TRUE(writeRecordIndex(set, "settings", index_path, job));
    const auto back = readRecordIndex(index_path, "settings", job);
    ASSERT_TRUE(back);
    ASSERT_EQ(back->table.fields.size(), set.table.fields.size());
    const auto last = set.table.size() - 1;
    for (std::size_t f = 0; f < set.table.fields.size(); ++f) {
        EXPECT_EQ(back->table.fields[f].name(), set.table.fields[f].name());
        EXPECT_EQ(back->table.fields[f][last], set.table.fields[f][last]);
    }
    EXPECT_EQ(back->text(100).value(), set.text(100).value());
    EXPECT_EQ(back->lineNumber(100), set.lineNumber(100));
}

TEST_F(RecordIndex, KeepsEveryFigureOfTheReports)
{
    const auto set = load();
    ASSERT_TRUE(writeRecordIndex(set, "settings", index_path, job));
    const auto back = readRecordIndex(index_path, "settings", job);
    ASSERT_TRUE(back);
    ASSERT_EQ(back->reports.size(), 2U);
    EXPECT_EQ(back->reports[0].lines, set.reports[0].lines);
    EXPECT_EQ(back->reports[0].continuationLines, set.reports[0].continuationLines);
    EXPECT_EQ(back->reports[0].detection.reasons, set.reports[0].detection.reasons);
    EXPECT_EQ(back->reports[1].detection.columns, set.reports[1].detection.columns);
    EXPECT_EQ(back->reports[1].headerLines, 1U);
}

TEST_F(RecordIndex, NoticesAChangedSource)
{
    ASSERT_TRUE(writeRecordIndex(load(), "settings", index_path, job));
    std::ofstream(log_path, std::ios::app) << "2026-03-12 15:00:00,000 INFO [main] shop.Order: one more\n";
    const auto back = readRecordIndex(index_path, "settings", job);
    ASSERT_FALSE(back);
    EXPECT_EQ(back.error().where.file, log_path);
    EXPECT_NE(back.error().message.find("changed"), std::string::npos);
}

TEST_F(RecordIndex, IsNotUsedForOtherSettings)
{
    ASSERT_TRUE(writeRecordIndex(load(), "settings", index_path, job));
    EXPECT_EQ(readRecordIndex(index_path, "other settings", job).error().code, ErrorCode::Config);
}

TEST_F(RecordIndex, OfASourceThatChangedMeanwhileIsNotWritten)
{
    const auto set = load();
    std::ofstream(log_path, std::ios::app) << "more\n";
    EXPECT_FALSE(writeRecordIndex(set, "settings", index_path, job));
    EXPECT_FALSE(fs::exists(index_path));
}

TEST_F(RecordIndex, CutAnywhereIsRefused)
{
    ASSERT_TRUE(writeRecordIndex(load(), "settings", index_path, job));
    const auto whole = readSmallFile(index_path, 1 << 26).value();
    for (std::size_t part = 0; part < 200; ++part) {
        std::ofstream(index_path, std::ios::binary) << whole.substr(0, whole.size() * part / 200);
        ASSERT_FALSE(readRecordIndex(index_path, "settings", job));
    }
}

TEST_F(RecordIndex, WithFlippedBitsIsRefusedOrWhatItWas)
{
    const auto set = load();
    ASSERT_TRUE(writeRecordIndex(set, "settings", index_path, job));
    const auto whole = readSmallFile(index_path, 1 << 26).value();
    Random random(7);
    for (int trial = 0; trial < 500; ++trial) {
        auto bytes = whole;
        auto& byte = bytes[random.below(bytes.size())];
        byte = static_cast<char>(byte ^ (1 << random.below(8)));
        std::ofstream(index_path, std::ios::binary) << bytes;
        if (const auto back = readRecordIndex(index_path, "settings", job)) {
            ASSERT_EQ(back->table.size(), set.table.size());
        }
    }
}

TEST_F(RecordIndex, CanBeStopped)
{
    const auto set = load();
    std::stop_source stop;
    Progress progress;
    JobContext context(stop.get_token(), progress);
    stop.request_stop();
    EXPECT_EQ(writeRecordIndex(set, "settings", index_path, context).error().code, ErrorCode::Cancelled);
    EXPECT_FALSE(fs::exists(index_path));
}

} // namespace

} // namespace faultline::pipeline
