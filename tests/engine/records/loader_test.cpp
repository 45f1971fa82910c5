// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/loader.h"
#include "tests/engine/records/scratch_folder.h"
#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

namespace faultline::records
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;

RecordSet loaded(const std::vector<std::string>& inputs, const LoadOptions& options = {})
{
    QuietJob job;
    auto set = load(inputs, options, job);
    EXPECT_TRUE(set.has_value()) << (set ? "" : set.error().text());
    return set ? std::move(*set) : RecordSet{};
}

Error failed(const std::vector<std::string>& inputs, const LoadOptions& options = {})
{
    QuietJob job;
    auto set = load(inputs, options, job);
    EXPECT_FALSE(set.has_value());
    return set ? Error{} : set.error();
}

/// Several blocks of lines with traces, blank lines, rejected lines and a block-long gap between headers.
std::string largeLog()
{
    std::string text = "a banner without a time\n";
    for (int i = 0; text.size() < (3U << 20); ++i) {
        const auto number = std::to_string(i);
        text += "2024-03-0" + std::to_string(1 + i / 90'000) + " 0" + std::to_string(i / 10'000 % 9) + ":" +
                std::to_string(10 + i / 200 % 50) + ":" + std::to_string(10 + i % 50) + ",000 " +
                (i % 7 == 0 ? "ERROR" : "INFO") + " a.b.C" + std::to_string(i % 3) + ": job blk_" +
                std::to_string(i % 1000) + " took " + number + " ms\n";
        if (i % 7 == 0)
            text += "  at x.y.Z(" + number + ")\n\n  for blk_77" + number + "\n";
        if (i % 1000 == 0)
            text += std::string("bin\0ary\n", 8);
        if (i == 5000)
            for (int line = 0; line < 40'000; ++line)
                text += "    continuation " + std::to_string(line) + " for blk_gap\n";
    }
    return text;
}

void expectAccountsBalance(const RecordSet& set)
{
    for (const auto& report : set.reports) {
        EXPECT_EQ(report.lines, report.records + report.continuationLines + report.blankLines + report.headerLines +
                                    report.rejectedLines)
            << report.path;
        std::uint64_t byReason = 0;
        for (const auto& [reason, count] : report.rejectedByReason)
            byReason += count;
        EXPECT_EQ(byReason, report.rejectedLines);
    }
}

/// Everything about a record set as text, for comparing two of them.
std::string dump(const RecordSet& set)
{
    std::string text;
    const auto& table = set.table;
    for (std::size_t i = 0; i < table.size(); ++i)
        text += std::to_string(table.time[i]) + " " + std::to_string(table.offset[i]) + " " +
                std::to_string(table.bytes[i]) + " " + set.templates.templates[table.templateId[i]].text + " " +
                table.entities[table.entity[i]] + " " + std::to_string(table.messageStart[i]) + " " +
                std::string(levelName(table.level[i])) + " " + std::to_string(table.flags[i]) + " " +
                std::to_string(set.lineNumber(i)) + "\n";
    for (std::uint32_t key = 0; key < set.sessions.keys.size(); ++key) {
        text += set.sessions.keys[key] + ":";
        for (auto i = set.sessions.begin[key]; i < set.sessions.begin[key + 1]; ++i)
            text += " " + std::to_string(set.sessions.records[i]);
        text += "\n";
    }
    return text;
}

TEST(Loader, EveryLineIsAccountedFor)
{
    const ScratchFolder folder("account");
    const auto text = largeLog();
    const auto set = loaded({folder.write("a.log", text)});
    expectAccountsBalance(set);
    EXPECT_EQ(set.reports[0].lines, static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')));
    EXPECT_GT(set.reports[0].rejectedLines, 0U);
    EXPECT_GT(set.reports[0].continuationLines, 40'000U);
}

TEST(Loader, TextAndLineNumbersLeadBackToTheFile)
{
    const ScratchFolder folder("text");
    const auto content = largeLog();
    const auto set = loaded({folder.write("a.log", content)});
    for (std::size_t record = 0; record < set.table.size(); record += 997) {
        const auto offset = static_cast<std::size_t>(set.table.offset[record]);
        EXPECT_EQ(*set.text(record), content.substr(offset, std::min<std::size_t>(set.table.bytes[record], 65'536)));
        EXPECT_EQ(set.lineNumber(record), 1 + static_cast<std::uint64_t>(std::count(
                                                  content.begin(), content.begin() + static_cast<long>(offset), '\n')));
    }
    EXPECT_EQ(set.text(0)->substr(0, 8), "a banner");
    EXPECT_EQ(set.text(0, 3)->size(), 3U);
}

TEST(Loader, TheResultDoesNotDependOnTheNumberOfThreads)
{
    const ScratchFolder folder("threads");
    const auto path = folder.write("a.log", largeLog());
    LoadOptions options;
    options.parse.sessionKey = "blk_[a-z0-9]+";
    std::vector<std::string> dumps;
    for (const std::size_t threads : {1U, 2U, 7U}) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        dumps.push_back(dump(loaded({path}, options)));
    }
    EXPECT_EQ(dumps[0], dumps[1]);
    EXPECT_EQ(dumps[0], dumps[2]);
}

TEST(Loader, KeysInContinuationLinesBelongToTheRecord)
{
    const ScratchFolder folder("keys");
    LoadOptions options;
    options.parse.sessionKey = "blk_[a-z0-9]+";
    const auto set = loaded({folder.write("a.log", largeLog())}, options);
    const auto gap = set.sessions.keys.find("blk_gap");
    ASSERT_TRUE(gap.has_value());
    // 40,000 lines in several blocks, but one record, once.
    EXPECT_EQ(set.sessions.begin[*gap + 1] - set.sessions.begin[*gap], 1U);
}

TEST(Loader, GzipLoadsAsThePlainFileDoes)
{
    const ScratchFolder folder("gzip");
    const auto content = largeLog();
    EXPECT_EQ(dump(loaded({folder.write("a.log", content)})), dump(loaded({folder.writeGzip("b.log.gz", content)})));
}

TEST(Loader, ACaptureGroupIsTheKeyAndKeysCountOncePerRecord)
{
    const ScratchFolder folder("group");
    LoadOptions options;
    options.parse.sessionKey = "req=(\\w+)";
    const auto set = loaded({folder.write("a.log", "2024-03-01 00:00:01,000 INFO a.b: req=x req=y req=x\n"
                                                   "2024-03-01 00:00:02,000 INFO a.b: req=y\n"
                                                   "2024-03-01 00:00:03,000 INFO a.b: none\n")},
                            options);
    ASSERT_EQ(set.sessions.keys.size(), 2U);
    EXPECT_EQ(set.sessions.keys[0], "x");
    EXPECT_THAT(set.sessions.begin, ElementsAre(0, 1, 3));
    EXPECT_THAT(set.sessions.records, ElementsAre(0, 0, 1));
}

TEST(Loader, FilesWithoutEntitiesAreEntitiesThemselves)
{
    const ScratchFolder folder("stems");
    const auto one = folder.write("web-1.log", "2024-03-01 00:00:01,000 INFO a.b: one\n");
    const auto two = folder.writeGzip("web-2.log.gz", "2024-03-01 00:00:02,000 INFO a.b: two\n");
    const auto both = loaded({one, two});
    EXPECT_EQ(both.table.entities[both.table.entity[0]], "web-1");
    EXPECT_EQ(both.table.entities[both.table.entity[1]], "web-2");
    EXPECT_EQ(both.table.source[1], 1);
    EXPECT_EQ(both.reports[1].firstRecord, 1U);
    EXPECT_EQ(both.lineNumber(1), 1U);
    const auto alone = loaded({one});
    EXPECT_EQ(alone.table.entity[0], 0U);
    EXPECT_EQ(alone.table.entities[0], "");
}

TEST(Loader, RecordsWithoutATimeInheritOne)
{
    const ScratchFolder folder("inherit");
    const auto set =
        loaded({folder.write("a.log", "GET stray\n"
                                      "1.1.1.1 - - [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 20\n"
                                      "garbage\n"
                                      "1.1.1.1 - - [17/May/2015:10:05:01 +0000] \"GET /a HTTP/1.1\" 200 20\n")});
    EXPECT_EQ(set.table.time[0], set.table.time[1]);
    EXPECT_EQ(set.table.time[2], set.table.time[1]);
    EXPECT_EQ(set.table.flags[2], NoHeader | TimeInherited);
    EXPECT_EQ(set.table.flags[3], TimeBackwards);
    EXPECT_EQ(set.reports[0].backwardTimes, 1U);
    EXPECT_EQ(formatIso8601(set.reports[0].start), "2015-05-17T10:05:01Z");
    EXPECT_EQ(formatIso8601(set.reports[0].end), "2015-05-17T10:05:03Z");
    ASSERT_EQ(set.table.fields.size(), 2U);
    EXPECT_EQ(set.table.fields[0].name(), "status");
    EXPECT_EQ(set.table.fields[0][1], 200.0);
    EXPECT_TRUE(std::isnan(set.table.fields[0][2]));
}

TEST(Loader, AFileWithoutTimesHasNone)
{
    const ScratchFolder folder("untimed");
    const auto set = loaded({folder.write("a.log", "one thing\nanother thing\n")});
    EXPECT_EQ(set.table.time[0], noTime);
    EXPECT_EQ(set.reports[0].start, noTime);
    EXPECT_EQ(set.table.flags[0] & TimeInherited, 0);
}

TEST(Loader, AssumedYearsAreSaid)
{
    const ScratchFolder folder("years");
    const auto set =
        loaded({folder.write("a.log", "Jun 14 15:16:01 combo sshd[1]: one\nJun 14 15:16:02 combo sshd[1]: two\n")});
    EXPECT_THAT(set.reports[0].detection.reasons.back(), HasSubstr("no year"));
    EXPECT_LE(set.table.time[1], set.sources[0]->modifiedUs() + day_us);
    EXPECT_GT(set.table.time[1], set.sources[0]->modifiedUs() - 367 * day_us);
}

TEST(Loader, FrozenTemplatesAreMatchedAndNewOnesComeBehindThem)
{
    const ScratchFolder folder("frozen");
    const auto learned = loaded({folder.write("a.log", "2024-03-01 00:00:01,000 INFO a.b: user 17 logged in\n")});
    LoadOptions options;
    options.frozen = &learned.templates;
    const auto set = loaded({folder.write("b.log", "2024-03-01 00:00:01,000 INFO a.b: disk is on fire\n"
                                                   "2024-03-01 00:00:02,000 INFO a.b: user 18 logged in\n")},
                            options);
    EXPECT_EQ(set.table.templateId[1], 0U);
    EXPECT_GE(set.table.templateId[0], set.templates.firstUnseen);
}

TEST(Loader, ProgressReachesTheBytesOfAllFiles)
{
    const ScratchFolder folder("progress");
    const auto one = folder.write("a.log", largeLog());
    const auto two = folder.writeGzip("b.gz", largeLog());
    Progress progress;
    JobContext job({}, progress);
    ASSERT_TRUE(load({one, two}, {}, job).has_value());
    EXPECT_EQ(progress.done, std::filesystem::file_size(one) + std::filesystem::file_size(two));
    EXPECT_EQ(progress.total, progress.done);
}

TEST(Loader, AStoppedJobIsCancelled)
{
    const ScratchFolder folder("cancel");
    std::stop_source stop;
    stop.request_stop();
    Progress progress;
    JobContext job(stop.get_token(), progress);
    const auto set = load({folder.write("a.log", largeLog())}, {}, job);
    ASSERT_FALSE(set.has_value());
    EXPECT_EQ(set.error().code, ErrorCode::Cancelled);
}

TEST(Loader, DetectSaysWhatLoadWouldRead)
{
    const ScratchFolder folder("detect");
    EXPECT_EQ(detect(folder.writeGzip("a.gz", "081109 203615 148 INFO dfs.DataNode: one\n"), {})->format, "hdfs");
}

TEST(Loader, BadOptionsAreConfigErrors)
{
    const ScratchFolder folder("options");
    const auto path =
        folder.write("a.log", "081109 203615 148 INFO dfs.DataNode: one\n081109 203616 148 INFO dfs.DataNode: two\n");
    LoadOptions badPattern, badFormat, badEntity;
    badPattern.parse.sessionKey = "blk_[";
    badFormat.parse.format = "hdf";
    badEntity.parse.entityField = "komponent";
    EXPECT_EQ(failed({path}, badPattern).code, ErrorCode::Config);
    EXPECT_THAT(failed({path}, badPattern).message, HasSubstr("missing ]"));
    EXPECT_EQ(failed({path}, badFormat).code, ErrorCode::Config);
    EXPECT_THAT(failed({path}, badFormat).hint, HasSubstr("hdfs"));
    EXPECT_EQ(failed({path}, badEntity).code, ErrorCode::Config);
    EXPECT_THAT(failed({path}, badEntity).hint, HasSubstr("component"));
    EXPECT_EQ(failed({}).code, ErrorCode::Usage);
}

} // namespace
} // namespace faultline::records
