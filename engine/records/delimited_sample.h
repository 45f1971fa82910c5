// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/delimited_rows.h"
#include "engine/records/field_time.h"
#include "engine/records/number_style.h"
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// The first rows of a text as a table of one dialect: columns of values, and how well the dialect fits.
struct DelimitedSample {
    static constexpr std::size_t maxRows = 5'000;
    /// Lines before the table that may be something else: a title, who made it, blank lines.
    static constexpr std::size_t maxPreamble = 50;

    Dialect dialect{};
    std::size_t rows = 0;     ///< looked at, without blank lines, comments and preamble
    std::size_t regular = 0;  ///< of these, how many have the most common number of fields
    std::size_t width = 0;    ///< that number
    std::size_t preamble = 0; ///< rows before the first that has that number
    std::size_t comments = 0; ///< comment lines
    std::vector<std::string>
        headerCandidate{};           ///< a row or comment before the first regular row that may name the columns
    std::vector<std::size_t> ends{}; ///< where the first regular rows end in the text
    std::size_t headBytes = 0;       ///< the rows of values begin here
    bool hasHeader = false;
    std::vector<std::vector<std::string>> header{};       ///< its rows, each `width` cells
    std::vector<std::vector<std::string_view>> columns{}; ///< values of the regular rows
    std::deque<std::string> unquoted{};                   ///< keeps values whose quotes had to be undone

    [[nodiscard]] double regularShare() const
    {
        return rows == 0 ? 0.0 : static_cast<double>(regular) / static_cast<double>(rows);
    }
};

/// Cost: two passes over at most maxRows rows. Columns stay empty when the width is over DelimitedRows::maxFields.
[[nodiscard]] DelimitedSample sampleDelimited(std::string_view text, const Dialect& dialect);

/// What the values of one column look like.
struct ColumnProfile {
    std::string name;
    std::size_t values = 0, present = 0; ///< present: not missing
    std::size_t numbers = 0;             ///< in the style of the column
    std::size_t levels = 0;              ///< level words, not numbers
    std::size_t spaced = 0;              ///< values with a blank inside
    std::size_t distinct = 0;            ///< counted up to maxDistinct + 1
    double meanBytes = 0.0;
    bool booleans = false; ///< true/false, yes/no, on/off
    bool countsUp = false; ///< whole numbers, each one more than the last
    bool ordered = false;  ///< numbers that do not go back
    bool wholeNumbers = false;
    NumberStyle style{}; ///< how its numbers are written
    std::optional<FieldTime> time{};

    static constexpr std::size_t maxDistinct = 1'000;
    [[nodiscard]] bool numeric() const { return present > 0 && numbers * 20 >= present * 19; }
    [[nodiscard]] bool textual() const { return present > 0 && !numeric() && !time; }
    /// At most 200 different values, fewer than 5 % of the rows (a handful of rows may have two).
    [[nodiscard]] bool fewDistinct() const;
};

struct ProfileContext {
    const ParseOptions& options;
    int assumedYear = 1970;
    std::optional<DecimalMark> mark{}; ///< see NumberStyle::learn; none: only plain numbers are numbers
};
[[nodiscard]] ColumnProfile profileColumn(std::string name, const std::vector<std::string_view>& values,
                                          const ProfileContext& context);

} // namespace faultline::records
