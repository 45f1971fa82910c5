// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <string_view>

namespace faultline::records::templates
{

/// Variables that reach over blanks or delimiters. Each rule looks at the text from `at` on and returns where the
/// variable ends, or 0 when it is not there. None looks further ahead than it matches, by more than a few bytes.

/// `Mon Jan 2 10:00:01 UTC 2006`, `2 Jan 2006 10:00:01 +0100`, `2006-01-02T10:00:01.5Z` and their like: date and time
/// of day.
[[nodiscard]] std::size_t endOfDate(std::string_view text, std::size_t at);
/// Is this the abbreviation of a day of the week or of a month?
[[nodiscard]] bool startsDate(std::string_view word);

/// A number with its unit. `unitWord` is the unit when it is a word that stays in the template (`<*> bytes`); short
/// units
/// (`ms`, `KB`) belong to the number.
struct Quantity {
    std::size_t end = 0; ///< 0: none
    std::string_view unitWord{};
};
[[nodiscard]] Quantity quantityAt(std::string_view text, std::size_t at);

} // namespace faultline::records::templates
