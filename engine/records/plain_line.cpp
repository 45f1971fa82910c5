// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/plain_line.h"
#include <algorithm>

namespace faultline::records
{

namespace
{

constexpr char escape = '\x1b', bell = '\x07';

bool within(char c, char first, char last)
{
    return c >= first && c <= last;
}

/// Behind the escape sequence that begins at p; one that is not ended ends with the line.
std::size_t behindEscape(std::string_view line, std::size_t p)
{
    const auto kind = p + 1 < line.size() ? line[p + 1] : '\0';
    p += 2;
    if (kind == '[') { // parameters, then one letter or mark
        while (p < line.size() && within(line[p], ' ', '?'))
            ++p;
        return p < line.size() && within(line[p], '@', '~') ? p + 1 : p;
    }
    if (kind == ']') { // a title, up to a bell or another escape with a backslash
        while (p < line.size() && line[p] != bell && line[p] != escape)
            ++p;
        return p < line.size() ? p + (line[p] == bell ? 1 : 2) : p;
    }
    return p;
}

} // namespace

std::string_view PlainLine::strip(std::string_view line)
{
    m_cuts.clear();
    auto at = line.find(escape);
    if (at == std::string_view::npos)
        return line;
    m_text.assign(line.substr(0, at));
    std::size_t dropped = 0;
    while (at < line.size()) {
        const auto behind = std::min(behindEscape(line, at), line.size());
        dropped += behind - at;
        m_cuts.emplace_back(m_text.size(), dropped);
        const auto next = std::min(line.find(escape, behind), line.size());
        m_text.append(line.substr(behind, next - behind));
        at = next;
    }
    return m_text;
}

std::size_t PlainLine::original(std::size_t position) const
{
    std::size_t dropped = 0;
    for (const auto& [at, bytes] : m_cuts) {
        if (at > position)
            break;
        dropped = bytes;
    }
    return position + dropped;
}

} // namespace faultline::records
