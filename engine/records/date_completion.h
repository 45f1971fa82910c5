// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/chunked_vector.h"
#include "engine/core/time.h"
#include "engine/records/record_batch.h"
#include <string>

namespace faultline::records
{

/// Counts how often a series of times without a year (or day) has begun anew: a fall by more than half a period is a
/// new year (day). A late line from before the turn, shortly after it, still counts for the old one.
class TurnCounter
{
public:
    explicit TurnCounter(DurationUs period_us) : m_period_us(period_us) {}
    /// The turns before this time; times in file order.
    [[nodiscard]] int next(TimeUs time_us);

private:
    DurationUs m_period_us;
    TimeUs m_last_us = noTime, m_turned_us = noTime;
    int m_turns = 0;
};

/// Times [begin, end) of one source, as MissingDate describes them, in place to UTC. The year (day) is chosen so that
/// the latest of them is not after the file's modification (a day's slack, for the zone). Returns a sentence that says
/// what was assumed.
[[nodiscard]] std::string completeDates(ChunkedVector<TimeUs>& time, std::size_t begin, std::size_t end,
                                        MissingDate missing, TimeUs modified_us, const TimeZone& zone);

} // namespace faultline::records
