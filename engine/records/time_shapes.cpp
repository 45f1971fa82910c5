// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/time_shapes.h"
#include "engine/records/time_reader.h"
#include <array>

namespace faultline::records::detail
{

namespace
{

/// How Go, .NET and others write a time that was never set. It is no time: one such line would make a log span two
/// thousand years.
bool isUnset(const Date& date, const Clock& clock)
{
    return date.year == 1 && date.month == 1 && date.day == 1 && clock.hour == 0 && clock.minute == 0 &&
           clock.second == 0 && clock.micros == 0;
}

std::optional<ParsedTime> finish(const Reader& reader, std::string_view text, const Date& date, const Clock& clock,
                                 std::optional<DurationUs> zoneOffset, bool hasYear)
{
    if (!reader.ok() || !reader.atWordEnd() || isUnset(date, clock))
        return std::nullopt;
    return ParsedTime{.time_us = timeOf(date, clock) - zoneOffset.value_or(0),
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
    const int century = twoDigits(p);
    const int year = twoDigits(p + 2);
    date.month = twoDigits(p + 5);
    date.day = twoDigits(p + 8);
    clock.hour = twoDigits(p + 11);
    clock.minute = twoDigits(p + 14);
    clock.second = twoDigits(p + 17);
    date.year = century * 100 + year;
    return (century | year | date.month | date.day | clock.hour | clock.minute | clock.second) >= 0;
}

/// "0:7:20:44": parts without leading zeros, the last one milliseconds.
void readLooseClock(Reader& reader, Clock& clock)
{
    reader.digits(1, 2, clock.hour);
    reader.expect(':');
    reader.digits(1, 2, clock.minute);
    reader.expect(':');
    reader.digits(1, 2, clock.second);
    reader.check(inRange(clock));
    const bool colon = reader.peek() == ':';
    if (colon && isDigit(reader.peek(1)) && !isDigit(reader.peek(4))) {
        int millis = 0;
        reader.skip(1);
        reader.digits(1, 3, millis);
        clock.micros = millis * std::int64_t{1000};
    } else {
        reader.fraction(clock);
    }
}

int fullYear(int year)
{
    return year + (year < 70 ? 2000 : 1900);
}

/// "Jun 14 15:16:01", "Jun 14 2015 15:16:01", "June 14, 2015, 3:16:01 PM CET", "Jun 14 15:16:01 CEST 2015". A zone
/// counts only beside a year: without one, the time is completed later as local time. `yearBehind`: of a year behind
/// the clock.
std::optional<ParsedTime> readMonthFirst(Reader& reader, std::string_view text, const TimestampOptions& options,
                                         YearRange yearBehind)
{
    Date date{.year = options.assumedYear};
    Clock clock;
    reader.monthName(date.month);
    reader.expect(' ');
    reader.take(' ');
    reader.digits(1, 2, date.day);
    reader.take(',');
    reader.expect(' ');
    bool hasYear = reader.ok() && reader.year(date.year, YearRange::Any);
    if (hasYear) {
        reader.take(',');
        reader.expect(' ');
        reader.takeWord("at ");
    }
    reader.clock(clock, {});
    reader.amPm(clock);
    auto zone = hasYear && reader.ok() ? reader.zone() : std::nullopt;
    if (reader.ok() && !hasYear && reader.peek() == ' ') { // "Jun 14 15:16:01 2005", "Jun 14 15:16:01 CEST 2005"
        Reader after = reader;
        const auto zoneBefore = after.zone();
        if (!zoneBefore && after.peek(1) >= 'A' && after.peek(1) <= 'Z') { // an unknown zone is passed over
            after.skip(1);
            after.capitals(3, 5);
        }
        after.expect(' ');
        if (after.ok() && after.year(date.year, yearBehind) && after.atWordEnd()) {
            reader = after;
            hasYear = true;
            zone = zoneBefore ? zoneBefore : reader.zone();
        }
    }
    // Without a year, 29 February must be accepted: which year it is comes to light later.
    reader.check(inRange(hasYear ? date : Date{.year = 2000, .month = date.month, .day = date.day}));
    return finish(reader, text, date, clock, zone, hasYear);
}

/// "14/Jun/2015:15:16:01 +0200", "14-Jun-2015 15:16:01", "14 June 15 15:16:01"; with blanks the year may lack.
std::optional<ParsedTime> readDayFirst(Reader& reader, std::string_view text, const TimestampOptions& options)
{
    Date date{.year = options.assumedYear};
    Clock clock;
    reader.digits(1, 2, date.day);
    const char separator = reader.oneOf("/- ");
    reader.monthName(date.month);
    if (!reader.take(','))
        reader.expect(separator);
    if (separator == ' ')
        reader.take(' ');
    const auto digits = reader.digitRun();
    const bool hasYear = separator != ' ' || reader.peek(2) != ':';
    if (hasYear) {
        reader.check(digits == 4 || digits == 2);
        reader.digits(static_cast<int>(digits), static_cast<int>(digits), date.year);
        if (digits == 2)
            date.year = fullYear(date.year);
        if (reader.oneOf(": T,") == ',')
            reader.take(' ');
    }
    reader.clock(clock, {});
    reader.amPm(clock);
    reader.check(inRange(hasYear ? date : Date{.year = 2000, .month = date.month, .day = date.day}));
    const auto zone = hasYear && reader.ok() ? reader.zone() : std::nullopt;
    return finish(reader, text, date, clock, zone, hasYear);
}

} // namespace

std::optional<ParsedTime> parseIso(std::string_view text)
{
    Date date;
    Clock clock;
    Reader reader(text);
    const auto isOneOf = [](char c, std::string_view set) { return set.find(c) != std::string_view::npos; };
    if (readFixedIso(text, date, clock) && isOneOf(text[4], "-/.") && isOneOf(text[10], " Tt_-,") &&
        isOneOf(text[13], ":.")) {
        reader.check(inRange(date) && inRange(clock));
        reader.skip(19);
        reader.fraction(clock);
    } else {
        reader.digits(4, 4, date.year);
        const char separator = reader.oneOf("-/.");
        reader.digits(1, 2, date.month);
        reader.expect(separator);
        reader.digits(1, 2, date.day);
        reader.check(inRange(date));
        if (reader.oneOf(" Tt_-,") == ',')
            reader.take(' ');
        reader.clock(clock, {.secondsMayLack = true, .dotted = true});
    }
    reader.amPm(clock);
    const auto zone = reader.ok() ? reader.zone() : std::nullopt;
    return finish(reader, text, date, clock, zone, true);
}

std::optional<ParsedTime> parseSyslog(std::string_view text, const TimestampOptions& options)
{
    Reader reader(text);
    return readMonthFirst(reader, text, options, YearRange::Plausible);
}

std::optional<ParsedTime> parseClf(std::string_view text, const TimestampOptions& options)
{
    Reader reader(text);
    return readDayFirst(reader, text, options);
}

/// "Sun Dec 04 04:47:44.123456 2005", "Sun Dec 4 04:47:44 CET 2005", mail's "Sun, 04 Dec 2005 04:47:44 +0000", "Sunday,
/// December 4, 2005 4:47:44 AM", "Sun 2005-12-04 04:47:44 UTC".
std::optional<ParsedTime> parseCtime(std::string_view text, const TimestampOptions& options)
{
    Reader reader(text);
    reader.weekdayName();
    reader.take(',');
    reader.expect(' ');
    if (!reader.ok())
        return std::nullopt;
    if (reader.digitRun() == 4) {
        const auto before = static_cast<std::size_t>(reader.position() - text.data());
        auto found = parseIso(text.substr(before));
        if (found)
            found->length += static_cast<std::uint32_t>(before);
        return found;
    }
    return reader.digitAhead() ? readDayFirst(reader, text, options)
                               : readMonthFirst(reader, text, options, YearRange::Any);
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
        date.year = fullYear(date.year);
    reader.digits(2, 2, date.month);
    reader.digits(2, 2, date.day);
    const char separator = digits == 14 ? '\0' : reader.oneOf(digits == 8 ? " T_-." : " T_-");
    const auto clockDigits = reader.digitRun();
    if (digits == 14 || (separator == ' ' && clockDigits == 6)) // nothing but digits: two numbers, or one
        reader.check(isPlausible(date.year));
    if (clockDigits == 6) {
        reader.digits(2, 2, clock.hour);
        reader.digits(2, 2, clock.minute);
        reader.digits(2, 2, clock.second);
        reader.check(inRange(clock));
        reader.fraction(clock);
    } else if (digits == 8 && clockDigits <= 2 && reader.ok()) {
        readLooseClock(reader, clock);
    } else {
        reader.clock(clock, {});
    }
    reader.check(inRange(date));
    const auto zone = reader.ok() ? reader.zone() : std::nullopt;
    return finish(reader, text, date, clock, zone, true);
}

std::optional<ParsedTime> parseMonthDay(std::string_view text, const TimestampOptions& options)
{
    Reader reader(text);
    Date date{.year = options.assumedYear};
    Clock clock;
    reader.digits(2, 2, date.month);
    const char separator = reader.oneOf("-./");
    reader.digits(2, 2, date.day);
    reader.oneOf(separator == '/' ? " -" : " ");
    reader.clock(clock, {});
    reader.check(inRange({.year = 2000, .month = date.month, .day = date.day}));
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
    if (reader.oneOf(separator == '/' ? " ,T-" : " ,T") == ',')
        reader.take(' ');
    reader.clock(clock, {.secondsMayLack = true});
    reader.amPm(clock);
    Date date{.year = parts[2], .month = parts[1], .day = parts[0]};
    if (yearDigits == 2 && options.shortYearFirst)
        date = {.year = fullYear(parts[0]), .month = parts[1], .day = parts[2]};
    else if (yearDigits == 2)
        date.year = fullYear(parts[2]);
    if (!options.dayFirst && !(yearDigits == 2 && options.shortYearFirst))
        std::swap(date.day, date.month);
    reader.check(inRange(date));
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
    reader.check(inRange(hasYear ? date : Date{.year = 2000, .month = date.month, .day = date.day}));
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
    reader.check(inRange(date));
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

/// "2012-025T10:22:40,672", "2014.333 16:56:38".
std::optional<ParsedTime> parseYearDay(std::string_view text)
{
    Reader reader(text);
    Date date;
    Clock clock;
    int dayOfYear = 0;
    reader.digits(4, 4, date.year);
    reader.oneOf("-./");
    reader.check(reader.digitRun() == 3);
    reader.digits(3, 3, dayOfYear);
    reader.oneOf(" T_-:");
    reader.clock(clock, {});
    reader.check(inRange(date) && dayOfYear >= 1 && inRange({.year = date.year, .month = 12, .day = 31}));
    const auto zone = reader.ok() ? reader.zone() : std::nullopt;
    const bool leap = inRange(Date{.year = date.year, .month = 2, .day = 29});
    reader.check(dayOfYear <= (leap ? 366 : 365));
    auto found = finish(reader, text, date, clock, zone, true);
    if (found)
        found->time_us += (dayOfYear - 1) * day_us;
    return found;
}

} // namespace faultline::records::detail
