// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/clock_changes.h"
#include "engine/core/text.h"
#include <algorithm>

namespace faultline::records
{

namespace
{

constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();

class RepeatedTimes
{
public:
    RepeatedTimes(RecordTable& table, std::size_t begin, std::size_t end, const TimeZone& zone)
        : m_table(table), m_begin(begin), m_end(end), m_zone(zone), m_usualFall_us(usualFall())
    {
    }

    /// Returns how many records were moved to the later instant.
    std::uint64_t settle()
    {
        for (auto i = nextTimed(m_begin); i < m_end;) {
            if (!repeated(i)) {
                m_before = i;
                i = nextTimed(i + 1);
                continue;
            }
            i = settleRun(i);
        }
        return m_later;
    }

private:
    [[nodiscard]] bool repeated(std::size_t i) const { return (m_table.flags[i] & ClockRepeated) != 0; }
    [[nodiscard]] std::size_t nextTimed(std::size_t i) const
    {
        while (i < m_end && m_table.time[i] == noTime)
            ++i;
        return i;
    }

    /// How far the lines of this source go back where clocks do not.
    [[nodiscard]] DurationUs usualFall() const
    {
        DurationUs most_us = 0;
        auto before = nextTimed(m_begin);
        for (auto i = nextTimed(before + 1); i < m_end; before = i, i = nextTimed(i + 1))
            if (!repeated(i) && !repeated(before))
                most_us = std::max(most_us, m_table.time[before] - m_table.time[i]);
        return most_us;
    }

    void moveLater(std::size_t i)
    {
        m_table.time[i] += m_length_us;
        ++m_later;
    }

    /// One of the next lines goes back again.
    [[nodiscard]] bool fallsSoon(std::size_t from, DurationUs late_us) const
    {
        auto i = nextTimed(from + 1);
        for (int looked = 0; looked < 16 && i < m_end && repeated(i); ++looked, i = nextTimed(i + 1))
            if (m_table.time[i] < m_table.time[from] - late_us)
                return true;
        return false;
    }

    /// Neighbouring records within a repeated hour, from `first` on. Returns the timed record behind them.
    std::size_t settleRun(std::size_t first)
    {
        m_length_us = m_zone.fromLocal(m_zone.toLocal(m_table.time[first])).repeatedAfter_us;
        const auto late_us = std::clamp(2 * m_usualFall_us, std::min(minute_us, m_length_us / 2), m_length_us / 2);
        const auto first_us = m_table.time[first];
        auto highest_us = first_us, fellTo_us = first_us; // of this pass, as if it were the first
        bool second = false, fell = false, allEqual = true;
        std::size_t count = 0, last = first, i = first;
        for (; i < m_end && repeated(i); last = i, i = nextTimed(i + 1), ++count) {
            const auto time_us = m_table.time[i];
            allEqual = allEqual && time_us == first_us;
            if (time_us <
                highest_us - late_us) { // clocks were put back; or, when they were before, a new series begins
                second = !second;
                fell = true;
                highest_us = fellTo_us = time_us;
            }
            const bool jumps = time_us > highest_us + m_length_us / 2 && highest_us < fellTo_us + late_us;
            if (second && jumps && fallsSoon(i, late_us))
                continue; // a late line of the first pass
            highest_us = std::max(highest_us, time_us);
            if (second)
                moveLater(i);
        }
        if (!fell && allEqual)
            settleEqual(first, i, count);
        else if (!fell && m_before == nobody && i < m_end)
            settleBeginning(first, i, highest_us);
        m_before = last;
        return i;
    }

    /// One reading a pass: twice as many records of one time as the time before has.
    void settleEqual(std::size_t first, std::size_t end, std::size_t count)
    {
        if (m_before == nobody || count % 2 != 0)
            return;
        std::size_t usual = 0;
        for (auto i = m_before; m_table.time[i] == m_table.time[m_before]; --i) {
            ++usual;
            if (i == m_begin)
                break;
        }
        if (count != 2 * usual)
            return;
        std::size_t seen = 0;
        for (auto i = first; i < end; i = nextTimed(i + 1))
            if (seen++ >= count / 2)
                moveLater(i);
    }

    /// The source begins here: what follows tells which pass it is that ends where times are clear again.
    void settleBeginning(std::size_t first, std::size_t after, TimeUs last_us)
    {
        const auto gap_us = m_table.time[after] - last_us - m_length_us;
        if (gap_us < 0 || gap_us > m_length_us / 4)
            return;
        for (auto i = first; i < after; i = nextTimed(i + 1))
            moveLater(i);
    }

    RecordTable& m_table;
    std::size_t m_begin, m_end;
    const TimeZone& m_zone;
    DurationUs m_usualFall_us;
    DurationUs m_length_us = 0;
    std::size_t m_before = nobody; ///< the last record before the run
    std::uint64_t m_later = 0;
};

} // namespace

ClockChangeCounts settleClockChanges(RecordTable& table, std::size_t begin, std::size_t end, const TimeZone& zone)
{
    ClockChangeCounts counts;
    if (zone.isFixed())
        return counts;
    for (auto i = begin; i < end; ++i) {
        counts.skipped += (table.flags[i] & ClockSkipped) != 0 ? 1U : 0U;
        counts.repeated += (table.flags[i] & ClockRepeated) != 0 ? 1U : 0U;
    }
    if (counts.repeated > 0)
        counts.later = RepeatedTimes(table, begin, end, zone).settle();
    return counts;
}

std::string clockChangeReason(const ClockChangeCounts& counts, const TimeZone& zone)
{
    std::string reason;
    if (counts.repeated > 0)
        reason = formatCount(counts.repeated) + " local times exist twice in " + zone.name() +
                 ", where clocks were put back; by the order of lines " + formatCount(counts.later) +
                 " of them mean the later instant";
    if (counts.skipped > 0)
        reason += (reason.empty() ? "" : "; ") + formatCount(counts.skipped) + " local times do not exist in " +
                  zone.name() + ", where clocks were put forward; they are read as if the clock had not moved";
    return reason;
}

} // namespace faultline::records
