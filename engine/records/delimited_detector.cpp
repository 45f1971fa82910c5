// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include "engine/records/delimited_header.h"
#include "engine/records/delimited_parser.h"
#include "engine/records/delimited_rows.h"
#include <algorithm>
#include <map>

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

    /// Columns of numbers or times.
    [[nodiscard]] double typedShare() const
    {
        const auto typed = std::count_if(profiles.begin(), profiles.end(), [](const ColumnProfile& profile) {
            return profile.numeric() || profile.time.has_value();
        });
        return profiles.empty() ? 0.0 : static_cast<double>(typed) / static_cast<double>(profiles.size());
    }
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
    if (attempt.sample.dialect.delimiter != ',' || attempt.profiles.size() < 2 || attempt.profiles[1].numeric())
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

/// Columns aligned with blanks: words of a sentence must not pass for them, nor the lines of a log.
double confidenceOfBlanks(const Attempt& attempt)
{
    const auto& profiles = attempt.profiles;
    std::size_t numeric = 0, texts = 0;
    for (const auto& profile : profiles) {
        numeric += profile.numeric() ? 1U : 0U;
        texts += profile.textual() ? 1U : 0U;
    }
    const double share = attempt.sample.regularShare();
    if (texts == 0 && numeric >= 1)
        return 1.0 - (1.0 - share) / 10.0;
    return attempt.layout->hasHeader && numeric * 2 >= profiles.size() && numeric >= 2 ? 0.9 * share : 0.1 * share;
}

