// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/level.h"
#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

/// What can stand in a line's header. Each function looks at one position of a line and returns where the thing ends,
/// or `nowhere`. Blanks behind it are the caller's. Inline, because they run for every line.
namespace faultline::records::header
{

inline constexpr std::size_t nowhere = std::string_view::npos;

[[nodiscard]] inline bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}
[[nodiscard]] inline bool isDigit(char c)
{
    return static_cast<unsigned char>(c - '0') < 10;
}
[[nodiscard]] inline bool isLetter(char c)
{
    return static_cast<unsigned char>((c | 0x20) - 'a') < 26;
}
[[nodiscard]] inline bool isOpening(char c)
{
    return c == '[' || c == '(' || c == '<';
}
[[nodiscard]] inline bool isClosing(char c)
{
    return c == ']' || c == ')' || c == '>';
}
[[nodiscard]] inline bool isTail(char c)
{
    return c == ',' || c == ':' || c == '|';
}
/// At a blank or at the line's end.
[[nodiscard]] inline bool atGap(std::string_view s, std::size_t p)
{
    return p >= s.size() || isBlank(s[p]);
}
[[nodiscard]] inline std::size_t skipBlanks(std::string_view s, std::size_t p)
{
    while (p < s.size() && isBlank(s[p]))
        ++p;
    return p;
}

/// Any run without blanks.
[[nodiscard]] inline std::size_t token(std::string_view s, std::size_t p)
{
    const auto start = p;
    while (p < s.size() && !isBlank(s[p]))
        ++p;
    return p > start ? p : nowhere;
}

/// Digits with an optional sign, #, brackets, and one of , : | behind: `148`, `[19939]:`, `(#12)`.
[[nodiscard]] inline std::size_t number(std::string_view s, std::size_t p)
{
    if (p < s.size() && isOpening(s[p]))
        ++p;
    if (p < s.size() && s[p] == '#')
        ++p;
    if (p < s.size() && (s[p] == '+' || s[p] == '-'))
        ++p;
    const auto first = p;
    while (p < s.size() && isDigit(s[p]))
        ++p;
    if (p == first)
        return nowhere;
    if (p < s.size() && isClosing(s[p]))
        ++p;
    if (p < s.size() && isTail(s[p]))
        ++p;
    return atGap(s, p) || s[p - 1] == '|' ? p : nowhere;
}

/// A mark between fields, alone between blanks: - -- --- * | : :: > => ~
[[nodiscard]] inline std::size_t separator(std::string_view s, std::size_t p)
{
    if (p >= s.size())
        return nowhere;
    const char c = s[p];
    auto end = p + 1;
    if (c == '-' || c == '*' || c == ':') {
        while (end < s.size() && s[end] == c)
            ++end;
    } else if (c == '=' && end < s.size() && s[end] == '>') {
        ++end;
    } else if (c != '|' && c != '>' && c != '~') {
        return nowhere;
    }
    return end < s.size() && isBlank(s[end]) ? end : nowhere;
}

/// A bracketed part with a blank, the line's end (a colon may come between) or another `[` behind it: `[main]`,
/// `[a[1]/2]`, `(app)`, `<x>`.
[[nodiscard]] inline std::size_t bracketed(std::string_view s, std::size_t p)
{
    if (p >= s.size() || !isOpening(s[p]))
        return nowhere;
    const char open = s[p];
    const char close = open == '[' ? ']' : open == '(' ? ')' : '>';
    std::size_t depth = 0;
    for (; p < s.size(); ++p) {
        if (open == '<' && depth > 0 && (isBlank(s[p]) || s[p] == '<'))
            return nowhere;
        if (s[p] == open)
            ++depth;
        else if (s[p] == close && --depth == 0)
            break;
    }
    if (p >= s.size())
        return nowhere;
    ++p;
    if (p < s.size() && s[p] == ':')
        ++p;
    return atGap(s, p) || (s[p] == '[' && open == '[') ? p : nowhere;
}

/// A name that ends in a colon: `dfs.DataNode$PacketResponder:`, `sshd[24200]:`.
[[nodiscard]] inline std::size_t componentWord(std::string_view s, std::size_t p)
{
    constexpr std::string_view never = "=,;\"'";
    const auto start = p;
    for (; p < s.size() && !isBlank(s[p]); ++p)
        if (never.find(s[p]) != nowhere)
            return nowhere;
    return p > start + 1 && s[p - 1] == ':' && !isOpening(s[start]) && s[start] != ':' ? p : nowhere;
}

/// As componentWord, or up to three words of which the last ends in a colon: `syslogd 1.4.1:`.
[[nodiscard]] inline std::size_t component(std::string_view s, std::size_t p)
{
    if (const auto end = componentWord(s, p); end != nowhere)
        return end;
    for (int words = 0; words < 3; ++words) {
        const auto start = p;
        while (p < s.size() && !isBlank(s[p]) && s[p] != ':')
            ++p;
        if (p == start)
            return nowhere;
        if (p < s.size() && s[p] == ':')
            return words > 0 && atGap(s, p + 1) ? p + 1 : nowhere;
        while (p < s.size() && s[p] == ' ')
            ++p;
    }
    return nowhere;
}

