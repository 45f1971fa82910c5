// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/formats.h"
#include "engine/core/text.h"
#include "engine/records/format_files.h"
#include "engine/records/user_format_parser.h"
#include "engine/sources/source.h"
#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace faultline::pipeline
{

namespace
{

constexpr std::size_t shownLines = 20;
constexpr std::size_t sampleBytes = 256 * 1024;

std::vector<std::string> firstLines(const std::string& content)
{
    std::vector<std::string> lines;
    for (auto line : split(content, '\n')) {
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        lines.emplace_back(line);
        if (lines.size() == shownLines)
            break;
    }
    while (!lines.empty() && lines.back().empty())
        lines.pop_back();
    return lines;
}

/// The line says that it goes on: a pattern of the format says so, or it is indented.
bool goesOn(const records::UserFormat& format, const std::string& line)
{
    const bool said = format.starts || format.continuation;
    return records::joinsRecordBefore(format, line) && (said || line.starts_with(' ') || line.starts_with('\t'));
}

class LineChecker
{
public:
    LineChecker(const records::UserFormat& format, const records::BlockParser& parser)
        : m_format(format), m_parser(parser), m_matcher(format)
    {
    }

    CheckedLine check(std::uint64_t number, const std::string& line)
    {
        CheckedLine out{.line = number, .text = line};
        const auto batch = m_parser.parse(line, 0, false);
        const bool matched = m_matcher.match(line) && !batch.time.empty();
        if (!matched) {
            out.problem = records::whyUnmatched(m_format, line, out.column);
            out.outcome = goesOn(m_format, line) ? CheckedLine::Outcome::JoinsBefore : CheckedLine::Outcome::Unmatched;
            return out;
        }
        out.time = batch.time[0];
        if (batch.level[0] != records::Level::None)
            out.level = records::levelName(batch.level[0]);
        out.entity = batch.entities[batch.entity[0]];
        if (!batch.keyHits.empty())
            out.session = batch.keys[batch.keyHits[0].key];
        out.message = line.substr(std::min<std::size_t>(batch.messageStart[0], line.size()));
        for (const auto& field : batch.fields)
            if (!field.values.empty())
                out.fields.emplace_back(field.name, field.values[0]);
        return out;
    }

private:
    const records::UserFormat& m_format;
    const records::BlockParser& m_parser;
    records::FormatMatcher m_matcher;
};

std::string joined(const std::vector<std::string>& lines)
{
    std::string all;
    for (const auto& line : lines)
        all += line + "\n";
    return all;
}

const char* outcomeName(CheckedLine::Outcome outcome)
{
    switch (outcome) {
    case CheckedLine::Outcome::Record:
        return "record";
    case CheckedLine::Outcome::JoinsBefore:
        return "joins the record before";
    case CheckedLine::Outcome::Unmatched:
        return "does not match";
    }
    return "";
}

std::string dumped(const nlohmann::ordered_json& json)
{
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

} // namespace

std::string ownFormatFolder()
{
    if (const char* config = std::getenv("XDG_CONFIG_HOME"); config != nullptr && *config == '/')
        return std::string(config) + "/faultline/formats";
    if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
        return std::string(home) + "/.config/faultline/formats";
    return {};
}

std::vector<Error> useFormatFolder(const std::string& folder, records::ParseOptions& options)
{
    if (folder.empty())
        return {};
    auto found = records::readFormatFolder(folder);
    options.ownFormats = std::move(found.formats);
    return std::move(found.problems);
}

std::string formatsToJson(const std::vector<records::FormatDescription>& formats)
{
    nlohmann::ordered_json out = nlohmann::ordered_json::array();
    for (const auto& format : formats)
        out.push_back({{"name", format.name},
                       {"description", displayText(format.description)},
                       {"example", displayText(format.example)},
                       {"own", format.own}});
    return dumped(out);
}

Result<FormatCheck> checkFormat(const std::string& path, const std::string& samplePath)
{
    auto read = records::readUserFormatFile(path);
    if (!read)
        return fail(read.error());
    const auto format = std::make_shared<const records::UserFormat>(std::move(*read));
    FormatCheck check{.name = format->name,
                      .description = format->description,
                      .file = samplePath.empty() ? path : samplePath,
                      .patterns = format->patterns.size(),
                      .samples = format->samples.size()};
    std::vector<std::string> lines;
    std::string content;
    if (samplePath.empty()) {
        for (const auto& sample : format->samples)
            lines.push_back(sample.text.substr(0, sample.text.find('\n')));
        content = joined(lines);
    } else {
        const auto source = sources::Source::open(samplePath);
        if (!source)
            return fail(source.error());
        const auto head = (*source)->head(sampleBytes);
        if (!head)
            return fail(head.error());
        content = std::string(*head);
        lines = firstLines(content);
    }
    if (lines.empty())
        return check;
    const auto candidate = records::detectUserFormat(format, content, {}, {.path = check.file});
    if (candidate.error) {
        check.failure = candidate.error;
        return check;
    }
    check.timeFormat = candidate.detection.timeFormat;
    check.zone = candidate.detection.zone;
    LineChecker checker(*format, *candidate.parser);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (trim(lines[i]).empty())
            continue;
        check.lines.push_back(checker.check(i + 1, lines[i]));
        const auto& line = check.lines.back();
        if (line.outcome == CheckedLine::Outcome::Unmatched && !check.failure)
            check.failure = Error{ErrorCode::Config,
                                  line.problem,
                                  {check.file, line.line, line.column},
                                  "change the pattern, or say with `multiline:` that such lines go on"};
    }
    return check;
}

std::string toJson(const FormatCheck& check)
{
    nlohmann::ordered_json out{{"name", check.name},       {"description", displayText(check.description)},
                               {"file", check.file},       {"patterns", check.patterns},
                               {"samples", check.samples}, {"time_format", check.timeFormat},
                               {"zone", check.zone},       {"valid", !check.failure.has_value()}};
    auto& lines = out["lines"] = nlohmann::ordered_json::array();
    for (const auto& line : check.lines) {
        nlohmann::ordered_json each{{"line", line.line}, {"outcome", outcomeName(line.outcome)}};
        if (line.outcome != CheckedLine::Outcome::Record) {
            each["column"] = line.column;
            each["problem"] = line.problem;
        } else {
            each["time"] =
                line.time == noTime ? nlohmann::ordered_json() : nlohmann::ordered_json(formatIso8601(line.time));
            each["level"] = line.level;
            each["entity"] = displayText(line.entity);
            each["session"] = displayText(line.session);
            for (const auto& [name, value] : line.fields)
                each["fields"][name] = value;
            each["message"] = displayText(line.message);
        }
        lines.push_back(std::move(each));
    }
    if (check.failure)
        out["error"] = check.failure->text();
    return dumped(out);
}

void carryFormat(const records::RecordSet& records, records::ParseOptions& parse)
{
    if (!parse.format.empty() || !parse.logFormat.empty() || records.reports.empty())
        return;
    const auto& name = records.reports.front().detection.format;
    const auto same = [&](const records::SourceReport& report) { return report.detection.format == name; };
    if (!std::all_of(records.reports.begin(), records.reports.end(), same))
        return;
    for (const auto& own : parse.ownFormats)
        if (own->name == name) {
            parse.format = name;
            parse.formatText = own->yaml;
        }
}

} // namespace faultline::pipeline
