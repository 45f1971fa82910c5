// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/parameter_type.h"
#include "engine/records/templates/char_class.h"
#include "engine/records/templates/quantity_rules.h"
#include "engine/records/templates/word_rules.h"
#include <algorithm>
#include <array>
#include <charconv>

namespace faultline::records::templates
{

namespace
{

using std::string_view;

struct Unit {
    string_view text;
    ParameterType type;
    double factor; ///< to the base unit
};
constexpr double kilo = 1024.0;
/// Units as the scanner takes them into a variable, and those that are glued to numbers.
constexpr std::array<Unit, 43> units = {{
    {"ns", ParameterType::Duration, 1e-6},
    {"us", ParameterType::Duration, 1e-3},
    {"microseconds", ParameterType::Duration, 1e-3},
    {"ms", ParameterType::Duration, 1.0},
    {"msec", ParameterType::Duration, 1.0},
    {"milliseconds", ParameterType::Duration, 1.0},
    {"s", ParameterType::Duration, 1e3},
    {"sec", ParameterType::Duration, 1e3},
    {"secs", ParameterType::Duration, 1e3},
    {"seconds", ParameterType::Duration, 1e3},
    {"m", ParameterType::Duration, 6e4},
    {"min", ParameterType::Duration, 6e4},
    {"minutes", ParameterType::Duration, 6e4},
    {"h", ParameterType::Duration, 3.6e6},
    {"hours", ParameterType::Duration, 3.6e6},
    {"d", ParameterType::Duration, 8.64e7},
    {"days", ParameterType::Duration, 8.64e7},
    {"B", ParameterType::Size, 1.0},
    {"bytes", ParameterType::Size, 1.0},
    {"bits", ParameterType::Size, 0.125},
    {"kB", ParameterType::Size, kilo},
    {"KB", ParameterType::Size, kilo},
    {"KiB", ParameterType::Size, kilo},
    {"K", ParameterType::Size, kilo},
    {"KBytes", ParameterType::Size, kilo},
    {"kb", ParameterType::Size, kilo},
    {"Kb", ParameterType::Size, kilo},
    {"M", ParameterType::Size, kilo * kilo},
    {"MB", ParameterType::Size, kilo* kilo},
    {"Mb", ParameterType::Size, kilo* kilo},
    {"mb", ParameterType::Size, kilo* kilo},
    {"MiB", ParameterType::Size, kilo* kilo},
    {"G", ParameterType::Size, kilo* kilo* kilo},
    {"GB", ParameterType::Size, kilo* kilo* kilo},
    {"Gb", ParameterType::Size, kilo* kilo* kilo},
    {"gb", ParameterType::Size, kilo* kilo* kilo},
    {"GiB", ParameterType::Size, kilo* kilo* kilo},
    {"T", ParameterType::Size, kilo* kilo* kilo* kilo},
    {"TB", ParameterType::Size, kilo* kilo* kilo* kilo},
    {"TiB", ParameterType::Size, kilo* kilo* kilo* kilo},
    {"PB", ParameterType::Size, kilo* kilo* kilo* kilo* kilo},
    {"PiB", ParameterType::Size, kilo* kilo* kilo* kilo* kilo},
    {"%", ParameterType::Float, 1.0},
}};

struct Number {
    double value = 0.0;
    bool whole = true;
    string_view rest; ///< behind the number and a blank
};

/// `-1,234.5 ...`; a sign of comparison may stand before it.
std::optional<Number> leadingNumber(string_view text)
{
    if (!text.empty() && isOneOf(text[0], "<>"))
        text.remove_prefix(1);
    std::string digits;
    std::size_t at = 0;
    bool point = false;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        const bool next = at + 1 < text.size() && isDigit(text[at + 1]);
        if (isDigit(c) || (at == 0 && c == '-'))
            digits += c;
        else if (c == '.' && !point && next && at > 0) {
            digits += c;
            point = true;
        } else if (!(at == 0 && c == '+') && !(c == ',' && !point && at > 0 && next))
            break;
    }
    Number number{.value = 0.0, .whole = !point, .rest = text.substr(at)};
    const auto end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number.value);
    if (read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    if (number.rest.starts_with(' '))
        number.rest.remove_prefix(1);
    return number;
}

const Unit* unitNamed(string_view text)
{
    text = text.substr(0, text.find(" (")); // `2048 bytes (2.0 KB)`
    const auto found = std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return unit.text == text; });
    return found == units.end() ? nullptr : &*found;
}

bool allOf(string_view text, auto&& holds)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), holds);
}

