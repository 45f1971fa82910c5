// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace faultline::records
{

/// Severity, folded to five steps that every layout can be mapped to. None: the record does not say.
enum class Level : std::uint8_t { None, Debug, Info, Warn, Error, Fatal };
inline constexpr std::size_t levelCount = 6;
using LevelCounts = std::array<std::uint32_t, levelCount>;

/// "none", "debug", "info", "warn", "error", "fatal".
[[nodiscard]] std::string_view levelName(Level level);
/// Reads a level word in any case: TRACE, DEBUG, D, INFO, NOTICE, WARN(ING), ERR(OR), SEVERE, CRIT(ICAL), ALERT, EMERG,
/// PANIC, FATAL, FAILURE and so on, TRACE1 to TRACE8 and DEBUG1 to DEBUG8; nullopt when it is none of them.
[[nodiscard]] std::optional<Level> parseLevel(std::string_view word);

} // namespace faultline::records
