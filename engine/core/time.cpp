// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/time.h"
#include "engine/core/text.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>

namespace faultline
{

namespace
{
constexpr std::int64_t daysPerEra = 146'097; // 400 Gregorian years

constexpr std::int64_t floorDivide(std::int64_t a, std::int64_t b)
{
    return a / b - ((a % b != 0 && (a % b < 0) != (b < 0)) ? 1 : 0);
}

bool isLeap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int daysInMonth(int year, int month)
{
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && isLeap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

/// Reads from the front of a text; every read says whether it found what it wanted.
class Cursor
{
public:
    explicit Cursor(std::string_view text) : m_text(text) {}
    [[nodiscard]] bool atEnd() const { return m_text.empty(); }
    bool take(char c)
    {
        if (m_text.empty() || m_text.front() != c)
            return false;
        m_text.remove_prefix(1);
        return true;
    }
    bool number(std::size_t digits, int& value)
    {
        if (m_text.size() < digits)
            return false;
        value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (m_text[i] < '0' || m_text[i] > '9')
                return false;
            value = value * 10 + (m_text[i] - '0');
        }
        m_text.remove_prefix(digits);
        return true;
    }
    /// One or more digits after a decimal point, as microseconds; digits behind the sixth are cut off.
    bool fraction(std::int64_t& micros)
    {
        std::int64_t unit = 100'000;
        bool any = false;
        for (int digit = 0; number(1, digit); unit /= 10, any = true)
            micros += digit * unit;
        return any;
    }

private:
    std::string_view m_text;
};

bool readDate(Cursor& cursor, CivilTime& civil)
{
    return cursor.number(4, civil.year) && cursor.take('-') && cursor.number(2, civil.month) && cursor.take('-') &&
           cursor.number(2, civil.day) && civil.month >= 1 && civil.month <= 12 && civil.day >= 1 &&
           civil.day <= daysInMonth(civil.year, civil.month);
}

bool readClock(Cursor& cursor, CivilTime& civil)
{
    if (!(cursor.number(2, civil.hour) && cursor.take(':') && cursor.number(2, civil.minute)))
        return false;
    if (cursor.take(':') && !cursor.number(2, civil.second))
        return false;
    if ((cursor.take('.') || cursor.take(',')) && !cursor.fraction(civil.micros))
        return false;
    return civil.hour <= 23 && civil.minute <= 59 && civil.second <= 60;
}

/// `Z`, `+01`, `+01:00`, `+0100`, or nothing.
bool readZone(Cursor& cursor, DurationUs& offset_us)
{
    cursor.take(' ');
    if (cursor.atEnd() || cursor.take('Z') || cursor.take('z'))
        return cursor.atEnd();
    const bool east = cursor.take('+');
    if (!east && !cursor.take('-'))
        return false;
    int hours = 0;
    int minutes = 0;
    if (!cursor.number(2, hours))
        return false;
    cursor.take(':');
    if (!cursor.atEnd() && !cursor.number(2, minutes))
        return false;
    offset_us = (hours * hour_us + minutes * minute_us) * (east ? 1 : -1);
    return cursor.atEnd() && hours <= 18 && minutes <= 59;
}

struct DurationUnit {
    std::string_view name;
    DurationUs length_us;
};
constexpr std::array durationUnits{DurationUnit{"d", day_us},      DurationUnit{"h", hour_us},
                                   DurationUnit{"min", minute_us}, DurationUnit{"s", second_us},
                                   DurationUnit{"ms", 1'000},      DurationUnit{"us", 1},
                                   DurationUnit{"m", minute_us},   DurationUnit{"w", 7 * day_us},
                                   DurationUnit{"sec", second_us}, DurationUnit{"", second_us}};
constexpr std::size_t shownDurationUnits = 6; // the first of durationUnits, largest first
} // namespace

std::int64_t daysFromCivil(int year, int month, int day)
{
    const std::int64_t shifted =
        std::int64_t{year} - (month <= 2 ? 1 : 0); // years begin in March, so leap days come last
    const std::int64_t era = floorDivide(shifted, 400);
    const std::int64_t yearOfEra = shifted - era * 400;
    const std::int64_t dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const std::int64_t dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * daysPerEra + dayOfEra - 719'468;
}

TimeUs fromCivil(const CivilTime& civil)
{
    return daysFromCivil(civil.year, civil.month, civil.day) * day_us + civil.hour * hour_us +
           civil.minute * minute_us + civil.second * second_us + civil.micros;
}

CivilTime toCivil(TimeUs time_us)
{
    const std::int64_t days = floorDivide(time_us, day_us);
    const std::int64_t ofDay = time_us - days * day_us;
    const std::int64_t era = floorDivide(days + 719'468, daysPerEra);
    const std::int64_t dayOfEra = days + 719'468 - era * daysPerEra;
    const std::int64_t yearOfEra = (dayOfEra - dayOfEra / 1'460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::int64_t marchMonth = (5 * dayOfYear + 2) / 153;
    const std::int64_t month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
    return {.year = static_cast<int>(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)),
            .month = static_cast<int>(month),
            .day = static_cast<int>(dayOfYear - (153 * marchMonth + 2) / 5 + 1),
            .hour = static_cast<int>(ofDay / hour_us),
            .minute = static_cast<int>(ofDay % hour_us / minute_us),
            .second = static_cast<int>(ofDay % minute_us / second_us),
            .micros = ofDay % second_us};
}

int weekday(TimeUs time_us)
{
    const std::int64_t sinceMonday = floorDivide(time_us, day_us) + 3; // 1970-01-01 was a Thursday
    return static_cast<int>(sinceMonday - floorDivide(sinceMonday, 7) * 7);
}

std::string formatIso8601(TimeUs time_us)
{
    if (time_us == noTime)
        return {};
    const auto civil = toCivil(time_us);
    std::array<char, 96> text{}; // room for any year
    int length = std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d", civil.year, civil.month,
                               civil.day, civil.hour, civil.minute, civil.second);
    std::string out(text.data(), static_cast<std::size_t>(length));
    if (civil.micros != 0) {
        const bool millis = civil.micros % 1'000 == 0;
        length = std::snprintf(text.data(), text.size(), millis ? ".%03d" : ".%06d",
                               static_cast<int>(millis ? civil.micros / 1'000 : civil.micros));
        out.append(text.data(), static_cast<std::size_t>(length));
    }
    return out + 'Z';
}

std::string formatDuration(DurationUs duration_us)
{
    if (duration_us == 0)
        return "0 s";
    std::string out = duration_us < 0 ? "-" : "";
    auto rest = duration_us < 0 ? 0 - static_cast<std::uint64_t>(duration_us) : static_cast<std::uint64_t>(duration_us);
    const auto whole = rest;
    int shown = 0;
    for (std::size_t i = 0; i < shownDurationUnits && shown < 2; ++i) {
        const auto unit = static_cast<std::uint64_t>(durationUnits[i].length_us);
        if (rest < unit)
            continue;
        if (shown > 0 && rest < whole / 1'000)
            break;
        out += (shown == 0 ? "" : " ") + std::to_string(rest / unit) + ' ' + std::string(durationUnits[i].name);
        rest %= unit;
        ++shown;
    }
    return out;
}

Result<TimeUs> parseIso8601(std::string_view text)
{
    Cursor cursor(trim(text));
    CivilTime civil;
    DurationUs offset_us = 0;
    bool good = readDate(cursor, civil);
    if (good && (cursor.take('T') || cursor.take(' ')))
        good = readClock(cursor, civil) && readZone(cursor, offset_us);
    if (!good || !cursor.atEnd())
        return fail({ErrorCode::Parse,
                     "\"" + displayText(text.substr(0, 60)) + "\" is not a time",
                     {},
                     "write it as 2026-03-12T14:03:30Z"});
    return fromCivil(civil) - offset_us;
}

Result<DurationUs> parseDuration(std::string_view text)
{
    const auto whole = trim(text);
    const auto digits = std::min(whole.find_first_not_of("0123456789."), whole.size());
    const auto amount = parseNumber(whole.substr(0, digits));
    const auto unit = trim(whole.substr(digits));
    const auto known = std::find_if(durationUnits.begin(), durationUnits.end(),
                                    [&](const DurationUnit& candidate) { return candidate.name == unit; });
    if (amount && known != durationUnits.end()) {
        const double micros = std::round(*amount * static_cast<double>(known->length_us));
        if (micros >= 1.0 && micros < 9.2e18)
            return static_cast<DurationUs>(micros);
    }
    return fail({ErrorCode::Usage,
                 "\"" + displayText(text.substr(0, 60)) + "\" is not a duration",
                 {},
                 "write a number over 0 with ms, s, min, h or d, for example 60s"});
}

} // namespace faultline
