// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/delimited_sample.h"
#include <string>
#include <vector>

namespace faultline::records
{

/// The names and units that the header of a table gives its columns.
struct DelimitedHeader {
    struct Column {
        std::string name; ///< distinct; "" when the header has none for it; `column_3` when there is no header
        std::string unit; ///< of a row of units; else ""
    };
    std::vector<Column> columns;
    std::size_t renamed = 0; ///< columns whose names stood there twice
    std::string reason;      ///< what was seen, in a sentence
};

/// Finds the header and takes its rows away from the sample's columns.
///
/// A row names the columns when it does not look like what stands below: text where numbers or times follow; where all
/// is text, distinct identifiers that the columns do not repeat. More rows of that kind belong to it (levels of a
/// column index, as pandas writes them): their cells are joined with `/`, an empty one taking the name on its left. A
/// row of units alone gives units; a row with a name for the first column alone, the name of the index, names that
/// column.
[[nodiscard]] DelimitedHeader takeHeader(DelimitedSample& sample, const ProfileContext& context);

} // namespace faultline::records
