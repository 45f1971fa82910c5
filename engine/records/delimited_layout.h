// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/records/delimited_header.h"
#include "engine/records/delimited_sample.h"
#include "engine/records/detection.h"
#include "engine/records/field_roles.h"
#include "engine/records/table_time.h"
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace faultline::records
{

/// What each column of a delimited file means, decided once from a sample. Immutable.
struct DelimitedLayout {
    struct Column {
        std::string name, unit;
        FieldRole role = FieldRole::Ignored;
        NumberStyle style{};  ///< of its numbers
        bool numbers = false; ///< holds numbers, whatever its role
        std::string note{};   ///< see ColumnReport::note
    };
    Dialect dialect;
    bool hasHeader = false;
    std::uint64_t headBytes = 0; ///< the content's bytes before the first row of values: preamble and header
    std::vector<std::vector<std::string>> header; ///< its rows, to know them again further on
    std::vector<Column> columns;
    std::optional<TableTime> time;
    std::vector<std::size_t> entity; ///< joined with `/` when there are several
    std::optional<std::size_t> level, message, label;
    std::optional<std::size_t> session; ///< the column that ParseOptions::sessionKey names
    std::vector<std::size_t> values;
    std::vector<std::size_t> series; ///< of a long table, joined with `/`; empty: the table is wide
};

/// All that is known of a table when its columns get their roles.
struct TableEvidence {
    const DelimitedSample& sample;
    const std::vector<ColumnProfile>& profiles;
    const ParseOptions& options;
    int assumedYear = 1970;
};

/// Decides the roles. Adds to `reasons` why, in sentences; a column that looks like a verdict is left out and named
/// there. Config error when the options name a column that does not exist or does not hold what it should.
[[nodiscard]] Result<DelimitedLayout> assignRoles(const TableEvidence& table, const DelimitedHeader& header,
                                                  std::vector<std::string>& reasons);

/// The columns as far as the sample shows them.
[[nodiscard]] std::vector<ColumnReport> columnReports(const DelimitedLayout& layout,
                                                      const std::vector<ColumnProfile>& profiles);

} // namespace faultline::records
