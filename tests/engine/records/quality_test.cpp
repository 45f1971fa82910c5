// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include "engine/core/thread_limit.h"
#include "engine/records/quality.h"
#include "tests/support/temporary_folder.h"
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{

using testing::HasSubstr;

const TimeUs start = fromCivil({.year = 2024, .month = 3, .day = 1});

/// A log line at so many seconds past the start.
std::string line(double seconds, const std::string& message)
{
    return formatIso8601(start + static_cast<DurationUs>(seconds * 1e6)) + " INFO app: " + message + "\n";
}

std::string steadyLog(int lines, double step = 1.0)
{
    std::string text;
    for (int i = 0; i < lines; ++i)
        text += line(i * step, "request " + std::to_string(i) + " served");
    return text;
}

class Quality : public testing::Test
{
protected:
    QualityReport judged(const std::vector<std::string>& contents, const std::string& extension = ".log")
    {
        std::vector<std::string> paths;
        for (std::size_t i = 0; i < contents.size(); ++i)
            paths.push_back(m_folder.write("f" + std::to_string(i) + extension, contents[i]));
        QuietJob job;
        const auto records = load(paths, {}, job);
        EXPECT_TRUE(records.has_value()) << records.error().text();
        auto report = assess(*records, job);
        EXPECT_TRUE(report.has_value());
        return std::move(*report);
    }
    static const Finding* find(const QualityReport& report, const std::string& kind)
    {
        for (const auto& finding : report.findings)
            if (finding.kind == kind)
                return &finding;
        return nullptr;
    }

    test::TemporaryFolder m_folder;
};

TEST_F(Quality, HasNothingToSayOfACleanLog)
{
    const auto report = judged({steadyLog(1'000)});
    EXPECT_TRUE(report.findings.empty()) << report.findings.front().text;
    EXPECT_EQ(report.total.records, 1'000U);
    EXPECT_EQ(report.total.time.own, 1'000U);
    EXPECT_EQ(report.sources[0].time.typical_us, second_us);
    EXPECT_EQ(report.total.levels[static_cast<std::size_t>(Level::Info)], 1'000U);
}

TEST_F(Quality, FindsAGapAndSaysBehindWhichLine)
{
    const auto report = judged({steadyLog(500) + line(499 + 3'600, "back again")});
    const auto& time = report.sources[0].time;
    ASSERT_EQ(time.gapCount, 1U);
    EXPECT_EQ(time.gaps[0].line, 501U);
    EXPECT_EQ(time.gaps[0].end - time.gaps[0].begin, hour_us);
    ASSERT_NE(find(report, "gaps"), nullptr);
    EXPECT_THAT(find(report, "gaps")->text, HasSubstr("silent for 1 h"));
    EXPECT_EQ(find(report, "gaps")->severity, Severity::Warning);
}

TEST_F(Quality, AGapLongerThanTheRestOfTheLogIsStillAGap)
{
    const auto report = judged({steadyLog(300) + line(1e6, "ten days later")});
    EXPECT_EQ(report.sources[0].time.gapCount, 1U);
}

TEST_F(Quality, TheSilenceBetweenBurstsIsNoGap)
{
    std::string text;
    for (int minute = 0; minute < 100; ++minute)
        for (int i = 0; i < 50; ++i)
            text += line(60.0 * minute + 0.001 * i, "job " + std::to_string(i));
    EXPECT_EQ(judged({text}).sources[0].time.gapCount, 0U);
}

TEST_F(Quality, AClockThatIsSetBackIsAWarningWithItsLine)
{
    const auto report = judged({steadyLog(300) + line(200, "after the clock was set") + line(201, "on")});
    const auto& back = report.sources[0].time.largestBackward;
    EXPECT_EQ(back.by_us, 99 * second_us);
    EXPECT_EQ(back.line, 301U);
    ASSERT_NE(find(report, "clock"), nullptr);
    EXPECT_EQ(find(report, "clock")->severity, Severity::Warning);
    EXPECT_EQ(find(report, "clock")->line, 301U);
}

TEST_F(Quality, RowsSortedByHostAreNoClockThatIsSetBack)
{
    std::string text = "time,host,cpu\n";
    for (const char* host : {"a", "b", "c"})
        for (int i = 0; i < 100; ++i)
            text += formatIso8601(start + i * minute_us) + "," + host + "," + std::to_string(i % 17) + "\n";
    const auto report = judged({text}, ".csv");
    EXPECT_EQ(report.sources[0].time.disorder, 2U);
    EXPECT_EQ(report.sources[0].time.backwardSteps, 0U);
}

TEST_F(Quality, ManyRejectedLinesAreAProblemWithAnExample)
{
    std::string text = "time,cpu\n";
    for (int i = 0; i < 12'000; ++i) // more than detection looks at
        text += formatIso8601(start + i * minute_us) + "," + std::to_string(i % 17) + "\n";
    for (int i = 0; i < 1'000; ++i)
        text += "one,two,thr\x1b"
                "ee\n";
    const auto report = judged({text}, ".csv");
    ASSERT_FALSE(report.findings.empty());
    EXPECT_EQ(report.findings[0].kind, "rejected");
    EXPECT_EQ(report.findings[0].severity, Severity::Problem);
    EXPECT_THAT(report.findings[0].text, HasSubstr("1,000 of 13,001 lines (7.7 %) were rejected: 3 fields"));
    EXPECT_EQ(report.findings[0].line, 12'002U);
    ASSERT_EQ(report.sources[0].rejectedExamples.size(), 5U);
    EXPECT_EQ(report.sources[0].rejectedExamples[0].text, displayText("one,two,thr\x1b"
                                                                      "ee"));
}

TEST_F(Quality, TheSameFileTwiceIsAProblem)
{
    const auto report = judged({steadyLog(100), steadyLog(100), steadyLog(50)});
    const auto* copies = find(report, "copies");
    ASSERT_NE(copies, nullptr);
    EXPECT_EQ(copies->severity, Severity::Problem);
    EXPECT_THAT(copies->where, HasSubstr("f1.log"));
}

TEST_F(Quality, LinesJoinedTwiceAreFound)
{
    const auto report = judged({steadyLog(100) + steadyLog(100)});
    const auto* duplicates = find(report, "duplicate_lines");
    ASSERT_NE(duplicates, nullptr);
    EXPECT_THAT(duplicates->text, HasSubstr("100 of 200 lines (50 %)"));
    EXPECT_EQ(duplicates->severity, Severity::Warning);
}

TEST_F(Quality, CountsTemplatesSeenOnceAndEntitiesOverAllSources)
{
    const auto report = judged({steadyLog(50) + line(60, "shutting down now"), steadyLog(70)});
    EXPECT_EQ(report.sources[0].templates, 2U);
    EXPECT_EQ(report.sources[0].singletons, 1U);
    EXPECT_EQ(report.total.templates, 2U);
    EXPECT_EQ(report.total.entities, 2U); // each file is one
    EXPECT_EQ(report.total.records, 121U);
}

TEST_F(Quality, WhatManySourcesShareIsSaidOnce)
{
    std::vector<std::string> contents;
    for (int i = 0; i < 6; ++i)
        contents.push_back(steadyLog(100 + i) + line(100 + i, std::string("caf\xE9 ") + std::to_string(i)));
    const auto report = judged(contents);
    std::size_t said = 0;
    for (const auto& finding : report.findings)
        said += finding.kind == "utf8" ? 1U : 0U;
    EXPECT_EQ(said, 1U);
    EXPECT_THAT(find(report, "utf8")->text, HasSubstr("and 5 more"));
}

TEST_F(Quality, TheMostSevereFindingComesFirst)
{
    auto text = steadyLog(300) + line(100, "back") + line(1e6, "late");
    for (int i = 0; i < 200; ++i)
        text += std::string("\0 lost\n", 7);
    const auto report = judged({text});
    ASSERT_GE(report.findings.size(), 3U);
    for (std::size_t i = 1; i < report.findings.size(); ++i)
        EXPECT_GE(report.findings[i - 1].severity, report.findings[i].severity);
}

TEST_F(Quality, DoesNotDependOnTheNumberOfThreads)
{
    const auto path = m_folder.write("a.log", steadyLog(60'000, 0.25) + steadyLog(40'000, 0.5));
    const auto texts = [&](std::size_t threads) {
        const ThreadLimit limit(threads);
        QuietJob job;
        const auto report = assess(*load({path}, {}, job), job);
        std::string out =
            std::to_string(report->total.text.duplicateLines) + " " + std::to_string(report->total.time.gapLimit_us);
        for (const auto& finding : report->findings)
            out += "\n" + finding.text;
        return out;
    };
    EXPECT_EQ(texts(1), texts(2));
}

TEST_F(Quality, StopsWhenAsked)
{
    QuietJob job;
    const auto records = load({m_folder.write("a.log", steadyLog(100))}, {}, job);
    std::stop_source stop;
    stop.request_stop();
    Progress progress;
    JobContext stopped(stop.get_token(), progress);
    const auto report = assess(*records, stopped);
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().code, ErrorCode::Cancelled);
}

std::string steadyTable(int rows, const std::function<bool(int)>& kept)
{
    std::string text = "time,host,v\n";
    for (int i = 0; i < rows; ++i)
        if (kept(i))
            text += formatIso8601(start + i * minute_us) + ",web," + std::to_string(i % 17) + ".5\n";
    return text;
}

TEST_F(Quality, CountsTheRowsThatARegularTableLacks)
{
    const auto report = judged({steadyTable(1'000, [](int i) { return (i < 300 || i >= 320) && i != 700; })}, ".csv");
    const auto& rows = report.sources.front().rows;
    EXPECT_EQ(rows.series, 1U);
    EXPECT_EQ(rows.expected, 1'000U);
    EXPECT_EQ(rows.missing, 21U);
    EXPECT_EQ(rows.gaps, 2U);
    EXPECT_EQ(rows.step_us, minute_us);
    EXPECT_EQ(rows.longestRows, 20U);
    EXPECT_EQ(rows.longest.begin, start + 299 * minute_us);
    EXPECT_EQ(rows.longest.line, 302U);
    const auto* finding = find(report, "missing_rows");
    ASSERT_NE(finding, nullptr);
    EXPECT_THAT(finding->text, HasSubstr("21 of 1,000 rows (2.1 %) are missing"));
    EXPECT_EQ(find(report, "gaps"), nullptr);
}

TEST_F(Quality, MissesNoRowOfAWholeTable)
{
    const auto report = judged({steadyTable(500, [](int) { return true; })}, ".csv");
    EXPECT_EQ(report.sources.front().rows.expected, 500U);
    EXPECT_EQ(report.sources.front().rows.missing, 0U);
    EXPECT_EQ(find(report, "missing_rows"), nullptr);
}

TEST_F(Quality, ExpectsNoRowsOfATableWithoutRhythm)
{
    std::string text = "time,v\n";
    for (int i = 0; i < 200; ++i)
        text += formatIso8601(start + (i * i * 7 + i % 13) * second_us) + ",1." + std::to_string(i) + "\n";
    EXPECT_EQ(judged({text}, ".csv").sources.front().rows.series, 0U);
}

} // namespace
} // namespace faultline::records
