// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/pipeline/analysis.h"
#include "engine/pipeline/recipe.h"
#include "engine/records/loader.h"
#include <cstdlib>
#include <gtest/gtest.h>
#include <string>

namespace faultline::test
{

inline Result<records::RecordSet> loaded(const std::string& path, const records::LoadOptions& options = {})
{
    QuietJob job;
    return records::load({path}, options, job);
}

/// Every line is accounted for, and the account agrees with the line ends that were counted apart from all parsing.
inline void expectBalance(const records::SourceReport& report)
{
    EXPECT_EQ(report.lines,
              report.records + report.continuationLines + report.blankLines + report.headerLines + report.rejectedLines)
        << report.path;
    EXPECT_EQ(report.lines, report.text.lineFeeds + report.text.crlf + (report.text.unfinished ? 1U : 0U))
        << report.path;
    std::uint64_t rejected = 0;
    for (const auto& [reason, count] : report.rejectedByReason)
        rejected += count;
    EXPECT_EQ(report.rejectedLines, rejected) << report.path;
}

/// Loads, or is refused for a reason that is the file's fault.
inline void expectLoadsOrIsRefused(const std::string& path)
{
    const auto set = loaded(path);
    if (set) {
        expectBalance(set->reports[0]);
        return;
    }
    EXPECT_TRUE(set.error().code == ErrorCode::Parse || set.error().code == ErrorCode::Io) << set.error().text();
    EXPECT_FALSE(set.error().message.empty());
}

/// The analysis ends, with a result or with a reason.
inline void expectAnalysisEnds(const std::string& path)
{
    QuietJob job;
    const auto choice = pipeline::chooseRecipe({path}, {});
    if (!choice) {
        EXPECT_FALSE(choice.error().message.empty());
        return;
    }
    const auto result = pipeline::analyze({.inputs = {path}, .recipe = choice->recipe}, job);
    if (!result)
        EXPECT_FALSE(result.error().message.empty());
    else
        EXPECT_FALSE(pipeline::toJson(**result).empty());
}

/// Tests that take minutes or gigabytes run when FAULTLINE_LONG_TESTS is set.
inline bool longTestsAreOn()
{
    return std::getenv("FAULTLINE_LONG_TESTS") != nullptr;
}

} // namespace faultline::test
