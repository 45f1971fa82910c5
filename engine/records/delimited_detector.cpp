// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include "engine/records/delimited_parser.h"
#include "engine/records/delimited_rows.h"
#include <algorithm>
#include <array>
#include <set>

namespace faultline::records
{

namespace
{
constexpr double regularShareNeeded = 0.95;
constexpr double weak = 0.3; ///< how sure we are at most of rows that may as well be text with commas
constexpr std::size_t surelyWholeBytes =
    64 * 1'024; ///< a sample shorter than this is the whole content, its last line whole

struct Attempt {
    DelimitedSample sample;
    std::vector<ColumnProfile> profiles{};
    std::vector<std::string> reasons{};
    std::optional<DelimitedLayout> layout{};
    std::optional<Error> error{};
    double confidence = 0.0;
};

std::string_view wholeLines(std::string_view sample)
{
    if (sample.starts_with("\xEF\xBB\xBF"))
        sample.remove_prefix(3);
    const auto lastEnd = sample.rfind('\n');
    if (sample.size() >= surelyWholeBytes && lastEnd != std::string_view::npos)
        sample = sample.substr(0, lastEnd + 1);
    return sample;
}

/// JSON lines have commas as well, and often equally many in each line.
bool looksLikeJson(std::string_view sample)
{
    std::size_t lines = 0;
    std::size_t braces = 0;
    while (!sample.empty() && lines < 100) {
        const auto line = sample.substr(0, sample.find('\n'));
        ++lines;
        braces += line.starts_with('{') || line.starts_with("[{") ? 1U : 0U;
        sample.remove_prefix(std::min(line.size() + 1, sample.size()));
    }
    return braces * 2 >= lines;
}

/// `... 18:01:47,978 INFO ...`: the comma belongs to the time, the rest is a line of a text log.
bool commaOfMilliseconds(const Attempt& attempt)
{
    if (attempt.sample.delimiter != ',' || attempt.profiles.size() < 2 || attempt.profiles[1].numeric())
        return false;
    std::size_t cut = 0;
    const auto& left = attempt.sample.columns[0];
    const auto& right = attempt.sample.columns[1];
    for (std::size_t i = 0; i < right.size(); ++i) {
        const bool clock = left[i].size() >= 6 && left[i][left[i].size() - 3] == ':';
        const auto digits = std::min(right[i].find_first_not_of("0123456789"), right[i].size());
        cut += clock && digits == 3 ? 1U : 0U;
    }
    return cut * 2 > right.size();
}

std::vector<std::string> columnNames(DelimitedSample& sample, const ParseOptions& options, int assumedYear)
{
    std::vector<std::string> names;
    if (firstRowIsHeader(sample, options, assumedYear))
        names = sample.takeHeader();
    names.resize(sample.width);
    std::set<std::string> used;
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto name = sample.hasHeader ? std::string(trim(names[i])) : "column_" + std::to_string(i);
        const auto base = name;
        for (int copy = 2; !name.empty() && !used.insert(name).second; ++copy)
            name = base + '_' + std::to_string(copy);
        names[i] = std::move(name);
    }
    return names;
}

/// How sure the columns make us: rows of a text log that happen to have as many commas must not pass.
double confidenceOf(const Attempt& attempt)
{
    const auto& layout = *attempt.layout;
    const double share = attempt.sample.regularShare();
    if (commaOfMilliseconds(attempt))
        return 0.1 * share;
    const bool typed = layout.time || !layout.values.empty();
    if (layout.hasHeader) {
        const bool named =
            std::any_of(attempt.profiles.begin(), attempt.profiles.end(), [](const ColumnProfile& profile) {
                return messageNameRank(profile.name) || levelNameRank(profile.name) || entityNameRank(profile.name);
            });
        return typed ? 1.0 - (1.0 - share) / 10.0 : (named ? 0.6 : 0.4) * share;
    }
    const bool tight = std::all_of(attempt.profiles.begin(), attempt.profiles.end(), [](const ColumnProfile& profile) {
        return profile.present == 0 || profile.numeric() || profile.time ||
               (profile.spaced == 0 && profile.meanBytes <= 40.0);
    });
    return tight && !layout.values.empty() ? 1.0 - (1.0 - share) / 10.0 : weak * share;
}

std::optional<Error> tooWide(const DelimitedSample& sample)
{
    if (sample.width <= DelimitedRows::maxFields)
        return std::nullopt;
    return Error{ErrorCode::Parse,
                 "the rows have " + formatCount(sample.width) + " columns; at most " +
                     formatCount(DelimitedRows::maxFields) + " can be read",
                 {},
                 "split the file, or write the columns as rows with a name and a value"};
}

Attempt attempt(std::string_view text, char delimiter, const ParseOptions& options, int assumedYear)
{
    Attempt result{.sample = sampleDelimited(text, delimiter)};
    auto& sample = result.sample;
    const bool wideEnough = delimiter == '\0' ? sample.width == 1 : sample.width >= 2;
    if (sample.rows == 0 || !wideEnough || sample.regularShare() < regularShareNeeded)
        return result;
    if ((result.error = tooWide(sample))) {
        result.confidence = 1.0;
        return result;
    }
    const auto names = columnNames(sample, options, assumedYear);
    if (sample.columns.front().empty())
        return result; // a header and nothing else
    for (std::size_t i = 0; i < names.size(); ++i)
        result.profiles.push_back(profileColumn(names[i], sample.columns[i], options, assumedYear));
    if (delimiter == '\0' && !result.profiles.front().numeric())
        return result; // one column of text is a text log
    const std::string separator = delimiter == '\t'   ? "tabs"
                                  : delimiter == '\0' ? "line ends"
                                                      : std::string("`") + delimiter + '`';
    result.reasons.push_back(formatCount(sample.width) + (sample.width == 1 ? " column" : " columns") +
                             " separated by " + separator + " in " + formatCount(sample.regular) + " of " +
                             formatCount(sample.rows) + " sampled rows");
    result.reasons.emplace_back(sample.hasHeader ? "the first row names the columns"
                                                 : "no header: the first row looks like the others");
    auto layout = assignRoles(sample, result.profiles, options, assumedYear, result.reasons);
    if (layout) {
        result.layout = std::move(*layout);
    } else {
        result.error = std::move(layout.error());
        // How sure the kind is does not depend on what was asked: assign again with nothing asked.
        std::vector<std::string> unused;
        result.layout = assignRoles(sample, result.profiles, {}, assumedYear, unused).value();
    }
    result.confidence = confidenceOf(result);
    return result;
}

Detection describe(const Attempt& best)
{
    Detection detection;
    detection.kind = Kind::Delimited;
    detection.format = best.sample.delimiter == '\t' ? "tsv" : "csv";
    detection.confidence = best.confidence;
    detection.reasons = best.reasons;
    detection.delimiter = best.sample.delimiter;
    detection.hasHeader = best.sample.hasHeader;
    for (const auto& profile : best.profiles)
        detection.columns.push_back(profile.name);
    detection.hasMessage = best.layout && best.layout->message;
    if (best.layout && best.layout->time) {
        detection.timeFormat = best.layout->time->format();
        detection.zone = best.layout->time->zone();
    }
    return detection;
}
} // namespace

Candidate detectDelimited(std::string_view sample, const ParseOptions& options, const FileFacts& file)
{
    Candidate candidate;
    candidate.detection.kind = Kind::Delimited;
    candidate.detection.format = "csv";
    const bool forced = options.format == "csv" || options.format == "tsv" || options.format == "delimited";
    const auto text = wholeLines(sample);
    if (text.find('\0') != std::string_view::npos || (!options.format.empty() && !forced) ||
        (!forced && looksLikeJson(text)))
        return candidate;
    const int assumedYear = toCivil(file.modified_us).year;
    Attempt best;
    for (const char delimiter : {',', ';', '\t', '|', '\0'}) {
        if (options.format == "tsv" && delimiter != '\t')
            continue;
        auto next = attempt(text, delimiter, options, assumedYear);
        if (next.confidence > best.confidence)
            best = std::move(next);
    }
    if (best.confidence == 0.0)
        return candidate;
    if (forced)
        best.confidence = 1.0;
    candidate.detection = describe(best);
    candidate.error = best.error;
    if (best.error)
        candidate.detection.reasons.push_back(best.error->text());
    else
        candidate.parser = std::make_shared<const DelimitedParser>(std::move(*best.layout));
    return candidate;
}

} // namespace faultline::records
