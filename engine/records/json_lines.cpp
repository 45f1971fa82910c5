// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/json_lines.h"
#include "engine/core/text.h"
#include <algorithm>

namespace faultline::records
{

bool JsonLines::next()
{
    if (m_next >= m_text.size())
        return false;
    const auto end = std::min(m_text.find('\n', m_next), m_text.size());
    m_line = m_text.substr(m_next, end - m_next);
    if (m_line.ends_with('\r'))
        m_line.remove_suffix(1);
    m_next = end + 1;
    auto json = trim(m_line);
    if (json.ends_with("},"))
        json.remove_suffix(1); // an array of objects, one a line
    m_kind = json.empty() ? Kind::Blank : read(json);
    return true;
}

JsonLines::Kind JsonLines::read(std::string_view json)
{
    if (json.front() != '{' && json.front() != '[')
        return Kind::Invalid; // words, which text logs are full of, need no parser
    const auto behind = static_cast<std::size_t>(m_text.data() + m_text.size() - (json.data() + json.size()));
    const char* data = json.data();
    if (behind < simdjson::SIMDJSON_PADDING) {
        m_padded.reserve(json.size() + simdjson::SIMDJSON_PADDING);
        m_padded.assign(json);
        data = m_padded.data();
    }
    simdjson::dom::element element;
    const auto problem = m_parser.parse(data, json.size(), false).get(element);
    if (problem == simdjson::UTF8_ERROR)
        return Kind::InvalidUtf8;
    if (problem != simdjson::SUCCESS)
        return Kind::Invalid;
    return element.get(m_object) == simdjson::SUCCESS ? Kind::Object : Kind::OtherJson;
}

} // namespace faultline::records
