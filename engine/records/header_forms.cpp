// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/header_forms.h"
#include "engine/records/header_match.h"

namespace faultline::records::header
{

namespace
{

bool isNameCharacter(char c)
{
    return isLetter(c) || isDigit(c) || c == '_' || c == '-' || c == '.';
}

std::size_t digits(std::string_view s, std::size_t p)
{
    while (p < s.size() && isDigit(s[p]))
        ++p;
    return p;
}

/// The end of a text without the blanks there.
std::size_t trimmedEnd(std::string_view s)
{
    auto end = s.size();
    while (end > 0 && isBlank(s[end - 1]))
        --end;
    return end;
}

/// Where a trailing bracket of this kind opens, with a blank before it, or nowhere.
std::size_t trailingBracket(std::string_view s, std::size_t p, char open, char close)
{
    const auto end = trimmedEnd(s);
    if (end < p + 2 || s[end - 1] != close)
        return nowhere;
    auto at = end - 1;
    while (at > p && s[at] != open) {
        --at;
        if (isBlank(s[at]))
            return nowhere;
    }
    return s[at] == open && at + 2 < end && (at == p || isBlank(s[at - 1])) ? at : nowhere;
}

} // namespace

std::size_t host(std::string_view s, std::size_t p)
{
    const auto end = token(s, p);
    if (end == nowhere || s[end - 1] == ':')
        return nowhere;
    const auto word = s.substr(p, end - p);
    return word.find_first_of("[](){}<>=\"'|,;") == nowhere && !parseLevel(word) ? end : nowhere;
}

std::size_t braced(std::string_view s, std::size_t p)
{
    if (p >= s.size() || s[p] != '{')
        return nowhere;
    const auto close = s.find('}', p);
    return close != nowhere && atGap(s, close + 1) ? close + 1 : nowhere;
}

std::size_t colonField(std::string_view s, std::size_t p)
{
    const auto start = p;
    while (p < s.size() && s[p] != ':' && !isBlank(s[p]))
        ++p;
    return p > start && p < s.size() && s[p] == ':' ? p + 1 : nowhere;
}

std::size_t modulePath(std::string_view s, std::size_t p)
{
    for (bool named = false; p < s.size(); named = true) {
        const auto start = p;
        while (p < s.size() && (isLetter(s[p]) || isDigit(s[p]) || s[p] == '_' || s[p] == '-'))
            ++p;
        if (p == start)
            return named && s[p - 1] == ':' && isBlank(s[p]) ? p : nowhere;
        if (p < s.size() && s[p] == '{') {
            p = s.find('}', p);
            if (p == nowhere)
                return nowhere;
            ++p;
        }
        if (p >= s.size() || s[p] != ':')
            return nowhere;
        p += p + 1 < s.size() && s[p + 1] == ':' ? 2U : 1U;
    }
    return nowhere;
}

std::size_t sourceLine(std::string_view s, std::size_t p)
{
    const auto start = p;
    std::size_t dot = nowhere;
    for (; p < s.size() && s[p] != ':' && !isBlank(s[p]); ++p)
        if (s[p] == '.')
            dot = p;
    if (p >= s.size() || s[p] != ':' || dot == nowhere || dot == start || dot + 1 >= p || p - dot > 8)
        return nowhere;
    for (auto i = dot + 1; i < p; ++i)
        if (!isLetter(s[i]) && !(isDigit(s[i]) && i > dot + 1))
            return nowhere;
    const auto end = digits(s, p + 1);
    if (end == p + 1)
        return nowhere;
    const bool closed = end < s.size() && (s[end] == ':' || s[end] == ']' || s[end] == ')');
    return atGap(s, end + (closed ? 1 : 0)) ? end + (closed ? 1 : 0) : nowhere;
}

std::size_t channel(std::string_view s, std::size_t p, Level& level)
{
    const auto end = colonField(s, p);
    if (end == nowhere || !atGap(s, end))
        return nowhere;
    const auto text = s.substr(p, end - p - 1);
    const auto dot = text.rfind('.');
    const auto word = dot == nowhere || dot == 0 ? std::string_view() : text.substr(dot + 1);
    const auto parsed = word.size() > 1 && word[0] <= 'Z' ? parseLevel(word) : std::nullopt;
    if (!parsed)
        return nowhere;
    level = *parsed;
    return end;
}

std::size_t threadLevel(std::string_view s, std::size_t p, Level& level)
{
    constexpr std::size_t longest = 80;
    const auto begin = p < s.size() && s[p] == '[' ? p + 1 : p;
    const auto close = s.substr(0, begin + longest).find(']', begin);
    if (close == nowhere)
        return nowhere;
    const auto inside = s.substr(begin, close - begin);
    const auto slash = inside.rfind('/');
    if (slash == nowhere)
        return nowhere;
    const auto found = parseLevel(begin > p ? inside.substr(slash + 1) : inside.substr(0, slash));
    const auto end = close + (close + 1 < s.size() && s[close + 1] == ':' ? 2U : 1U);
    if (!found || !atGap(s, end))
        return nowhere;
    level = *found;
    return end;
}

std::size_t androidTag(std::string_view s, std::size_t p, Level& level)
{
    if (p + 3 >= s.size() || s[p + 1] != '/' || std::string_view("VDIWEF").find(s[p]) == nowhere)
        return nowhere;
    const auto open = s.substr(0, p + 80).find('(', p + 2);
    if (open == nowhere || open == p + 2)
        return nowhere;
    const auto first = skipBlanks(s, open + 1);
    const auto end = digits(s, first);
    if (end == first || s.substr(end, 2) != "):")
        return nowhere;
    level = *parseLevel(s.substr(p, 1));
    return atGap(s, end + 2) ? end + 2 : nowhere;
}

std::size_t uptime(std::string_view s, std::size_t p)
{
    const auto whole = digits(s, p);
    if (whole == p || whole >= s.size() || (s[whole] != '.' && s[whole] != ','))
        return nowhere;
    const auto end = digits(s, whole + 1);
    return end > whole + 1 && end < s.size() && s[end] == ':' && atGap(s, end + 1) ? end + 1 : nowhere;
}

std::size_t service(std::string_view s, std::size_t p)
{
    const auto start = p;
    while (p < s.size() && isNameCharacter(s[p]))
        ++p;
    if (p == start || p >= s.size() || s[p] != ' ')
        return nowhere;
    while (p < s.size() && s[p] == ' ')
        ++p;
    if (p >= s.size() || s[p] != '|')
        return nowhere;
    ++p;
    return atGap(s, p) ? std::min(p + 1, s.size()) : nowhere;
}

std::size_t systemCall(std::string_view s, std::size_t p)
{
    const auto text = s.substr(std::min(p, s.size()));
    if (text.starts_with("+++ ") || text.starts_with("--- ") || text.starts_with("<... "))
        return p;
    std::size_t end = 0;
    while (end < text.size() && (isLetter(text[end]) || text[end] == '_' || (end > 0 && isDigit(text[end]))))
        ++end;
    return end > 0 && end < text.size() && text[end] == '(' ? p : nowhere;
}

std::size_t slashMeasure(std::string_view s, std::size_t p)
{
    if (p < s.size() && (s[p] == '-' || s[p] == '+'))
        ++p;
    const auto end = digits(s, p);
    return end > p && end < s.size() && s[end] == '/' ? end + 1 : nowhere;
}

std::size_t trailingName(std::string_view s, std::size_t p)
{
    return trailingBracket(s, p, '(', ')');
}

std::size_t trailingTime(std::string_view s, std::size_t p)
{
    const auto at = trailingBracket(s, p, '<', '>');
    if (at == nowhere)
        return nowhere;
    const auto inside = s.substr(at + 1, trimmedEnd(s) - at - 2);
    return inside.find_first_not_of("0123456789.") == nowhere ? at : nowhere;
}

} // namespace faultline::records::header
