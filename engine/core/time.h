// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace faultline
{

/// Microseconds since 1970-01-01T00:00:00Z (POSIX time, no leap seconds). Every time in the engine is one of these, in
/// UTC.
using TimeUs = std::int64_t;
using DurationUs = std::int64_t;

inline constexpr TimeUs noTime = std::numeric_limits<TimeUs>::min(); ///< "this record carries no time"
inline constexpr DurationUs second_us = 1'000'000;
inline constexpr DurationUs minute_us = 60 * second_us;
inline constexpr DurationUs hour_us = 60 * minute_us;
inline constexpr DurationUs day_us = 24 * hour_us;

struct CivilTime {
    int year = 1970;
    int month = 1; ///< 1..12
    int day = 1;   ///< 1..31
    int hour = 0;
    int minute = 0;
    int second = 0; ///< 0..60; 60 (a leap second) counts as 59.999999 at conversion's caller's choice
    std::int64_t micros = 0;
};

/// Days since 1970-01-01 of a proleptic Gregorian date (H. Hinnant, "chrono-compatible low-level date algorithms").
[[nodiscard]] std::int64_t daysFromCivil(int year, int month, int day);
[[nodiscard]] TimeUs fromCivil(const CivilTime& civil);
[[nodiscard]] CivilTime toCivil(TimeUs time_us);
/// Day of week, 0 = Monday.
[[nodiscard]] int weekday(TimeUs time_us);

/// `2026-03-12T14:03:30Z`, with `.123` or `.123456` only when the fraction is not zero; empty for noTime.
[[nodiscard]] std::string formatIso8601(TimeUs time_us);
/// `15 min 30 s`, `250 ms`, `2 d 4 h`: the two largest units, the second only when it is worth a thousandth of the whole.
[[nodiscard]] std::string formatDuration(DurationUs duration_us);
/// Reads what formatIso8601 writes, and `2026-03-12 14:03:30[.ffffff][Z|+01:00]`; local times count as UTC.
[[nodiscard]] Result<TimeUs> parseIso8601(std::string_view text);
/// Reads `500ms`, `30s`, `5min`, `5m`, `1h`, `1d`; a bare number counts as seconds. Must be over 0.
[[nodiscard]] Result<DurationUs> parseDuration(std::string_view text);

/// What a wall-clock time means in a zone.
struct LocalReading {
    TimeUs utc_us = noTime;          ///< as TimeZone::toUtc
    bool skipped = false;            ///< clocks were put forward over it: no clock ever showed it
    DurationUs repeatedAfter_us = 0; ///< over 0: clocks were put back and it came again this much later
};

/// A time zone by IANA name, fixed offset (`+01:00`), abbreviation (`CEST`) or "UTC". Immutable, shared between
/// threads, cheap to copy.
class TimeZone
{
public:
    TimeZone(); ///< UTC
    /// Config error with the nearest known name when the name is not in the zone database; an abbreviation that stands
    /// for several zones is refused with their names.
    [[nodiscard]] static Result<TimeZone> named(std::string_view name);
    [[nodiscard]] const std::string& name() const;
    /// Local wall-clock microseconds -> UTC. In a repeated hour the earlier instant; in a skipped hour as if the clock
    /// had not moved.
    [[nodiscard]] TimeUs toUtc(TimeUs local_us) const;
    /// The same with what makes the answer doubtful.
    [[nodiscard]] LocalReading fromLocal(TimeUs local_us) const;
    /// UTC -> what a clock on the wall shows. fromLocal(toLocal(t)) is t, or t's twin in a repeated hour.
    [[nodiscard]] TimeUs toLocal(TimeUs utc_us) const { return utc_us == noTime ? noTime : utc_us + offsetAt(utc_us); }
    [[nodiscard]] DurationUs offsetAt(TimeUs utc_us) const;
    /// One offset for all times.
    [[nodiscard]] bool isFixed() const;

private:
    struct Rules;
    std::shared_ptr<const Rules> m_rules; // shared: immutable zone rules, copied freely into parsers on many threads
};

/// Reads a series of local times of one zone. Times in the minute of the one before cost a comparison, because no zone
/// changes within a minute. Not shared between threads.
class LocalClock
{
public:
    explicit LocalClock(TimeZone zone);
    [[nodiscard]] LocalReading read(TimeUs local_us)
    {
        if (local_us == noTime)
            return {};
        const auto minute = local_us / minute_us;
        if (!m_isFixed && minute != m_minute)
            turnTo(minute);
        return {local_us + m_shift_us, m_ofMinute.skipped, m_ofMinute.repeatedAfter_us};
    }

private:
    void turnTo(std::int64_t minute);

    TimeZone m_zone;
    bool m_isFixed;
    std::int64_t m_minute = std::numeric_limits<std::int64_t>::min();
    DurationUs m_shift_us = 0;
    LocalReading m_ofMinute;
};

/// The offset that a zone's abbreviation stands for wherever it is used (`CEST`, `PST`, `JST`); nullopt for one that is
/// unknown or, like `CST` and `IST`, means several.
[[nodiscard]] std::optional<DurationUs> abbreviatedOffset(std::string_view abbreviation);

} // namespace faultline
