// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/delimited_rows.h"
#include <algorithm>

namespace faultline::records
{

namespace
{
constexpr auto npos = std::string_view::npos;
using Escapes = DelimitedField::Escapes;

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

char unescaped(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    default:
        return c;
    }
}
} // namespace

std::string_view DelimitedField::text(std::string& scratch) const
{
    if (escapes == Escapes::None)
        return raw;
    scratch.clear();
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (escapes == Escapes::Backslashes && raw[i] == '\\' && i + 1 < raw.size()) {
            scratch += unescaped(raw[++i]);
            continue;
        }
        scratch += raw[i];
        if (raw[i] == '"')
            ++i; // its double
    }
    return scratch;
}

DelimitedRows::DelimitedRows(std::string_view text, const Dialect& dialect)
    : m_text(text), m_dialect(dialect), m_scan(text, dialect.blanks ? '\0' : dialect.delimiter)
{
}

bool DelimitedRows::next()
{
    if (m_next >= m_text.size())
        return false;
    m_fields.clear();
    m_fieldCount = 0;
    m_problem = Problem::None;
    m_openAtEnd = false;
    m_lines = 1;
    const auto start = m_next;
    m_comment = m_dialect.comment != '\0' && m_text[start] == m_dialect.comment;
    if (m_comment)
        takeLine(start);
    else if (m_dialect.blanks)
        splitBlanks(start);
    else
        splitRow(start);
    return true;
}

bool DelimitedRows::blank() const
{
    return std::all_of(m_row.begin(), m_row.end(), isBlank) && (m_dialect.delimiter != '\t' || m_row.empty());
}

void DelimitedRows::add(std::size_t begin, std::size_t end, Escapes escapes)
{
    if (m_fieldCount++ < maxFields)
        m_fields.push_back({m_text.substr(begin, end - begin), escapes});
}

/// Sets the row [start, end), where `end` is its line end or that of the text.
void DelimitedRows::finish(std::size_t start, std::size_t end)
{
    m_next = std::min(end + 1, m_text.size());
    if (end > start && m_text[end - 1] == '\r')
        --end;
    m_row = m_text.substr(start, end - start);
}

/// One line, whatever is in it.
void DelimitedRows::takeLine(std::size_t start)
{
    m_lines = 1;
    finish(start, std::min(m_text.find('\n', start), m_text.size()));
    m_scan.restart(m_next);
}

void DelimitedRows::splitRow(std::size_t start)
{
    auto field = start;
    for (;;) {
        auto at = m_scan.next();
        if (at != npos && m_text[at] == '"') {
            if (!std::all_of(m_text.begin() + static_cast<std::ptrdiff_t>(field),
                             m_text.begin() + static_cast<std::ptrdiff_t>(at), isBlank))
                continue; // a quote within a plain field is a character like others
            at = readQuoted(at + 1);
            if (at == npos)
                return takeLine(start); // may be stray: go on with the next line, so that it costs no more than itself
            m_scan.restart(at + 1);
        } else {
            auto end = std::min(at, m_text.size());
            const bool last = at == npos || m_text[at] == '\n';
            add(field, last && end > field && m_text[end - 1] == '\r' ? end - 1 : end);
            at = end;
        }
        if (at == m_text.size() || m_text[at] == '\n')
            return finish(start, at);
        field = at + 1;
    }
}

/// The position of the quote that ends a field, or npos.
std::size_t DelimitedRows::closingQuote(std::size_t from, std::size_t limit, Escapes& escapes) const
{
    const auto limited = m_text.substr(0, limit);
    if (!m_dialect.backslash) {
        for (auto quote = limited.find('"', from); quote != npos; quote = limited.find('"', quote + 2)) {
            if (quote + 1 == m_text.size() || m_text[quote + 1] != '"')
                return quote;
            escapes = Escapes::DoubledQuotes;
        }
        return npos;
    }
    for (auto at = limited.find_first_of("\"\\", from); at != npos; at = limited.find_first_of("\"\\", at + 2)) {
        const bool doubled = m_text[at] == '"' && at + 1 < m_text.size() && m_text[at + 1] == '"';
        if (m_text[at] == '"' && !doubled)
            return at;
        escapes = Escapes::Backslashes;
    }
    return npos;
}

/// `open` is behind the opening quote; adds the field and returns the position of what ends it (a delimiter, a line end
/// or the end of the text), or npos.
std::size_t DelimitedRows::readQuoted(std::size_t open)
{
    const auto limit = std::min(m_text.size(), open + maxQuotedBytes);
    auto escapes = Escapes::None;
    const auto quote = closingQuote(open, limit, escapes);
    if (quote == npos) {
        m_problem = Problem::UnclosedQuote;
        m_openAtEnd = limit == m_text.size();
        return npos;
    }
    const auto content = m_text.substr(open, quote - open);
    m_lines += static_cast<std::size_t>(std::count(content.begin(), content.end(), '\n'));
    add(open, quote, escapes);
    auto at = quote + 1;
    while (at < m_text.size() && (m_text[at] == '\r' || isBlank(m_text[at])) && m_text[at] != m_dialect.delimiter)
        ++at;
    if (at < m_text.size() && m_text[at] != '\n' && m_text[at] != m_dialect.delimiter) {
        m_problem = Problem::TextAfterQuote;
        return npos;
    }
    return at;
}

/// Fields apart by runs of blanks; a quoted one ends on its line.
void DelimitedRows::splitBlanks(std::size_t start)
{
    takeLine(start);
    const auto end = start + m_row.size();
    auto at = start;
    for (;;) {
        while (at < end && isBlank(m_text[at]))
            ++at;
        if (at == end)
            break;
        const auto close = m_text[at] == '"' ? m_text.find('"', at + 1) : npos;
        if (close < end && (close + 1 == end || isBlank(m_text[close + 1]))) {
            add(at + 1, close);
            at = close + 1;
            continue;
        }
        const auto field = at;
        while (at < end && !isBlank(m_text[at]))
            ++at;
        add(field, at);
    }
    if (m_fieldCount == 0)
        add(start, start);
}

} // namespace faultline::records
