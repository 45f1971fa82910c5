// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/field_time.h"
#include "engine/records/user_format.h"
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// Reads the times of a user's format: in the ways its author names, or in the shape that a sample of them has.
/// Immutable; thread-safe.
class FormatTimes
{
public:
    struct Context {
        TimeZone zone;          ///< of times that name none
        int assumedYear = 1970; ///< for single times without a year among others with one
    };
    [[nodiscard]] static FormatTimes learn(const UserFormat& format, std::span<const std::string_view> values,
                                           const Context& context);

    struct Reading {
        TimeUs time_us = noTime; ///< UTC when hasZone, else wall-clock time as missingDate() says
        bool hasZone = false;
    };
    [[nodiscard]] std::optional<Reading> read(std::string_view text) const;
    [[nodiscard]] MissingDate missingDate() const { return m_missing; }
    /// Most of the sample's times name their zone.
    [[nodiscard]] bool zoneInText() const { return m_zoneInText; }
    /// "%Y-%m-%d %H:%M:%S" or "yyyy-MM-dd HH:mm:ss".
    [[nodiscard]] std::string description() const;

private:
    struct Raw {
        TimeUs time_us = noTime;
        bool hasZone = false;
        MissingDate missing = MissingDate::None;
    };
    [[nodiscard]] std::optional<Raw> readRaw(std::string_view text) const;

    std::vector<TimeFormat> m_formats;
    std::optional<FieldTime> m_learned; ///< without formats; nullopt: the times are clocks alone, or in no known shape
    MissingDate m_missing = MissingDate::None;
    bool m_zoneInText = false;
    int m_assumedYear = 1970;
};

/// The text that holds a matched line's time; a date and a clock in groups of their own are joined in `scratch`.
[[nodiscard]] std::string_view timeTextOf(const FormatMatcher& line, const FormatRoles& roles, std::string& scratch);

} // namespace faultline::records
