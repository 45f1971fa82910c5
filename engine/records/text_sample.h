// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// The lines of a sample that tell how a file is built: at most 2,000, evenly spread, without blank ones, those with
/// NUL bytes, a line that was cut, line ends and terminal escapes. Views into the sample's text, which must outlive it.
class TextSample
{
public:
    explicit TextSample(std::string_view text);
    [[nodiscard]] const std::vector<std::string_view>& lines() const { return m_lines; }
    [[nodiscard]] bool hasEscapes() const { return !m_plain.empty(); }

private:
    void thin();

    std::vector<std::string_view> m_lines;
    std::deque<std::string> m_plain; ///< lines that had escapes
};

/// Indented lines, stack traces, the insides of XML and JSON, and directives such as `#Fields:`: what a record goes on
/// with, if lines go on at all.
[[nodiscard]] bool looksLikeContinuation(std::string_view line);

} // namespace faultline::records
