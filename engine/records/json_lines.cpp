// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/json_lines.h"
#include "engine/core/text.h"
#include <algorithm>

namespace faultline::records
{

const char* jsonProblem(JsonKind kind)
{
    switch (kind) {
    case JsonKind::InvalidUtf8:
        return "the line is not valid UTF-8";
    case JsonKind::OtherJson:
        return "the line is JSON but not an object";
    default:
        return "the line is not valid JSON";
    }
}

JsonKind JsonText::read(std::string_view json, std::size_t behind)
{
    if (json.empty())
        return JsonKind::Blank;
    if (json.front() != '{' && json.front() != '[')
        return JsonKind::Invalid; // words, which text logs are full of, need no parser
    const char* data = json.data();
    if (behind < json.size() + simdjson::SIMDJSON_PADDING) {
        m_padded.reserve(json.size() + simdjson::SIMDJSON_PADDING);
        m_padded.assign(json);
        data = m_padded.data();
    }
    simdjson::dom::element element;
    const auto problem = m_parser.parse(data, json.size(), false).get(element);
    if (problem == simdjson::UTF8_ERROR)
        return JsonKind::InvalidUtf8;
    if (problem != simdjson::SUCCESS)
        return JsonKind::Invalid;
    return element.get(m_object) == simdjson::SUCCESS ? JsonKind::Object : JsonKind::OtherJson;
}

JsonKind JsonLine::read(std::string_view line, std::size_t behind)
{
    m_content = m_start == JsonLineStart::Service ? m_prefix.strip(line) : line;
    auto json = trim(m_content);
    if (json.ends_with("},"))
        json.remove_suffix(1); // an array of objects, one a line
    const auto kind = m_json.read(json, behind - static_cast<std::size_t>(json.data() - line.data()));
    constexpr std::string_view piecesOfJson = "{}],\"";
    m_isText = kind == JsonKind::Invalid && piecesOfJson.find(json.front()) == std::string_view::npos;
    return kind;
}

bool JsonLines::next()
{
    if (m_next >= m_text.size())
        return false;
    const auto end = std::min(m_text.find('\n', m_next), m_text.size());
    m_line = m_text.substr(m_next, end - m_next);
    if (m_line.ends_with('\r'))
        m_line.remove_suffix(1);
    m_kind = m_reader.read(m_line, m_text.size() - m_next);
    m_next = end + 1;
    return true;
}

} // namespace faultline::records
