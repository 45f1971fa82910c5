// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace faultline::sources
{

/// How old a part of a rotated log is: smaller is older. `app-20260101.log` before `app-20260102.log`; `app.log.2`
/// before `app.log.1`; the file without a mark, which is still written to, last.
struct RotationAge {
    std::uint64_t date = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t sequence = 0;                                      ///< behind the date: hour, or a number
    std::uint64_t index = std::numeric_limits<std::uint64_t>::max(); ///< counted down from the file that is written
    auto operator<=>(const RotationAge&) const = default;
};

/// What a file's name says.
struct InputName {
    std::string folder; ///< absolute
    std::string log;    ///< file name without compression and rotation: "app.log"
    std::string stem;   ///< "app"
    RotationAge age;
};

/// Endings of compression (.gz, .zst, ...) go; then one rotation mark: `.N` of up to three digits, or a date (20260101
/// or 2026-01-01, behind one of `-._`, with up to six digits behind it) at the end or before the ending; then the
/// endings of data (.log, .csv, ...).
[[nodiscard]] InputName inputNameOf(const std::string& path);

/// For each name a short word that tells logs apart, the same for the parts of one: its stem; the whole file name where
/// a folder has two logs of one stem; with as many parent folders as needed.
[[nodiscard]] std::vector<std::string> originsOf(const std::vector<InputName>& names);

} // namespace faultline::sources
