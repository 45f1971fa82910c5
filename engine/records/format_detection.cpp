// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/format_detection.h"
#include "engine/core/text.h"
#include "engine/records/format_files.h"
#include "engine/records/journal_export.h"
#include "engine/records/key_value_parser.h"
#include "engine/records/layout_catalogue.h"
#include "engine/records/w3c_parser.h"
#include "engine/sources/text_encoding.h"
#include <algorithm>

namespace faultline::records
{

namespace
{

tl::unexpected<Error> notText(const sources::Source& source, std::string message, std::string hint)
{
    return fail({ErrorCode::Parse, std::move(message), {source.path(), 0, 0}, std::move(hint)});
}

tl::unexpected<Error> badOption(const sources::Source& source, std::string message, std::string hint)
{
    return fail({ErrorCode::Config, std::move(message), {source.path(), 0, 0}, std::move(hint)});
}

/// A single line of at least two names between commas, semicolons, tabs or bars: the header of a table without rows.
bool isHeaderAlone(std::string_view sample)
{
    const auto line = trim(sample);
    if (line.empty() || line.find('\n') != std::string_view::npos)
        return false;
    for (const char delimiter : {',', ';', '\t', '|'}) {
        const auto names = split(line, delimiter);
        const bool allNames = std::all_of(names.begin(), names.end(), [](std::string_view name) {
            if (name.starts_with(' ')) // prose puts a space after a comma
                return false;
            name = trim(name);
            return !name.empty() && !parseNumber(name) && name.find_first_of(":=") == std::string_view::npos &&
                   name.size() <= 64;
        });
        if (names.size() >= 2 && allNames)
            return true;
    }
    return false;
}

bool isNamed(const Candidate& candidate, const std::string& format)
{
    const auto& detection = candidate.detection;
    return detection.format == format || (format == "csv" && detection.kind == Kind::Delimited) ||
           (format.starts_with("json") && detection.kind == Kind::JsonLines);
}

tl::unexpected<Error> unknownFormat(const sources::Source& source, const std::string& format,
                                    const std::vector<Candidate>& candidates)
{
    std::vector<std::string> known{"text", "generic", "csv", "json"};
    for (const auto name : {"journal_export", "w3c", "iis", "zeek"})
        known.emplace_back(name);
    for (const auto& syntax : keyValueSyntaxes())
        known.emplace_back(syntax.name);
    for (const auto& layout : namedLayouts())
        known.push_back(layout.name);
    for (const auto& candidate : candidates)
        if (!candidate.detection.format.empty())
            known.push_back(candidate.detection.format);
    const auto nearest = nearestWord(format, known);
    return badOption(source, "format `" + format + "` does not fit this file or is not known",
                     nearest && *nearest != format ? "did you mean `" + *nearest + "`?"
                                                   : "leave the format out to have it detected");
}

/// A field may be named by its number where columns have none; the columns of tables were checked when they got roles.
bool hasColumn(const Detection& detection, const std::string& name)
{
    const bool isNumber = !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
    return isNumber || detection.kind == Kind::JsonLines || detection.kind == Kind::Delimited ||
           std::find(detection.columns.begin(), detection.columns.end(), name) != detection.columns.end();
}

/// Lines that each begin with a time, in a "table" that has none and whose commas all stand before a blank: prose.
bool isProse(const Candidate& table, const Candidate& text, std::string_view sample)
{
    if (table.detection.delimiter != ',' || !table.detection.timeFormat.empty() || text.detection.timeFormat.empty() ||
        text.detection.confidence < 0.8)
        return false;
    for (auto comma = sample.find(','); comma != std::string_view::npos; comma = sample.find(',', comma + 1))
        if (comma + 1 < sample.size() && sample[comma + 1] != ' ')
            return false;
    return true;
}

/// Half of the lines are JSON objects that say their time: the others are what programs print beside their log,
/// whatever layout those have. Objects without a time may be the payload of the lines of text between them.
bool isMostlyJson(const Candidate& json)
{
    return json.detection.confidence >= 0.5 && json.parser && !json.detection.timeFormat.empty();
}

/// A candidate that can be read as asked.
Result<Candidate> checked(Candidate candidate, const sources::Source& source, const ParseOptions& options)
{
    if (candidate.error)
        return tl::unexpected(*candidate.error);
    if (!candidate.parser)
        return notText(source, "holds nothing that can be read as records", "choose a log, CSV or JSON lines file");
    if (!options.entityField.empty() && !hasColumn(candidate.detection, options.entityField)) {
        const auto nearest = nearestWord(options.entityField, candidate.detection.columns);
        return badOption(source, "there is no field `" + options.entityField + "` to name the entity",
                         nearest ? "did you mean `" + *nearest + "`?" : "`faultline inspect` lists the fields");
    }
    return candidate;
}

} // namespace

Result<Candidate> detectFormat(const sources::Source& source, const ParseOptions& options)
{
    auto sample = source.head(sampleBytes);
    if (sample && sample->size() == sampleBytes && endsInsideFirstJson(*sample))
        sample = source.head(RecordCutter::maxRecordBytes);
    if (!sample)
        return tl::unexpected(sample.error());
    if (sample->empty())
        return notText(source, "is empty", "choose a file with content");
    if (sources::looksBinary(*sample) && !looksLikeJournalExport(*sample))
        return notText(source, "is binary, not a log or table", "choose a text file");
    if (isHeaderAlone(*sample))
        return notText(source, "holds a header but no rows", "choose a table with data");

    const FileFacts facts{.path = source.path(), .modified_us = source.modifiedUs()};
    auto asked = askedFormat(*sample, options, facts);
    if (!asked)
        return tl::unexpected(asked.error());
    if (*asked)
        return checked(std::move(**asked), source, options);
    std::vector<Candidate> candidates{
        detectJsonLines(*sample, options, facts), detectJournalExport(*sample, options, facts),
        detectW3c(*sample, options, facts),       detectKeyValues(*sample, options, facts),
        detectDelimited(*sample, options, facts), detectText(*sample, options, facts)};
    auto& table = candidates[candidates.size() - 2];
    if (options.format.empty() && isProse(table, candidates.back(), *sample))
        table = Candidate{};
    auto best = std::max_element(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return a.detection.confidence < b.detection.confidence;
    });
    if (best->detection.kind == Kind::TextLog && isMostlyJson(candidates.front()))
        best = candidates.begin();
    if (!options.format.empty()) {
        best = std::find_if(candidates.begin(), candidates.end(),
                            [&](const Candidate& candidate) { return isNamed(candidate, options.format); });
        if (best == candidates.end() || (!best->parser && !best->error))
            return unknownFormat(source, options.format, candidates);
    }
    // What a person has described wins against what is known to everybody, where it explains as much.
    if (auto own = options.format.empty() ? ownFormat(*sample, options, facts) : std::nullopt;
        own && own->detection.confidence >= best->detection.confidence)
        return checked(std::move(*own), source, options);
    return checked(std::move(*best), source, options);
}

} // namespace faultline::records
