// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/span_rules.h"
#include "engine/records/templates/char_class.h"
#include <algorithm>
#include <array>
#include <cstdint>

namespace faultline::records::templates
{

namespace
{

/// Reads on from a place; what does not match leaves the place where it was.
struct Cursor {
    std::string_view text;
    std::size_t at = 0;

    [[nodiscard]] char peek() const { return at < text.size() ? text[at] : '\0'; }
    [[nodiscard]] bool endsWord() const { return at >= text.size() || !isWordChar(text[at]); }
    bool one(char c)
    {
        const bool yes = at < text.size() && text[at] == c;
        at += yes;
        return yes;
    }
    bool oneOf(std::string_view set)
    {
        const bool yes = at < text.size() && set.find(text[at]) != std::string_view::npos;
        at += yes;
        return yes;
    }
    bool literal(std::string_view word)
    {
        const bool yes = text.substr(at, word.size()) == word;
        at += yes ? word.size() : 0;
        return yes;
    }
    /// Between min and max digits, as many as there are up to max.
    bool digits(std::size_t min, std::size_t max = SIZE_MAX)
    {
        std::size_t n = 0;
        while (n < max && at + n < text.size() && isDigit(text[at + n]))
            ++n;
        at += n >= min ? n : 0;
        return n >= min;
    }
    bool capitals(std::size_t min, std::size_t max)
    {
        std::size_t n = 0;
        while (n < max && at + n < text.size() && (classOf(text[at + n]) & char_class::upper))
            ++n;
        at += n >= min ? n : 0;
        return n >= min;
    }
    bool abbreviation(std::string_view names)
    {
        if (at + 3 > text.size())
            return false;
        for (std::size_t i = 0; i < names.size(); i += 3)
            if (text.substr(at, 3) == names.substr(i, 3)) {
                at += 3;
                return true;
            }
        return false;
    }
    /// Tries a sequence and comes back where it started if the sequence fails.
    template <class Sequence>
    bool attempt(Sequence&& sequence)
    {
        const auto start = at;
        if (sequence(*this))
            return true;
        at = start;
        return false;
    }
};

constexpr std::string_view weekdays = "MonTueWedThuFriSatSun";
constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";

bool clock(Cursor& c)
{
    if (!(c.digits(1, 2) && c.one(':') && c.digits(2, 2) && c.one(':') && c.digits(2, 2)))
        return false;
    c.attempt([](Cursor& t) { return t.oneOf(".,") && t.digits(1); });
    return true;
}

/// `Jan 2, 2006 10:00:01 UTC 2006`
bool monthFirst(Cursor& c)
{
    if (!(c.abbreviation(months) && c.one(' ')))
        return false;
    c.one(' ');
    if (!c.digits(1, 2))
        return false;
    c.one(',');
    if (!c.one(' '))
        return false;
    c.attempt([](Cursor& t) { return t.digits(4, 4) && t.one(' '); });
    if (!clock(c))
        return false;
    c.attempt([](Cursor& t) { return t.one(' ') && t.capitals(3, 4) && t.endsWord(); });
    c.attempt([](Cursor& t) { return t.one(' ') && t.digits(4, 4) && t.endsWord(); });
    return c.endsWord();
}

/// `2 Jan 2006 10:00:01 +0100`
bool dayFirst(Cursor& c)
{
    if (!(c.digits(1, 2) && c.one(' ') && c.abbreviation(months) && c.one(' ') && c.digits(4, 4) && c.one(' ') &&
          clock(c)))
        return false;
    c.attempt([](Cursor& t) { return t.one(' ') && (t.capitals(3, 4) || (t.oneOf("+-") && t.digits(4, 4))); });
    return true;
}

/// `2006-01-02T10:00:01.5+01:00`
bool yearFirst(Cursor& c)
{
    if (!(c.digits(4, 4) && c.oneOf("-/.") && c.digits(1, 2) && c.oneOf("-/.") && c.digits(1, 2) && c.oneOf(" T_") &&
          clock(c)))
        return false;
    c.one('Z') ||
        c.attempt([](Cursor& t) { return t.oneOf("+-") && t.digits(2, 2) && (t.one(':') || true) && t.digits(2, 2); });
    return true;
}

/// `+1,234.5`; a sign of comparison may stand before it.
bool number(Cursor& c)
{
    c.oneOf("<>");
    c.oneOf("+-");
    if (!c.digits(1))
        return false;
    while (c.attempt([](Cursor& t) { return t.oneOf(".,") && t.digits(1); }))
        ;
    return true;
}

bool byteUnit(Cursor& c)
{
    return c.attempt([](Cursor& t) { return t.oneOf("kKMGTP") && (t.one('i') || true) && t.oneOf("bB"); }) ||
           c.one('B');
}

bool shortUnit(Cursor& c)
{
    return c.attempt([](Cursor& t) { return byteUnit(t) && t.endsWord(); }) || c.attempt([](Cursor& t) {
        return (t.literal("ms") || t.literal("us") || t.literal("ns") || t.literal("secs") || t.literal("sec") ||
                t.literal("KBytes")) &&
               t.endsWord();
    });
}

/// ` (1.2 KB)`, the same size once more
bool sizeInBrackets(Cursor& c, bool words)
{
    return c.attempt([words](Cursor& t) {
        return t.literal(" (") && number(t) && (t.one(' ') || true) &&
               (shortUnit(t) || (words && t.literal("bytes"))) && t.one(')');
    });
}

constexpr std::array<std::string_view, 8> unitWords = {"bytes",        "bits",    "seconds", "milliseconds",
                                                       "microseconds", "minutes", "hours",   "days"};

std::size_t withoutTrailing(std::string_view text, std::size_t at, std::size_t end)
{
    while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == ':' || text[end - 1] == ','))
        --end;
    return end;
}

