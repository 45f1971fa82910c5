// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/delimited_sample.h"
#include "engine/core/text.h"
#include "engine/records/delimited_rows.h"
#include "engine/records/field_roles.h"
#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_set>

namespace faultline::records
{

namespace
{
constexpr std::size_t timeSamples = 1'000;

/// Numbers in the order of the rows: whether they count rows, and whether they go back.
void profileNumbers(ColumnProfile& profile, const std::vector<double>& numbers)
{
    profile.wholeNumbers = std::all_of(numbers.begin(), numbers.end(), [](double n) { return n == std::floor(n); });
    std::size_t ups = 0;
    std::size_t backs = 0;
    for (std::size_t i = 1; i < numbers.size(); ++i) {
        ups += numbers[i] == numbers[i - 1] + 1.0 ? 1U : 0U;
        backs += numbers[i] < numbers[i - 1] ? 1U : 0U;
    }
    profile.countsUp = profile.wholeNumbers && numbers.size() >= 10 && ups + 1 == numbers.size();
    profile.ordered = numbers.size() > 1 && backs * 20 <= numbers.size();
}

std::optional<FieldTime> learnTime(const ColumnProfile& profile, const std::vector<std::string_view>& values,
                                   const ParseOptions& options, int assumedYear)
{
    FieldTime::Question question{.values = std::span(values).first(std::min(values.size(), timeSamples)),
                                 .assumedYear = assumedYear,
                                 .options = &options,
                                 .asked = !options.timeColumn.empty() && options.timeColumn == profile.name};
    auto time = FieldTime::learn(question);
    const bool named = timeNameRank(profile.name).has_value();
    if (!time && named) {
        question.tailAllowed = true;
        time = FieldTime::learn(question);
    }
    // A plain number is a time when its name says so, or when it looks like 1970 and after and never goes back.
    if (time && profile.numeric() && !named && !(time->isEpoch() && profile.ordered))
        return std::nullopt;
    return time;
}
} // namespace

namespace
{
constexpr std::size_t notedEnds = 16;

/// First pass: the most common number of fields, and where the table begins.
class WidthCount
{
public:
    WidthCount(std::string_view text, DelimitedSample& sample) : m_sample(sample)
    {
        for (DelimitedRows rows(text, sample.dialect); m_widths.size() < DelimitedSample::maxRows && rows.next();) {
            m_sample.comments += rows.comment() ? 1U : 0U;
            if (!rows.comment() && !rows.blank())
                m_widths.push_back(rows.problem() == DelimitedRows::Problem::None ? rows.fieldCount() : 0);
        }
        std::map<std::size_t, std::size_t> counts;
        for (const auto width : m_widths)
            ++counts[width];
        for (const auto& [width, count] : counts)
            if (width > 0 && count >= m_sample.regular) {
                m_sample.width = width;
                m_sample.regular = count;
            }
        const auto first = std::find(m_widths.begin(), m_widths.end(), m_sample.width);
        const auto before = static_cast<std::size_t>(first - m_widths.begin());
        // Short rows before a table are its title; long text before one lucky line is text.
        if (before <= DelimitedSample::maxPreamble && before < m_sample.regular)
            m_sample.preamble = before;
        m_sample.rows = m_widths.size() - m_sample.preamble;
    }

private:
    DelimitedSample& m_sample;
    std::vector<std::size_t> m_widths;
};

std::vector<std::string> cellsOf(const DelimitedRows& rows)
{
    std::vector<std::string> cells;
    std::string scratch;
    for (const auto& field : rows.fields())
        cells.emplace_back(trim(field.text(scratch)));
    return cells;
}

/// `# time cpu mem`: the cells of a comment, if it has as many as the table.
std::vector<std::string> cellsOfComment(std::string_view line, const Dialect& dialect)
{
    line.remove_prefix(1);
    DelimitedRows rows(dialect.delimiter == '\t' ? line : trim(line),
                       {.delimiter = dialect.delimiter, .blanks = dialect.blanks});
    return rows.next() && rows.problem() == DelimitedRows::Problem::None ? cellsOf(rows) : std::vector<std::string>();
}

/// Second pass: the values.
void takeColumns(std::string_view text, DelimitedSample& sample)
{
    sample.columns.resize(sample.width);
    std::string scratch;
    std::size_t seen = 0;
    for (DelimitedRows rows(text, sample.dialect); seen < sample.rows + sample.preamble && rows.next();) {
        const bool inTable = !sample.ends.empty();
        if (rows.comment() && !inTable)
            if (auto cells = cellsOfComment(rows.row(), sample.dialect); cells.size() == sample.width)
                sample.headerCandidate = std::move(cells);
        if (rows.comment() || rows.blank())
            continue;
        ++seen;
        const bool regular = rows.problem() == DelimitedRows::Problem::None && rows.fieldCount() == sample.width;
        if (!inTable && !regular && rows.fieldCount() + 1 == sample.width && sample.width > 2)
            sample.headerCandidate = cellsOf(rows); // rows end with a delimiter, or begin with a name, and it does not
        if (!regular)
            continue;
        if (!inTable)
            sample.headBytes = rows.position();
        if (sample.ends.size() < notedEnds)
            sample.ends.push_back(rows.nextPosition());
        for (std::size_t i = 0; i < sample.width; ++i) {
            const auto& field = rows.fields()[i];
            sample.columns[i].push_back(field.escapes != DelimitedField::Escapes::None
                                            ? std::string_view(sample.unquoted.emplace_back(field.text(scratch)))
                                            : field.raw);
        }
    }
}
} // namespace

DelimitedSample sampleDelimited(std::string_view text, const Dialect& dialect)
{
    DelimitedSample sample{.dialect = dialect};
    WidthCount count(text, sample);
    if (sample.width <= DelimitedRows::maxFields)
        takeColumns(text, sample);
    return sample;
}

bool ColumnProfile::fewDistinct() const
{
    return distinct <= 200 && (distinct * 20 < present || (distinct <= 2 && present >= 4 * distinct));
}

namespace
{
/// What the column's numbers look like when they are not written plainly.
std::optional<NumberStyle> styleOf(const ColumnProfile& profile, const std::vector<std::string_view>& values,
                                   std::optional<DecimalMark> mark)
{
    if (!mark)
        return std::nullopt;
    if (profile.booleans)
        return NumberStyle::booleans();
    if (profile.time || profile.levels > 0 || (profile.numeric() && mark == DecimalMark::Point))
        return std::nullopt;
    auto style = NumberStyle::learn(values, *mark);
    return style && !style->plain() ? style : std::nullopt;
}

void readStyled(ColumnProfile& profile, const std::vector<std::string_view>& values)
{
    std::vector<double> numbers;
    for (const auto value : values)
        if (!isMissingText(value))
            if (const auto number = profile.style.read(value))
                numbers.push_back(*number);
    profile.numbers = numbers.size();
    profileNumbers(profile, numbers);
}
} // namespace

ColumnProfile profileColumn(std::string name, const std::vector<std::string_view>& values,
                            const ProfileContext& context)
{
    ColumnProfile profile{.name = std::move(name), .values = values.size()};
    std::unordered_set<std::string_view> distinct;
    std::vector<double> numbers;
    std::size_t bytes = 0;
    std::size_t booleans = 0;
    for (const auto value : values) {
        if (isMissingText(value))
            continue;
        ++profile.present;
        bytes += value.size();
        if (distinct.size() <= ColumnProfile::maxDistinct)
            distinct.insert(value);
        if (const auto number = readNumber(value)) {
            numbers.push_back(*number);
            continue;
        }
        const auto plain = trim(value);
        profile.spaced += plain.find(' ') != std::string_view::npos ? 1U : 0U;
        profile.levels += plain.size() <= 12 && parseLevel(plain) ? 1U : 0U;
        booleans += readBoolean(plain) ? 1U : 0U;
    }
    profile.numbers = numbers.size();
    profile.distinct = distinct.size();
    profile.meanBytes = profile.present == 0 ? 0.0 : static_cast<double>(bytes) / static_cast<double>(profile.present);
    profile.booleans = profile.present > 0 && booleans * 20 >= profile.present * 19;
    profileNumbers(profile, numbers);
    profile.time = learnTime(profile, values, context.options, context.assumedYear);
    if (auto style = styleOf(profile, values, context.mark)) {
        profile.style = std::move(*style);
        readStyled(profile, values);
    }
    return profile;
}

} // namespace faultline::records
