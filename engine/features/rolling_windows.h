// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/feature_plan.h"
#include "engine/features/feature_table.h"
#include "engine/features/window_grid.h"
#include <functional>
#include <span>
#include <vector>

namespace faultline::features
{

/// A look-back of more windows than this is refused.
inline constexpr std::int64_t mostRollingWindows = 10'000;

/// Windows that a look-back span covers, the current one included.
[[nodiscard]] constexpr std::int64_t windowsIn(DurationUs span, DurationUs window)
{
    return (span - 1) / window + 1;
}

/// `out[i]` = values[i - length + 1] op ... op values[i]; what lies before the first counts as `identity`. O(values)
/// whatever the length (van Herk 1992, Gil and Werman 1993). Blocks lie at multiples of the length counted from the
/// epoch, `first` being the number of values[0]: so a result depends on the `length` values alone, to the last bit, and
/// not on where the series begins.
void slide(std::span<const double> values, std::int64_t first, std::size_t length, double identity,
           const std::function<double(double, double)>& op, std::vector<double>& out);

/// Fills the columns of look-back spans of a Window table whose unit is cell = window * entities + entity and whose
/// template counts are there; goes on from plan.tail. `logsFrom`: per entity, the window from which on it is known to
/// write logs. O(records + windows * entities * columns); working memory one entity's windows per thread.
[[nodiscard]] Result<void> fillRollingWindows(FeatureTable& table, const FeaturePlan& plan,
                                              const records::RecordSet& records, const WindowGrid& grid,
                                              const CellRecords& cells, std::span<const std::uint32_t> logsFrom,
                                              JobContext& job);

/// The plan's tail after these windows.
[[nodiscard]] RollingTail rollingTail(const FeaturePlan& plan, const records::RecordSet& records,
                                      const WindowGrid& grid, const CellRecords& cells);

[[nodiscard]] bool hasRollingColumns(const FeaturePlan& plan);

} // namespace faultline::features
