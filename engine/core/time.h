// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

namespace faultline
{

/// Microseconds since 1970-01-01T00:00:00Z (POSIX time, no leap seconds). Every time in the engine is one of these, in UTC.
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
/// `15 min 30 s`, `250 ms`, `2 d 4 h`: the two largest units that are not zero.
[[nodiscard]] std::string formatDuration(DurationUs duration_us);
/// Reads what formatIso8601 writes, and `2026-03-12 14:03:30[.ffffff][Z|+01:00]`; local times count as UTC.
[[nodiscard]] Result<TimeUs> parseIso8601(std::string_view text);
/// Reads `500ms`, `30s`, `5min`, `5m`, `1h`, `1d`; a bare number counts as seconds. Must be over 0.
[[nodiscard]] Result<DurationUs> parseDuration(std::string_view text);

/// A time zone by IANA name, fixed offset (`+01:00`) or "UTC". Immutable, shared between threads, cheap to copy.
class TimeZone
{
public:
    TimeZone(); ///< UTC
    /// Config error with the nearest known name when the name is not in the zone database.
    [[nodiscard]] static Result<TimeZone> named(std::string_view name);
    [[nodiscard]] const std::string& name() const;
    /// Local wall-clock microseconds -> UTC. In a repeated hour the earlier instant; in a skipped hour as if the clock had not moved.
    [[nodiscard]] TimeUs toUtc(TimeUs local_us) const;
    [[nodiscard]] DurationUs offsetAt(TimeUs utc_us) const;

private:
    struct Rules;
    std::shared_ptr<const Rules> m_rules; // shared: immutable zone rules, copied freely into parsers on many threads
};

} // namespace faultline
