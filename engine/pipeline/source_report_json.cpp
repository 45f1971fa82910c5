// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/source_report_json.h"
#include "engine/core/text.h"
#include <algorithm>
#include <string>

namespace faultline::pipeline
{

namespace
{

using Json = nlohmann::json;
using records::Detection;
using records::SourceReport;

template <class Enum>
Enum enumFrom(const Json& json, Enum last)
{
    return static_cast<Enum>(std::clamp(json.get<int>(), 0, static_cast<int>(last)));
}

Json detectionJson(const Detection& detection)
{
    return {{"kind", static_cast<int>(detection.kind)},
            {"format", detection.format},
            {"confidence", detection.confidence},
            {"reasons", detection.reasons},
            {"time_format", detection.timeFormat},
            {"zone", detection.zone},
            {"columns", detection.columns},
            {"delimiter", static_cast<int>(detection.delimiter)},
            {"has_header", detection.hasHeader},
            {"has_message", detection.hasMessage}};
}

Detection detectionFrom(const Json& json)
{
    Detection detection;
    detection.kind = enumFrom(json.at("kind"), records::Kind::Binary);
    json.at("format").get_to(detection.format);
    json.at("confidence").get_to(detection.confidence);
    json.at("reasons").get_to(detection.reasons);
    json.at("time_format").get_to(detection.timeFormat);
    json.at("zone").get_to(detection.zone);
    json.at("columns").get_to(detection.columns);
    detection.delimiter = static_cast<char>(json.at("delimiter").get<int>());
    json.at("has_header").get_to(detection.hasHeader);
    json.at("has_message").get_to(detection.hasMessage);
    return detection;
}

/// Every plain number of a report under its name, for writing and reading alike.
template <class Report, class Take>
void eachNumber(Report& report, const Take& take)
{
    take("file_bytes", report.fileBytes);
    take("content_bytes", report.contentBytes);
    take("lines", report.lines);
    take("records", report.records);
    take("continuation_lines", report.continuationLines);
    take("blank_lines", report.blankLines);
    take("header_lines", report.headerLines);
    take("records_sharing_lines", report.recordsSharingLines);
    take("rejected_lines", report.rejectedLines);
    take("lines_with_time", report.linesWithTime);
    take("backward_times", report.backwardTimes);
    take("duplicate_times", report.duplicateTimes);
    take("skipped_local_times", report.skippedLocalTimes);
    take("repeated_local_times", report.repeatedLocalTimes);
    take("line_feeds", report.text.lineFeeds);
    take("crlf", report.text.crlf);
    take("carriage_returns", report.text.carriageReturns);
    take("nul_bytes", report.text.nulBytes);
    take("longest_line", report.text.longestLine);
    take("longest_text_bytes", report.text.longestBytes);
    take("repeated_lines", report.text.repeatedLines);
    take("duplicate_lines", report.text.duplicateLines);
    take("duplicates_exact", report.text.duplicatesExact);
    take("unfinished", report.text.unfinished);
    take("content_hash", report.text.contentHash);
    take("invalid_utf8_lines", report.invalidUtf8Lines);
    take("longest_line_bytes", report.longestLineBytes);
    take("start", report.start);
    take("end", report.end);
    take("first_record", report.firstRecord);
}

Json columnJson(const records::ColumnReport& column)
{
    Json json{{"name", column.name},
              {"unit", column.unit},
              {"role", static_cast<int>(column.role)},
              {"type", static_cast<int>(column.type)},
              {"values", column.values},
              {"missing", column.missing},
              {"unreadable", column.unreadable},
              {"distinct", column.distinct},
              {"distinct_exact", column.distinctExact},
              {"note", column.note}};
    if (column.min <= column.max) // else there is no number
        json["range"] = {column.min, column.max};
    return json;
}

records::ColumnReport columnFrom(const Json& json)
{
    records::ColumnReport column;
    json.at("name").get_to(column.name);
    json.at("unit").get_to(column.unit);
    column.role = enumFrom(json.at("role"), records::FieldRole::Label);
    column.type = enumFrom(json.at("type"), records::ColumnType::Text);
    json.at("values").get_to(column.values);
    json.at("missing").get_to(column.missing);
    json.at("unreadable").get_to(column.unreadable);
    json.at("distinct").get_to(column.distinct);
    json.at("distinct_exact").get_to(column.distinctExact);
    json.at("note").get_to(column.note);
    if (const auto range = json.find("range"); range != json.end()) {
        column.min = range->at(0).get<double>();
        column.max = range->at(1).get<double>();
    }
    return column;
}

} // namespace

Json sourceReportJson(const SourceReport& report)
{
    Json json{{"path", report.path},
              {"origin", report.origin},
              {"compression", static_cast<int>(report.compression)},
              {"encoding", static_cast<int>(report.encoding)},
              {"detection", detectionJson(report.detection)},
              {"rejected_by_reason", report.rejectedByReason},
              {"zone", report.zone.name()},
              {"warning", report.warning}};
    eachNumber(report, [&](const char* name, const auto& value) { json[name] = value; });
    auto& columns = json["columns"] = Json::array();
    for (const auto& column : report.columns)
        columns.push_back(columnJson(column));
    auto& rejected = json["rejected"] = Json::array();
    for (const auto& rejection : report.rejected)
        rejected.push_back({rejection.line, rejection.reason});
    auto& examples = json["rejected_examples"] = Json::array();
    for (const auto& example : report.rejectedExamples)
        examples.push_back({example.line, example.reason, displayText(example.text)}); // JSON holds no ill-formed UTF-8
    return json;
}

SourceReport sourceReportFrom(const Json& json)
{
    SourceReport report;
    json.at("path").get_to(report.path);
    json.at("origin").get_to(report.origin);
    report.compression = enumFrom(json.at("compression"), sources::Compression::Bzip2);
    report.encoding = enumFrom(json.at("encoding"), sources::Encoding::Windows1252);
    report.detection = detectionFrom(json.at("detection"));
    json.at("rejected_by_reason").get_to(report.rejectedByReason);
    report.zone = TimeZone::named(json.at("zone").get<std::string>()).value_or(TimeZone());
    json.at("warning").get_to(report.warning);
    eachNumber(report, [&](const char* name, auto& value) { json.at(name).get_to(value); });
    for (const auto& column : json.at("columns"))
        report.columns.push_back(columnFrom(column));
    for (const auto& rejection : json.at("rejected"))
        report.rejected.push_back({rejection.at(0), rejection.at(1)});
    for (const auto& example : json.at("rejected_examples"))
        report.rejectedExamples.push_back({example.at(0), example.at(1), example.at(2)});
    return report;
}

} // namespace faultline::pipeline