/// A field that ends in a vertical bar: `20171223|`.
[[nodiscard]] inline std::size_t piped(std::string_view s, std::size_t p)
{
    for (const auto start = p; p < s.size() && p - start <= 60 && !isBlank(s[p]); ++p)
        if (s[p] == '|')
            return p + 1;
    return nowhere;
}

/// One to three words and a dash between blanks: `chrome.exe *64 -`.
[[nodiscard]] inline std::size_t dashed(std::string_view s, std::size_t p)
{
    for (int words = 0; words < 4; ++words) {
        const auto end = token(s, p);
        if (end == nowhere)
            return nowhere;
        if (words > 0 && end == p + 1 && s[p] == '-')
            return end < s.size() && s[end] == ' ' ? end : nowhere;
        p = skipBlanks(s, end);
    }
    return nowhere;
}

/// A name padded with at least two blanks, as in columns.
[[nodiscard]] inline std::size_t padded(std::string_view s, std::size_t p)
{
    if (p >= s.size() || !isLetter(s[p]))
        return nowhere;
    while (p < s.size() &&
           (isLetter(s[p]) || isDigit(s[p]) || s[p] == '_' || s[p] == '.' || s[p] == '$' || s[p] == '-'))
        ++p;
    return p + 2 < s.size() && s[p] == ' ' && s[p + 1] == ' ' && skipBlanks(s, p) < s.size() ? p : nowhere;
}

/// "..." with \" inside allowed.
[[nodiscard]] inline std::size_t quoted(std::string_view s, std::size_t p)
{
    if (p >= s.size() || s[p] != '"')
        return nowhere;
    for (++p; p < s.size(); ++p) {
        if (s[p] == '\\')
            ++p;
        else if (s[p] == '"')
            return p + 1;
    }
    return nowhere;
}

/// Bracketed elements of RFC 5424, or a dash for none.
[[nodiscard]] inline std::size_t structuredData(std::string_view s, std::size_t p)
{
    if (p < s.size() && s[p] == '-' && atGap(s, p + 1))
        return p + 1;
    if (p >= s.size() || s[p] != '[')
        return nowhere;
    while (p < s.size() && s[p] == '[') {
        for (++p; p < s.size() && s[p] != ']'; ++p)
            if (s[p] == '"') {
                const auto end = quoted(s, p);
                if (end == nowhere)
                    return nowhere;
                p = end - 1;
            }
        ++p;
    }
    return p <= s.size() && atGap(s, p) ? p : nowhere;
}

/// `<34>` of RFC 3164 and 5424: facility * 8 + severity.
[[nodiscard]] inline std::size_t priority(std::string_view s, std::size_t p, Level& level)
{
    if (p >= s.size() || s[p] != '<')
        return nowhere;
    unsigned value = 0;
    const auto first = ++p;
    for (; p < s.size() && isDigit(s[p]) && p < first + 3; ++p)
        value = value * 10 + static_cast<unsigned>(s[p] - '0');
    if (p == first || p >= s.size() || s[p] != '>' || value > 191)
        return nowhere;
    constexpr std::array bySeverity{Level::Fatal, Level::Fatal, Level::Fatal, Level::Error,
                                    Level::Warn,  Level::Info,  Level::Info,  Level::Debug};
    level = bySeverity[value % 8];
    return p + 1;
}

/// A level word, bare or in brackets (`[notice]`, `[core:error]`, `[INFO ]`), with one of , : | behind it allowed. A
/// single letter counts only where a blank, a slash, a bar or a bracket follows.
[[nodiscard]] inline std::size_t level(std::string_view s, std::size_t p, Level& found)
{
    if (p >= s.size())
        return nowhere;
    std::string_view word;
    bool bracketFollows = false; // as in `[2026-01-01T00:00:00][INFO ][o.e.n.Node] `
    if (isOpening(s[p])) {
        auto end = ++p;
        while (end < s.size() && end < p + 32 && !isClosing(s[end]))
            ++end;
        if (end >= s.size() || !isClosing(s[end]))
            return nowhere;
        word = s.substr(p, end - p);
        word.remove_prefix(std::min(word.size(), word.rfind(':') + 1));
        while (!word.empty() && word.back() == ' ')
            word.remove_suffix(1);
        while (!word.empty() && word.front() == ' ')
            word.remove_prefix(1);
        p = end + 1;
        bracketFollows = p < s.size() && s[p] == '[';
    } else {
        const auto start = p;
        while (p < s.size() && isLetter(s[p]))
            ++p;
        word = s.substr(start, p - start);
        if (word.size() == 1 && !(atGap(s, p) || s[p] == '|'))
            return nowhere;
        if (p < s.size() && s[p] == '[' && word.size() > 1) { // with a process number: `NOTICE[1234]:`
            while (++p < s.size() && isDigit(s[p])) {
            }
            p += p < s.size() && s[p] == ']' ? 1U : 0U;
        }
    }
    if (word.size() == 1 && std::string_view("VDIWEFC").find(word[0]) == nowhere)
        return nowhere;
    const auto parsed = parseLevel(word);
    if (!parsed)
        return nowhere;
    if (p < s.size() && isTail(s[p]))
        ++p;
    if (!atGap(s, p) && s[p - 1] != '|' && s[p - 1] != ':' && !bracketFollows)
        return nowhere;
    found = *parsed;
    return p;
}

} // namespace faultline::records::header