bool isUuid(string_view text)
{
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (i == 8 || i == 13 || i == 18 || i == 23 ? text[i] != '-' : !isHex(text[i]))
            return false;
    return true;
}

bool isAddress(string_view text)
{
    const auto slash = text.rfind('/', text.size() > 1 ? std::min(text.size() - 2, text.find(':')) : 0);
    if (slash != string_view::npos)
        text.remove_prefix(slash + 1); // `host/10.0.0.1:80`, as Java prints it
    const auto port = text.rfind(':');
    const auto host = port != string_view::npos && text.find(':') == port ? text.substr(0, port) : text;
    if (std::count(host.begin(), host.end(), '.') == 3 &&
        allOf(host, [](char c) { return isDigit(c) || c == '.'; }))
        return true;
    return std::count(text.begin(), text.end(), ':') >= 2 &&
           allOf(text, [](char c) { return isHex(c) || isOneOf(c, ":.%"); });
}

bool isClock(string_view text)
{
    return text.size() >= 5 && std::count(text.begin(), text.end(), ':') <= 2 && text.find(':') <= 2 &&
           text.find(':') > 0 && allOf(text, [](char c) { return isDigit(c) || isOneOf(c, ":.,"); });
}

bool isHexNumber(string_view text)
{
    if (text.starts_with("0x") || text.starts_with("0X"))
        return allOf(text.substr(2), isHex);
    return text.size() >= 6 && allOf(text, isHex);
}

} // namespace

string_view nameOf(ParameterType type)
{
    constexpr std::array<string_view, lastParameterType + 1> names = {"word", "text", "boolean", "integer", "float",
                                                                      "hex",  "ip",   "uuid",    "path",    "url",
                                                                      "time", "duration", "size", "list"};
    return names[static_cast<std::size_t>(type)];
}

std::optional<ParameterType> typeOfValue(string_view value)
{
    if (value.empty() || value == "null" || value == "NULL")
        return std::nullopt;
    if (value.size() <= 5 && isValueOfLetters(value))
        return ParameterType::Boolean;
    if (const auto number = leadingNumber(value)) {
        if (number->rest.empty()) {
            const bool list = std::count(value.begin(), value.end(), ',') > 0 && value.find(' ') != string_view::npos;
            return list ? ParameterType::List : number->whole ? ParameterType::Integer : ParameterType::Float;
        }
        if (const auto* unit = unitNamed(number->rest))
            return unit->type;
    }
    if (isUuid(value))
        return ParameterType::Uuid;
    if (isClock(value) || endOfDate(value, 0) == value.size())
        return ParameterType::Time;
    if (isAddress(value))
        return ParameterType::Address;
    if (isHexNumber(value))
        return ParameterType::Hex;
    if (value.find("://") != string_view::npos)
        return ParameterType::Url;
    if (value[0] == '/' || (value.size() > 2 && value[1] == ':' && value[2] == '\\'))
        return ParameterType::Path;
    if (value.find(',') != string_view::npos)
        return ParameterType::List;
    return value.find(' ') == string_view::npos ? ParameterType::Word : ParameterType::Text;
}

ParameterType coveringType(ParameterTypes types)
{
    for (std::uint8_t i = 0; i <= lastParameterType; ++i)
        if (types == bitOf(static_cast<ParameterType>(i)))
            return static_cast<ParameterType>(i);
    const auto within = [&](auto... allowed) { return (types & ~(bitOf(allowed) | ...)) == 0; };
    if (types == 0)
        return ParameterType::Text;
    if (within(ParameterType::Integer, ParameterType::Float))
        return ParameterType::Float;
    if (within(ParameterType::Integer, ParameterType::Hex))
        return ParameterType::Hex;
    if (within(ParameterType::Integer, ParameterType::Float, ParameterType::Duration))
        return ParameterType::Duration;
    if (within(ParameterType::Integer, ParameterType::Float, ParameterType::Size))
        return ParameterType::Size;
    if (types & bitOf(ParameterType::Text))
        return ParameterType::Text;
    return types & bitOf(ParameterType::List) ? ParameterType::List : ParameterType::Word;
}

std::optional<ParameterNumber> numberOfValue(string_view value)
{
    const auto number = leadingNumber(value);
    if (!number)
        return std::nullopt;
    if (number->rest.empty())
        return ParameterNumber{.value = number->value};
    const auto* unit = unitNamed(number->rest);
    if (unit == nullptr)
        return std::nullopt;
    const auto base = unit->type == ParameterType::Duration ? "ms" : unit->type == ParameterType::Size ? "bytes" : "%";
    return ParameterNumber{.value = number->value * unit->factor, .unit = base};
}

} // namespace faultline::records::templates
