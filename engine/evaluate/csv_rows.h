// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::evaluate
{

/// Walks over the rows of a small CSV text (RFC 4180: quoted fields, doubled quotes, line breaks within quotes). Blank
/// lines are passed over, a byte order mark is dropped.
class CsvRows
{
public:
    explicit CsvRows(std::string_view text);

    /// The next row's fields, trimmed unless quoted; nullopt at the end.
    [[nodiscard]] std::optional<std::vector<std::string>> next();
    [[nodiscard]] std::uint64_t line() const { return m_rowLine; }     ///< 1-based, where the last row began
    [[nodiscard]] bool unterminated() const { return m_unterminated; } ///< a quote was never closed

private:
    std::string_view m_rest;
    std::uint64_t m_line = 1, m_rowLine = 0;
    bool m_unterminated = false;

    [[nodiscard]] std::string quotedField();
    [[nodiscard]] std::string plainField();
};

} // namespace faultline::evaluate
