// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/column_choice.h"
#include "engine/core/text.h"
#include "engine/records/timestamp.h"
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
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
        const bool named = isTimeName(profile.name) && profile.name.size() > 1;
        if (!taken[i] && named && profile.numeric() && profile.ordered && profile.present >= 3 && !profile.countsUp)
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

std::optional<ZoneChoice> chooseZones(const TableEvidence& table, const std::vector<bool>& taken)
{
    for (std::size_t i = 0; i < table.profiles.size(); ++i) {
        const auto& profile = table.profiles[i];
        if (taken[i] || profile.present == 0 || profile.time || profile.distinct > 200)
            continue;
        std::string name;
        for (const char c : profile.name.substr(0, 64))
            name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const bool named = name.find("zone") != std::string::npos || name.find("offset") != std::string::npos ||
                           name == "tz" || name.starts_with("tz_") || name.ends_with("_tz");
        const auto& values = table.sample.columns[i];
        const bool countsOnly =
            profile.numeric() && std::any_of(values.begin(), values.end(), [](std::string_view value) {
                return !isMissingText(value) && trim(value).size() < 5; // `-3` measures something
            });
        const auto first = std::find_if_not(values.begin(), values.end(), isMissingText);
        const bool iana = profile.textual() && first != values.end() && first->find('/') != std::string_view::npos;
        if ((!named && !iana) || countsOnly)
            continue;
        if (auto zones = ColumnZones::learn(values); zones && (named || !zones->allOffsets()))
            return ZoneChoice{i, std::move(*zones)};
    }
    return std::nullopt;
}

bool holdsVerdicts(const TableEvidence& table, std::size_t column)
{
    constexpr std::array<std::string_view, 4> ambiguous{"label", "labels", "target", "class"};
    constexpr std::array<std::string_view, 26> verdicts{
        "normal", "anomaly",   "anomalous", "anomalies", "abnormal", "outlier", "inlier",  "benign",  "malicious",
        "attack", "intrusion", "fault",     "faulty",    "fail",     "failed",  "failure", "healthy", "ok",
        "good",   "bad",       "positive",  "negative",  "pass",     "passed",  "error",   "no fault"};
    const auto& profile = table.profiles[column];
    if (!isTruthName(profile.name) || profile.distinct > 50)
        return false;
    const auto isAmong = [](std::string text, std::span<const std::string_view> words) {
        for (auto& c : text)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        return std::find(words.begin(), words.end(), text) != words.end();
    };
    const auto& values = table.sample.columns[column];
    const bool says = std::any_of(values.begin(), values.end(), [&](std::string_view value) {
        return isAmong(std::string(trim(value).substr(0, 16)), verdicts);
    });
    const bool mostlyEmpty = profile.present * 2 < profile.values; // names the fault where there is one
    return says || profile.numeric() || profile.booleans ||
           (profile.spaced == 0 && (mostlyEmpty || !isAmong(profile.name, ambiguous)));
}

namespace
{
/// How far the times of one column are ahead of another's, when they run in step: in nine rows of ten by the same time,
/// to a thousandth of it or two seconds. Moments that are apart for a reason (birth and visit) are never that even.
std::optional<DurationUs> constantLead(const TableEvidence& table, std::size_t column, std::size_t behind)
{
    constexpr std::size_t rowsCompared = 1'000;
    const auto& ours = table.sample.columns[column];
    const auto& theirs = table.sample.columns[behind];
    std::vector<DurationUs> leads;
    for (std::size_t row = 0; row < std::min({ours.size(), theirs.size(), rowsCompared}); ++row) {
        const auto our = table.profiles[column].time->readLocal(ours[row]);
        const auto their = table.profiles[behind].time->readLocal(theirs[row]);
        if (our && their)
            leads.push_back(our->time_us - their->time_us);
    }
    if (leads.size() < 3)
        return std::nullopt;
    const auto middle = leads.begin() + static_cast<std::ptrdiff_t>(leads.size() / 2);
    std::nth_element(leads.begin(), middle, leads.end());
    const auto lead = *middle;
    const auto tolerance = std::max(2 * second_us, std::abs(lead) / 1'000);
    const auto same = std::count_if(leads.begin(), leads.end(),
                                    [&](DurationUs other) { return std::abs(other - lead) <= tolerance; });
    return static_cast<std::size_t>(same) * 10 >= leads.size() * 9 ? std::optional(lead) : std::nullopt;
}

/// The column of numbers, or the written dates with a year that prove that it does not count from 1970.
ChosenTime checkedEpoch(const TableEvidence& table, const std::vector<bool>& taken, std::size_t epoch)
{
    for (std::size_t i = 0; i < table.profiles.size(); ++i) {
        const auto& time = table.profiles[i].time;
        if (taken[i] || !time || time->isEpoch() || time->missingDate() != MissingDate::None ||
            isDateOnly(table.profiles[i]))
            continue;
        if (const auto lead = constantLead(table, epoch, i); lead && std::abs(*lead) > 26 * hour_us) // beyond any zone
            return {.time = TableTime(i, *time), .mistaken = epoch, .ahead_us = *lead};
    }
    return {.time = TableTime(epoch, *table.profiles[epoch].time)};
}
} // namespace

std::optional<ChosenTime> chooseTime(const TableEvidence& table, const std::vector<bool>& taken)
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
    if (best && table.profiles[*best].time->isEpoch())
        return checkedEpoch(table, taken, *best);
    if (best)
        return ChosenTime{TableTime(*best, *table.profiles[*best].time)};
    if (auto time = splitTime(table, taken))
        return ChosenTime{std::move(*time)};
    if (auto parts = pieces(table, taken, date); parts.size() >= (date ? 2U : 3U))
        if (auto time = learn(table, std::move(parts)))
            return ChosenTime{std::move(*time)};
    if (date)
        return ChosenTime{TableTime(*date, *table.profiles[*date].time)};
    if (auto time = excelTime(table, taken))
        return ChosenTime{std::move(*time)};
    return std::nullopt;
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
                           !messageNameRank(profile.name) && !levelNameRank(profile.name) &&
                           !holdsVerdicts(question.table, i);
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
