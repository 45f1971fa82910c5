// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/word_rules.h"
#include "engine/records/templates/char_class.h"
#include <algorithm>
#include <array>

namespace faultline::records::templates
{

namespace
{

using std::string_view;

bool isDomainEnding(string_view label)
{
    constexpr std::array<string_view, 25> endings = {
        "com", "net", "org", "edu", "gov", "mil", "io", "info", "biz", "cn",    "de",  "uk",      "ru",
        "jp",  "fr",  "hk",  "tw",  "in",  "kr",  "br", "us",   "eu",  "local", "lan", "internal"};
    return std::find(endings.begin(), endings.end(), label) != endings.end() || label == "corp";
}

bool hasSourceEnding(string_view word)
{
    constexpr std::array<string_view, 14> endings = {"c",  "cc", "cpp", "cxx", "h",  "hpp",   "java",
                                                     "py", "go", "js",  "rb",  "rs", "scala", "cs"};
    const auto dot = word.rfind('.');
    if (dot == string_view::npos)
        return false;
    const auto ending = word.substr(dot + 1);
    return std::find(endings.begin(), endings.end(), ending) != endings.end() || ending == "php" || ending == "pl";
}

auto count(string_view word, char c)
{
    return std::count(word.begin(), word.end(), c);
}

bool allHex(string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), isHex);
}

/// At least `least` digits and letters a to f of one case.
bool isHexOfOneCase(string_view word, std::size_t least)
{
    if (word.size() < least)
        return false;
    std::uint16_t seen = 0;
    for (const char c : word) {
        if (!isHex(c))
            return false;
        seen |= classOf(c);
    }
    return (seen & char_class::letter) != char_class::letter;
}

/// What may stand behind a prefix: a number with signs and colons and a short unit, or a hexadecimal number.
bool isPureNumber(string_view text)
{
    if (text.size() > 2 && text[0] == '0' && text[1] == 'x' && allHex(text.substr(2)))
        return true;
    if (allHex(text))
        return true;
    std::size_t n = 0;
    while (n < text.size() && (isDigit(text[n]) || isOneOf(text[n], "._:+-")))
        ++n;
    const auto tail = text.substr(n);
    return n > 0 && tail.size() <= 2 &&
           std::all_of(tail.begin(), tail.end(), [](char c) { return isLetter(c) || c == '%'; });
}

bool startsNumber(string_view text, bool hexadecimal)
{
    if (text.empty())
        return false;
    if (isDigit(text[0]) || (hexadecimal && isHex(text[0])))
        return true;
    return text.size() > 1 && (text[0] == '+' || text[0] == '-') && isDigit(text[1]);
}

/// Classes of the characters that end a prefix: - . / @ and #.
constexpr std::uint16_t prefixEnds =
    char_class::dash | char_class::dot | char_class::slash | char_class::at | char_class::other;

/// Bytes before the number in `core.12`, `part-3`, `user@ab12`, `generating...7`; 0: not of this form.
std::size_t prefixLength(string_view word)
{
    std::size_t n = 0;
    while (n < word.size() && isLetter(word[n]))
        ++n;
    if (n > 0 && n < word.size() && isOneOf(word[n], "-.#/@") && startsNumber(word.substr(n + 1), word[n] == '@'))
        return n + 1;
    std::size_t dots = word.find("..");
    if (dots != string_view::npos &&
        std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(dots),
                    [](char c) { return isLetter(c) || isDigit(c) || c == '_' || c == '+' || c == '-'; })) {
        while (dots < word.size() && word[dots] == '.')
            ++dots;
        if (startsNumber(word.substr(dots), false))
            return dots;
    }
    const auto at = word.find('@');
    if (at != string_view::npos && isLetter(word[0]) && startsNumber(word.substr(at + 1), true) &&
        std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char c) { return isWordChar(c) || c == '.' || c == '$' || c == '/'; }))
        return at + 1;
    return 0;
}

