// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include <cstddef>
#include <optional>
#include <string_view>

namespace faultline::records
{

struct MonthWord {
    int month = 0;          ///< 1..12, 0 when no month is named
    std::size_t length = 0; ///< bytes, a dot behind a short name included
};

/// The month that is named at the very start of the text, in full or short, in any case: English, and the names that
/// `date` and syslog write in French, German, Spanish, Italian, Portuguese, Dutch, Polish and Scandinavian locales
/// (UTF-8). No two of these languages give one name to different months.
[[nodiscard]] MonthWord monthWord(std::string_view text);

/// What the abbreviation of a zone is taken to mean.
struct ZoneWord {
    DurationUs offset_us = 0;
    std::string_view meaning{}; ///< "" when the abbreviation has one meaning; else the one that is assumed, with others
};

/// An abbreviation such as CEST or PDT. Those that several zones share are read as the one that most computers are in
/// (IST India, CST North America, BST British summer, AST and ADT Atlantic, GST Gulf), and `meaning` says so. nullopt
/// for an unknown one.
[[nodiscard]] std::optional<ZoneWord> zoneWord(std::string_view abbreviation);

} // namespace faultline::records
