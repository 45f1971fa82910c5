// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
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
    if (date.year < 1900 || date.year > 2261 || date.month < 1 || date.month > 12 || date.day < 1)
        return false;
    const bool leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    return date.day <= days[static_cast<std::size_t>(date.month - 1)] + (date.month == 2 && leap ? 1 : 0);
}

/// A leap second, written :60, is allowed.
[[nodiscard]] inline bool inRange(const Clock& clock)
{
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
    /// A year of four digits, 1900 to 2199, if one is there; otherwise nothing is consumed.
    bool year(int& value)
    {
        if (digitRun() != 4)
            return false;
        const int read = twoDigits(m_at) * 100 + twoDigits(m_at + 2);
        if (read < 1900 || read > 2199)
            return false;
        value = read;
        m_at += 4;
        return true;
    }
    void monthName(int& month)
    {
        constexpr std::string_view names = "janfebmaraprmayjunjulaugsepoctnovdec";
        const auto index = nameIndex(names);
        check(index >= 0);
        month = index + 1;
        skip(m_ok ? 3 : 0);
    }
    void weekdayName()
    {
        check(nameIndex("montuewedthufrisatsun") >= 0);
        skip(m_ok ? 3 : 0);
    }
    void capitals(std::size_t least, std::size_t most)
    {
        std::size_t count = 0;
        while (count < most && peek(count) >= 'A' && peek(count) <= 'Z')
            ++count;
        check(count >= least);
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
    /// `CEST`, `PST`; nullopt and nothing consumed when it is none that means one offset. Level words fail at the first
    /// look: the abbreviations end in T, but for MSK and UTC.
    std::optional<DurationUs> abbreviation()
    {
        std::size_t length = 0;
        while (length < 5 && peek(length) >= 'A' && peek(length) <= 'Z')
            ++length;
        if (!m_ok || length < 3 || length > 4)
            return std::nullopt;
        const char last = m_at[length - 1];
        if (last != 'T' && last != 'K' && last != 'C')
            return std::nullopt;
        const auto offset = abbreviatedOffset({m_at, length});
        skip(offset ? length : 0);
        return offset;
    }
    /// Z, UTC, GMT, +hh:mm, +hhmm, an abbreviation behind a blank, and directly behind the time also +hh. nullopt and nothing consumed when none is
    /// there.
    std::optional<DurationUs> zone()
    {
        Reader after = *this;
        const bool apart = after.take(' ');
        std::optional<DurationUs> offset;
        if (!apart && after.take('Z')) {
            offset = 0;
        } else if (after.startsWith("UTC") || after.startsWith("GMT")) {
            after.skip(3);
            offset = 0;
        } else if (apart && after.peek() == 'Z') {
            after.skip(1);
            offset = 0;
        } else if (after.peek() == '+' || after.peek() == '-') {
            offset = after.offset(apart);
        } else if (apart) {
            offset = after.abbreviation();
        }
        if (!m_ok || !offset || !after.atWordEnd())
            return std::nullopt;
        m_at = after.m_at;
        return offset;
    }

private:
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
    std::optional<DurationUs> offset(bool minutesNeeded)
    {
        const DurationUs sign = peek() == '-' ? -1 : 1;
        int hours = 0, minutes = 0;
        skip(1);
        digits(2, 2, hours);
        const bool colon = take(':');
        if (minutesNeeded || colon || digitAhead())
            digits(2, 2, minutes);
        check(hours <= 14 && minutes <= 59);
        return m_ok ? std::optional(sign * (hours * hour_us + minutes * minute_us)) : std::nullopt;
    }

    const char* m_at;
    const char* m_end;
    bool m_ok = true;
};

} // namespace faultline::records::detail
