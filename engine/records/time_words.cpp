// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/time_words.h"
#include <algorithm>
#include <array>
#include <utility>

namespace faultline::records
{

namespace
{

constexpr std::size_t longestMonth = 12;

struct Month {
    std::string_view name;
    int month;
};

/// In lower case; accented capitals do not begin a month's name.
constexpr std::array months{
    Month{"january", 1}, Month{"february", 2}, Month{"march", 3}, Month{"april", 4}, Month{"may", 5}, Month{"june", 6},
    Month{"july", 7}, Month{"august", 8}, Month{"september", 9}, Month{"october", 10}, Month{"november", 11},
    Month{"december", 12}, Month{"jan", 1}, Month{"feb", 2}, Month{"mar", 3}, Month{"apr", 4}, Month{"jun", 6},
    Month{"jul", 7}, Month{"aug", 8}, Month{"sep", 9}, Month{"sept", 9}, Month{"oct", 10}, Month{"nov", 11},
    Month{"dec", 12},
    // French
    Month{"janv", 1}, Month{"janvier", 1}, Month{"f\u00e9v", 2}, Month{"f\u00e9vr", 2}, Month{"f\u00e9vrier", 2},
    Month{"mars", 3}, Month{"avr", 4}, Month{"avril", 4}, Month{"mai", 5}, Month{"juin", 6}, Month{"jui", 6},
    Month{"juil", 7}, Month{"juillet", 7}, Month{"ao\u00fb", 8}, Month{"ao\u00fbt", 8}, Month{"aout", 8},
    Month{"septembre", 9}, Month{"octobre", 10}, Month{"novembre", 11}, Month{"d\u00e9c", 12},
    Month{"d\u00e9cembre", 12},
    // German
    Month{"januar", 1}, Month{"j\u00e4n", 1}, Month{"februar", 2}, Month{"m\u00e4r", 3}, Month{"m\u00e4rz", 3},
    Month{"juni", 6}, Month{"juli", 7}, Month{"okt", 10}, Month{"oktober", 10}, Month{"dez", 12}, Month{"dezember", 12},
    // Spanish, Italian, Portuguese
    Month{"ene", 1}, Month{"enero", 1}, Month{"gen", 1}, Month{"gennaio", 1}, Month{"fev", 2}, Month{"abr", 4},
    Month{"abril", 4}, Month{"mag", 5}, Month{"mayo", 5}, Month{"giu", 6}, Month{"lug", 7}, Month{"ago", 8},
    Month{"agosto", 8}, Month{"set", 9}, Month{"ott", 10}, Month{"out", 10}, Month{"dic", 12},
    // Dutch, Polish, Scandinavian
    Month{"mrt", 3}, Month{"mei", 5}, Month{"maj", 5}, Month{"sty", 1}, Month{"lut", 2}, Month{"kwi", 4},
    Month{"cze", 6}, Month{"lip", 7}, Month{"sie", 8}, Month{"wrz", 9}, Month{"pa\u017a", 10}, Month{"lis", 11},
    Month{"gru", 12}, Month{"des", 12}};

bool isNameByte(char c)
{
    const auto folded = static_cast<unsigned char>(c | 0x20);
    return (folded >= 'a' && folded <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

} // namespace

MonthWord monthWord(std::string_view text)
{
    std::array<char, longestMonth> folded{};
    std::size_t length = 0;
    for (; length < text.size() && isNameByte(text[length]); ++length) {
        if (length == longestMonth)
            return {};
        const char c = text[length];
        folded[length] = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    }
    const std::string_view word(folded.data(), length);
    for (const auto& each : months)
        if (each.name == word)
            return {each.month, length + (length < text.size() && text[length] == '.' ? 1 : 0)};
    return {};
}

std::optional<ZoneWord> zoneWord(std::string_view abbreviation)
{
    struct Shared {
        std::string_view name;
        int minutes;
        std::string_view meaning;
    };
    constexpr std::array shared{
        Shared{"IST", 330, "IST is read as India, +05:30 (it also stands for Ireland and Israel)"},
        Shared{"CST", -360, "CST is read as North American Central, -06:00 (it also stands for China and Cuba)"},
        Shared{"BST", 60, "BST is read as British summer time, +01:00 (it also stands for Bangladesh)"},
        Shared{"AST", -240, "AST is read as Atlantic, -04:00 (it also stands for Arabia)"},
        Shared{"ADT", -180, "ADT is read as Atlantic summer time, -03:00 (it also stands for Arabia)"},
        Shared{"GST", 240, "GST is read as Gulf, +04:00 (it also stands for South Georgia)"}};
    for (const auto& each : shared)
        if (each.name == abbreviation)
            return ZoneWord{each.minutes * minute_us, each.meaning};
    const auto offset_us = abbreviatedOffset(abbreviation);
    return offset_us ? std::optional(ZoneWord{*offset_us, {}}) : std::nullopt;
}

} // namespace faultline::records
