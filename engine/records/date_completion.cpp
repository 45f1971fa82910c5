// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/date_completion.h"
#include "engine/records/clock_changes.h"
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

constexpr DurationUs near_us = 31 * day_us; ///< sources of one analysis are seldom further apart

/// A year or day with the reason for it.
struct Choice {
    std::int64_t value = 0; ///< year, or days since 1970, of the latest time
    std::string why;
};

/// How far a time lies from what the other sources span; 0 within, or when there are none.
DurationUs apart(TimeUs local_us, const DateHints& hints)
{
    if (hints.othersStart_us == noTime)
        return 0;
    return std::max({DurationUs{0}, hints.othersStart_us - local_us, local_us - hints.othersEnd_us});
}

const char* const whyModified = "so that the last is not after the file's modification time";
const char* const whyOthers = "so that they lie where the times of the other inputs lie";

Choice yearOf(const Span& span, const DateHints& hints)
{
    const int modifiedYear = toCivil(hints.modified_us).year;
    const int byModified = modifiedYear - (inYear(span.latest, modifiedYear) > hints.modified_us + day_us ? 1 : 0);
    if (const auto named = dateInName(hints.path)) {
        const auto& [year, month, day] = *named;
        if (month == 0)
            return {year, "because the file's name says so"};
        const auto end_us = (daysFromCivil(year, month, day) + 2) * day_us; // written that day, or the day before
        return {inYear(span.latest, year) > end_us ? year - 1 : year, "because of the date in the file's name"};
    }
    if (apart(inYear(span.latest, byModified), hints) > near_us) {
        const int others = toCivil(hints.othersEnd_us).year;
        const auto distance = [&](int year) { return apart(inYear(span.latest, year), hints); };
        return {distance(others) <= distance(others - 1) ? others : others - 1, whyOthers};
    }
    return {byModified, whyModified};
}

/// 29 February needs a leap year.
Choice withLeapDay(Choice choice, const Span& span)
{
    const auto first = choice.value;
    if (span.leapDayTurn >= 0)
        for (int tries = 0; tries < 8 && !isLeap(static_cast<int>(choice.value) - span.turns + span.leapDayTurn);
             ++tries)
            --choice.value;
    if (choice.value != first)
        choice.why += " and 29 February exists";
    return choice;
}

Choice dayOf(const Span& span, const DateHints& hints)
{
    const auto before = [&](TimeUs end_us) { // the last day on which the latest time is not after `end_us`
        const auto day = end_us / day_us;
        return day - (day * day_us + span.latest > end_us + minute_us ? 1 : 0);
    };
    if (const auto named = dateInName(hints.path); named && named->month != 0)
        return {daysFromCivil(named->year, named->month, named->day) + span.turns,
                "because of the date in the file's name"};
    const auto byModified = before(hints.modified_us);
    if (apart(byModified * day_us + span.latest, hints) > day_us)
        return {before(hints.othersEnd_us + minute_us), whyOthers};
    return {byModified, whyModified};
}

std::string times(int count)
{
    return count == 1 ? "once" : std::to_string(count) + " times";
}

std::string yearReason(const Choice& choice, int turns)
{
    auto reason = "the times name no year: " + std::to_string(choice.value - turns) + " is assumed, " + choice.why;
    if (turns > 0)
        reason += "; it goes up " + times(turns) + ", where December turns to January";
    return reason;
}

std::string dayReason(const Choice& choice, int turns)
{
    auto reason = "the times name no date: " + formatIso8601((choice.value - turns) * day_us).substr(0, 10) +
                  " is assumed, " + choice.why;
    if (turns > 0)
        reason += "; the day goes up " + times(turns) + ", at midnight";
    return reason;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// The number in digits [at, at + count), or -1.
int digitsAt(std::string_view text, std::size_t at, std::size_t count)
{
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (i >= text.size() || !isDigit(text[i]))
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

std::optional<NamedDate> dateAt(std::string_view name, std::size_t at)
{
    std::size_t run = 0;
    while (at + run < name.size() && isDigit(name[at + run]))
        ++run;
    const int year = digitsAt(name, at, 4);
    if (year < 1990 || year > 2100)
        return std::nullopt;
    NamedDate date{.year = year};
    std::size_t end = at + 4;
    if (run == 8 || run == 14 || run == 12 || run == 10) {
        date.month = digitsAt(name, at + 4, 2);
        date.day = digitsAt(name, at + 6, 2);
        end = at + run;
    } else if (run == 4 && end < name.size() && (name[end] == '-' || name[end] == '_' || name[end] == '.')) {
        const char mark = name[end];
        const int month = digitsAt(name, end + 1, 2), day = digitsAt(name, end + 4, 2);
        if (month > 0 && day > 0 && name[end + 3] == mark && (end + 6 == name.size() || !isDigit(name[end + 6]))) {
            date.month = month;
            date.day = day;
        }
    } else if (run != 4) {
        return std::nullopt;
    }
    if (date.month == 0)
        return date;
    const auto back = toCivil(daysFromCivil(date.year, date.month, date.day) * day_us);
    const bool exists = date.month <= 12 && date.day >= 1 && back.month == date.month && back.day == date.day;
    return exists ? std::optional(date) : std::nullopt;
}

} // namespace

std::optional<NamedDate> dateInName(std::string_view path)
{
    const auto name = path.substr(path.rfind('/') + 1);
    for (std::size_t at = 0; at + 4 <= name.size(); ++at)
        if (isDigit(name[at]) && (at == 0 || !isDigit(name[at - 1])))
            if (const auto date = dateAt(name, at))
                return date;
    return std::nullopt;
}

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

std::string completeDates(RecordTable& table, std::size_t begin, std::size_t end, MissingDate missing,
                          const DateHints& hints, const TimeZone& zone)
{
    auto& time = table.time;
    const auto span = missing == MissingDate::None ? Span{} : spanOf(time, begin, end, missing);
    if (!span.any)
        return {};
    const bool year = missing == MissingDate::Year;
    const DateHints local{.modified_us = zone.toLocal(hints.modified_us),
                          .path = hints.path,
                          .othersStart_us = zone.toLocal(hints.othersStart_us),
                          .othersEnd_us = zone.toLocal(hints.othersEnd_us)};
    const auto choice = year ? withLeapDay(yearOf(span, local), span) : dayOf(span, local);

    TurnCounter counter(year ? leapYear_us : day_us);
    LocalClock clock(zone);
    for (auto i = begin; i < end; ++i) {
        if (time[i] == noTime)
            continue;
        const auto of = choice.value - (span.turns - counter.next(time[i]));
        const auto reading = clock.read(year ? inYear(time[i], static_cast<int>(of)) : of * day_us + time[i]);
        time[i] = reading.utc_us;
        table.flags[i] |= clockFlags(reading);
    }
    return year ? yearReason(choice, span.turns) : dayReason(choice, span.turns);
}

} // namespace faultline::records
