// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// Finds the next delimiter, line feed or quote of a text, one after the other. 64 bytes are compared at a time (AVX2
/// where the processor has it, else SSE2, else plain code) and kept as bits, so that a found character costs a few
/// instructions.
class DelimiterScan
{
public:
    static constexpr std::size_t npos = std::string_view::npos;

    /// Delimiter '\0': none. Quotes are not looked for in a text without any.
    DelimiterScan(std::string_view text, char delimiter);

    /// Goes on from this position.
    void restart(std::size_t position)
    {
        m_base = position;
        m_bits = position < m_text.size() ? load(position) : 0;
    }
    /// The next position, or npos.
    std::size_t next()
    {
        while (m_bits == 0) {
            m_base += 64;
            if (m_base >= m_text.size())
                return m_base = m_text.size(), npos;
            m_bits = load(m_base);
        }
        const auto at = m_base + static_cast<std::size_t>(std::countr_zero(m_bits));
        m_bits &= m_bits - 1;
        return at;
    }

private:
    using Compare = std::uint64_t (*)(const char* bytes, char delimiter, char quote);
    [[nodiscard]] std::uint64_t load(std::size_t position) const
    {
        return m_text.size() - position >= 64 ? m_compare(m_text.data() + position, m_delimiter, m_quote)
                                              : loadTail(position);
    }
    [[nodiscard]] std::uint64_t loadTail(std::size_t position) const;

    std::string_view m_text;
    char m_delimiter, m_quote; ///< '\n' where there is none to find
    Compare m_compare;
    std::size_t m_base = 0;
    std::uint64_t m_bits = 0;
};

/// Where all delimiters and line feeds of a text stand, quoted ones too. Cost: 4 bytes for each, below a nanosecond.
class DelimiterMarks
{
public:
    /// The text has less than 4 GiB.
    DelimiterMarks(std::string_view text, char delimiter);

    /// Position of the i-th of them.
    [[nodiscard]] std::uint32_t operator[](std::size_t i) const { return m_marks[i]; }
    /// For each line feed, its index among all marks.
    [[nodiscard]] const std::vector<std::uint32_t>& lines() const { return m_lines; }

private:
    std::unique_ptr<std::uint32_t[]> m_marks;
    std::vector<std::uint32_t> m_lines;
};

} // namespace faultline::records
