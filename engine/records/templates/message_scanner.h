// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/templates/shape_dictionary.h"
#include <cstddef>
#include <string_view>

namespace faultline::records::templates
{

/// Tokens of one message that are told apart; what follows the last of them is one variable.
inline constexpr std::size_t maxTokens = 256;
/// A word longer than this is data, not vocabulary.
inline constexpr std::size_t maxWordBytes = 128;
inline constexpr std::string_view wildcard = "<*>";

/// What the scanner hands to a sink: text is `before`, then `<*>` if masked, then `after`. Views die with the message.
struct Piece {
    TokenKind kind = TokenKind::Word;
    bool spaceBefore = false;
    bool masked = false;
    std::string_view before{};
    std::string_view after{};
};

namespace scan_detail
{
[[nodiscard]] constexpr bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
[[nodiscard]] constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool isDelimiter(char c)
{
    return std::string_view(",;=()[]{}\"'|:<>").find(c) != std::string_view::npos;
}
} // namespace scan_detail

/// Calls sink(Piece) for each token of the message, in order.
template <class Sink>
void scanPieces(std::string_view message, Sink&& sink)
{
    using namespace scan_detail;
    std::size_t i = 0;
    std::size_t count = 0;
    bool space = false;
    while (i < message.size()) {
        if (isSpace(message[i])) {
            space = true;
            ++i;
            continue;
        }
        if (++count >= maxTokens) {
            sink(Piece{.kind = TokenKind::Variable, .spaceBefore = space, .masked = true});
            return;
        }
        const auto start = i;
        bool digits = false;
        while (i < message.size() && !isSpace(message[i]) && !isDelimiter(message[i]))
            digits |= isDigit(message[i++]);
        if (i == start)
            sink(Piece{.kind = TokenKind::Delimiter, .spaceBefore = space, .before = message.substr(i++, 1)});
        else if (digits || message[start] == '/' || i - start > maxWordBytes)
            sink(Piece{.kind = TokenKind::Variable, .spaceBefore = space, .masked = true});
        else
            sink(Piece{.kind = TokenKind::Word, .spaceBefore = space, .before = message.substr(start, i - start)});
        space = false;
    }
}

} // namespace faultline::records::templates
