// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include "engine/records/record_table.h"
#include <cstddef>
#include <cstdint>
#include <string>

namespace faultline::records
{

/// What RecordTable::flags say of a local time.
[[nodiscard]] inline std::uint8_t clockFlags(const LocalReading& reading)
{
    return static_cast<std::uint8_t>((reading.skipped ? ClockSkipped : 0) |
                                     (reading.repeatedAfter_us > 0 ? ClockRepeated : 0));
}

struct ClockChangeCounts {
    std::uint64_t skipped = 0;  ///< local times that do not exist
    std::uint64_t repeated = 0; ///< local times that exist twice
    std::uint64_t later = 0;    ///< of these, how many mean the later instant
};

/// Settles the times of records [begin, end) of one source that are flagged ClockRepeated and stand at the earlier of
/// their two instants: from where local time falls back, they are of the later one. How far it must fall depends on the
/// source: twice as far as its lines go back elsewhere, at least a minute, at most half of what is repeated. A source
/// that begins within the repeated hour and goes straight on after it began in the second pass. One reading a pass
/// (hourly tables) is known by twice as many equal times as before. Two passes over the times; the order of lines alone
/// decides, so the result is the same for any number of threads.
ClockChangeCounts settleClockChanges(RecordTable& table, std::size_t begin, std::size_t end, const TimeZone& zone);

/// A sentence about the counts; "" when all are 0.
[[nodiscard]] std::string clockChangeReason(const ClockChangeCounts& counts, const TimeZone& zone);

} // namespace faultline::records
