// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/loader.h"
#include "tests/support/temporary_folder.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{

/// A table of two columns with rows that do not fit.
std::string table()
{
    std::string text = "time,cpu\n";
    for (int i = 100; i < 999; ++i)
        text += "2024-03-01 00:00:10." + std::to_string(i) + "," + std::to_string(i % 7) + "\n";
    text += "one,two,three\r\n"; // line 901
    for (int i = 0; i < 7; ++i)
        text += "never," + std::to_string(i) + "\n"; // lines 902 to 908
    return text;
}

TEST(RejectionLog, KeepsFiveExamplesOfAReasonWithLineNumberAndText)
{
    const test::TemporaryFolder folder;
    QuietJob job;
    const auto set = load({folder.write("a.csv", table())}, {}, job);
    ASSERT_TRUE(set.has_value()) << set.error().text();
    const auto& report = set->reports[0];
    ASSERT_EQ(report.rejectedExamples.size(), 6U);
    EXPECT_EQ(report.rejectedExamples[0].line, 901U);
    EXPECT_EQ(report.rejectedExamples[0].text, "one,two,three");
    EXPECT_EQ(report.rejectedExamples[5].line, 906U);
    EXPECT_EQ(report.rejectedExamples[5].text, "never,4");
}

TEST(RejectionLog, NamesTheMostFrequentReasonFirst)
{
    const test::TemporaryFolder folder;
    QuietJob job;
    const auto set = load({folder.write("a.csv", table())}, {}, job);
    ASSERT_TRUE(set.has_value());
    const auto& reasons = set->reports[0].rejectedByReason;
    ASSERT_EQ(reasons.size(), 2U);
    EXPECT_EQ(reasons[0].second, 7U);
    EXPECT_EQ(reasons[1].second, 1U);
}

TEST(RejectionLog, HandsEveryRejectedLineOverInOrder)
{
    const test::TemporaryFolder folder;
    QuietJob job;
    LoadOptions options;
    std::vector<std::uint64_t> lines;
    options.onRejected = [&](const SourceReport&, const RejectedLine& rejected) { lines.push_back(rejected.line); };
    ASSERT_TRUE(load({folder.write("a.csv", table())}, options, job).has_value());
    EXPECT_THAT(lines, testing::ElementsAre(901, 902, 903, 904, 905, 906, 907, 908));
}

} // namespace
} // namespace faultline::records
