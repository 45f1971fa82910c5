// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/column_choice.h"
#include "engine/core/text.h"
#include "engine/records/timestamp.h"
#include <algorithm>
#include <charconv>
#include <numeric>
#include <set>
#include <tuple>

namespace faultline::records
{

namespace
{
using Part = TableTime::Part;
using Piece = TableTime::Piece;

bool isDateOnly(const ColumnProfile& profile)
{
    return profile.time && profile.time->format() == timeShapeName(TimeShape::DateOnly);
}

std::optional<TableTime> learn(const TableEvidence& table, std::vector<Part> parts)
{
    return TableTime::learn(std::move(parts), table.sample, table.options, table.assumedYear);
}

/// Date and time of day in columns side by side (Date,Time or Month,Date,Time).
std::optional<TableTime> splitTime(const TableEvidence& table, const std::vector<bool>& taken)
{
    const auto& profiles = table.profiles;
    for (std::size_t first = 0; first < profiles.size(); ++first) {
        for (const std::size_t count : {std::size_t{3}, std::size_t{2}}) {
            std::vector<Part> parts;
            for (auto i = first; i < std::min(profiles.size(), first + count); ++i) {
                const auto& name = profiles[i].name;
                if (!taken[i] && (timeNameRank(name) || name == "Month" || name == "Day"))
                    parts.push_back({i, Piece::Text});
            }
            if (parts.size() == count)
                if (auto time = learn(table, std::move(parts)))
                    return time;
        }
    }
    return std::nullopt;
}

/// The free columns named after pieces of a time, from the year down without a gap; behind `date` if there is one.
std::vector<Part> pieces(const TableEvidence& table, const std::vector<bool>& taken, std::optional<std::size_t> date)
{
    std::vector<Part> parts;
    if (date)
        parts.push_back({*date, Piece::Text});
    const auto first = static_cast<int>(date ? Piece::Hour : Piece::Year);
    for (int piece = first; piece <= static_cast<int>(Piece::Second); ++piece) {
        const auto before = parts.size();
        for (std::size_t i = 0; i < table.profiles.size() && parts.size() == before; ++i)
            if (!taken[i] && table.profiles[i].wholeNumbers && table.profiles[i].numeric() &&
                TableTime::pieceOfName(table.profiles[i].name) == static_cast<Piece>(piece))
                parts.push_back({i, static_cast<Piece>(piece)});
        if (parts.size() == before)
            break;
    }
    return parts;
}

/// Days since 1899-12-30: only of a column that is named after time, goes up, and holds dates of our days alone.
std::optional<TableTime> excelTime(const TableEvidence& table, const std::vector<bool>& taken)
{
    for (std::size_t i = 0; i < table.profiles.size(); ++i) {
        const auto& profile = table.profiles[i];
        const auto rank = timeNameRank(profile.name);
        if (!taken[i] && rank && *rank < 16 && profile.numeric() && profile.ordered && profile.present >= 3 &&
            !profile.countsUp)
            if (auto time = learn(table, {{i, Piece::ExcelSerial}}))
                return time;
    }
    return std::nullopt;
}

/// Whether the rows of one time and entity each have a series of their own, and some have several.
bool severalAtATime(const SeriesQuestion& question, const std::vector<std::size_t>& series)
{
    const auto& columns = question.table.sample.columns;
    const auto rowKey = [&](const std::vector<std::size_t>& keys, std::size_t row) {
        std::string key;
        for (const auto column : keys)
            key.append(columns[column][row]).push_back('\0');
        return key;
    };
    std::set<std::string> moments, cells;
    const auto rows = columns[series.front()].size();
    for (std::size_t row = 0; row < rows; ++row) {
        const auto moment = rowKey(question.keys, row);
        moments.insert(moment);
        cells.insert(moment + rowKey(series, row));
    }
    return moments.size() * 10 <= rows * 9 && cells.size() * 20 >= rows * 19;
}
} // namespace

std::string quotedName(const ColumnProfile& profile)
{
    return '`' + displayText(profile.name.substr(0, 80)) + '`';
}

Result<std::size_t> columnNamed(const TableEvidence& table, const std::string& name, const char* what)
{
    const auto& profiles = table.profiles;
    for (std::size_t i = 0; i < profiles.size(); ++i)
        if (profiles[i].name == name)
            return i;
    std::size_t index = 0;
    const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), index);
    if (!table.sample.hasHeader && problem == std::errc{} && end == name.data() + name.size() &&
        index < profiles.size())
        return index;
    std::vector<std::string> names;
    for (const auto& profile : profiles)
        names.push_back(profile.name);
    std::string hint;
    if (const auto nearest = nearestWord(name, names)) {
        hint = "did you mean " + displayText(*nearest) + "?";
    } else {
        hint = "the columns are ";
        for (std::size_t i = 0; i < names.size() && i < 12; ++i)
            hint += (i == 0 ? "" : ", ") + displayText(names[i].substr(0, 60));
        hint += names.size() > 12 ? ", ..." : "";
    }
    return fail({ErrorCode::Config,
                 "there is no column \"" + displayText(name) + "\" (asked for as the " + what + " column)",
                 {},
                 hint});
}

