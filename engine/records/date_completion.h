// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include "engine/records/record_batch.h"
#include "engine/records/record_table.h"
#include <optional>
#include <string>
#include <string_view>

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

/// What is known about when a source was written, beside its times.
struct DateHints {
    TimeUs modified_us = 0; ///< of the file
    std::string path{};     ///< a date or year in the file's name counts before the modification
    /// What the other sources' full times span; noTime when none has any. Counts where the modification would leave
    /// this source apart from them.
    TimeUs othersStart_us = noTime, othersEnd_us = noTime;
};

/// A date, or a year alone, as file names carry it: `app-2024-03-14.log`, `messages.20240314`, `syslog-2019`.
struct NamedDate {
    int year = 0;
    int month = 0; ///< 0: the name has a year alone
    int day = 0;
};
[[nodiscard]] std::optional<NamedDate> dateInName(std::string_view path);

/// Times of the records [begin, end), of one source, as MissingDate describes them, in place to UTC; flags of local
/// times that do not exist or exist twice are set (see settleClockChanges). The year (day) is chosen so that the latest
/// time is not after what the hints say (a day's slack, for the zone). Returns a sentence that says what was assumed
/// and why.
[[nodiscard]] std::string completeDates(RecordTable& table, std::size_t begin, std::size_t end, MissingDate missing,
                                        const DateHints& hints, const TimeZone& zone);

} // namespace faultline::records
