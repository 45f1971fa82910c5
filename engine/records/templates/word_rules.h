// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/templates/shape_dictionary.h"
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace faultline::records::templates
{

/// What a word is, by its letters alone.
struct WordForm {
    TokenKind kind = TokenKind::Word;
    std::size_t prefix = 0; ///< Prefixed and Label: bytes before the number
};

/// A word that holds a digit; `seen` are the classes of its characters, or more.
[[nodiscard]] WordForm formWithDigits(std::string_view word, std::uint16_t seen);
/// A word without digits. `afterEquals`: it is the value of key=value.
[[nodiscard]] TokenKind kindWithoutDigits(std::string_view word, bool afterEquals);
/// `true`, `null` and their like, or a hexadecimal number that happens to hold letters only.
[[nodiscard]] bool isValueOfLetters(std::string_view word);
/// May a port follow this word? A path, a dotted host with digits or a known ending, a name with several dashes and a
/// digit.
[[nodiscard]] bool looksLikeHost(std::string_view word, bool hasDigits);

} // namespace faultline::records::templates
