// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/address_rules.h"
#include "engine/records/templates/text_cursor.h"
#include <algorithm>
#include <cstdint>

namespace faultline::records::templates
{

namespace
{

std::size_t withoutTrailing(std::string_view text, std::size_t at, std::size_t end)
{
    while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == ':' || text[end - 1] == ','))
        --end;
    return end;
}

[[nodiscard]] bool endsUrl(char c)
{
    return (classOf(c) & char_class::space) || isOneOf(c, "\"'<>,;)]}");
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

std::size_t endOfUserAgent(std::string_view text, std::size_t at, char quote)
{
    constexpr std::size_t longestProduct = 40, longest = 1'000;
    auto end = at;
    while (end < text.size() && end - at < longestProduct && (isWordChar(text[end]) || isOneOf(text[end], "-.")))
        ++end;
    if (end == at || !isLetter(text[at]) || end + 1 >= text.size() || text[end] != '/' || !isDigit(text[end + 1]))
        return 0;
    for (const auto last = std::min(text.size(), at + longest); end < last; ++end)
        if (text[end] == quote && text[end - 1] != '\\')
            return end;
    return 0;
}

std::size_t endOfRequestTarget(std::string_view text, std::size_t at)
{
    const auto blank = text.find(' ', at);
    return blank != std::string_view::npos && text.substr(blank + 1).starts_with("HTTP/") ? blank : 0;
}

std::size_t endOfQuery(std::string_view text, std::size_t at, std::size_t wordEnd)
{
    if (text.substr(at, wordEnd - at).find('?') == std::string_view::npos)
        return 0;
    while (wordEnd < text.size() && !endsUrl(text[wordEnd]))
        ++wordEnd;
    return withoutTrailing(text, at, wordEnd);
}

std::size_t endOfNumberList(std::string_view text, std::size_t at)
{
    TextCursor c{.text = text, .at = at};
    c.digits(1);
    const auto one = c.at;
    while (c.attempt([](TextCursor& t) { return t.one(',') && t.digits(1); }))
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
    TextCursor c{.text = text, .at = at + 1};
    if (!c.digits(1, 5) || !c.endsWord())
        return 0;
    return c.peek() == '.' && c.at + 1 < text.size() && isDigit(text[c.at + 1]) ? 0 : c.at;
}

std::size_t endOfLabelledNumber(std::string_view text, std::size_t at)
{
    TextCursor c{.text = text, .at = at + 1};
    c.oneOf("+-");
    if (!c.digits(1))
        return 0;
    while (c.attempt([](TextCursor& t) { return t.one('.') && t.digits(1); }))
        ;
    while (c.attempt([](TextCursor& t) { return t.one(',') && t.digits(1); }))
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
