// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/field_time.h"
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// The first rows of a text as a table of one delimiter: columns of values, and how well the delimiter fits.
struct DelimitedSample {
    static constexpr std::size_t maxRows = 5'000;

    char delimiter = '\0';
    std::size_t rows = 0;    ///< looked at, blank lines left out
    std::size_t regular = 0; ///< of these, how many have the most common number of fields
    std::size_t width = 0;   ///< that number
    bool firstRowRegular = false;
    bool hasHeader = false;                               ///< the first row was taken away as the header
    std::vector<std::vector<std::string_view>> columns{}; ///< values of the regular rows
    std::deque<std::string> unquoted{};                   ///< keeps values whose quotes had to be undoubled

    [[nodiscard]] double regularShare() const
    {
        return rows == 0 ? 0.0 : static_cast<double>(regular) / static_cast<double>(rows);
    }
    /// Takes the header away from the columns and returns its cells.
    [[nodiscard]] std::vector<std::string> takeHeader();
};

/// Cost: two passes over at most maxRows rows. Columns stay empty when the width is over DelimitedRows::maxFields.
[[nodiscard]] DelimitedSample sampleDelimited(std::string_view text, char delimiter);

/// What the values of one column look like.
struct ColumnProfile {
    std::string name;
    std::size_t values = 0, present = 0; ///< present: not missing
    std::size_t numbers = 0;
    std::size_t levels = 0;   ///< level words, not numbers
    std::size_t spaced = 0;   ///< values with a blank inside
    std::size_t distinct = 0; ///< counted up to maxDistinct + 1
    double meanBytes = 0.0;
    bool booleans = false; ///< true/false, yes/no, on/off
    bool countsUp = false; ///< whole numbers, each one more than the last
    bool ordered = false;  ///< numbers that do not go back
    bool wholeNumbers = false;
    std::optional<FieldTime> time{};

    static constexpr std::size_t maxDistinct = 1'000;
    [[nodiscard]] bool numeric() const { return present > 0 && numbers * 20 >= present * 19; }
    [[nodiscard]] bool textual() const { return present > 0 && !numeric() && !time; }
    /// At most 200 different values, fewer than 5 % of the rows (a handful of rows may have two).
    [[nodiscard]] bool fewDistinct() const;
};

[[nodiscard]] ColumnProfile profileColumn(std::string name, const std::vector<std::string_view>& values,
                                          const ParseOptions& options, int assumedYear);

/// Whether the first row of a sample names the columns: where the rows below hold numbers or times, it does not; where
/// all is text, it is made of distinct identifiers that the columns do not repeat.
[[nodiscard]] bool firstRowIsHeader(const DelimitedSample& sample, const ParseOptions& options, int assumedYear);

} // namespace faultline::records
