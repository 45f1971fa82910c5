// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include "engine/records/loader.h"
#include <cstdint>
#include <vector>

namespace faultline::records
{

/// A silence: nothing between two records that follow each other.
struct TimeGap {
    TimeUs begin = noTime, end = noTime;
    std::uint64_t line = 0; ///< of the record behind it
};

/// A clock that jumps, between two records of one entity.
struct ClockStep {
    DurationUs by_us = 0; ///< backward: how far back, positive; forward: how far ahead
    TimeUs from = noTime, to = noTime;
    std::uint64_t line = 0; ///< of the record behind it; 0: there is no such step
};

/// What the times of one source's records come to.
struct TimeQuality {
    std::uint64_t own = 0;        ///< records with a time of their own
    std::uint64_t inherited = 0;  ///< with the time of the record before
    std::uint64_t none = 0;       ///< without any
    std::uint64_t duplicates = 0; ///< exactly the time of the record before
    std::uint64_t disorder = 0;   ///< earlier than the record before
    /// Earlier than the record of the same entity before it: rows sorted by entity are in order.
    std::uint64_t backwardSteps = 0;
    ClockStep largestBackward, largestForward;
    std::uint64_t skippedLocal = 0, repeatedLocal = 0; ///< in the hours in which clocks are changed
    DurationUs typical_us = 0;                         ///< median time between records
    /// Silences longer than this are gaps: ten times the 99th percentile of the time between records, or its median
    /// weighted by time where that is longer (both without the 20 longest), and at least five times the 21st longest of
    /// many, so that what happens often is not called a gap. 0: too few records to say.
    DurationUs gapLimit_us = 0;
    std::uint64_t gapCount = 0;
    DurationUs silent_us = 0;  ///< in gaps, in all
    std::vector<TimeGap> gaps; ///< the longest 20, in order of time
};

/// Of records [begin, end), which are one source's. O(records); no text is read. Cancelled.
[[nodiscard]] Result<TimeQuality> assessTimes(const RecordSet& records, std::size_t begin, std::size_t end,
                                              JobContext& job);

} // namespace faultline::records
