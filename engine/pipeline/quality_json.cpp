// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/quality_json.h"
#include "engine/core/text.h"
#include "engine/pipeline/json_values.h"
#include <cmath>

namespace faultline::pipeline
{

namespace
{

using Json = nlohmann::ordered_json;

double seconds(DurationUs duration_us)
{
    return static_cast<double>(duration_us) / static_cast<double>(second_us);
}

Json findingJson(const records::Finding& finding)
{
    Json out{{"severity", records::severityName(finding.severity)},
             {"kind", finding.kind},
             {"text", displayText(finding.text)},
             {"remedy", displayText(finding.remedy)},
             {"file", displayText(finding.where)}};
    if (finding.line != 0)
        out["line"] = finding.line;
    out["share"] = finding.share;
    return out;
}

Json stepJson(const records::ClockStep& step)
{
    if (step.by_us == 0)
        return {};
    return {{"seconds", seconds(step.by_us)},
            {"from", timeOrNull(step.from)},
            {"to", timeOrNull(step.to)},
            {"line", step.line}};
}

Json timesJson(const records::TimeQuality& time)
{
    Json gaps = Json::array();
    for (const auto& gap : time.gaps)
        gaps.push_back({{"start", timeOrNull(gap.begin)},
                        {"end", timeOrNull(gap.end)},
                        {"seconds", seconds(gap.end - gap.begin)},
                        {"line", gap.line}});
    return {{"own", time.own},
            {"inherited", time.inherited},
            {"none", time.none},
            {"duplicates", time.duplicates},
            {"out_of_order", time.disorder},
            {"backward_steps", time.backwardSteps},
            {"largest_backward", stepJson(time.largestBackward)},
            {"largest_forward", stepJson(time.largestForward)},
            {"local_skipped", time.skippedLocal},
            {"local_repeated", time.repeatedLocal},
            {"typical_interval_seconds", seconds(time.typical_us)},
            {"gap_limit_seconds", seconds(time.gapLimit_us)},
            {"gap_count", time.gapCount},
            {"silent_seconds", seconds(time.silent_us)},
            {"gaps", std::move(gaps)}};
}

Json rowsJson(const records::MissingRows& rows)
{
    return {{"series", rows.series},
            {"expected", rows.expected},
            {"missing", rows.missing},
            {"gaps", rows.gaps},
            {"step_seconds", seconds(rows.step_us)},
            {"longest_rows", rows.longestRows},
            {"longest_start", timeOrNull(rows.longest.begin)},
            {"longest_end", timeOrNull(rows.longest.end)},
            {"longest_line", rows.longest.line}};
}

Json linesJson(const records::LineStatistics& text)
{
    return {{"lf", text.lineFeeds},
            {"crlf", text.crlf},
            {"cr", text.carriageReturns},
            {"nul_bytes", text.nulBytes},
            {"longest_bytes", text.longestBytes},
            {"longest_line", text.longestLine},
            {"repeated", text.repeatedLines},
            {"duplicate", text.duplicateLines},
            {"duplicate_is_exact", text.duplicatesExact},
            {"unfinished", text.unfinished}};
}

Json columnJson(const records::ColumnReport& column)
{
    Json out{{"name", displayText(column.name)},
             {"unit", displayText(column.unit)},
             {"role", records::fieldRoleName(column.role)},
             {"type", records::columnTypeName(column.type)},
             {"values", column.values},
             {"missing", column.missing},
             {"unreadable", column.unreadable},
             {"distinct", column.distinct},
             {"distinct_is_exact", column.distinctExact},
             {"min", numberOrNull(column.min)},
             {"max", numberOrNull(column.max)}};
    if (!column.note.empty())
        out["note"] = displayText(column.note);
    return out;
}

Json rejectedJson(const records::SourceQuality& source)
{
    Json out = Json::array();
    for (const auto& [reason, count] : source.rejectedByReason) {
        Json examples = Json::array();
        for (const auto& example : source.rejectedExamples)
            if (example.reason == reason)
                examples.push_back({{"line", example.line}, {"text", displayText(example.text)}});
        out.push_back({{"reason", displayText(reason)}, {"count", count}, {"examples", std::move(examples)}});
    }
    return out;
}

Json sourceJson(const records::SourceQuality& source)
{
    Json levels = Json::object(), columns = Json::array();
    for (std::size_t i = 0; i < source.levels.size(); ++i)
        levels[std::string(records::levelName(static_cast<records::Level>(i)))] = source.levels[i];
    for (const auto& column : source.columns)
        columns.push_back(columnJson(column));
    Json out{{"file", displayText(source.path)},
             {"format", displayText(source.format)},
             {"confidence", source.confidence},
             {"encoding", source.encoding},
             {"compression", source.compression},
             {"bytes", source.contentBytes},
             {"lines", source.lines},
             {"records", source.records},
             {"continuation_lines", source.continuationLines},
             {"blank_lines", source.blankLines},
             {"header_lines", source.headerLines},
             {"rejected_lines", source.rejectedLines},
             {"records_sharing_lines", source.recordsSharingLines},
             {"rejected", rejectedJson(source)},
             {"invalid_utf8_lines", source.invalidUtf8Lines},
             {"line_statistics", linesJson(source.text)},
             {"start", timeOrNull(source.start)},
             {"end", timeOrNull(source.end)},
             {"time", timesJson(source.time)},
             {"rows", rowsJson(source.rows)},
             {"levels", std::move(levels)},
             {"multiline_records", source.multilineRecords},
             {"plain_records", source.plainRecords},
             {"entities", source.entities},
             {"templates", source.templates},
             {"template_singletons", source.singletons}};
    if (!source.columns.empty())
        out["columns"] = std::move(columns);
    if (!source.warning.empty())
        out["warning"] = displayText(source.warning);
    return out;
}

} // namespace

Json qualityJson(const records::QualityReport& report)
{
    Json findings = Json::array(), sources = Json::array(), fields = Json::array();
    for (const auto& finding : report.findings)
        findings.push_back(findingJson(finding));
    for (const auto& source : report.sources)
        sources.push_back(sourceJson(source));
    for (const auto& field : report.fields)
        fields.push_back({{"name", displayText(field.name)},
                          {"unit", displayText(field.unit)},
                          {"values", field.values},
                          {"distinct", field.distinct},
                          {"distinct_is_exact", field.distinctExact},
                          {"min", numberOrNull(field.min)},
                          {"max", numberOrNull(field.max)}});
    auto total = sourceJson(report.total);
    total.erase("file");
    return {{"findings", std::move(findings)},
            {"total", std::move(total)},
            {"sources", std::move(sources)},
            {"sessions", report.sessions},
            {"fields", std::move(fields)}};
}

} // namespace faultline::pipeline
