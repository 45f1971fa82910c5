// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/evaluate/csv_rows.h"
#include "engine/core/text.h"
#include <algorithm>

namespace faultline::evaluate
{

CsvRows::CsvRows(std::string_view text) : m_rest(text)
{
    if (m_rest.starts_with("\xEF\xBB\xBF"))
        m_rest.remove_prefix(3);
}

std::optional<std::vector<std::string>> CsvRows::next()
{
    while (!m_rest.empty() && (m_rest.front() == '\n' || m_rest.front() == '\r')) {
        m_line += m_rest.front() == '\n' ? 1U : 0U;
        m_rest.remove_prefix(1);
    }
    if (m_rest.empty())
        return std::nullopt;
    m_rowLine = m_line;
    std::vector<std::string> fields;
    for (;;) {
        fields.push_back(m_rest.starts_with('"') ? quotedField() : plainField());
        if (m_rest.empty() || m_rest.front() != ',')
            break;
        m_rest.remove_prefix(1);
    }
    return fields;
}

std::string CsvRows::plainField()
{
    const auto end = std::min(m_rest.find_first_of(",\r\n"), m_rest.size());
    std::string field(trim(m_rest.substr(0, end)));
    m_rest.remove_prefix(end);
    return field;
}

std::string CsvRows::quotedField()
{
    std::string field;
    m_rest.remove_prefix(1);
    for (;;) {
        const auto quote = m_rest.find('"');
        const auto part = m_rest.substr(0, quote);
        field += part;
        m_line += static_cast<std::uint64_t>(std::ranges::count(part, '\n'));
        if (quote == std::string_view::npos) {
            m_unterminated = true;
            m_rest = {};
            return field;
        }
        m_rest.remove_prefix(quote + 1);
        if (!m_rest.starts_with('"'))
            break;
        field += '"';
        m_rest.remove_prefix(1);
    }
    return field + plainField(); // what follows a closing quote is kept rather than lost
}

} // namespace faultline::evaluate