bool isDomain(string_view word)
{
    const bool plain = std::all_of(word.begin(), word.end(), [](char c) {
        return (classOf(c) & (char_class::lower | char_class::dot | char_class::dash | char_class::underscore)) != 0;
    });
    return plain && word.find("..") == string_view::npos && word.front() != '.' && word.back() != '.' &&
           (isDomainEnding(word.substr(0, word.find('.'))) || isDomainEnding(word.substr(word.rfind('.') + 1)));
}

} // namespace

WordForm formWithDigits(string_view word, std::uint16_t seen)
{
    const char first = word[0];
    if (!isDigit(first) && (seen & prefixEnds))
        if (const auto prefix = prefixLength(word); prefix && isPureNumber(word.substr(prefix))) {
            const auto before = word.substr(0, prefix);
            const bool label = before.back() == '#' || before.ends_with("..");
            return {.kind = label ? TokenKind::Label : TokenKind::Prefixed, .prefix = prefix};
        }
    if (isDigit(first) || isOneOf(first, "/+-.") ||
        ((first == 'v' || first == 'V') && word.size() > 1 && isDigit(word[1])) || isHexOfOneCase(word, 6))
        return {.kind = TokenKind::Variable};
    const auto digits = std::count_if(word.begin(), word.end(), isDigit);
    if (digits >= 4 || (digits >= 3 && count(word, '.') > 0) || (digits >= 2 && count(word, '-') >= 2))
        return {.kind = TokenKind::Variable};
    return {.kind = TokenKind::Alphanumeric};
}

bool isValueOfLetters(string_view word)
{
    constexpr std::array<string_view, 8> values = {"true", "false", "null", "True", "False", "NULL", "TRUE", "FALSE"};
    if ((word.size() == 4 || word.size() == 5) && isOneOf(word[0], "tfnTFN") &&
        std::find(values.begin(), values.end(), word) != values.end())
        return true;
    return isHexOfOneCase(word, 8);
}

TokenKind kindWithoutDigits(string_view word, bool afterEquals)
{
    std::uint16_t seen = 0;
    for (const char c : word)
        seen |= classOf(c);
    if (isValueOfLetters(word))
        return TokenKind::Variable;
    if (word[0] == '/' && word.size() > 1 && (classOf(word[1]) & (char_class::letter | char_class::high)))
        return TokenKind::Variable;
    if (word[0] == '/' && word.size() > 1 && isOneOf(word[1], "._~"))
        return TokenKind::Variable;
    if ((seen & char_class::backslash) && count(word, '\\') >= 2)
        return TokenKind::Variable;
    if (!(seen & char_class::alnum))
        return TokenKind::Delimiter;
    const auto dots = seen & char_class::dot ? count(word, '.') : 0;
    if (dots >= 2 && (isDomain(word) || afterEquals || (seen & char_class::slash)))
        return TokenKind::Variable;
    if (const auto at = word.find('@', 1); at != string_view::npos && at + 1 < word.size())
        if (word.find('.', at) != string_view::npos)
            return TokenKind::Variable;
    const auto letter = char_class::letter | char_class::high;
    if (dots >= 2 && (classOf(word.front()) & letter) && (classOf(word.back()) & letter) &&
        word.find("..") == string_view::npos)
        return TokenKind::Soft;
    if (word.size() > 1 && (seen & char_class::letter) == char_class::upper)
        return TokenKind::Capitals;
    return TokenKind::Word;
}

bool looksLikeHost(string_view word, bool hasDigits)
{
    if (word.find('@') != string_view::npos || word.back() == '.' || hasSourceEnding(word))
        return false;
    if (word[0] == '/')
        return true;
    const auto dots = count(word, '.');
    if (dots > 0 && (hasDigits || dots >= 2 || isDomainEnding(word.substr(word.rfind('.') + 1))))
        return true;
    return hasDigits && count(word, '-') >= 2;
}

} // namespace faultline::records::templates
