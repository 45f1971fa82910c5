// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/delimited_header.h"
#include "engine/core/text.h"
#include "engine/records/field_roles.h"
#include "engine/records/unit_families.h"
#include <algorithm>
#include <set>
#include <unordered_set>

namespace faultline::records
{

namespace
{
constexpr std::size_t maxHeaderRows = 8;
constexpr std::size_t bodyRows = 200;

bool looksLikeName(std::string_view cell)
{
    cell = trim(cell);
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@' || c == '#' || c == '%' ||
               (static_cast<unsigned char>(c) & 0x80U) != 0;
    };
    return !cell.empty() && cell.size() <= 128 && plain(cell.front()) &&
           cell.find_first_of("={}<>;") == std::string_view::npos && std::count(cell.begin(), cell.end(), ' ') <= 4;
}

/// What the rows from `first` on hold.
std::vector<ColumnProfile> profileBody(const DelimitedSample& sample, std::size_t first, const ProfileContext& context)
{
    std::vector<ColumnProfile> profiles;
    for (const auto& column : sample.columns) {
        const auto last = std::min(column.size(), first + bodyRows);
        const std::vector<std::string_view> body(column.begin() + static_cast<std::ptrdiff_t>(first),
                                                 column.begin() + static_cast<std::ptrdiff_t>(last));
        profiles.push_back(profileColumn(std::string(column[first - 1].substr(0, 128)), body, context));
    }
    return profiles;
}

bool fits(const ColumnProfile& profile, std::string_view cell)
{
    return profile.numeric() ? profile.style.read(cell).has_value() : profile.time->read(cell).has_value();
}

/// How a row compares with what stands below it.
struct Likeness {
    std::size_t typed = 0;  ///< cells over columns of numbers or times
    std::size_t unlike = 0; ///< of these, cells that are neither
    std::size_t names = 0, present = 0, units = 0;
};

Likeness compare(const DelimitedSample& sample, std::size_t row, const std::vector<ColumnProfile>& body)
{
    Likeness likeness;
    for (std::size_t i = 0; i < sample.width; ++i) {
        const auto cell = sample.columns[i][row];
        likeness.names += looksLikeName(cell) ? 1U : 0U;
        if (isMissingText(cell))
            continue;
        ++likeness.present;
        likeness.units += isUnit(trim(cell)) ? 1U : 0U;
        if (!body[i].numeric() && !body[i].time)
            continue;
        ++likeness.typed;
        likeness.unlike += fits(body[i], cell) ? 0U : 1U;
    }
    return likeness;
}

bool repeatsItself(const DelimitedSample& sample)
{
    std::unordered_set<std::string_view> distinct;
    for (const auto& column : sample.columns) {
        const auto last = column.begin() + static_cast<std::ptrdiff_t>(std::min(column.size(), bodyRows));
        if (!distinct.insert(column.front()).second || std::find(column.begin() + 1, last, column.front()) != last)
            return true;
    }
    return false;
}

bool firstRowIsHeader(const DelimitedSample& sample, const ProfileContext& context)
{
    const auto likeness = compare(sample, 0, profileBody(sample, 1, context));
    if (likeness.typed > 0)
        return likeness.unlike * 2 >= likeness.typed && likeness.unlike > 0;
    return likeness.names == sample.width && !repeatsItself(sample);
}

/// How many rows of the header there are, when the table surely begins further down.
std::size_t headerRows(const DelimitedSample& sample, const ProfileContext& context)
{
    const auto rows = sample.columns.front().size();
    const auto bodyStart = std::min(maxHeaderRows, rows / 2);
    const bool first = rows >= 2 && firstRowIsHeader(sample, context);
    if (bodyStart < 2)
        return first ? 1 : 0;
    const auto body = profileBody(sample, bodyStart, context);
    std::size_t count = 0;
    for (; count < std::min(maxHeaderRows, rows - 1); ++count) {
        const auto row = compare(sample, count, body);
        const bool indexName = count > 0 && row.present == 1 && sample.width > 2 &&
                               !isMissingText(sample.columns.front()[count]) && row.unlike == row.typed;
        const bool several = row.unlike >= 2 || (row.unlike == 1 && row.units > 0);
        if (!indexName && !(row.typed == row.unlike && several))
            break;
    }
    return std::max<std::size_t>(count, first ? 1 : 0);
}

/// Files that were joined have their header again further down: not among the values that the header is told from.
void dropRepeats(DelimitedSample& sample)
{
    auto& columns = sample.columns;
    if (!std::all_of(columns.begin(), columns.end(), [](const auto& column) { return looksLikeName(column.front()); }))
        return;
    std::vector<std::size_t> repeats;
    for (std::size_t row = 1; row < columns.front().size(); ++row)
        if (std::all_of(columns.begin(), columns.end(),
                        [row](const auto& column) { return column[row] == column.front(); }))
            repeats.push_back(row);
    if (repeats.size() * 3 > columns.front().size()) // a table of few different texts
        return;
    for (auto& column : columns)
        for (auto row = repeats.rbegin(); row != repeats.rend(); ++row)
            column.erase(column.begin() + static_cast<std::ptrdiff_t>(*row));
}

std::vector<std::string> takeRow(DelimitedSample& sample)
{
    std::vector<std::string> row;
    for (auto& column : sample.columns) {
        row.emplace_back(trim(column.front()));
        column.erase(column.begin());
    }
    return row;
}

/// A header beside the table: a comment, or a row with one cell less.
bool takeCandidate(DelimitedSample& sample)
{
    auto cells = sample.headerCandidate;
    if (cells.empty() || !std::all_of(cells.begin(), cells.end(),
                                      [](const std::string& cell) { return cell.empty() || looksLikeName(cell); }))
        return false;
    if (cells.size() < sample.width) {
        const auto& last = sample.columns.back();
        const bool trailing =
            std::all_of(last.begin(), last.end(), [](std::string_view cell) { return trim(cell).empty(); });
        cells.insert(trailing ? cells.end() : cells.begin(), "");
    }
    sample.header.push_back(std::move(cells));
    return true;
}

bool isUnitRow(const std::vector<std::string>& row)
{
    std::size_t units = 0, others = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const bool unit = isUnit(row[i]);
        units += unit ? 1U : 0U;
        others += !unit && !isMissingText(row[i]) && i > 0 ? 1U : 0U;
    }
    return units > 0 && others * 4 <= units;
}

