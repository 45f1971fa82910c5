// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/records/delimited_layout.h"
#include <optional>
#include <string>
#include <vector>

namespace faultline::records
{

/// The column that a person named; by its 0-based number where the table has no header. Config error, with the nearest
/// name, when there is none. `what`: "time", "entity", ... for the message.
[[nodiscard]] Result<std::size_t> columnNamed(const TableEvidence& table, const std::string& name, const char* what);
/// One column, or several whose names are separated by commas.
[[nodiscard]] Result<std::vector<std::size_t>> columnsNamed(const TableEvidence& table, const std::string& names,
                                                            const char* what);

/// A name between backticks, safe to show.
[[nodiscard]] std::string quotedName(const ColumnProfile& profile);

struct ChosenTime {
    TableTime time;
    /// A column of numbers that read as times since 1970 and cannot be: they run in step with the written dates that
    /// were taken, more than a day apart.
    std::optional<std::size_t> mistaken{};
    DurationUs ahead_us = 0; ///< of the mistaken column
};
/// The time of the rows among the columns that are not taken: the one that reads as a time of day and has the best
/// name; else a date beside a time of day or an hour; else year, month, day, ... in columns of their own; else a date
/// alone; else, when all says so, days as a spreadsheet counts them.
[[nodiscard]] std::optional<ChosenTime> chooseTime(const TableEvidence& table, const std::vector<bool>& taken);
/// The time in the columns that the person named. Config error when they do not read as one.
[[nodiscard]] Result<TableTime> timeInColumns(const TableEvidence& table, const std::vector<std::size_t>& columns);

/// The free column that names a zone in every row: by IANA names, or by offsets or abbreviations when its name says so
/// (`tz`, `utc_offset`). Only where the rows' times are local.
struct ZoneChoice {
    std::size_t column = 0;
    ColumnZones zones;
};
[[nodiscard]] std::optional<ZoneChoice> chooseZones(const TableEvidence& table, const std::vector<bool>& taken);

/// Whether a column that is named like a verdict holds some: few different values, which are numbers or, where the name
/// may mean other things (`target`, `class`), say of at least one row that it is normal or that it is not.
[[nodiscard]] bool holdsVerdicts(const TableEvidence& table, std::size_t column);

/// The columns that name the series of a long table, when it is one; else empty. Adds the reason.
struct SeriesQuestion {
    const TableEvidence& table;
    const std::vector<bool>& taken;
    std::vector<std::size_t> numbers; ///< columns that may hold the values
    std::vector<std::size_t> keys;    ///< the columns of time and entity
};
[[nodiscard]] std::vector<std::size_t> chooseSeries(const SeriesQuestion& question, std::vector<std::string>& reasons);

} // namespace faultline::records
