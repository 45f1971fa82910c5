// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace faultline::records::templates
{

/// What a byte is to the scanner; sets of them are or-ed together.
namespace char_class
{
inline constexpr std::uint16_t space = 1, delimiter = 2, digit = 4, upper = 8, lower = 16, high = 32, underscore = 64,
                               dot = 128, dash = 256, slash = 512, at = 1024, backslash = 2048, other = 4096;
inline constexpr std::uint16_t letter = upper | lower;
inline constexpr std::uint16_t alnum = letter | digit | high; ///< bytes of UTF-8 beyond ASCII count as letters
inline constexpr std::uint16_t word = alnum | underscore;

[[nodiscard]] constexpr std::array<std::uint16_t, 256> makeTable()
{
    std::array<std::uint16_t, 256> table{};
    for (unsigned c = 0; c < 256; ++c) {
        const auto ch = static_cast<char>(c);
        table[c] = c >= 0x80                                                                 ? high
                   : ch == ' ' || (ch >= '\t' && ch <= '\r')                                 ? space
                   : ch >= '0' && ch <= '9'                                                  ? digit
                   : ch >= 'A' && ch <= 'Z'                                                  ? upper
                   : ch >= 'a' && ch <= 'z'                                                  ? lower
                   : std::string_view(",;=()[]{}\"'|:<>").find(ch) != std::string_view::npos ? delimiter
                   : ch == '_'                                                               ? underscore
                   : ch == '.'                                                               ? dot
                   : ch == '-'                                                               ? dash
                   : ch == '/'                                                               ? slash
                   : ch == '@'                                                               ? at
                   : ch == '\\'                                                              ? backslash
                                                                                             : other;
    }
    return table;
}
inline constexpr std::array<std::uint16_t, 256> table = makeTable();
} // namespace char_class

[[nodiscard]] constexpr std::uint16_t classOf(char c)
{
    return char_class::table[static_cast<unsigned char>(c)];
}
/// Is the character one of a few? Unlike string_view::find, it compiles to comparisons.
template <std::size_t n>
[[nodiscard]] constexpr bool isOneOf(char c, const char (&set)[n])
{
    bool found = false;
    for (std::size_t i = 0; i + 1 < n; ++i)
        found |= c == set[i];
    return found;
}
[[nodiscard]] constexpr bool isDigit(char c)
{
    return static_cast<unsigned char>(c - '0') < 10;
}
[[nodiscard]] constexpr bool isHex(char c)
{
    return isDigit(c) || static_cast<unsigned char>((c | 0x20) - 'a') < 6;
}
[[nodiscard]] constexpr bool isLetter(char c)
{
    return (classOf(c) & char_class::letter) != 0;
}
[[nodiscard]] constexpr bool isWordChar(char c)
{
    return (classOf(c) & char_class::word) != 0;
}

} // namespace faultline::records::templates
