// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "app/cli/inspect_text.h"
#include "engine/core/text.h"
#include <algorithm>
#include <cstdio>

namespace faultline::cli
{

namespace
{

constexpr std::size_t shownReasons = 8, shownExamples = 2, shownGaps = 5, shownFindings = 20;
constexpr std::size_t lineWidth = 100;

/// One fact: a name in a column of its own, the value behind it.
void say(const char* name, const std::string& value)
{
    std::printf("  %-12s %s\n", name, value.c_str());
}

std::string cut(const std::string& text)
{
    auto shown = displayText(text);
    if (shown.size() <= lineWidth)
        return shown;
    auto end = lineWidth;
    while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xC0U) == 0x80U)
        --end; // not inside a character
    return shown.substr(0, end) + " ...";
}

std::string joined(const std::vector<std::string>& words)
{
    std::string out;
    for (const auto& word : words)
        out += (out.empty() ? "" : ", ") + displayText(word);
    return out;
}

void add(std::string& list, std::uint64_t count, const char* what)
{
    if (count != 0)
        list += (list.empty() ? "" : ", ") + formatCount(count) + " " + what;
}

void printDetection(const records::SourceReport& report)
{
    const auto& found = report.detection;
    char confidence[32];
    std::snprintf(confidence, sizeof confidence, ", confidence %.2f", found.confidence);
    say("format", displayText(found.format) + confidence);
    for (const auto& reason : found.reasons)
        say("", displayText(reason));
    say("time", (found.timeFormat.empty() ? "none found" : displayText(found.timeFormat)) +
                    (found.zone.empty() ? "" : ", " + found.zone));
    if (!found.columns.empty() && report.columns.empty())
        say("fields", joined(found.columns));
}

void printCounts(const records::SourceQuality& q)
{
    std::string parts = formatCount(q.records) + " records";
    add(parts, q.continuationLines, "continuation");
    add(parts, q.blankLines, "blank");
    add(parts, q.headerLines, "header");
    add(parts, q.rejectedLines, "rejected");
    add(parts, q.recordsSharingLines, "records on the line of another");
    say("lines", formatCount(q.lines) + ": " + parts);
    std::string times = formatCount(q.time.own) + " of their own";
    add(times, q.time.inherited, "from the record before");
    add(times, q.time.none, "none");
    add(times, q.time.duplicates, "the same as before");
    if (q.start != noTime) {
        say("times", times);
        say("from, to",
            formatIso8601(q.start) + ", " + formatIso8601(q.end) + " (" + formatDuration(q.end - q.start) + ")");
    }
}

void printText(const records::SourceQuality& q)
{
    const auto& text = q.text;
    std::string ends;
    add(ends, text.lineFeeds, "LF");
    add(ends, text.crlf, "CRLF");
    add(ends, text.carriageReturns, "CR");
    say("text", (q.compression == "none" ? "" : q.compression + ", ") + q.encoding + ", line ends " +
                    (ends.empty() ? "none" : ends) + (text.unfinished ? ", the last line has none" : ""));
    say("size", formatBytes(q.contentBytes) + ", longest line " + formatBytes(text.longestBytes) +
                    (text.longestLine == 0 || q.path.empty() ? "" : " (line " + formatCount(text.longestLine) + ")"));
    std::string odd;
    add(odd, q.invalidUtf8Lines, "lines not valid UTF-8");
    add(odd, text.nulBytes, "NUL bytes");
    add(odd, text.duplicateLines, text.duplicatesExact ? "lines seen before" : "lines seen before (estimated)");
    add(odd, text.repeatedLines, "right after their like");
    if (!odd.empty())
        say("oddities", odd);
}

void printRecords(const records::SourceQuality& q)
{
    std::string levels, kinds;
    for (std::size_t i = 0; i < q.levels.size(); ++i)
        add(levels, q.levels[i], std::string(records::levelName(static_cast<records::Level>(i))).c_str());
    if (q.levels[0] != q.records)
        say("levels", levels);
    add(kinds, q.templates, "templates");
    add(kinds, q.singletons, "of them seen once");
    add(kinds, q.entities, "entities");
    add(kinds, q.multilineRecords, "records of several lines");
    add(kinds, q.plainRecords, "without the layout");
    if (!kinds.empty())
        say("records", kinds);
}

