// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/w3c_header.h"
#include "engine/core/text.h"
#include <algorithm>
#include <array>

namespace faultline::records
{

namespace
{
constexpr std::size_t maxColumns = 1'000;

/// `\x09` as Zeek writes its separator.
std::string decoded(std::string_view text)
{
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto hex = [&](std::size_t at) {
            const char c = text[at];
            return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
        };
        if (text[i] == '\\' && i + 3 < text.size() && text[i + 1] == 'x') {
            bytes += static_cast<char>(hex(i + 2) * 16 + hex(i + 3));
            i += 3;
        } else {
            bytes += text[i];
        }
    }
    return bytes;
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}
} // namespace

bool W3cHeader::take(std::string_view line)
{
    constexpr std::array<std::string_view, 9> known{
        "#Fields:",   "#Date:",         "#Software:",   "#fields",     "#types",
        "#separator", "#set_separator", "#empty_field", "#unset_field"};
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    if (line.find('\0') != std::string_view::npos) // rejected wherever it stands
        return false;
    const auto name = std::find_if(known.begin(), known.end(), [&](std::string_view word) {
        return line.starts_with(word) &&
               (word.ends_with(':') || (line.size() > word.size() &&
                                        (isBlank(line[word.size()]) || line[word.size()] == m_separator.front())));
    });
    if (name == known.end())
        return false;
    auto value = line.substr(name->size());
    if (!value.empty())
        value.remove_prefix(name->ends_with(':') ? 0 : 1);
    if (*name == "#separator")
        m_separator = decoded(trim(value)).empty() ? "\t" : decoded(trim(value));
    else if (*name == "#empty_field")
        m_empty = value;
    else if (*name == "#unset_field")
        m_unset = value;
    else if (*name == "#types")
        m_types = split(value);
    else if (*name == "#Software:")
        m_software = trim(value).substr(0, 200);
    else if (*name == "#Date:")
        m_date = trim(value).substr(0, 10);
    else if (*name == "#Fields:" || *name == "#fields") {
        m_zeek = *name == "#fields";
        setColumns(value);
    }
    const auto held = std::find_if(m_lines.begin(), m_lines.end(), [&](const auto& one) { return one.first == *name; });
    if (held == m_lines.end())
        m_lines.emplace_back(*name, line);
    else
        held->second = line;
    return true;
}

std::string W3cHeader::text() const
{
    std::string text;
    for (const auto& [name, line] : m_lines)
        if (name.find("ields") == std::string::npos && name != "#types")
            text += line + '\n';
    for (const auto& [name, line] : m_lines) // the separator must be known before
        if (name.find("ields") != std::string::npos || name == "#types")
            text += line + '\n';
    return text;
}

std::vector<std::string> W3cHeader::split(std::string_view names) const
{
    std::vector<std::string> found;
    std::string_view rest = names, name;
    while (found.size() < maxColumns && nextValue(rest, name))
        found.emplace_back(name);
    return found;
}

void W3cHeader::setColumns(std::string_view names)
{
    m_columns = split(names);
    const auto columnOf = [&](std::initializer_list<std::string_view> wanted) {
        for (const auto name : wanted)
            if (const auto found = std::find(m_columns.begin(), m_columns.end(), name); found != m_columns.end())
                return static_cast<std::size_t>(found - m_columns.begin());
        return m_columns.size();
    };
    m_method = columnOf({"cs-method", "method"});
    m_path = columnOf({"cs-uri-stem", "cs-uri", "uri"});
    m_needsDate = columnOf({"time"}) < m_columns.size() && columnOf({"date"}) == m_columns.size();
}

bool W3cHeader::nextValue(std::string_view& row, std::string_view& value) const
{
    if (m_separator != " ") {
        if (row.data() == nullptr)
            return false;
        const auto end = row.find(m_separator);
        value = row.substr(0, end);
        row = end == std::string_view::npos ? std::string_view() : row.substr(end + m_separator.size());
        return true;
    }
    while (!row.empty() && isBlank(row.front()))
        row.remove_prefix(1);
    if (row.empty())
        return false;
    const bool quoted = row.front() == '"' && row.find('"', 1) != std::string_view::npos;
    const auto end = quoted ? row.find('"', 1) + 1 : std::min(row.find_first_of(" \t"), row.size());
    value = quoted ? row.substr(1, end - 2) : row.substr(0, end);
    row.remove_prefix(end);
    return true;
}

bool W3cHeader::read(std::string_view row, KeyValueRecord& record) const
{
    record.clear();
    if (m_needsDate && !m_date.empty())
        record.add("date", m_date);
    std::string_view rest = row, value, method, path;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (!nextValue(rest, value))
            return false;
        if (value.empty() || value == m_unset || value == m_empty)
            continue;
        record.add(m_columns[i], value);
        if (i == m_method)
            method = value;
        else if (i == m_path)
            path = value;
    }
    if (!method.empty() && !path.empty())
        record.message = record.text().append(method).append(1, ' ').append(path);
    return !m_columns.empty();
}

RecordCutter::Cut W3cCutter::cut(std::string_view pending, std::size_t examined)
{
    std::size_t end = 0;
    for (auto at = examined;;) {
        const auto lineEnd = pending.find('\n', at);
        if (lineEnd == std::string_view::npos)
            return {end, at};
        const auto line = pending.substr(at, lineEnd - at);
        if (line.starts_with('#'))
            m_header.take(line);
        at = end = lineEnd + 1;
        if (m_givenUp) {
            m_givenUp = false;
            return {end, at};
        }
    }
}

} // namespace faultline::records
