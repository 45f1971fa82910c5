// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/loader.h"
#include "tests/engine/records/scratch_folder.h"
#include <cmath>
#include <gtest/gtest.h>

namespace faultline::records
{

/// Loads a text as a file; a failure fails the test and gives an empty set.
inline RecordSet loadText(const std::string& text, const ParseOptions& options = {}, std::size_t blockBytes = 1 << 20)
{
    const ScratchFolder folder("structured");
    LoadOptions load{.parse = options, .mining = {}};
    load.blockBytes = blockBytes;
    QuietJob job;
    auto set = records::load({folder.write("a.log", text)}, load, job);
    EXPECT_TRUE(set.has_value()) << set.error().text();
    return set ? std::move(*set) : RecordSet{};
}

inline void expectBalanced(const SourceReport& report)
{
    EXPECT_EQ(report.lines + report.recordsSharingLines, report.records + report.continuationLines + report.blankLines +
                                                             report.headerLines + report.rejectedLines);
}

/// All that is known of the records and of the account, to compare two readings of one text.
inline std::string described(const RecordSet& set)
{
    std::string text;
    const auto& table = set.table;
    for (std::size_t i = 0; i < table.size(); ++i) {
        text += std::to_string(table.time[i]) + ' ' + std::string(levelName(table.level[i])) + ' ' +
                table.entities[table.entity[i]] + " @" + std::to_string(table.offset[i]) + '+' +
                std::to_string(table.bytes[i]) + '/' + std::to_string(table.messageStart[i]) + " line " +
                std::to_string(set.lineNumber(i)) + " flags " + std::to_string(table.flags[i]) + " template " +
                std::to_string(table.templateId[i]);
        for (const auto& field : table.fields)
            if (!std::isnan(field[i]))
                text += ' ' + field.name() + '=' + std::to_string(field[i]);
        text += '\n';
    }
    const auto& report = set.reports.front();
    for (const auto count : {report.lines, report.records, report.continuationLines, report.blankLines,
                             report.headerLines, report.rejectedLines, report.recordsSharingLines})
        text += std::to_string(count) + ' ';
    for (const auto& rejection : report.rejected)
        text += '\n' + std::to_string(rejection.line) + ' ' + rejection.reason;
    return text;
}

/// Reads the text in large and small blocks, expects the same each time and the account to balance; returns what was
/// read.
inline RecordSet loadInAllBlocks(const std::string& text, const ParseOptions& options = {})
{
    auto set = loadText(text, options);
    if (set.reports.empty())
        return set;
    expectBalanced(set.reports.front());
    for (std::size_t i = 0; i < set.table.size(); ++i)
        EXPECT_LE(set.table.offset[i] + set.table.bytes[i], text.size());
    for (const std::size_t blockBytes : {std::size_t{64}, std::size_t{1'024}, std::size_t{64 * 1'024}}) {
        const auto other = loadText(text, options, blockBytes);
        EXPECT_EQ(described(other), described(set)) << "in blocks of " << blockBytes;
    }
    return set;
}

inline std::string messageTemplate(const RecordSet& set, std::size_t record)
{
    const auto id = set.table.templateId[record];
    return id == noTemplate ? std::string() : set.templates.templates[id].text;
}

inline double field(const RecordSet& set, const std::string& name, std::size_t record)
{
    const auto index = set.table.fieldIndex(name);
    return index < 0 ? std::numeric_limits<double>::quiet_NaN()
                     : set.table.fields[static_cast<std::size_t>(index)][record];
}

inline std::string entity(const RecordSet& set, std::size_t record)
{
    return set.table.entities[set.table.entity[record]];
}

inline std::string timeText(const RecordSet& set, std::size_t record)
{
    return formatIso8601(set.table.time[record]);
}

} // namespace faultline::records
