// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/timestamp.h"
#include "engine/records/time_reader.h"
#include <array>

namespace faultline::records
{

namespace
{

using detail::Clock;
using detail::Date;
using detail::Reader;

/// Which of the two spellings of a fraction's lead are allowed depends on the shape; see Reader::clock.
std::optional<ParsedTime> finish(const Reader& reader, std::string_view text, const Date& date, const Clock& clock,
                                 std::optional<DurationUs> zoneOffset, bool hasYear)
{
    if (!reader.ok() || !reader.atWordEnd())
        return std::nullopt;
    return ParsedTime{.time_us = detail::timeOf(date, clock) - zoneOffset.value_or(0),
                      .length = static_cast<std::uint32_t>(reader.position() - text.data()),
                      .hasZone = zoneOffset.has_value(),
                      .hasYear = hasYear};
}

/// The commonest spellings, nineteen bytes with two-digit parts, without a loop.
bool readFixedIso(std::string_view text, Date& date, Clock& clock)
{
    if (text.size() < 19 || text[4] != text[7] || text[13] != text[16])
        return false;
    const char* p = text.data();
    const int century = detail::twoDigits(p);
    const int year = detail::twoDigits(p + 2);
    date.month = detail::twoDigits(p + 5);
    date.day = detail::twoDigits(p + 8);
    clock.hour = detail::twoDigits(p + 11);
    clock.minute = detail::twoDigits(p + 14);
    clock.second = detail::twoDigits(p + 17);
    date.year = century * 100 + year;
    return (century | year | date.month | date.day | clock.hour | clock.minute | clock.second) >= 0;
}

std::optional<ParsedTime> parseIso(std::string_view text)
{
    Date date;
    Clock clock;
    Reader reader(text);
    const auto isOneOf = [](char c, std::string_view set) { return set.find(c) != std::string_view::npos; };
    if (readFixedIso(text, date, clock) && isOneOf(text[4], "-/.") && isOneOf(text[10], " Tt_-,") &&
        isOneOf(text[13], ":.")) {
        reader.check(detail::inRange(date) && detail::inRange(clock));
        reader.skip(19);
        reader.fraction(clock);
    } else {
        reader.digits(4, 4, date.year);
        const char separator = reader.oneOf("-/.");
        reader.digits(1, 2, date.month);
        reader.expect(separator);
        reader.digits(1, 2, date.day);
        reader.check(detail::inRange(date));
        if (reader.oneOf(" Tt_-,") == ',')
            reader.take(' ');
        reader.clock(clock, {.secondsMayLack = true, .dotted = true});
    }
    const auto zone = reader.ok() ? reader.zone() : std::nullopt;
    return finish(reader, text, date, clock, zone, true);
}

std::optional<ParsedTime> parseSyslog(std::string_view text, const TimestampOptions& options)
{
    Reader reader(text);
    Date date{.year = options.assumedYear};
    Clock clock;
    reader.monthName(date.month);
    reader.expect(' ');
    reader.take(' ');
    reader.digits(1, 2, date.day);
    reader.take(',');
    reader.expect(' ');
    bool hasYear = reader.ok() && reader.year(date.year);
    if (hasYear) {
        reader.take(',');
        reader.expect(' ');
    }
    reader.clock(clock, {});
    reader.amPm(clock);
    if (reader.ok() && !hasYear && reader.peek() == ' ') { // "Jun 14 15:16:01 2005"
        Reader after = reader;
        after.skip(1);
        if (after.year(date.year) && after.atWordEnd()) {
            reader = after;
            hasYear = true;
        }
    }
    // Without a year, 29 February must be accepted: which year it is comes to light later.
    reader.check(hasYear ? detail::inRange(date)
                         : detail::inRange({.year = 2000, .month = date.month, .day = date.day}));
    return finish(reader, text, date, clock, hasYear ? reader.zone() : std::nullopt, hasYear);
}

std::optional<ParsedTime> parseClf(std::string_view text)
{
    Reader reader(text);
    Date date;
    Clock clock;
    reader.digits(1, 2, date.day);
    reader.expect('/');
    reader.monthName(date.month);
    reader.expect('/');
    reader.digits(4, 4, date.year);
    if (!reader.take(':'))
        reader.expect(' ');
    reader.clock(clock, {});
    reader.check(detail::inRange(date));
    return finish(reader, text, date, clock, reader.zone(), true);
}

/// "Sun Dec 04 04:47:44.123456 2005", "Sun Dec 4 04:47:44 CET 2005" (a short name of several zones is passed over), and
/// mail's "Sun, 04 Dec 2005 04:47:44 +0000".
std::optional<ParsedTime> parseCtime(std::string_view text)
{
    Reader reader(text);
    Date date;
    Clock clock;
    std::optional<DurationUs> named;
    reader.weekdayName();
    reader.take(',');
    reader.expect(' ');
    if (reader.digitAhead()) {
        reader.digits(1, 2, date.day);
        reader.expect(' ');
        reader.monthName(date.month);
        reader.expect(' ');
        reader.digits(4, 4, date.year);
        reader.expect(' ');
        reader.clock(clock, {});
    } else {
        reader.monthName(date.month);
        reader.expect(' ');
        reader.take(' ');
        reader.digits(1, 2, date.day);
        reader.expect(' ');
        reader.clock(clock, {});
        reader.expect(' ');
        if (reader.ok() && !reader.digitAhead()) {
            named = reader.abbreviation();
            if (!named)
                reader.capitals(3, 4);
            reader.expect(' ');
        }
        reader.digits(4, 4, date.year);
    }
    reader.check(detail::inRange(date));
    const auto zone = named ? named : reader.ok() ? reader.zone() : std::nullopt;
    return finish(reader, text, date, clock, zone, true);
}

/// "081109 203615", "20081109 203615", "20081109T203615Z", "20171223-22:15:29:606", "170504 13:21:22",
/// "20081109203615".
std::optional<ParsedTime> parseCompact(std::string_view text)
{
    Reader reader(text);
    Date date;
    Clock clock;
    const auto digits = reader.digitRun();
    if (digits != 6 && digits != 8 && digits != 14)
        return std::nullopt;
    reader.digits(digits == 6 ? 2 : 4, digits == 6 ? 2 : 4, date.year);
    if (digits == 6)
        date.year += date.year < 70 ? 2000 : 1900;
    reader.digits(2, 2, date.month);
    reader.digits(2, 2, date.day);
    if (digits != 14)
        reader.oneOf(digits == 8 ? " T_-." : " T_-");
    const auto clockDigits = reader.digitRun();
    if (clockDigits == 6) {
        reader.digits(2, 2, clock.hour);
        reader.digits(2, 2, clock.minute);
        reader.digits(2, 2, clock.second);
        reader.check(detail::inRange(clock));
        reader.fraction(clock);
    } else {
        reader.clock(clock, {});
    }
    reader.check(detail::inRange(date));
    const auto zone = reader.ok() ? reader.zone() : std::nullopt;
    return finish(reader, text, date, clock, zone, true);
}

std::optional<ParsedTime> parseMonthDay(std::string_view text, const TimestampOptions& options)
{
    Reader reader(text);
    Date date{.year = options.assumedYear};
    Clock clock;
    reader.digits(2, 2, date.month);
    reader.oneOf("-./");
    reader.digits(2, 2, date.day);
    reader.expect(' ');
    reader.clock(clock, {});
    reader.check(detail::inRange({.year = 2000, .month = date.month, .day = date.day}));
    return finish(reader, text, date, clock, std::nullopt, false);
}

std::optional<ParsedTime> parseDayMonthYear(std::string_view text, const TimestampOptions& options)
{
    Reader reader(text);
    std::array<int, 3> parts{};
    Clock clock;
    reader.digits(1, 2, parts[0]);
    const char separator = reader.oneOf("/.-");
    reader.digits(1, 2, parts[1]);
    reader.expect(separator);
    const auto yearDigits = reader.digitRun();
    reader.check(yearDigits == 2 || yearDigits == 4);
    reader.digits(static_cast<int>(yearDigits), static_cast<int>(yearDigits), parts[2]);
    if (reader.oneOf(" ,T") == ',')
        reader.take(' ');
    reader.clock(clock, {.secondsMayLack = true});
    reader.amPm(clock);
    const auto fullYear = [](int year) { return year + (year < 70 ? 2000 : 1900); };
    Date date{.year = parts[2], .month = parts[1], .day = parts[0]};
    if (yearDigits == 2 && options.shortYearFirst)
        date = {.year = fullYear(parts[0]), .month = parts[1], .day = parts[2]};
    else if (yearDigits == 2)
        date.year = fullYear(parts[2]);
    if (!options.dayFirst && !(yearDigits == 2 && options.shortYearFirst))
        std::swap(date.day, date.month);
    reader.check(detail::inRange(date));
    const auto zone = reader.ok() ? reader.zone() : std::nullopt;
    return finish(reader, text, date, clock, zone, true);
}

std::optional<ParsedTime> parseGlog(std::string_view text, const TimestampOptions& options)
{
    Reader reader(text);
    Date date{.year = options.assumedYear};
    Clock clock;
    reader.oneOf("IWEFD");
    bool hasYear = false;
    if (reader.digitRun() == 8) {
        reader.digits(4, 4, date.year);
        hasYear = true;
    }
    reader.digits(2, 2, date.month);
    reader.digits(2, 2, date.day);
    reader.expect(' ');
    reader.clock(clock, {});
    reader.check(detail::inRange(hasYear ? date : Date{.year = 2000, .month = date.month, .day = date.day}));
    return finish(reader, text, date, clock, std::nullopt, hasYear);
}

std::optional<ParsedTime> parseDateOnly(std::string_view text)
{
    Reader reader(text);
    Date date;
    reader.digits(4, 4, date.year);
    const char separator = reader.oneOf("-/.");
    reader.digits(1, 2, date.month);
    reader.expect(separator);
    reader.digits(1, 2, date.day);
    reader.check(detail::inRange(date));
    return finish(reader, text, date, {}, std::nullopt, true);
}

std::optional<ParsedTime> parseClockOnly(std::string_view text)
{
    Reader reader(text);
    Clock clock;
    reader.clock(clock, {});
    reader.amPm(clock);
    return finish(reader, text, {}, clock, std::nullopt, false);
}

std::optional<ParsedTime> parseEpoch(std::string_view text)
{
    Reader reader(text);
    const auto digits = reader.digitRun();
    std::int64_t value = 0;
    for (std::size_t i = 0; i < digits && i < 19; ++i)
        value = value * 10 + (text[i] - '0');
    reader.skip(digits);
    std::int64_t unit_us = 0;
    if (digits == 9 || digits == 10)
        unit_us = second_us;
    else if (digits == 13)
        unit_us = 1000;
    else if (digits == 16)
        unit_us = 1;
    else if (digits == 19)
        value /= 1000, unit_us = 1;
    // From September 2001 back to July 1998, and on to September 2039: other numbers of this length are hardly times.
    constexpr TimeUs earliest = 900'000'000 * second_us, latest = 2'200'000'000 * second_us;
    const auto time_us = value * unit_us;
    if (unit_us == 0 || time_us < earliest || time_us > latest)
        return std::nullopt;
    Clock fraction;
    if (unit_us == second_us)
        reader.decimals(fraction);
    if (!reader.ok() || !reader.atWordEnd())
        return std::nullopt;
    return ParsedTime{.time_us = time_us + fraction.micros,
                      .length = static_cast<std::uint32_t>(reader.position() - text.data()),
                      .hasZone = true};
}

constexpr std::array shapesThatStartWithDigits{
    TimeShape::IsoDateTime,  TimeShape::ClfDate,  TimeShape::CompactDateTime, TimeShape::DayMonthYear,
    TimeShape::MonthDayTime, TimeShape::DateOnly, TimeShape::Epoch,           TimeShape::ClockOnly};
constexpr std::array shapesThatStartWithLetters{TimeShape::CtimeDate, TimeShape::SyslogDate, TimeShape::GlogDate};

bool isWordCharacter(char c)
{
    return detail::isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.' ||
           c == '/' || c == ':' || c == '+';
}

} // namespace

std::optional<ParsedTime> parseTime(TimeShape shape, std::string_view text, const TimestampOptions& options)
{
    switch (shape) {
    case TimeShape::IsoDateTime:
        return parseIso(text);
    case TimeShape::SyslogDate:
        return parseSyslog(text, options);
    case TimeShape::ClfDate:
        return parseClf(text);
    case TimeShape::CtimeDate:
        return parseCtime(text);
    case TimeShape::CompactDateTime:
        return parseCompact(text);
    case TimeShape::MonthDayTime:
        return parseMonthDay(text, options);
    case TimeShape::DayMonthYear:
        return parseDayMonthYear(text, options);
    case TimeShape::GlogDate:
        return parseGlog(text, options);
    case TimeShape::Epoch:
        return parseEpoch(text);
    case TimeShape::DateOnly:
        return parseDateOnly(text);
    case TimeShape::ClockOnly:
        return parseClockOnly(text);
    }
    return std::nullopt;
}

std::optional<std::pair<TimeShape, ParsedTime>> parseAnyTime(std::string_view text, const TimestampOptions& options)
{
    if (text.size() < 8)
        return std::nullopt;
    const auto tryAll = [&](const auto& shapes) -> std::optional<std::pair<TimeShape, ParsedTime>> {
        for (const auto shape : shapes)
            if (const auto parsed = parseTime(shape, text, options))
                return std::pair(shape, *parsed);
        return std::nullopt;
    };
    if (detail::isDigit(text[0]))
        return tryAll(shapesThatStartWithDigits);
    if (text[0] >= 'A' && text[0] <= 'W')
        return tryAll(shapesThatStartWithLetters);
    return std::nullopt;
}

std::optional<std::pair<TimeShape, ParsedTime>> findTime(std::string_view text, std::size_t within,
                                                         std::size_t& position, const TimestampOptions& options)
{
    for (std::size_t i = 0; i < text.size() && i < within; ++i) {
        if (i > 0 && isWordCharacter(text[i - 1]))
            continue;
        if (const auto found = parseAnyTime(text.substr(i), options)) {
            position = i;
            return found;
        }
    }
    return std::nullopt;
}

std::string timeShapeName(TimeShape shape)
{
    constexpr std::array names{"yyyy-MM-dd HH:mm:ss",
                               "MMM d HH:mm:ss",
                               "dd/MMM/yyyy:HH:mm:ss",
                               "EEE MMM dd HH:mm:ss yyyy",
                               "yyMMdd HHmmss",
                               "MM-dd HH:mm:ss",
                               "dd/MM/yyyy HH:mm:ss",
                               "MMdd HH:mm:ss",
                               "epoch",
                               "yyyy-MM-dd",
                               "HH:mm:ss"};
    return names[static_cast<std::size_t>(shape)];
}

} // namespace faultline::records
