// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/record_batch.h"
#include "engine/records/timestamp.h"
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace faultline::records
{

/// A time and what its zone makes doubtful about it (RecordFlag bits).
struct ZonedTime {
    TimeUs time_us = noTime;
    std::uint8_t flags = 0;
};

/// How the times of one CSV column or JSON key are written, learned from a sample of its values. Immutable;
/// thread-safe.
class FieldTime
{
public:
    struct Fit {
        std::size_t present = 0; ///< values that are not missing
        std::size_t read = 0;    ///< of these, how many read as a time
        bool ordered = false;    ///< at least 95 % of the steps do not go back
    };

    /// The shape that reads most of the values; nullopt when none reads 90 % of those present. Numbers count as times
    /// since 1970 only when they are plausible as such (1990 to 2100, in s, ms, us or ns). `tailAllowed`: text may
    /// follow the time after a blank, as in Go's `2023-01-29 08:41:09.77 +0000 UTC m=+0.8`.
    struct Question {
        std::span<const std::string_view> values;
        int assumedYear = 1970;
        bool tailAllowed = false;
        const ParseOptions* options = nullptr; ///< the zone
        bool asked = false; ///< the person says that these are times: numbers count from 1970 whatever their size
    };
    [[nodiscard]] static std::optional<FieldTime> learn(const Question& question);

    /// A time before its zone is applied.
    struct Reading {
        TimeUs time_us = noTime;
        bool hasZone = false;
        bool hasYear = true;
    };
    /// UTC when hasZone, else wall-clock time.
    [[nodiscard]] std::optional<Reading> readLocal(std::string_view text) const;
    /// UTC, or what missingDate() says; nullopt when the text is no such time.
    [[nodiscard]] std::optional<ZonedTime> readZoned(std::string_view text) const;
    /// The same of what readLocal() gave.
    [[nodiscard]] ZonedTime zoned(const Reading& reading) const;
    [[nodiscard]] std::optional<TimeUs> read(std::string_view text) const;
    /// A number that counts from 1970 in this field's unit; nullopt when it is implausible (see above).
    [[nodiscard]] std::optional<TimeUs> read(double number) const;
    [[nodiscard]] std::optional<TimeUs> read(std::int64_t number) const;

    /// What the times leave open; then read() gives wall-clock times as MissingDate describes them.
    [[nodiscard]] MissingDate missingDate() const { return m_missing; }
    [[nodiscard]] const Fit& fit() const { return m_fit; }
    [[nodiscard]] bool namesZones() const { return m_zoneInText; } ///< the sample's times name their zones
    [[nodiscard]] bool isEpoch() const { return m_unitsPerSecond != 0; }
    [[nodiscard]] std::string format() const; ///< "epoch milliseconds", "yyyy-MM-dd HH:mm:ss"
    [[nodiscard]] std::string zone() const;   ///< see Detection::zone
    [[nodiscard]] bool ambiguousDayMonth() const { return m_ambiguousDayMonth; }

private:
    [[nodiscard]] bool plausible(double number) const;
    [[nodiscard]] Fit fitOf(std::span<const std::string_view> values) const;
    void chooseDayOrder(std::span<const std::string_view> values);

    TimeShape m_shape = TimeShape::IsoDateTime;
    std::int64_t m_unitsPerSecond = 0; ///< 0: not a count since 1970
    TimestampOptions m_reading;
    TimeZone m_zone;
    bool m_zoneGiven = false;
    bool m_tailAllowed = false;
    bool m_ambiguousDayMonth = false;
    bool m_zoneInText = false;
    bool m_anyEpoch = false; ///< numbers of any size count
    MissingDate m_missing = MissingDate::None;
    std::string m_example; ///< one value, to show its zone
    Fit m_fit;
};

/// Units per second (1, 1'000, 1'000'000, 1'000'000'000) with which a number is a plausible time since 1970; 0 when
/// with none.
[[nodiscard]] std::int64_t epochUnitsPerSecond(double number);

} // namespace faultline::records
