// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/table_time.h"
#include "engine/core/text.h"
#include "engine/records/field_roles.h"
#include <array>
#include <cmath>
#include <deque>

namespace faultline::records
{

namespace
{
using Piece = TableTime::Piece;
constexpr std::size_t learnedFrom = 1'000;
constexpr double excelOf1970 = 25'569.0;
constexpr double excelFirst = 20'000.0, excelLast = 80'000.0; // 1954 to 2119

struct Digits {
    std::size_t count;
    double first, last;
    std::string_view before;
};

Digits digitsOf(Piece piece)
{
    switch (piece) {
    case Piece::Year:
        return {4, 1900, 2200, ""};
    case Piece::Month:
        return {2, 1, 12, "-"};
    case Piece::Day:
        return {2, 1, 31, "-"};
    case Piece::Hour:
        return {2, 0, 24, " "};
    default:
        return {2, 0, 60, ":"};
    }
}

bool appendExcelSerial(double serial, std::string& text)
{
    if (!(serial >= excelFirst && serial <= excelLast))
        return false;
    // To the millisecond: a serial has no more digits than that.
    const auto ms = std::llround((serial - excelOf1970) * 86'400'000.0);
    text += formatIso8601(ms * 1'000);
    text.pop_back(); // the Z: it is local time
    return true;
}
} // namespace

std::optional<Piece> TableTime::pieceOfName(std::string_view name)
{
    std::string plain;
    for (const char c : trim(name).substr(0, 16))
        plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    constexpr std::array<std::pair<std::string_view, Piece>, 22> names{
        {{"year", Piece::Year},     {"yyyy", Piece::Year},     {"yr", Piece::Year},        {"month", Piece::Month},
         {"mon", Piece::Month},     {"mo", Piece::Month},      {"mm", Piece::Month},       {"day", Piece::Day},
         {"dy", Piece::Day},        {"dd", Piece::Day},        {"dayofmonth", Piece::Day}, {"day_of_month", Piece::Day},
         {"hour", Piece::Hour},     {"hr", Piece::Hour},       {"hh", Piece::Hour},        {"hours", Piece::Hour},
         {"minute", Piece::Minute}, {"min", Piece::Minute},    {"minutes", Piece::Minute}, {"second", Piece::Second},
         {"sec", Piece::Second},    {"seconds", Piece::Second}}};
    for (const auto& [known, piece] : names)
        if (plain == known)
            return piece;
    return std::nullopt;
}

bool TableTime::append(Piece piece, std::string_view cell, std::string& text)
{
    if (piece == Piece::Text) {
        if (!text.empty())
            text += ' ';
        text += trim(cell);
        return true;
    }
    const auto number = readNumber(cell);
    if (!number)
        return false;
    if (piece == Piece::ExcelSerial)
        return appendExcelSerial(*number, text);
    const auto digits = digitsOf(piece);
    if (*number < digits.first || *number > digits.last || *number != std::floor(*number))
        return false;
    const auto plain = std::to_string(static_cast<int>(*number));
    text += digits.before;
    text.append(digits.count - std::min(digits.count, plain.size()), '0');
    text += plain;
    return true;
}

std::optional<ZonedTime> TableTime::inZone(const FieldTime::Reading& reading, std::string_view zone) const
{
    if (isMissingText(zone))
        return m_time.zoned(reading);
    const auto* named = m_zones->find(zone);
    return named == nullptr ? std::nullopt : std::optional(ZonedTime{named->toUtc(reading.time_us)});
}

std::string TableTime::zone() const
{
    return m_zoneColumn ? "as another column says in each row" : m_time.zone();
}

/// What finer pieces would have added.
void TableTime::complete(std::string& text) const
{
    switch (m_parts.back().piece) {
    case Piece::Month:
        text += "-01 00:00:00";
        break;
    case Piece::Day:
        text += " 00:00:00";
        break;
    case Piece::Hour:
        text += ":00:00";
        break;
    case Piece::Minute:
        text += ":00";
        break;
    default:
        break;
    }
}

std::optional<TableTime> TableTime::learn(std::vector<Part> parts, const DelimitedSample& sample,
                                          const ParseOptions& options, int assumedYear)
{
    if (parts.empty())
        return std::nullopt;
    TableTime joined(0, FieldTime());
    joined.m_parts = std::move(parts);
    std::deque<std::string> texts;
    std::vector<std::string_view> values;
    const auto rows = std::min(sample.columns[joined.m_parts.front().column].size(), learnedFrom);
    for (std::size_t row = 0; row < rows; ++row) {
        auto& text = texts.emplace_back();
        bool whole = true;
        for (const auto& part : joined.m_parts)
            whole = whole && append(part.piece, sample.columns[part.column][row], text);
        joined.complete(text);
        values.emplace_back(whole ? std::string_view(text) : std::string_view("not a time"));
    }
    auto time = FieldTime::learn({.values = values, .assumedYear = assumedYear, .options = &options});
    if (!time)
        return std::nullopt;
    joined.m_time = std::move(*time);
    return joined;
}

std::string TableTime::format() const
{
    return m_parts.front().piece == Piece::ExcelSerial ? "days since 1899-12-30" : m_time.format();
}

} // namespace faultline::records
