// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/number_style.h"
#include "engine/core/text.h"
#include "engine/records/decimal.h"
#include "engine/records/field_roles.h"
#include "engine/records/unit_families.h"
#include <algorithm>

namespace faultline::records
{

namespace
{
constexpr std::size_t longestNumber = 64;
constexpr std::size_t learnedFrom = 1'000;

/// A cell taken apart: what stands around its number, and the number's marks.
struct Cell {
    std::string_view affix; ///< currency in front or unit behind; at most one of the two
    std::string digits;     ///< sign, digits and exponent, with '.' for each point, ',' for each comma, ' ' for each
                            ///< other group separator
    [[nodiscard]] std::size_t count(char mark) const
    {
        return static_cast<std::size_t>(std::count(digits.begin(), digits.end(), mark));
    }
};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// The length of a group separator other than point and comma: blank, apostrophe, no-break and narrow no-break space.
std::size_t separatorBytes(std::string_view text)
{
    for (const std::string_view separator : {" ", "'", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x99"})
        if (text.starts_with(separator))
            return separator.size();
    return 0;
}

std::optional<Cell> takeApart(std::string_view text)
{
    text = trim(text);
    Cell cell;
    std::size_t at = 0;
    while (at < text.size() && !isDigit(text[at]) && text[at] != '.' && text[at] != ',' && text[at] != '-' &&
           text[at] != '+')
        ++at;
    cell.affix = trim(text.substr(0, at));
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) {
        if (text[at++] == '-')
            cell.digits += '-';
        if (cell.affix.empty() && at < text.size() && !isDigit(text[at])) { // -$5
            const auto number = std::min(text.find_first_of("0123456789.,", at), text.size());
            cell.affix = trim(text.substr(at, number - at));
            at = number;
        }
    }
    if (!cell.affix.empty() && !isCurrency(cell.affix))
        return std::nullopt; // `node 5` is a name
    bool any = false;
    while (at < text.size() && cell.digits.size() < longestNumber) {
        const auto rest = text.substr(at);
        const auto separator = separatorBytes(rest);
        const bool grouped = separator > 0 && any && rest.size() > separator && isDigit(rest[separator]);
        if (!isDigit(text[at]) && text[at] != '.' && text[at] != ',' && !grouped)
            break;
        any = any || isDigit(text[at]);
        cell.digits += grouped ? ' ' : text[at];
        at += grouped ? separator : 1;
    }
    auto rest = text.substr(at);
    if (any && rest.size() >= 2 && (rest[0] == 'e' || rest[0] == 'E') &&
        (isDigit(rest[1]) || (rest.size() > 2 && (rest[1] == '-' || rest[1] == '+') && isDigit(rest[2])))) {
        const auto end = std::min(rest.find_first_not_of("0123456789", 2), rest.size());
        cell.digits += 'e';
        cell.digits += rest.substr(rest[1] == '+' ? 2 : 1, end - (rest[1] == '+' ? 2 : 1));
        rest.remove_prefix(end);
    }
    rest = trim(rest);
    if (!any || (!rest.empty() && !cell.affix.empty()) || rest.find_first_of("0123456789") == 0)
        return std::nullopt;
    cell.affix = rest.empty() ? cell.affix : rest;
    return cell.affix.size() <= 16 ? std::optional(std::move(cell)) : std::nullopt;
}

/// The number with this decimal mark; each other mark must stand in front of exactly three digits.
std::optional<double> valueOf(const Cell& cell, DecimalMark decimal)
{
    const char point = decimal == DecimalMark::Point ? '.' : ',';
    std::string plain;
    std::size_t sinceGroup = 0; // digits behind the last mark, or the start
    bool grouped = false, fraction = false;
    const auto mantissaEnd = std::min(cell.digits.find('e'), cell.digits.size());
    const auto groupEnds = [&] { return grouped ? sinceGroup == 3 : true; };
    for (const char c : std::string_view(cell.digits).substr(0, mantissaEnd)) {
        if (c == point) {
            if (fraction || !groupEnds())
                return std::nullopt;
            fraction = true;
            plain += '.';
        } else if (isDigit(c) || c == '-') {
            sinceGroup += isDigit(c) && !fraction ? 1U : 0U;
            plain += c;
        } else {
            if (fraction || (grouped ? sinceGroup != 3 : sinceGroup == 0 || sinceGroup > 3))
                return std::nullopt;
            grouped = true;
            sinceGroup = 0;
        }
    }
    if (!groupEnds())
        return std::nullopt;
    plain += std::string_view(cell.digits).substr(mantissaEnd);
    return readDecimal(plain);
}

bool hasMarks(const Cell& cell)
{
    return cell.digits.find_first_of("., ") != std::string::npos;
}

std::vector<Cell> cellsOf(std::span<const std::string_view> values, std::size_t& present)
{
    std::vector<Cell> cells;
    present = 0;
    for (const auto value : values.first(std::min(values.size(), learnedFrom))) {
        if (isMissingText(value))
            continue;
        ++present;
        if (auto cell = takeApart(value))
            cells.push_back(std::move(*cell));
    }
    return cells;
}

bool most(std::size_t count, std::size_t all)
{
    return all > 0 && count * 20 >= all * 19;
}
} // namespace

NumberStyle NumberStyle::booleans()
{
    NumberStyle style;
    style.m_kind = Kind::Boolean;
    return style;
}

std::optional<DecimalMark> NumberStyle::provenMark(std::span<const std::string_view> values)
{
    std::size_t present = 0;
    const auto cells = cellsOf(values, present);
    if (!most(cells.size(), present))
        return std::nullopt;
    std::size_t point = 0, comma = 0, onlyPoint = 0, onlyComma = 0;
    for (const auto& cell : cells) {
        const bool asPoint = valueOf(cell, DecimalMark::Point).has_value();
        const bool asComma = valueOf(cell, DecimalMark::Comma).has_value();
        point += asPoint ? 1U : 0U;
        comma += asComma ? 1U : 0U;
        onlyPoint += asPoint && !asComma ? 1U : 0U;
        onlyComma += asComma && !asPoint ? 1U : 0U;
    }
    if (onlyComma > 0 && most(comma, present) && comma > point)
        return DecimalMark::Comma;
    return onlyPoint > 0 && most(point, present) ? std::optional(DecimalMark::Point) : std::nullopt;
}

std::optional<NumberStyle> NumberStyle::learn(std::span<const std::string_view> values, DecimalMark mark)
{
    std::size_t present = 0;
    const auto cells = cellsOf(values, present);
    if (!most(cells.size(), present))
        return std::nullopt;
    NumberStyle style;
    style.m_mark = provenMark(values).value_or(mark);
    std::size_t read = 0;
    bool marked = false;
    std::vector<std::string> affixes;
    for (const auto& cell : cells) {
        read += valueOf(cell, style.m_mark) ? 1U : 0U;
        marked = marked || hasMarks(cell);
        style.m_grouped =
            style.m_grouped || cell.count(' ') > 0 || cell.count(style.m_mark == DecimalMark::Point ? ',' : '.') > 0;
        if (std::find(affixes.begin(), affixes.end(), cell.affix) == affixes.end() && affixes.size() < 64)
            affixes.emplace_back(cell.affix);
    }
    if (!most(read, present) || !style.chooseUnits(affixes))
        return std::nullopt;
    const bool plain = style.m_factors.empty() && !style.m_grouped && !(marked && style.m_mark == DecimalMark::Comma);
    style.m_kind = plain ? Kind::Plain : Kind::Styled;
    return style;
}

/// One affix in all cells is the unit; several have to be of one family, whose base is the unit then.
bool NumberStyle::chooseUnits(std::span<const std::string> affixes)
{
    if (affixes.size() == 1 && affixes.front().empty())
        return true;
    const auto family = unitFamilyOf(affixes);
    if (!family)
        return false;
    m_unit = family->base;
    for (const auto& affix : affixes)
        m_factors.push_back({.affix = affix, .factor = family->factorOf(affix).value_or(1.0)});
    // Cells further on may have other units of the family.
    for (const auto& [name, factor] : family->units)
        m_factors.push_back({.affix = std::string(name), .factor = factor});
    return true;
}

std::optional<double> NumberStyle::factorOf(std::string_view affix) const
{
    for (const auto& known : m_factors)
        if (known.affix == affix)
            return known.factor;
    return affix.empty() && m_factors.empty() ? std::optional(1.0) : std::nullopt;
}

std::optional<double> NumberStyle::read(std::string_view text) const
{
    if (m_kind == Kind::Plain)
        return readNumber(text);
    if (m_kind == Kind::Boolean)
        return readBoolean(trim(text));
    const auto cell = takeApart(text);
    if (!cell)
        return std::nullopt;
    const auto value = valueOf(*cell, m_mark);
    const auto factor = factorOf(cell->affix);
    return value && factor ? std::optional(*value * *factor) : std::nullopt;
}

std::string NumberStyle::description() const
{
    std::string text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    if (m_kind == Kind::Boolean)
        add("true and yes are 1, false and no are 0");
    if (m_kind == Kind::Styled && m_mark == DecimalMark::Comma)
        add("decimal comma");
    if (m_grouped)
        add("digits in groups of three");
    if (!m_factors.empty() && !m_unit.empty())
        add("cells with units, read in " + displayText(m_unit));
    return text;
}

} // namespace faultline::records
