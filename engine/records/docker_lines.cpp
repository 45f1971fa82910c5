// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/docker_lines.h"
#include <algorithm>

namespace faultline::records
{

namespace
{
/// The value of a text key, as written between its quotes; nothing when it is not there.
std::string_view valueOf(std::string_view line, std::string_view quotedKey, std::size_t from = 0)
{
    auto at = line.find(quotedKey, from);
    if (at == std::string_view::npos)
        return {};
    at = line.find_first_not_of(" \t:", at + quotedKey.size());
    if (at == std::string_view::npos || line[at] != '"')
        return {};
    const auto start = ++at;
    for (; at < line.size() && line[at] != '"'; ++at)
        at += line[at] == '\\' ? 1U : 0U;
    return line.substr(start, std::min(at, line.size()) - start);
}

bool endsLine(std::string_view text)
{
    if (!text.ends_with("\\n"))
        return false;
    const auto last = text.substr(0, text.size() - 1).find_last_not_of('\\');
    const auto slashes = text.size() - 1 - (last == std::string_view::npos ? 0 : last + 1);
    return slashes % 2 == 1;
}
} // namespace

DockerLine readDockerLine(std::string_view line)
{
    const auto text = valueOf(line, "\"log\"");
    if (text.data() == nullptr)
        return {};
    DockerLine read{.text = text, .whole = endsLine(text)};
    const auto behind = static_cast<std::size_t>(text.data() + text.size() - line.data());
    read.stream = valueOf(line, "\"stream\"", behind) == "stderr" ? 1 : 0;
    for (const std::string_view start : {" ", "\\t", "\\n", "\\r", "at ", "...", "Caused by"})
        read.goesOn |= text.starts_with(start);
    return read;
}

bool DockerGroups::joinsLast(const DockerLine& line) const
{
    return line.goesOn && m_lastGroup != none && m_lastStream == line.stream && m_bytes[m_lastGroup] < maxBytes;
}

bool DockerGroups::cutBefore(std::string_view line) const
{
    const auto read = readDockerLine(line);
    return m_open[0].group == none && m_open[1].group == none && !joinsLast(read);
}

std::size_t DockerGroups::add(std::string_view line)
{
    const auto read = readDockerLine(line);
    if (read.text.data() == nullptr) { // none of Docker's
        m_bytes.push_back(line.size());
        m_lastGroup = none;
        ++m_groups;
        return none;
    }
    auto& open = m_open[read.stream];
    auto group = open.group != none ? open.group : joinsLast(read) ? m_lastGroup : none;
    const auto joined = group;
    if (group == none) {
        group = m_groups++;
        m_bytes.push_back(0);
    }
    m_bytes[group] += line.size();
    const bool goesOn = !read.whole && !read.text.empty() && m_bytes[group] < maxBytes;
    open.group = goesOn ? group : none;
    m_lastGroup = group;
    m_lastStream = read.stream;
    return joined;
}

RecordCutter::Cut DockerCutter::cut(std::string_view pending, std::size_t examined)
{
    auto at = examined;
    for (;;) {
        const auto end = pending.find('\n', at);
        if (end == std::string_view::npos)
            break;
        if (m_givenUp) {
            m_givenUp = false;
            m_groups = {};
            m_cut = 0;
            return {end + 1, end + 1};
        }
        const auto line = pending.substr(at, end - at);
        if (m_groups.cutBefore(line)) {
            m_cut = at;
            m_groups = {};
        }
        (void)m_groups.add(line);
        at = end + 1;
    }
    return {std::exchange(m_cut, 0), at};
}

} // namespace faultline::records
