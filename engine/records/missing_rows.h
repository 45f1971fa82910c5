// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/time_quality.h"
#include <cstdint>

namespace faultline::records
{

/// Rows that a table of measurements should have and has not, because its times otherwise go on in equal steps.
struct MissingRows {
    std::uint64_t series = 0;   ///< entities whose rows follow each other in steps of equal length
    std::uint64_t expected = 0; ///< rows of these, the missing ones included
    std::uint64_t missing = 0;
    std::uint64_t gaps = 0; ///< stretches of rows that are missing
    DurationUs step_us = 0; ///< of the series with the longest of them; of the first one when there is none
    TimeGap longest;        ///< the first of those with most rows; from the last row before it to the first behind
    std::uint64_t longestRows = 0; ///< missing in it
};

/// Of records [begin, end), which are the rows of one table, each entity for itself. A series is regular by the first
/// 4,096 of its times (20 at least), see samplingOf(); rows that go back in time are passed over. O(records) time, 8
/// bytes for each of at most 4 M times looked at first. Cancelled.
[[nodiscard]] Result<MissingRows> missingRows(const RecordSet& records, std::size_t begin, std::size_t end,
                                              JobContext& job);

} // namespace faultline::records