void printClock(const records::SourceQuality& q)
{
    const auto& time = q.time;
    if (time.backwardSteps != 0)
        say("clock", "back " + formatCount(time.backwardSteps) + " times, by up to " +
                         formatDuration(time.largestBackward.by_us) + " at line " +
                         formatCount(time.largestBackward.line));
    if (time.skippedLocal + time.repeatedLocal != 0)
        say("local time", formatCount(time.skippedLocal) + " that do not exist, " + formatCount(time.repeatedLocal) +
                              " that exist twice");
    if (const auto& rows = q.rows; rows.series != 0)
        say("rows missing",
            formatCount(rows.missing) + " of " + formatCount(rows.expected) + " at a step of " +
                formatDuration(rows.step_us) +
                (rows.missing == 0 ? ""
                                   : ", most of them, " + formatCount(rows.longestRows) + ", from " +
                                         formatIso8601(rows.longest.begin) + " to " + formatIso8601(rows.longest.end) +
                                         ", line " + formatCount(rows.longest.line)));
    if (time.gapCount == 0 || q.rows.missing != 0)
        return;
    say("gaps", formatCount(time.gapCount) + " longer than " + formatDuration(time.gapLimit_us) + ", in all " +
                    formatDuration(time.silent_us));
    auto gaps = time.gaps;
    std::stable_sort(gaps.begin(), gaps.end(),
                     [](const auto& a, const auto& b) { return a.end - a.begin > b.end - b.begin; });
    for (std::size_t i = 0; i < std::min(gaps.size(), shownGaps); ++i)
        say("", formatDuration(gaps[i].end - gaps[i].begin) + " from " + formatIso8601(gaps[i].begin) + " to " +
                    formatIso8601(gaps[i].end) + ", line " + formatCount(gaps[i].line));
}

void printColumns(const records::SourceQuality& q)
{
    if (q.columns.empty())
        return;
    std::printf("  %-12s %-28s %-10s %-10s %12s %12s %14s %14s\n", "columns", "name", "role", "type", "missing",
                "distinct", "least", "greatest");
    for (const auto& column : q.columns)
        std::printf("  %-12s %-28s %-10s %-10s %12s %12s %14s %14s%s%s\n", "", cut(column.name).substr(0, 28).c_str(),
                    records::fieldRoleName(column.role), records::columnTypeName(column.type),
                    formatCount(column.missing + column.unreadable).c_str(), formatCount(column.distinct).c_str(),
                    column.type == records::ColumnType::Number ? formatMeasure(column.min).c_str() : "",
                    column.type == records::ColumnType::Number ? formatMeasure(column.max).c_str() : "",
                    column.note.empty() ? "" : "  ", displayText(column.note).c_str());
}

void printRejected(const records::SourceQuality& q)
{
    for (std::size_t r = 0; r < std::min(q.rejectedByReason.size(), shownReasons); ++r) {
        const auto& [reason, count] = q.rejectedByReason[r];
        say(r == 0 ? "rejected" : "", formatCount(count) + ": " + displayText(reason));
        std::size_t shown = 0;
        for (const auto& example : q.rejectedExamples)
            if (example.reason == reason && shown++ < shownExamples)
                say("", "  line " + formatCount(example.line) + ": " + cut(example.text));
    }
    if (q.rejectedByReason.size() > shownReasons)
        say("", "and " + formatCount(q.rejectedByReason.size() - shownReasons) + " more reasons; --json has them all");
}

void printFindings(const std::vector<records::Finding>& findings, bool nameFiles)
{
    std::printf("%s\n", findings.empty() ? "Nothing to act on was found." : "What to look at");
    for (std::size_t i = 0; i < std::min(findings.size(), shownFindings); ++i) {
        const auto& finding = findings[i];
        std::string where = nameFiles ? displayText(finding.where) : "";
        if (finding.line != 0)
            where += (nameFiles ? ":" : "line ") + std::to_string(finding.line);
        std::printf("  %-8s  %s%s%s\n            %s\n", records::severityName(finding.severity), where.c_str(),
                    where.empty() ? "" : ": ", displayText(finding.text).c_str(), displayText(finding.remedy).c_str());
    }
    if (findings.size() > shownFindings)
        std::printf("  and %s more; --json has them all\n", formatCount(findings.size() - shownFindings).c_str());
}

} // namespace

void printInspection(const pipeline::Inspection& inspection)
{
    const auto& quality = inspection.quality;
    for (std::size_t i = 0; i < quality.sources.size(); ++i) {
        const auto& source = quality.sources[i];
        std::printf("%s\n", displayText(source.path).c_str());
        printDetection(inspection.records.reports[i]);
        printCounts(source);
        printText(source);
        printRecords(source);
        printClock(source);
        printColumns(source);
        printRejected(source);
        if (!source.warning.empty())
            say("damaged", displayText(source.warning));
        std::printf("\n");
    }
    if (quality.sources.size() > 1) {
        std::printf("All %s inputs\n", formatCount(quality.sources.size()).c_str());
        printCounts(quality.total);
        printText(quality.total);
        printRecords(quality.total);
        std::printf("\n");
    }
    printFindings(quality.findings, quality.sources.size() > 1);
    for (const auto& notice : inspection.records.notices)
        std::printf("  note      %s\n", displayText(notice).c_str());
    std::printf("\n%s templates, %s entities, %.2f s\n", formatCount(quality.total.templates).c_str(),
                formatCount(quality.total.entities).c_str(), inspection.seconds);
}

} // namespace faultline::cli
