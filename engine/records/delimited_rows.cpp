// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/delimited_rows.h"
#include <algorithm>

namespace faultline::records
{

namespace
{
constexpr auto npos = std::string_view::npos;

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

std::string_view withoutCarriageReturn(std::string_view line)
{
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}
} // namespace

std::string_view DelimitedField::text(std::string& scratch) const
{
    if (!doubledQuotes)
        return raw;
    scratch.clear();
    for (std::size_t i = 0; i < raw.size(); ++i) {
        scratch += raw[i];
        if (raw[i] == '"')
            ++i; // its double
    }
    return scratch;
}

DelimitedRows::DelimitedRows(std::string_view text, char delimiter)
    : m_text(text), m_mayHaveQuotes(text.find('"') != npos), m_delimiter(delimiter)
{
}

bool DelimitedRows::next()
{
    if (m_next >= m_text.size())
        return false;
    m_fields.clear();
    m_fieldCount = 0;
    m_problem = Problem::None;
    m_lines = 1;
    const auto start = m_next;
    const auto end = std::min(m_text.find('\n', start), m_text.size());
    const auto line = withoutCarriageReturn(m_text.substr(start, end - start));
    m_row = line;
    m_next = end + 1;
    if (!m_mayHaveQuotes || line.find('"') == npos) {
        splitPlain();
    } else if (!splitQuoted()) {
        // The quote may be stray: go on with the next line, so that one bad line costs no more than itself.
        m_row = line;
        m_next = end + 1;
        m_lines = 1;
    }
    return true;
}

bool DelimitedRows::blank() const
{
    return std::all_of(m_row.begin(), m_row.end(), isBlank) && (m_delimiter != '\t' || m_row.empty());
}

void DelimitedRows::add(std::string_view raw, bool doubledQuotes)
{
    if (m_fieldCount++ < maxFields)
        m_fields.push_back({raw, doubledQuotes});
}

void DelimitedRows::splitPlain()
{
    const char* begin = m_row.data();
    const char* const end = begin + m_row.size();
    if (m_delimiter != '\0') {
        for (const char* c = begin; c != end; ++c) {
            if (*c != m_delimiter)
                continue;
            add({begin, static_cast<std::size_t>(c - begin)}, false);
            begin = c + 1;
        }
    }
    add({begin, static_cast<std::size_t>(end - begin)}, false);
}

/// `open` is behind the opening quote; returns the position behind the closing one, or npos.
std::size_t DelimitedRows::readQuoted(std::size_t open)
{
    bool doubled = false;
    const auto limited = m_text.substr(0, std::min(m_text.size(), open + maxQuotedBytes));
    for (auto quote = limited.find('"', open); quote != npos; quote = limited.find('"', quote + 2)) {
        if (quote + 1 < m_text.size() && m_text[quote + 1] == '"') {
            doubled = true;
            continue;
        }
        const auto content = m_text.substr(open, quote - open);
        m_lines += static_cast<std::size_t>(std::count(content.begin(), content.end(), '\n'));
        add(content, doubled);
        return quote + 1;
    }
    m_problem = Problem::UnclosedQuote;
    return npos;
}

bool DelimitedRows::splitQuoted()
{
    const auto start = position();
    auto at = start;
    for (;;) {
        auto field = at;
        while (field < m_text.size() && isBlank(m_text[field]) && m_text[field] != m_delimiter)
            ++field;
        if (field < m_text.size() && m_text[field] == '"') {
            at = readQuoted(field + 1);
            if (at == npos)
                return false;
            while (at < m_text.size() && (m_text[at] == '\r' || isBlank(m_text[at])) && m_text[at] != m_delimiter)
                ++at;
        } else {
            auto stop = at;
            while (stop < m_text.size() && m_text[stop] != m_delimiter && m_text[stop] != '\n')
                ++stop;
            const auto content = m_text.substr(at, stop - at);
            add(stop < m_text.size() && m_text[stop] != '\n' ? content : withoutCarriageReturn(content), false);
            at = stop;
        }
        if (at >= m_text.size() || m_text[at] == '\n')
            break;
        if (m_text[at] != m_delimiter) {
            m_problem = Problem::TextAfterQuote;
            return false;
        }
        ++at;
    }
    m_row = withoutCarriageReturn(m_text.substr(start, at - start));
    m_next = at + 1;
    return true;
}

} // namespace faultline::records
