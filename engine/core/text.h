// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline
{

/// Edit distance (Levenshtein) in bytes. O(|a| |b|) time, O(|b|) memory.
[[nodiscard]] std::size_t editDistance(std::string_view a, std::string_view b);
/// The known word nearest to what was typed, if it is near enough to be meant (distance at most a third of its length, at least 1).
[[nodiscard]] std::optional<std::string> nearestWord(std::string_view typed, std::span<const std::string> known);

/// Number of Unicode-invalid bytes (not part of well-formed UTF-8, RFC 3629).
[[nodiscard]] std::size_t invalidUtf8Bytes(std::string_view text);
/// Replaces ill-formed UTF-8 by U+FFFD, and control characters (terminal escapes among them), bidirectional controls and NUL by
/// visible pictures, so that text from data can be shown safely. Tabs stay.
[[nodiscard]] std::string displayText(std::string_view text);

/// One CSV field, quoted when needed (RFC 4180); text that starts with = + - @ TAB or CR is prefixed with ' so that a
/// spreadsheet does not run it. Never use it for numbers.
[[nodiscard]] std::string csvText(std::string_view text);

/// Shortest decimal that reads back as the same double; "nan" and "inf" as such.
[[nodiscard]] std::string formatNumber(double value);
/// Three significant digits, for people: `1,912`, `0.31`, `9.40 M`, `1.6e-10`.
[[nodiscard]] std::string formatMeasure(double value);
/// `1,234,567`.
[[nodiscard]] std::string formatCount(std::uint64_t value);
/// `3.1 MB`, powers of 1,000.
[[nodiscard]] std::string formatBytes(std::uint64_t bytes);

[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
[[nodiscard]] std::string_view trim(std::string_view text);
/// Reads a whole decimal number (surrounding blanks allowed); nullopt for anything else, NaN and inf words included.
[[nodiscard]] std::optional<double> parseNumber(std::string_view text);

} // namespace faultline
