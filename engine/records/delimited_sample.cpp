// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/delimited_sample.h"
#include "engine/core/text.h"
#include "engine/records/delimited_rows.h"
#include "engine/records/field_roles.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <unordered_set>

namespace faultline::records
{

namespace
{
constexpr std::size_t timeSamples = 1'000;

bool isBooleanWord(std::string_view text)
{
    std::string lower(text.substr(0, 6));
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    constexpr std::array<std::string_view, 6> words{"true", "false", "yes", "no", "on", "off"};
    return std::find(words.begin(), words.end(), lower) != words.end();
}

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

std::vector<std::string> DelimitedSample::takeHeader()
{
    hasHeader = true;
    std::vector<std::string> row;
    for (auto& column : columns) {
        row.emplace_back(column.front());
        column.erase(column.begin());
    }
    return row;
}

DelimitedSample sampleDelimited(std::string_view text, char delimiter)
{
    DelimitedSample sample{.delimiter = delimiter};
    std::map<std::size_t, std::size_t> widths;
    std::size_t firstWidth = 0;
    for (DelimitedRows rows(text, delimiter); sample.rows < DelimitedSample::maxRows && rows.next();) {
        if (rows.blank())
            continue;
        ++sample.rows;
        const auto width = rows.problem() == DelimitedRows::Problem::None ? rows.fieldCount() : 0;
        ++widths[width];
        if (sample.rows == 1)
            firstWidth = width;
    }
    for (const auto& [width, count] : widths)
        if (width > 0 && count >= sample.regular) {
            sample.width = width;
            sample.regular = count;
        }
    sample.firstRowRegular = firstWidth == sample.width;
    if (sample.width > DelimitedRows::maxFields)
        return sample;
    sample.columns.resize(sample.width);
    std::string scratch;
    std::size_t seen = 0;
    for (DelimitedRows rows(text, delimiter); seen < sample.rows && rows.next();) {
        if (rows.blank())
            continue;
        ++seen;
        if (rows.problem() != DelimitedRows::Problem::None || rows.fieldCount() != sample.width)
            continue;
        for (std::size_t i = 0; i < sample.width; ++i) {
            const auto& field = rows.fields()[i];
            sample.columns[i].push_back(
                field.doubledQuotes ? std::string_view(sample.unquoted.emplace_back(field.text(scratch))) : field.raw);
        }
    }
    return sample;
}

bool ColumnProfile::fewDistinct() const
{
    return distinct <= 200 && (distinct * 20 < present || (distinct <= 2 && present >= 4 * distinct));
}

ColumnProfile profileColumn(std::string name, const std::vector<std::string_view>& values, const ParseOptions& options,
                            int assumedYear)
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
        booleans += isBooleanWord(plain) ? 1U : 0U;
    }
    profile.numbers = numbers.size();
    profile.distinct = distinct.size();
    profile.meanBytes = profile.present == 0 ? 0.0 : static_cast<double>(bytes) / static_cast<double>(profile.present);
    profile.booleans = profile.present > 0 && booleans * 20 >= profile.present * 19;
    profileNumbers(profile, numbers);
    profile.time = learnTime(profile, values, options, assumedYear);
    return profile;
}

bool firstRowIsHeader(const DelimitedSample& sample, const ParseOptions& options, int assumedYear)
{
    if (!sample.firstRowRegular || sample.columns.empty() || sample.columns.front().size() < 2)
        return false;
    std::size_t typed = 0;
    std::size_t unlike = 0;
    std::size_t names = 0;
    bool repeated = false;
    std::unordered_set<std::string_view> distinct;
    for (const auto& column : sample.columns) {
        const auto cell = column.front();
        const std::vector<std::string_view> below(
            column.begin() + 1,
            column.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(column.size(), 200)));
        const auto profile = profileColumn(std::string(cell.substr(0, 128)), below, options, assumedYear);
        names += looksLikeName(cell) ? 1U : 0U;
        repeated =
            repeated || !distinct.insert(cell).second || std::find(below.begin(), below.end(), cell) != below.end();
        if (isMissingText(cell) || !(profile.numeric() || profile.time))
            continue;
        ++typed;
        const bool fits = profile.numeric() ? readNumber(cell).has_value() : profile.time->read(cell).has_value();
        unlike += fits ? 0U : 1U;
    }
    if (typed > 0)
        return unlike * 2 >= typed && unlike > 0;
    return names == sample.width && !repeated;
}

} // namespace faultline::records
