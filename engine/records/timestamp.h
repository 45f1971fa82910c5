// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faultline::records
{

/// The shapes of a time that the engine knows. Each is read by hand-written code, at a given position of a line.
enum class TimeShape : std::uint8_t {
    IsoDateTime,     ///< 2026-03-12T14:03:30.123456Z, 2026-03-12 14:03:30,123 +0100, 2026/03/12 14:03:30,
                     ///< 2005-06-03-15.42.50.675872
    SyslogDate,      ///< Jun 14 15:16:01  (no year), Jun 14 2015 15:16:01, June 14, 2015 3:16:01 PM
    ClfDate,         ///< 17/May/2015:10:05:03 +0000, 17-May-2015 10:05:03, 17 May 10:05:03 (no year)
    CtimeDate,       ///< a weekday, then a date: Sun Dec 04 04:47:44 2005, Sun, 04 Dec 2005 04:47:44 +0100
    CompactDateTime, ///< 081109 203615, 20081109 203615, 20081109T203615, 20171224-0:7:20:44
    MonthDayTime,    ///< 03-17 16:13:38.811 (logcat), 10.30 16:49:06, 01/25-10:00:01 (no year)
    DayMonthYear, ///< 12/03/2026 14:03:30, 12.03.2026 14:03:30, 12/03/2026-14:03:30; day or month first as `dayFirst`
                  ///< says
    GlogDate,     ///< I0312 14:03:30.123456 (no year; the letter is the level)
    Epoch,     ///< seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size; fraction allowed
    DateOnly,  ///< 2026-03-12
    ClockOnly, ///< 14:03:30.123 (no date)
    YearDayTime, ///< 2012-025T10:22:40,672: the 25th day of 2012
    Tai64Label,  ///< @4000000050d506482a9ada4c, as daemontools writes
};

struct ParsedTime {
    TimeUs time_us = noTime;  ///< UTC when `hasZone`, else wall-clock time of an unknown zone
    std::uint32_t length = 0; ///< bytes read
    bool hasZone = false;
    bool hasYear = true;
};

struct TimestampOptions {
    int assumedYear = 1970; ///< for shapes without a year
    bool dayFirst = true;   ///< DayMonthYear
    bool shortYearFirst =
        true; ///< DayMonthYear with two-digit years: 17/06/09 is 9 June 2017, as Spark and Hadoop write it
};

/// Reads a time of the given shape at the very start of `text`. nullopt when it is not there or out of range (month 13,
/// hour 25); 24:00:00 is the next day's start, :60 a leap second. Years are 0001 to 9999, 1900 to 2199 where digits
/// alone could be numbers; 0001-01-01T00:00:00, which programs write for a time that was never set, is none. Fractions are cut to microseconds. Month names as
/// monthWord(), zones as zoneWord() and offsets. About 10 ns.
[[nodiscard]] std::optional<ParsedTime> parseTime(TimeShape shape, std::string_view text,
                                                  const TimestampOptions& options = {});
/// The time of any shape at the very start of `text`.
[[nodiscard]] std::optional<std::pair<TimeShape, ParsedTime>> parseAnyTime(std::string_view text,
                                                                           const TimestampOptions& options = {});
/// The first time of any shape that starts within the first `within` bytes at a word start; `position` is set to where.
[[nodiscard]] std::optional<std::pair<TimeShape, ParsedTime>>
findTime(std::string_view text, std::size_t within, std::size_t& position, const TimestampOptions& options = {});
/// For people: "yyyy-MM-dd HH:mm:ss".
[[nodiscard]] std::string timeShapeName(TimeShape shape);

} // namespace faultline::records
