// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include "engine/records/time_words.h"
#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>

/// The small steps that the time shapes are read with. Inline, because a line's time is read for every line.
namespace faultline::records::detail
{

struct Date {
    int year = 1970, month = 1, day = 1;
};

struct Clock {
    int hour = 0, minute = 0, second = 0;
    std::int64_t micros = 0;
};

/// What four digits must be to count as a year.
enum class YearRange : std::uint8_t {
    Any,       ///< 0001 to 9999, where nothing else can stand
    Plausible, ///< 1900 to 2199, where they may as well be a number
};
[[nodiscard]] inline bool isPlausible(int year)
{
    return year >= 1900 && year <= 2199;
}

struct ClockRules {
    bool secondsMayLack = false;
    bool dotted = false; ///< 15.42.50 as well as 15:42:50
};

[[nodiscard]] inline bool isDigit(char c)
{
    return static_cast<unsigned char>(c - '0') < 10;
}

/// The number in two bytes, negative when they are not digits.
[[nodiscard]] inline int twoDigits(const char* p)
{
    return isDigit(p[0]) && isDigit(p[1]) ? (p[0] - '0') * 10 + (p[1] - '0') : -1;
}

[[nodiscard]] inline bool inRange(const Date& date)
{
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1)
        return false;
    const bool leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    return date.day <= days[static_cast<std::size_t>(date.month - 1)] + (date.month == 2 && leap ? 1 : 0);
}

/// A leap second, written :60, is allowed, and 24:00:00 for the end of a day.
[[nodiscard]] inline bool inRange(const Clock& clock)
{
    if (clock.hour == 24)
        return clock.minute == 0 && clock.second == 0 && clock.micros == 0;
    return clock.hour <= 23 && clock.minute <= 59 && clock.second <= 60;
}

[[nodiscard]] inline TimeUs timeOf(const Date& date, const Clock& clock)
{
    // POSIX time has no leap seconds: all of :60 is the last microsecond of :59, so that order is kept.
    const bool leapSecond = clock.second == 60;
    const std::int64_t seconds = clock.hour * 3600 + clock.minute * 60 + (leapSecond ? 59 : clock.second);
    return daysFromCivil(date.year, date.month, date.day) * day_us + seconds * second_us +
           (leapSecond ? second_us - 1 : clock.micros);
}

/// Reads from the front of a text. The first step that fails makes all later ones fail; ok() tells at the end.
class Reader
{
public:
    explicit Reader(std::string_view text) : m_at(text.data()), m_end(text.data() + text.size()) {}