[[nodiscard]] bool endsUrl(char c)
{
    return (classOf(c) & char_class::space) || std::string_view("\"'<>,;)]}").find(c) != std::string_view::npos;
}

/// An InfiniBand address; more groups are no address, and looking further would cost.
constexpr std::size_t longestAddress = 20;

/// Hexadecimal groups joined by colons: IPv6 (with zone) and MAC.
std::size_t endOfHexGroups(std::string_view text, std::size_t at)
{
    std::size_t groups = 0, longest = 0, shortest = SIZE_MAX, gaps = 0;
    bool digit = false;
    std::size_t p = at;
    while (true) {
        const auto start = p;
        while (p < text.size() && isHex(text[p]))
            digit |= isDigit(text[p++]);
        const auto length = p - start;
        if (length) {
            ++groups;
            longest = std::max(longest, length);
            shortest = std::min(shortest, length);
        }
        if (longest > 4 || groups > longestAddress || p >= text.size() || text[p] != ':' ||
            (length == 0 && groups == 0))
            break;
        const bool gap = p + 1 < text.size() && text[p + 1] == ':';
        if (!gap && !(p + 1 < text.size() && isHex(text[p + 1])))
            break; // a colon behind the address
        gaps += gap;
        p += gap ? 2U : 1U;
    }
    const bool mac = groups >= 4 && groups <= longestAddress && longest == 2 && shortest == 2 && gaps == 0;
    const bool ip = digit && longest <= 4 && ((gaps == 0 && groups >= 5 && groups <= 8) || (gaps == 1 && groups <= 8));
    if (!mac && !ip)
        return 0;
    if (p + 1 < text.size() && text[p] == '%' && isWordChar(text[p + 1]))
        for (++p; p < text.size() && isWordChar(text[p]);)
            ++p;
    return p < text.size() && isWordChar(text[p]) ? 0 : p;
}

/// `/10.0.0.1:50010`, `12:30:05`, `0f12:99`
std::size_t endOfNumberGroups(std::string_view text, std::size_t at)
{
    auto p = at + (text[at] == '/');
    const auto start = p;
    while (p < text.size() && isHex(text[p]))
        ++p;
    if (p == start || !isDigit(text[p - 1]))
        return 0;
    const auto digitsAndDots = [&] {
        while (p < text.size() && (isDigit(text[p]) || text[p] == '.'))
            ++p;
    };
    digitsAndDots();
    std::size_t end = 0;
    while (p < text.size() && text[p] == ':') {
        p += p + 1 < text.size() && text[p + 1] == ':' ? 2U : 1U;
        const auto group = p;
        digitsAndDots();
        if (p == group)
            break;
        if (p < text.size() && isWordChar(text[p]))
            break; // `1:2:3pm` ends before the last group
        end = p;
    }
    if (end && end + 1 < text.size() && text[end] == '%' && isWordChar(text[end + 1]))
        for (++end; end < text.size() && isWordChar(text[end]);)
            ++end;
    return end;
}

/// `00-1a-2b-3c-4d-5e`
std::size_t endOfDashedMac(std::string_view text, std::size_t at)
{
    std::size_t groups = 0, p = at;
    while (p + 1 < text.size() && isHex(text[p]) && isHex(text[p + 1])) {
        ++groups;
        p += 2;
        if (p >= text.size() || text[p] != '-')
            break;
        ++p;
    }
    return groups >= 4 && (p >= text.size() || !isWordChar(text[p])) && text[p - 1] != '-' ? p : 0;
}

} // namespace

bool startsDate(std::string_view word)
{
    Cursor c{.text = word};
    return word.size() == 3 && (c.abbreviation(weekdays) || c.abbreviation(months));
}

