// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/core/time.h"
#include "engine/records/record_batch.h"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// How a person says that times are written: as strptime(3) does, or as a count since 1970.
///
///   %Y %y year   %m month   %b %B its name   %d %e day   %j day of the year   %a %A weekday (passed over)
///   %H %k hour   %I %l hour of 12   %p AM or PM   %M minute   %S second, 60 allowed   %f %N %L fraction digits, 1 to 9
///   %z +02:00, +0200, +02, Z   %Z UTC, CEST, ... (one that means several zones is passed over)
///   %s seconds since 1970, a fraction allowed   %F %Y-%m-%d   %T %H:%M:%S   %R %H:%M   %D %m/%d/%y   %% %
///   `epoch s`, `epoch ms`, `epoch us`, `epoch ns` alone
///
/// A blank in the format stands for any number of blanks, other characters for themselves. Immutable; thread-safe.
class TimeFormat
{
public:
    /// Config error that names the directive it does not know, or what the format lacks.
    [[nodiscard]] static Result<TimeFormat> compile(std::string_view text);

    struct Reading {
        TimeUs time_us = noTime; ///< UTC when hasZone; else wall-clock time, see MissingDate for what is not there
        bool hasZone = false;
    };
    /// The whole text, blanks around it aside; nullopt when it is written otherwise or is no time. About 50 ns.
    [[nodiscard]] std::optional<Reading> read(std::string_view text) const;

    [[nodiscard]] MissingDate missingDate() const { return m_missing; }
    [[nodiscard]] const std::string& text() const { return m_text; }

private:
    struct Item {
        char directive = '\0'; ///< '\0': `literal` stands there; ' ': blanks
        char literal = '\0';
    };
    struct Parts;
    [[nodiscard]] static Result<std::vector<Item>> itemsOf(std::string_view text);
    [[nodiscard]] static bool take(const Item& item, std::string_view& rest, Parts& parts);
    [[nodiscard]] bool has(std::string_view directives) const;

    std::string m_text;
    std::vector<Item> m_items;
    MissingDate m_missing = MissingDate::None;
    std::int64_t m_epochUnitsPerSecond = 0; ///< 0: not a count
};

} // namespace faultline::records