    [[nodiscard]] bool ok() const { return m_ok; }
    [[nodiscard]] const char* position() const { return m_at; }
    [[nodiscard]] char peek(std::size_t ahead = 0) const
    {
        return ahead < static_cast<std::size_t>(m_end - m_at) ? m_at[ahead] : '\0';
    }
    [[nodiscard]] bool digitAhead() const { return isDigit(peek()); }
    [[nodiscard]] bool atWordEnd() const
    {
        const char c = peek();
        return !(isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_');
    }
    [[nodiscard]] std::size_t digitRun() const
    {
        std::size_t count = 0;
        while (isDigit(peek(count)))
            ++count;
        return count;
    }

    void check(bool holds) { m_ok = m_ok && holds; }
    void skip(std::size_t bytes) { m_at += bytes; }
    bool take(char c)
    {
        if (!m_ok || peek() != c)
            return false;
        ++m_at;
        return true;
    }
    bool takeWord(std::string_view word)
    {
        if (!m_ok || !startsWith(word))
            return false;
        skip(word.size());
        return true;
    }
    void expect(char c)
    {
        if (!take(c))
            m_ok = false;
    }
    char oneOf(std::string_view set)
    {
        const char c = peek();
        if (!m_ok || c == '\0' || set.find(c) == std::string_view::npos) {
            m_ok = false;
            return '\0';
        }
        ++m_at;
        return c;
    }
    void digits(int least, int most, int& value)
    {
        int count = 0;
        value = 0;
        const int bound = std::min(most, 9); // more digits than an int holds are no part of a date
        for (; count < bound && digitAhead(); ++count)
            value = value * 10 + (*m_at++ - '0');
        check(count >= least);
    }
    /// A year of four digits if one is there; otherwise nothing is consumed.
    bool year(int& value, YearRange range)
    {
        if (digitRun() != 4)
            return false;
        const int read = twoDigits(m_at) * 100 + twoDigits(m_at + 2);
        if (range == YearRange::Plausible && !isPlausible(read))
            return false;
        value = read;
        m_at += 4;
        return true;
    }
    void monthName(int& month)
    {
        constexpr std::string_view names = "janfebmaraprmayjunjulaugsepoctnovdec";
        if (const auto index = nameIndex(names); index >= 0 && !isNameByte(peek(3)) && peek(3) != '.') {
            month = index + 1;
            return skip(3);
        }
        const auto word = m_ok ? monthWord(rest()) : MonthWord{};
        check(word.month > 0);
        month = word.month;
        skip(word.length);
    }
    /// Three letters or the full name.
    void weekdayName()
    {
        check(nameIndex("montuewedthufrisatsun") >= 0);
        if (!m_ok)
            return;
        skip(3);
        std::size_t more = 0;
        while (isNameByte(peek(more)))
            ++more;
        constexpr std::array<std::string_view, 7> ends{"day", "sday", "nesday", "rsday", "day", "urday", "day"};
        check(more == 0 || std::find(ends.begin(), ends.end(), rest().substr(0, more)) != ends.end());
        skip(m_ok ? more : 0);
    }
    [[nodiscard]] std::size_t capitalRun() const
    {
        std::size_t count = 0;
        while (count < 8 && peek(count) >= 'A' && peek(count) <= 'Z')
            ++count;
        return count;
    }
    void capitals(std::size_t least, std::size_t most)
    {
        const auto count = capitalRun();
        check(count >= least && count <= most);
        skip(m_ok ? count : 0);
    }

    void clock(Clock& clock, ClockRules rules)
    {
        digits(1, 2, clock.hour);
        const char separator = oneOf(rules.dotted ? ":." : ":");
        digits(2, 2, clock.minute);
        if (m_ok && rules.secondsMayLack && peek() != separator) {
            check(inRange(clock));
            return;
        }
        expect(separator);
        digits(1, 2, clock.second);
        check(inRange(clock));
        if (m_ok)
            fraction(clock);
    }
    /// A dot and up to nine digits; or, because CSV and lists use them otherwise, a comma or colon and exactly 3, 6
    /// or 9.
    void fraction(Clock& clock)
    {
        const char lead = peek();
        if (lead == '.')
            return decimals(clock);
        if (lead != ',' && lead != ':')
            return;
        std::size_t count = 0;
        while (isDigit(peek(1 + count)))
            ++count;
        if (count == 3 || count == 6 || count == 9)
            readDecimals(clock, count);
    }
    void decimals(Clock& clock)
    {
        if (peek() != '.')
            return;
        std::size_t count = 0;
        while (isDigit(peek(1 + count)))
            ++count;
        if (count >= 1 && count <= 9)
            readDecimals(clock, count);
    }
    void amPm(Clock& clock)
    {
        const std::size_t blank = peek() == ' ' ? 1 : 0;
        const char half = static_cast<char>(peek(blank) | 0x20);
        if (!m_ok || (half != 'a' && half != 'p') || static_cast<char>(peek(blank + 1) | 0x20) != 'm')
            return;
        Reader after = *this;
        after.skip(blank + 2);
        if (!after.atWordEnd() || clock.hour < 1 || clock.hour > 12)
            return;
        clock.hour = clock.hour % 12 + (half == 'p' ? 12 : 0);
        m_at = after.m_at;
    }
    /// Z, +hh:mm, +hhmm, abbreviations (UTC+2 as well), and directly behind the time also +hh; a zone's name in
    /// brackets behind its offset belongs to it. nullopt and nothing consumed when none is there. Capitals directly
    /// behind the time that no zone is known by are passed over.
    std::optional<DurationUs> zone()
    {
        Reader after = *this;
        const bool apart = after.take(' ');
        std::optional<DurationUs> offset;
        if (after.peek() == '+' || after.peek() == '-') {
            offset = after.offset(apart);
        } else if (after.peek() == 'Z' || after.peek() == 'z') {
            after.skip(1);
            offset = 0;
        } else if (after.peek() >= 'A' && after.peek() <= 'Z') {
            offset = after.zoneByWord(apart);
        }
        if (!m_ok || !after.m_ok || !after.atWordEnd() || (!offset && apart))
            return std::nullopt;
        if (offset)
            after.zoneName();
        m_at = after.m_at;
        return offset;
    }

private:
    [[nodiscard]] std::string_view rest() const { return {m_at, static_cast<std::size_t>(m_end - m_at)}; }
    [[nodiscard]] static bool isNameByte(char c)
    {
        return static_cast<unsigned char>((c | 0x20) - 'a') < 26 || static_cast<unsigned char>(c) >= 0x80;
    }
    std::optional<DurationUs> zoneByWord(bool apart)
    {
        const auto length = capitalRun();
        const auto word = length >= 3 && length <= 5 ? zoneWord(rest().substr(0, length)) : std::nullopt;
        check(word || (!apart && length >= 3 && length <= 4));
        if (!m_ok)
            return std::nullopt;
        skip(length);
        if (!word)
            return std::nullopt;
        auto offset_us = word->offset_us;
        if (offset_us == 0 && (peek() == '+' || peek() == '-')) { // "UTC+02:00", "GMT+2"
            Reader shift = *this;
            if (const auto more = shift.offset(false, 1); more && shift.atWordEnd()) {
                m_at = shift.m_at;
                offset_us = *more;
            }
        }
        return offset_us;
    }
    /// `[Europe/Berlin]` behind an offset.
    void zoneName()
    {
        if (peek() != '[' || !isNameByte(peek(1)))
            return;
        const auto close = rest().substr(0, 48).find(']');
        if (close != std::string_view::npos && rest().substr(0, close).find('/') != std::string_view::npos)
            skip(close + 1);
    }
    [[nodiscard]] bool startsWith(std::string_view word) const
    {
        return static_cast<std::size_t>(m_end - m_at) >= word.size() &&
               std::memcmp(m_at, word.data(), word.size()) == 0;
    }
    [[nodiscard]] int nameIndex(std::string_view names) const
    {
        if (!m_ok || m_end - m_at < 3)
            return -1;
        for (std::size_t i = 0; i + 2 < names.size(); i += 3)
            if ((m_at[0] | 0x20) == names[i] && (m_at[1] | 0x20) == names[i + 1] && (m_at[2] | 0x20) == names[i + 2])
                return static_cast<int>(i / 3);
        return -1;
    }
    void readDecimals(Clock& clock, std::size_t count)
    {
        std::int64_t micros = 0;
        for (std::size_t i = 0; i < 6; ++i)
            micros = micros * 10 + (i < count ? m_at[1 + i] - '0' : 0);
        clock.micros = micros;
        m_at += 1 + count;
    }
    std::optional<DurationUs> offset(bool minutesNeeded, int leastHourDigits = 2)
    {
        const DurationUs sign = peek() == '-' ? -1 : 1;
        int hours = 0, minutes = 0;
        skip(1);
        digits(leastHourDigits, 2, hours);
        const bool colon = take(':');
        if (colon || digitAhead())
            digits(2, 2, minutes);
        else if (minutesNeeded) // "12:00:00 -05 retries" counts; "12:00:00 +03 [77]" is how databases write it
            check(rest().empty() || rest().starts_with(" ["));
        check(hours <= 14 && minutes <= 59);
        return m_ok ? std::optional(sign * (hours * hour_us + minutes * minute_us)) : std::nullopt;
    }

    const char* m_at;
    const char* m_end;
    bool m_ok = true;
};

} // namespace faultline::records::detail