Result<std::vector<std::size_t>> columnsNamed(const TableEvidence& table, const std::string& names, const char* what)
{
    const bool whole = names.find(',') == std::string::npos ||
                       std::any_of(table.profiles.begin(), table.profiles.end(),
                                   [&](const ColumnProfile& profile) { return profile.name == names; });
    std::vector<std::size_t> columns;
    for (const auto name : whole ? std::vector<std::string_view>{names} : split(names, ',')) {
        const auto column = columnNamed(table, std::string(whole ? name : trim(name)), what);
        if (!column)
            return fail(column.error());
        columns.push_back(*column);
    }
    return columns;
}

std::optional<TableTime> chooseTime(const TableEvidence& table, const std::vector<bool>& taken)
{
    using Rank = std::tuple<int, bool>;
    std::optional<Rank> bestRank;
    std::optional<std::size_t> best, date;
    for (std::size_t i = 0; i < table.profiles.size(); ++i) {
        const auto& profile = table.profiles[i];
        if (taken[i] || !profile.time || isTruthName(profile.name))
            continue;
        if (isDateOnly(profile)) {
            date = date ? date : i;
            continue;
        }
        const Rank rank{timeNameRank(profile.name).value_or(1'000), profile.time->isEpoch()};
        if (!bestRank || rank < *bestRank) {
            bestRank = rank;
            best = i;
        }
    }
    if (best)
        return TableTime(*best, *table.profiles[*best].time);
    if (auto time = splitTime(table, taken))
        return time;
    if (auto parts = pieces(table, taken, date); parts.size() >= (date ? 2U : 3U))
        if (auto time = learn(table, std::move(parts)))
            return time;
    if (date)
        return TableTime(*date, *table.profiles[*date].time);
    return excelTime(table, taken);
}

Result<TableTime> timeInColumns(const TableEvidence& table, const std::vector<std::size_t>& columns)
{
    const auto& values = table.sample.columns[columns.front()];
    if (columns.size() == 1) {
        FieldTime::Question question{.values = std::span(values).first(std::min<std::size_t>(values.size(), 1'000)),
                                     .assumedYear = table.assumedYear,
                                     .tailAllowed = true,
                                     .options = &table.options};
        if (auto time = FieldTime::learn(question))
            return TableTime(columns.front(), std::move(*time));
        if (auto time = learn(table, {{columns.front(), Piece::ExcelSerial}}))
            return std::move(*time);
        question.asked = true;
        if (auto time = FieldTime::learn(question))
            return TableTime(columns.front(), std::move(*time));
    }
    std::vector<Part> texts, named;
    for (const auto column : columns) {
        texts.push_back({column, Piece::Text});
        const auto piece = TableTime::pieceOfName(table.profiles[column].name);
        named.push_back({column, piece && table.profiles[column].wholeNumbers ? *piece : Piece::Text});
    }
    for (auto& parts : {texts, named})
        if (auto time = learn(table, parts))
            return std::move(*time);
    std::string names;
    for (const auto column : columns)
        names += (names.empty() ? "" : ", ") + quotedName(table.profiles[column]);
    return fail(
        {ErrorCode::Config,
         (columns.size() == 1 ? "column " : "columns ") + names +
             (columns.size() == 1 ? " does not hold times that can be read" : " do not make up times that can be read"),
         {},
         "dates, or seconds, ms, us or ns since 1970, are read as times"});
}

std::vector<std::size_t> chooseSeries(const SeriesQuestion& question, std::vector<std::string>& reasons)
{
    const auto& profiles = question.table.profiles;
    if (question.table.options.layout == TableLayout::Wide || question.numbers.size() != 1 || question.keys.empty())
        return {};
    const bool valueNamed = isSeriesValueName(profiles[question.numbers.front()].name);
    std::vector<std::size_t> series;
    bool named = false;
    for (std::size_t i = 0; i < profiles.size(); ++i) {
        const auto& profile = profiles[i];
        const bool label = profile.textual() && !profile.booleans && !profile.time && profile.meanBytes <= 120.0 &&
                           profile.distinct * 2 <= std::max<std::size_t>(profile.present, 2) &&
                           !messageNameRank(profile.name) && !levelNameRank(profile.name) && !isTruthName(profile.name);
        const bool isSeries = question.table.sample.hasHeader && seriesNameRank(profile.name) &&
                              (valueNamed || *seriesNameRank(profile.name) < weakSeriesNameRank);
        if (question.taken[i] || !label || (profile.distinct < 2 && !isSeries))
            continue;
        named = named || isSeries;
        series.push_back(i);
    }
    if (series.empty() || (!named && question.table.options.layout != TableLayout::Long))
        return {};
    const bool proven = severalAtATime(question, series);
    const bool oneSeriesYet = named && valueNamed; // the rows of the next series are behind the sample
    if (!proven && !oneSeriesYet && question.table.options.layout != TableLayout::Long)
        return {};
    std::string names;
    for (const auto column : series)
        names += (names.empty() ? "" : " and ") + quotedName(profiles[column]);
    reasons.push_back("long layout: each row holds one value (" + quotedName(profiles[question.numbers.front()]) +
                      ") of the series that " + names + (series.size() == 1 ? " names" : " name") +
                      (proven ? "; rows of one time are joined into one record" : ""));
    return series;
}

} // namespace faultline::records
