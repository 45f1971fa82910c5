// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/field_roles.h"
#include <cstdint>
#include <limits>
#include <string>

namespace faultline::records
{

/// What the values of a column are.
enum class ColumnType : std::uint8_t {
    Empty, ///< nothing but missing values
    Number,
    Boolean, ///< true/false, yes/no, on/off; read as 1 and 0
    Time,
    Category,   ///< text with few distinct values
    Identifier, ///< text, or a count of the rows, with (nearly) a value of its own in each row: never a feature
    Text,
};

/// One column of a table: what it means and what was found in it.
struct ColumnReport {
    std::string name,
        unit; ///< unit "" when not known; of numbers as they are after reading (`1.5 ms` in a column of s is 0.0015)
    FieldRole role = FieldRole::Ignored;
    ColumnType type = ColumnType::Empty;
    std::uint64_t values = 0;     ///< rows that have the column, missing ones included
    std::uint64_t missing = 0;    ///< empty or one of the usual spellings
    std::uint64_t unreadable = 0; ///< of a column of numbers: neither missing nor a finite number; read as missing
    std::uint64_t distinct = 0;   ///< different values; an estimate (standard error 8 %) when not exact
    bool distinctExact = true;
    double min = std::numeric_limits<double>::quiet_NaN(); ///< of numbers; NaN when there is none
    double max = std::numeric_limits<double>::quiet_NaN();
    std::string
        note; ///< why the column is left out, or read otherwise than as it stands; "" when there is nothing to say

    /// Two values at least, and all the same.
    [[nodiscard]] bool constant() const { return distinct == 1 && values - missing - unreadable > 1; }
};

/// "number", "category", ...
[[nodiscard]] const char* columnTypeName(ColumnType type);
/// "value", "entity", ...
[[nodiscard]] const char* fieldRoleName(FieldRole role);

} // namespace faultline::records
