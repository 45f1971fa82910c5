// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// A field as it stands in the file, without its outer quotes.
struct DelimitedField {
    std::string_view raw;
    bool doubledQuotes = false; ///< holds "" that stand for "

    /// The field's text; `scratch` is used, and overwritten, only when quotes have to be undoubled.
    [[nodiscard]] std::string_view text(std::string& scratch) const;
};

/// Walks over the rows of a text with delimiter-separated fields (RFC 4180, with blanks allowed around quotes, and \r\n
/// or \n line ends). Views stay valid as long as the text; fields() until the next call of next(). Allocates only when
/// a row has more fields than any before. Time: linear, also for hostile quotes.
class DelimitedRows
{
public:
    /// Fields behind this many are counted but not kept.
    static constexpr std::size_t maxFields = 10'000;
    /// A quoted field that is longer than this is taken for a stray quote.
    static constexpr std::size_t maxQuotedBytes = 256 * 1'024;

    enum class Problem : std::uint8_t { None, UnclosedQuote, TextAfterQuote };

    /// Delimiter '\0': the whole line is one field.
    DelimitedRows(std::string_view text, char delimiter);

    /// Goes to the next row; false at the end. A row with a problem is one line long, its fields are not to be used.
    [[nodiscard]] bool next();

    [[nodiscard]] std::span<const DelimitedField> fields() const { return m_fields; }
    [[nodiscard]] std::size_t fieldCount() const { return m_fieldCount; }
    [[nodiscard]] Problem problem() const { return m_problem; }
    [[nodiscard]] std::string_view row() const { return m_row; } ///< without its line end
    [[nodiscard]] std::size_t lineCount() const { return m_lines; }
    [[nodiscard]] std::size_t position() const { return static_cast<std::size_t>(m_row.data() - m_text.data()); }
    [[nodiscard]] bool blank() const;

private:
    void splitPlain();
    bool splitQuoted();
    std::size_t readQuoted(std::size_t open);
    void add(std::string_view raw, bool doubledQuotes);

    std::string_view m_text;
    std::size_t m_next = 0;
    bool m_mayHaveQuotes;
    char m_delimiter;
    std::vector<DelimitedField> m_fields;
    std::size_t m_fieldCount = 0;
    std::string_view m_row;
    std::size_t m_lines = 0;
    Problem m_problem = Problem::None;
};

} // namespace faultline::records