std::size_t endOfDate(std::string_view text, std::size_t at)
{
    Cursor c{.text = text, .at = at};
    if (c.attempt(yearFirst))
        return c.at;
    if (c.abbreviation(weekdays)) {
        c.one(',');
        if (!c.one(' '))
            return 0;
    }
    return c.attempt(monthFirst) || c.attempt(dayFirst) ? c.at : 0;
}

Quantity quantityAt(std::string_view text, std::size_t at)
{
    Cursor c{.text = text, .at = at};
    if (!number(c))
        return {};
    const auto afterNumber = c.at;
    const bool blank = c.one(' ');
    if (!isLetter(c.peek()))
        return {};
    if (blank && c.attempt([](Cursor& t) { return (t.literal("bytes") || t.one('B')) && sizeInBrackets(t, true); }))
        return {.end = c.at};
    if (shortUnit(c)) {
        sizeInBrackets(c, false);
        return {.end = c.at};
    }
    if (!blank)
        return {};
    for (const auto word : unitWords)
        if (c.literal(word))
            return c.endsWord() && c.peek() != '('
                       ? Quantity{.end = c.at, .unitWord = text.substr(afterNumber, c.at - afterNumber)}
                       : Quantity{};
    return {};
}

std::size_t endOfUrl(std::string_view text, std::size_t at, std::size_t wordEnd)
{
    auto p = wordEnd + 1;
    if (p >= text.size())
        return 0;
    const auto scheme = text.substr(at, wordEnd - at);
    if (text[p] == '\\') {
        if (scheme.size() != 1 || !isLetter(scheme[0]))
            return 0;
    } else {
        if (scheme.size() < 2 || scheme.size() > 13 || !isLetter(scheme[0]))
            return 0;
        if (!std::all_of(scheme.begin(), scheme.end(), [](char c) { return isLetter(c) || isDigit(c) || c == '+'; }))
            return 0;
        if (classOf(text[p]) & char_class::lower) { // jdbc:mysql://
            while (p < text.size() && (classOf(text[p]) & char_class::lower))
                ++p;
            if (p >= text.size() || text[p] != ':')
                return 0;
            ++p;
        }
        if (p >= text.size() || text[p] != '/')
            return 0;
    }
    while (p < text.size() && !endsUrl(text[p]))
        ++p;
    return withoutTrailing(text, at, p);
}

std::size_t endOfNumberList(std::string_view text, std::size_t at)
{
    Cursor c{.text = text, .at = at};
    c.digits(1);
    const auto one = c.at;
    while (c.attempt([](Cursor& t) { return t.one(',') && t.digits(1); }))
        ;
    return c.at == one || !c.endsWord() || c.peek() == '.' ? 0 : c.at;
}

std::size_t endOfColonGroups(std::string_view text, std::size_t at)
{
    auto end = text[at] == '/' ? 0 : endOfHexGroups(text, at);
    if (!end)
        end = endOfDashedMac(text, at);
    if (!end)
        end = endOfNumberGroups(text, at);
    if (!end)
        return 0;
    if (text[end - 1] == ':' && text[end - 2] == ':')
        return end; // fe80::
    end = withoutTrailing(text, at, end);
    return end > at + 1 ? end : 0;
}

std::size_t endOfPort(std::string_view text, std::size_t at)
{
    Cursor c{.text = text, .at = at + 1};
    if (!c.digits(1, 5) || !c.endsWord())
        return 0;
    return c.peek() == '.' && c.at + 1 < text.size() && isDigit(text[c.at + 1]) ? 0 : c.at;
}

std::size_t endOfLabelledNumber(std::string_view text, std::size_t at)
{
    Cursor c{.text = text, .at = at + 1};
    c.oneOf("+-");
    if (!c.digits(1))
        return 0;
    while (c.attempt([](Cursor& t) { return t.one('.') && t.digits(1); }))
        ;
    while (c.attempt([](Cursor& t) { return t.one(',') && t.digits(1); }))
        ;
    if (!c.endsWord() || c.peek() == ':')
        return 0;
    return c.peek() == '.' && c.at + 1 < text.size() && isWordChar(text[c.at + 1]) ? 0 : c.at;
}

std::size_t endOfColonTail(std::string_view text, std::size_t at)
{
    auto end = at;
    auto p = at;
    while (p < text.size() && text[p] == ':') {
        const auto start = ++p;
        bool digit = false;
        while (p < text.size() && !(classOf(text[p]) & (char_class::space | char_class::delimiter)))
            digit |= isDigit(text[p++]);
        auto last = p;
        while (last > start && text[last - 1] == '.')
            --last;
        if (last == start)
            break;
        if (digit)
            end = last;
        if (last != p)
            break;
    }
    return end;
}

} // namespace faultline::records::templates
