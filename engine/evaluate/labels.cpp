// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/evaluate/labels.h"
#include "engine/core/system.h"
#include "engine/core/text.h"
#include "engine/evaluate/csv_rows.h"
#include <algorithm>
#include <cmath>

namespace faultline::evaluate
{

namespace
{
constexpr std::uint64_t fileLimitBytes = 1'000'000'000;
constexpr std::uint64_t rowLimit = 200'000'000; // a row takes a byte, so a stray number cannot take all memory

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c);
    });
    return lower;
}

std::optional<std::int8_t> labelOf(std::string_view text)
{
    const auto word = lowered(text);
    if (word == "1" || word == "true" || word == "anomaly" || word == "1.0")
        return std::int8_t{1};
    if (word == "0" || word == "false" || word == "normal" || word == "0.0")
        return std::int8_t{0};
    return std::nullopt;
}

/// ISO 8601, or seconds since 1970 as a number.
std::optional<TimeUs> timeOf(std::string_view text)
{
    if (const auto seconds = parseNumber(text))
        return std::abs(*seconds) < 9e12 ? std::optional(static_cast<TimeUs>(std::llround(*seconds * 1e6)))
                                         : std::nullopt;
    const auto time = parseIso8601(text);
    return time ? std::optional(*time) : std::nullopt;
}

/// Reads one file; each take*() adds one row and says what is wrong with it.
class LabelReader
{
public:
    explicit LabelReader(std::vector<std::string> header) : m_header(std::move(header))
    {
        for (auto& name : m_header)
            name = lowered(name);
        m_start = column("start");
        m_end = column("end");
        m_entity = column("entity");
        m_label = column("label") >= 0 ? column("label") : 1;
        m_labels.form = m_start >= 0 && m_end >= 0  ? Labels::Form::Ranges
                        : m_header.front() == "row" ? Labels::Form::Rows
                                                    : Labels::Form::Keys;
    }

    /// Empty when the header is one of the forms.
    [[nodiscard]] std::string headerProblem() const
    {
        const auto expected = "; expected `key,label`, `start,end[,entity]` or `row,label`";
        if (m_labels.form != Labels::Form::Ranges && m_header.size() < 2)
            return "the header has one column only" + std::string(expected);
        if (m_header.size() >= 2 && (labelOf(m_header[1]) || timeOf(m_header[0])))
            return "the first line is no header" + std::string(expected);
        return {};
    }
    [[nodiscard]] std::string take(const std::vector<std::string>& row)
    {
        switch (m_labels.form) {
        case Labels::Form::Ranges:
            return takeRange(row);
        case Labels::Form::Rows:
            return takeRow(row);
        case Labels::Form::Keys:
            break;
        }
        return takeKey(row);
    }
    [[nodiscard]] Labels result() { return std::move(m_labels); }

private:
    std::vector<std::string> m_header;
    int m_start = -1, m_end = -1, m_entity = -1, m_label = 1;
    Labels m_labels;

    [[nodiscard]] int column(std::string_view name) const
    {
        const auto found = std::ranges::find(m_header, name);
        return found == m_header.end() ? -1 : static_cast<int>(found - m_header.begin());
    }
    [[nodiscard]] static std::string_view field(const std::vector<std::string>& row, int column)
    {
        return column >= 0 && static_cast<std::size_t>(column) < row.size()
                   ? std::string_view(row[static_cast<std::size_t>(column)])
                   : std::string_view();
    }
    [[nodiscard]] static std::string wrongLabel(std::string_view text)
    {
        return "the label is `" + displayText(text.substr(0, 40)) + "`; expected 1/0, true/false or anomaly/normal";
    }

    std::string takeRange(const std::vector<std::string>& row)
    {
        const auto start = timeOf(field(row, m_start)), end = timeOf(field(row, m_end));
        if (!start || !end)
            return '`' + displayText(field(row, start ? m_end : m_start).substr(0, 40)) +
                   "` is not a time; expected 2026-03-12T14:03:30Z or seconds since 1970";
        if (*end < *start)
            return "the range ends before it starts";
        m_labels.ranges.push_back({*start, *end, std::string(field(row, m_entity))});
        return {};
    }
    std::string takeRow(const std::vector<std::string>& row)
    {
        const auto number = parseNumber(field(row, 0));
        if (!number || *number < 0.0 || *number != std::floor(*number))
            return '`' + displayText(field(row, 0).substr(0, 40)) + "` is not a row number; expected 0, 1, 2, ...";
        if (*number >= static_cast<double>(rowLimit))
            return "row numbers go up to " + formatCount(rowLimit);
        const auto label = labelOf(field(row, m_label));
        if (!label)
            return wrongLabel(field(row, m_label));
        const auto index = static_cast<std::size_t>(*number);
        if (index >= m_labels.rows.size())
            m_labels.rows.resize(index + 1, std::int8_t{-1});
        if (m_labels.rows[index] == 1 - *label)
            return "row " + formatCount(index) + " has both labels";
        m_labels.rows[index] = *label;
        return {};
    }
    std::string takeKey(const std::vector<std::string>& row)
    {
        const auto label = labelOf(field(row, m_label));
        if (!label)
            return wrongLabel(field(row, m_label));
        const auto [entry, isNew] = m_labels.keys.emplace(row.front(), *label);
        return isNew || entry->second == *label ? std::string() : '`' + displayText(row.front()) + "` has both labels";
    }
};
} // namespace

Result<Labels> readLabels(const std::string& path)
{
    const auto text = readSmallFile(path, fileLimitBytes);
    if (!text)
        return fail(text.error());
    CsvRows rows(*text);
    const auto wrong = [&](std::string what) {
        return fail({ErrorCode::Parse, std::move(what), {.file = path, .line = rows.line()}, {}});
    };
    auto header = rows.next();
    if (!header)
        return wrong("the file is empty; expected a header such as `key,label`, `start,end[,entity]` or `row,label`");
    LabelReader reader(std::move(*header));
    if (auto problem = reader.headerProblem(); !problem.empty())
        return wrong(std::move(problem));
    while (const auto row = rows.next())
        if (auto problem = reader.take(*row); !problem.empty())
            return wrong(std::move(problem));
    if (rows.unterminated())
        return wrong("a quoted field never ends");
    return reader.result();
}

} // namespace faultline::evaluate
