// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/features/feature_plan.h"
#include "engine/records/loader.h"
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace faultline::features
{

inline constexpr const char* otherEntities = "(other)";
/// More windows times entities than this are refused.
inline constexpr std::uint64_t maxCells = 20'000'000;

/// Index of the window that holds a time: floor(time / length).
[[nodiscard]] constexpr std::int64_t windowOf(TimeUs time, DurationUs length)
{
    return time / length - (time % length < 0 ? 1 : 0);
}

/// The dense grid of windows and entities over the records of a table that carry a time. Cell = window * entities +
/// entity.
struct WindowGrid {
    std::int64_t first = 0; ///< index of the first window
    std::uint64_t windows = 0;
    DurationUs length = 0;
    std::vector<std::string> entities;
    std::vector<std::uint32_t> slotOf;      ///< record table's entity -> index into entities
    std::vector<std::uint32_t> firstWindow; ///< per entity: of its first record, counted from `first`
    std::vector<std::uint32_t> firstLog;    ///< per entity: of its first log record; noLog when it has none
    static constexpr std::uint32_t noLog = 0xffffffff;

    [[nodiscard]] std::uint64_t cells() const { return windows * entities.size(); }
    [[nodiscard]] TimeUs startOf(std::uint64_t window) const
    {
        return (first + static_cast<std::int64_t>(window)) * length;
    }
};

/// Which entities a grid has, and from when on.
struct EntityRule {
    std::span<const std::string> known; ///< come first, in this order
    bool keepKnown = false;             ///< also those that this data does not name, and from the first window on
    bool causal = false;                ///< decide by what is known when an entity first speaks
};

/// New entities come after the known ones, the most frequent of them (causal: the earliest) as long as there are at
/// most maxEntities, the others together as "(other)". Config error when no record carries a time, or for more than
/// maxCells.
[[nodiscard]] Result<WindowGrid> layWindows(const records::RecordTable& table, const FeatureOptions& options,
                                            const EntityRule& rule);

/// The records of each cell, in the order of the table: records[begin[cell] .. begin[cell + 1]).
struct CellRecords {
    std::vector<std::uint32_t> begin, records;
};
/// Counting sort; 8 bytes a record while it runs, 4 after, 4 a cell.
[[nodiscard]] CellRecords sortIntoCells(const records::RecordTable& table, const WindowGrid& grid);

} // namespace faultline::features