/// How sure the columns make us: rows of a text log that happen to have as many commas must not pass.
double confidenceOf(const Attempt& attempt)
{
    const auto& layout = *attempt.layout;
    const double share = attempt.sample.regularShare();
    if (commaOfMilliseconds(attempt))
        return 0.1 * share;
    if (layout.dialect.blanks)
        return confidenceOfBlanks(attempt);
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

/// The character that begins comment lines: # or %, where such lines stand before the table or are no rows of it.
char commentOf(std::string_view text, const Dialect& dialect)
{
    for (const char mark : {'#', '%'}) {
        if (!text.starts_with(mark) && text.find(std::string("\n") + mark) == std::string_view::npos)
            continue;
        auto without = dialect;
        without.comment = mark;
        std::size_t rows = 0, comments = 0, alike = 0;
        std::map<std::size_t, std::size_t> widths;
        for (DelimitedRows all(text, without); rows + comments < 1'000 && all.next();) {
            if (all.blank())
                continue;
            if (!all.comment()) {
                ++rows;
                ++widths[all.fieldCount()];
                continue;
            }
            ++comments;
            DelimitedRows line(all.row(), dialect);
            alike += rows > 0 && line.next() && widths.contains(line.fieldCount()) && line.fieldCount() > 1 ? 1U : 0U;
        }
        if (comments > 0 && comments <= rows && alike * 10 <= comments)
            return mark;
    }
    return '\0';
}

/// Whether quotes within quotes have a backslash in front of them: where more rows are whole that way.
bool escapesWithBackslash(std::string_view text, const Dialect& dialect)
{
    if (dialect.blanks || text.find("\\\"") == std::string_view::npos)
        return false;
    const auto problems = [&](bool backslash) {
        auto tried = dialect;
        tried.backslash = backslash;
        std::map<std::size_t, std::size_t> widths;
        std::size_t count = 0, rows = 0, most = 0;
        for (DelimitedRows all(text, tried); rows < 1'000 && all.next(); ++rows) {
            count += all.problem() != DelimitedRows::Problem::None ? 1U : 0U;
            most = std::max(most, ++widths[all.fieldCount()]);
        }
        return 2 * count + rows - most;
    };
    return problems(true) < problems(false);
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

std::string separatorName(const Dialect& dialect)
{
    if (dialect.blanks)
        return "blanks";
    return dialect.delimiter == '\t'   ? "tabs"
           : dialect.delimiter == '\0' ? "line ends"
                                       : displayText(std::string("`") + dialect.delimiter + '`');
}

/// The decimal mark that the table's columns prove; a table with semicolons has them because commas are decimal marks.
DecimalMark decimalMark(const DelimitedSample& sample)
{
    bool comma = false, point = false;
    for (const auto& column : sample.columns)
        if (const auto mark = NumberStyle::provenMark(column))
            (*mark == DecimalMark::Comma ? comma : point) = true;
    return (comma && !point) || (sample.dialect.delimiter == ';' && !point) ? DecimalMark::Comma : DecimalMark::Point;
}

void sayWhatWasSeen(const DelimitedHeader& header, Attempt& result)
{
    const auto& sample = result.sample;
    result.reasons.push_back(formatCount(sample.width) + (sample.width == 1 ? " column" : " columns") +
                             " separated by " + separatorName(sample.dialect) + " in " + formatCount(sample.regular) +
                             " of " + formatCount(sample.rows) + " sampled rows");
    if (sample.preamble > sample.header.size())
        result.reasons.push_back("the table begins behind " + formatCount(sample.preamble) + " other lines");
    if (sample.comments > 0)
        result.reasons.push_back(std::string("lines that begin with `") + sample.dialect.comment + "` are comments");
    result.reasons.push_back(header.reason);
    if (header.renamed > 0)
        result.reasons.push_back(formatCount(header.renamed) + (header.renamed == 1 ? " column has" : " columns have") +
                                 " the name of one before and got a number");
}

Attempt attempt(std::string_view text, const Dialect& dialect, const ParseOptions& options, int assumedYear)
{
    Attempt result{.sample = sampleDelimited(text, dialect)};
    auto& sample = result.sample;
    const bool wideEnough = dialect.delimiter == '\0' ? sample.width == 1 : sample.width >= 2;
    if (sample.rows == 0 || !wideEnough || sample.regularShare() < regularShareNeeded)
        return result;
    if ((result.error = tooWide(sample))) {
        result.confidence = 1.0;
        return result;
    }
    ProfileContext context{.options = options, .assumedYear = assumedYear, .mark = {}};
    const bool oneColumn = dialect.delimiter == '\0'; // `1,5` may be two columns as well: plain numbers only
    if (!oneColumn)
        context.mark = DecimalMark::Point;
    const auto header = takeHeader(sample, context);
    if (sample.columns.front().empty())
        return result; // a header and nothing else
    if (!oneColumn)
        context.mark = decimalMark(sample);
    for (std::size_t i = 0; i < sample.width; ++i)
        result.profiles.push_back(profileColumn(header.columns[i].name, sample.columns[i], context));
    if (dialect.delimiter == '\0' && !result.profiles.front().numeric())
        return result; // one column of text is a text log
    sayWhatWasSeen(header, result);
    auto layout = assignRoles({sample, result.profiles, options, assumedYear}, header, result.reasons);
    if (layout) {
        result.layout = std::move(*layout);
    } else {
        result.error = std::move(layout.error());
        // How sure the kind is does not depend on what was asked: assign again with nothing asked.
        std::vector<std::string> unused;
        result.layout = assignRoles({sample, result.profiles, {}, assumedYear}, header, unused).value();
    }
    result.confidence = confidenceOf(result);
    return result;
}

Detection describe(const Attempt& best)
{
    Detection detection;
    detection.kind = Kind::Delimited;
    detection.format = best.sample.dialect.delimiter == '\t' ? "tsv" : "csv";
    detection.confidence = best.confidence;
    detection.reasons = best.reasons;
    detection.delimiter = best.sample.dialect.delimiter;
    detection.hasHeader = best.sample.hasHeader;
    for (const auto& profile : best.profiles)
        detection.columns.push_back(profile.name);
    if (!best.layout)
        return detection;
    detection.columnReports = columnReports(*best.layout, best.profiles);
    detection.hasMessage = best.layout->message.has_value();
    if (best.layout->time) {
        detection.timeFormat = best.layout->time->format();
        detection.zone = best.layout->time->zone();
    }
    return detection;
}

/// The dialects that are worth an attempt.
std::vector<Dialect> dialectsOf(std::string_view text, const ParseOptions& options)
{
    std::vector<Dialect> dialects;
    const auto& asked = options.delimiter;
    if (options.format == "tsv")
        dialects.push_back({.delimiter = '\t'});
    else if (asked == "tab" || asked == "\\t")
        dialects.push_back({.delimiter = '\t'});
    else if (asked == "blanks" || asked == " ")
        dialects.push_back({.delimiter = ' ', .blanks = true});
    else if (!asked.empty())
        dialects.push_back({.delimiter = asked.front()});
    else
        for (const char delimiter : {',', ';', '\t', '|', '\0', '^', '~', '\x1f', '\x01'})
            if (delimiter == '\0' || text.find(delimiter) != std::string_view::npos)
                dialects.push_back({.delimiter = delimiter});
    if (asked.empty() && options.format != "tsv")
        dialects.push_back({.delimiter = ' ', .blanks = true});
    for (auto& dialect : dialects) {
        dialect.comment = commentOf(text, dialect);
        dialect.backslash = escapesWithBackslash(text, dialect);
    }
    return dialects;
}
} // namespace

Candidate detectDelimited(std::string_view sample, const ParseOptions& options, const FileFacts& file)
{
    Candidate candidate;
    candidate.detection.kind = Kind::Delimited;
    candidate.detection.format = "csv";
    const bool forced = options.format == "csv" || options.format == "tsv" || options.format == "delimited" ||
                        (options.format.empty() && !options.delimiter.empty());
    const auto text = wholeLines(sample);
    if (text.find('\0') != std::string_view::npos || (!options.format.empty() && !forced) ||
        (!forced && looksLikeJson(text)))
        return candidate;
    const int assumedYear = toCivil(file.modified_us).year;
    Attempt best;
    for (const auto& dialect : dialectsOf(text, options)) {
        auto next = attempt(text, dialect, options, assumedYear);
        // `1,5;2,5` has as many commas as semicolons in each row: the columns that hold numbers and times are right.
        if (std::pair(next.confidence, next.typedShare()) > std::pair(best.confidence, best.typedShare()))
            best = std::move(next);
    }
    if (best.confidence == 0.0)
        return candidate;
    if (forced)
        best.confidence = 1.0;
    candidate.detection = describe(best);
    candidate.error = best.error;
    if (best.error) {
        candidate.detection.reasons.push_back(best.error->text());
        return candidate;
    }
    best.layout->headBytes += static_cast<std::uint64_t>(text.data() - sample.data()); // the byte order mark
    candidate.parser = std::make_shared<const DelimitedParser>(std::move(*best.layout));
    return candidate;
}

} // namespace faultline::records
