// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/delimiter_scan.h"
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::records
{

/// How the rows of a text are divided into fields.
struct Dialect {
    char delimiter = ',';   ///< '\0': the whole line is one field; ' ' with `blanks`: any run of blanks and tabs
    bool blanks = false;    ///< columns aligned with blanks: none at the ends of a row count
    bool backslash = false; ///< within quotes, \" stands for " (and \\, \n, \t, \r for what they do in C)
    char comment = '\0';    ///< a line that begins with it is no row
};

/// A field as it stands in the file, without its outer quotes.
struct DelimitedField {
    std::string_view raw;
    enum class Escapes : std::uint8_t { None, DoubledQuotes, Backslashes };
    Escapes escapes = Escapes::None;

    /// The field's text; `scratch` is used, and overwritten, only when escapes have to be undone.
    [[nodiscard]] std::string_view text(std::string& scratch) const;
};

/// Walks over the rows of a text with delimiter-separated fields (RFC 4180, with blanks allowed around quotes, and \r\n
/// or \n line ends). Views stay valid as long as the text; fields() until the next call of next(). Allocates only when
/// a row has more fields than any before. Time: linear, also for hostile quotes; delimiters and line ends are found 64
/// bytes at a time.
class DelimitedRows
{
public:
    /// Fields behind this many are counted but not kept.
    static constexpr std::size_t maxFields = 10'000;
    /// A quoted field that is longer than this is taken for a stray quote.
    static constexpr std::size_t maxQuotedBytes = 256 * 1'024;

    enum class Problem : std::uint8_t { None, UnclosedQuote, TextAfterQuote };

    DelimitedRows(std::string_view text, const Dialect& dialect);

    /// Goes to the next row or comment line; false at the end. A row with a problem is one line long, its fields are
    /// not to be used.
    [[nodiscard]] bool next();
    /// Goes on at this position, where a row begins.
    void seek(std::size_t position)
    {
        m_next = position;
        m_scan.restart(position);
    }

    [[nodiscard]] std::span<const DelimitedField> fields() const { return m_fields; }
    [[nodiscard]] std::size_t fieldCount() const { return m_fieldCount; }
    [[nodiscard]] Problem problem() const { return m_problem; }
    /// With Problem::UnclosedQuote: the text ended before the quote could be told to be stray.
    [[nodiscard]] bool openAtEnd() const { return m_openAtEnd; }
    [[nodiscard]] bool comment() const { return m_comment; }     ///< the line has no fields then
    [[nodiscard]] std::string_view row() const { return m_row; } ///< without its line end
    [[nodiscard]] std::size_t lineCount() const { return m_lines; }
    [[nodiscard]] std::size_t position() const { return static_cast<std::size_t>(m_row.data() - m_text.data()); }
    [[nodiscard]] std::size_t nextPosition() const { return m_next; } ///< where the next row begins, or the text ends
    [[nodiscard]] bool blank() const;

private:
    void splitRow(std::size_t start);
    void splitBlanks(std::size_t start);
    void takeLine(std::size_t start);
    void finish(std::size_t start, std::size_t end);
    std::size_t readQuoted(std::size_t open);
    std::size_t closingQuote(std::size_t from, std::size_t limit, DelimitedField::Escapes& escapes) const;
    void add(std::size_t begin, std::size_t end, DelimitedField::Escapes escapes = DelimitedField::Escapes::None);

    std::string_view m_text;
    std::size_t m_next = 0;
    Dialect m_dialect;
    DelimiterScan m_scan;
    std::vector<DelimitedField> m_fields;
    std::size_t m_fieldCount = 0;
    std::string_view m_row;
    std::size_t m_lines = 0;
    Problem m_problem = Problem::None;
    bool m_openAtEnd = false, m_comment = false;
};

} // namespace faultline::records
