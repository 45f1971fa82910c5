// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/templates/char_class.h"
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace faultline::records::templates
{

/// Three letters as a number.
[[nodiscard]] constexpr std::uint32_t packed(const char* letters)
{
    return static_cast<std::uint32_t>(static_cast<unsigned char>(letters[0])) << 16 |
           static_cast<std::uint32_t>(static_cast<unsigned char>(letters[1])) << 8 |
           static_cast<std::uint32_t>(static_cast<unsigned char>(letters[2]));
}

/// Reads on from a place; what does not match leaves the place where it was.
struct TextCursor {
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
    template <std::size_t n>
    bool oneOf(const char (&set)[n])
    {
        const bool yes = at < text.size() && isOneOf(text[at], set);
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
    template <std::size_t n>
    bool abbreviation(const std::array<std::uint32_t, n>& names)
    {
        if (at + 3 > text.size())
            return false;
        const auto key = packed(text.data() + at);
        const bool yes = std::find(names.begin(), names.end(), key) != names.end();
        at += yes ? 3 : 0;
        return yes;
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

} // namespace faultline::records::templates