bool isIndexNameRow(const std::vector<std::string>& row)
{
    return row.size() > 2 && !row.front().empty() &&
           std::all_of(row.begin() + 1, row.end(), [](const std::string& cell) { return cell.empty(); });
}

/// Cells without text belong to the name on their left, as in a spreadsheet with joined cells.
void fillFromLeft(std::vector<std::string>& row)
{
    for (std::size_t i = 2; i < row.size(); ++i)
        if (row[i].empty())
            row[i] = row[i - 1];
}

std::string withoutBrackets(const std::string& unit)
{
    const bool bracketed = unit.size() > 2 && (unit.front() == '[' || unit.front() == '(');
    return bracketed ? unit.substr(1, unit.size() - 2) : unit;
}

void nameColumns(const DelimitedSample& sample, DelimitedHeader& header)
{
    auto levels = sample.header;
    std::string indexName;
    if (levels.size() > 1 && isIndexNameRow(levels.back())) {
        indexName = levels.back().front();
        levels.pop_back();
    }
    for (std::size_t i = 1; i < levels.size();) {
        if (!isUnitRow(levels[i])) {
            ++i;
            continue;
        }
        for (std::size_t column = 0; column < sample.width; ++column)
            if (isUnit(levels[i][column]))
                header.columns[column].unit = withoutBrackets(levels[i][column]);
        levels.erase(levels.begin() + static_cast<std::ptrdiff_t>(i));
    }
    for (std::size_t level = 0; level + 1 < levels.size(); ++level)
        fillFromLeft(levels[level]);
    for (std::size_t column = 0; column < sample.width; ++column) {
        auto& name = header.columns[column].name;
        for (const auto& level : levels)
            if (!level[column].empty())
                name += (name.empty() ? "" : "/") + level[column];
    }
    if (!indexName.empty())
        header.columns.front().name = indexName;
}

void makeDistinct(DelimitedHeader& header)
{
    std::set<std::string> used;
    for (auto& column : header.columns) {
        const auto base = column.name;
        for (int copy = 2; !column.name.empty() && !used.insert(column.name).second; ++copy) {
            column.name = base + '_' + std::to_string(copy);
            header.renamed += copy == 2 ? 1U : 0U;
        }
    }
}
} // namespace

DelimitedHeader takeHeader(DelimitedSample& sample, const ProfileContext& context)
{
    DelimitedHeader header{.columns = std::vector<DelimitedHeader::Column>(sample.width), .reason = {}};
    dropRepeats(sample);
    const auto rows = headerRows(sample, context);
    if (rows > 0 && rows <= sample.ends.size()) {
        for (std::size_t i = 0; i < rows; ++i)
            sample.header.push_back(takeRow(sample));
        sample.headBytes = sample.ends[rows - 1];
        header.reason = rows == 1 ? "the first row names the columns"
                                  : "the first " + std::to_string(rows) + " rows name the columns";
    } else if (takeCandidate(sample)) {
        header.reason = "a line before the rows names the columns";
    }
    sample.hasHeader = !sample.header.empty();
    if (sample.hasHeader) {
        nameColumns(sample, header);
    } else {
        header.reason = "no header: the first row looks like the others";
        for (std::size_t i = 0; i < sample.width; ++i)
            header.columns[i].name = "column_" + std::to_string(i);
    }
    makeDistinct(header);
    return header;
}

} // namespace faultline::records
