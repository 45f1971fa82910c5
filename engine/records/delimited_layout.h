// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/records/delimited_sample.h"
#include "engine/records/detection.h"
#include "engine/records/field_roles.h"
#include "engine/records/field_time.h"
#include <cstddef>
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
    };
    char delimiter = ',';
    bool hasHeader = false;
    std::vector<Column> columns;
    std::vector<std::size_t>
        timeColumns; ///< one, or those that make up a time together (date and time of day); empty: no time
    std::optional<FieldTime> time;
    std::optional<std::size_t> entity, level, message, label;
    std::optional<std::size_t> session; ///< the column that ParseOptions::sessionKey names
    std::vector<std::size_t> values;
};

/// Decides the roles. Adds to `reasons` why, in sentences; a column that looks like a verdict is left out and named
/// there. Config error when the options name a column that does not exist or does not hold what it should.
[[nodiscard]] Result<DelimitedLayout> assignRoles(const DelimitedSample& sample,
                                                  const std::vector<ColumnProfile>& profiles,
                                                  const ParseOptions& options, int assumedYear,
                                                  std::vector<std::string>& reasons);

} // namespace faultline::records
