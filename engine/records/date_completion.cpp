// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/date_completion.h"
#include <algorithm>

namespace faultline::records
{

namespace
{

constexpr DurationUs leapYear_us = 366 * day_us;
constexpr int lateShare =
    180; // late lines come within this fraction of the period: two days of a year, eight minutes of a day
constexpr std::int64_t leapDayIndex = 59; // 29 February, counted from 1 January

bool isLeap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

const TimeUs placeholderYear_us = fromCivil({.year = 2000});

TimeUs inYear(TimeUs placeholder_us, int year)
{
    auto sinceNewYear_us = placeholder_us - placeholderYear_us;
    if (!isLeap(year) && sinceNewYear_us >= (leapDayIndex + 1) * day_us)
        sinceNewYear_us -= day_us;
    return daysFromCivil(year, 1, 1) * day_us + sinceNewYear_us;
}

/// What the first pass over the times tells.
struct Span {
    int turns = 0;          ///< of the latest time
    TimeUs latest = noTime; ///< placeholder time, the latest after the most turns
    int leapDayTurn = -1;   ///< turns before the first 29 February, or -1
    bool any = false;
};

Span spanOf(const ChunkedVector<TimeUs>& time, std::size_t begin, std::size_t end, MissingDate missing)
{
    TurnCounter counter(missing == MissingDate::Year ? leapYear_us : day_us);
    Span span;
    for (auto i = begin; i < end; ++i) {
        if (time[i] == noTime)
            continue;
        const int turns = counter.next(time[i]);
        if (!span.any || turns > span.turns || (turns == span.turns && time[i] > span.latest)) {
            span.turns = turns;
            span.latest = time[i];
        }
        span.any = true;
        if (missing == MissingDate::Year && span.leapDayTurn < 0 &&
            (time[i] - placeholderYear_us) / day_us == leapDayIndex)
            span.leapDayTurn = turns;
    }
    return span;
}

/// The year of times after `span.turns` turns.
int lastYear(const Span& span, TimeUs modified_us)
{
    int year = toCivil(modified_us).year;
    if (inYear(span.latest, year) > modified_us + day_us)
        --year;
    if (span.leapDayTurn >= 0)
        for (int tries = 0; tries < 8 && !isLeap(year - span.turns + span.leapDayTurn); ++tries)
            --year;
    return year;
}

class ToUtc
{
public:
    explicit ToUtc(const TimeZone& zone) : m_zone(zone), m_isUtc(zone.name() == "UTC") {}
    TimeUs operator()(TimeUs local_us)
    {
        if (m_isUtc)
            return local_us;
        const auto minute = local_us / minute_us;
        if (minute != m_minute) {
            m_minute = minute;
            m_shift_us = m_zone.toUtc(minute * minute_us) - minute * minute_us;
        }
        return local_us + m_shift_us;
    }

private:
    const TimeZone& m_zone;
    bool m_isUtc;
    std::int64_t m_minute = std::numeric_limits<std::int64_t>::min();
    DurationUs m_shift_us = 0;
};

std::string times(int count)
{
    return count == 1 ? "once" : std::to_string(count) + " times";
}

std::string yearReason(int firstYear, int turns)
{
    auto reason = "the times name no year: " + std::to_string(firstYear) +
                  " is assumed, so that the last is not after the file's modification time";
    if (turns > 0)
        reason += "; it goes up " + times(turns) + ", where December turns to January";
    return reason;
}

std::string dayReason(TimeUs firstDay_us, int turns)
{
    auto reason = "the times name no date: " + formatIso8601(firstDay_us).substr(0, 10) +
                  " is assumed, so that the last is not after the file's modification time";
    if (turns > 0)
        reason += "; the day goes up " + times(turns) + ", at midnight";
    return reason;
}

} // namespace

int TurnCounter::next(TimeUs time_us)
{
    if (m_last_us != noTime && time_us < m_last_us - m_period_us / 2) {
        ++m_turns;
        m_turned_us = time_us;
    } else if (m_turns > 0 && time_us > m_last_us + m_period_us / 2 &&
               m_last_us - m_turned_us < m_period_us / lateShare) {
        return m_turns - 1;
    }
    m_last_us = time_us;
    return m_turns;
}

std::string completeDates(ChunkedVector<TimeUs>& time, std::size_t begin, std::size_t end, MissingDate missing,
                          TimeUs modified_us, const TimeZone& zone)
{
    const auto span = missing == MissingDate::None ? Span{} : spanOf(time, begin, end, missing);
    if (!span.any)
        return {};
    const auto modifiedLocal_us = modified_us + zone.offsetAt(modified_us);
    const int year = lastYear(span, modifiedLocal_us);
    auto day = modifiedLocal_us / day_us;
    if (day * day_us + span.latest > modifiedLocal_us + minute_us)
        --day;

    TurnCounter counter(missing == MissingDate::Year ? leapYear_us : day_us);
    ToUtc toUtc(zone);
    for (auto i = begin; i < end; ++i) {
        if (time[i] == noTime)
            continue;
        const int back = span.turns - counter.next(time[i]);
        time[i] = toUtc(missing == MissingDate::Year ? inYear(time[i], year - back) : (day - back) * day_us + time[i]);
    }
    return missing == MissingDate::Year ? yearReason(year - span.turns, span.turns)
                                        : dayReason((day - span.turns) * day_us, span.turns);
}

} // namespace faultline::records
