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
    take("byte_order_mark", report.text.byteOrderMark);
    take("unfinished", report.text.unfinished);
    take("content_hash", report.text.contentHash);
    take("invalid_utf8_lines", report.invalidUtf8Lines);
    take("longest_line_bytes", report.longestLineBytes);
    take("start", report.start);
    take("end", report.end);
    take("first_record", report.firstRecord);
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
    for (const auto& rejection : json.at("rejected"))
        report.rejected.push_back({rejection.at(0), rejection.at(1)});
    for (const auto& example : json.at("rejected_examples"))
        report.rejectedExamples.push_back({example.at(0), example.at(1), example.at(2)});
    return report;
}

} // namespace faultline::pipeline
