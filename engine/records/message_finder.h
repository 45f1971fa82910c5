// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace faultline::records
{

/// Finds where a message stands in its line, so that it can be shown without the rest. Messages of one file mostly
/// start at the same column, so the last one's place is tried first.
class MessageFinder
{
public:
    explicit MessageFinder(const std::string& key) : m_quotedKey('"' + key + '"') {}

    /// 0 when the message is not there as it is (it holds escapes).
    std::uint16_t find(std::string_view line, std::string_view message)
    {
        if (message.empty())
            return 0;
        if (m_keyAt < line.size() && stands(line, m_keyAt, message))
            return m_start;
        for (auto at = line.find(m_quotedKey); at != std::string_view::npos; at = line.find(m_quotedKey, at + 1))
            if (stands(line, at, message)) {
                m_keyAt = at;
                return m_start;
            }
        return 0;
    }

private:
    bool stands(std::string_view line, std::size_t keyAt, std::string_view message)
    {
        if (line.compare(keyAt, m_quotedKey.size(), m_quotedKey) != 0)
            return false;
        auto at = keyAt + m_quotedKey.size();
        while (at < line.size() && (line[at] == ' ' || line[at] == ':' || line[at] == '\t'))
            ++at;
        if (at >= line.size() || line[at] != '"' || at >= std::numeric_limits<std::uint16_t>::max())
            return false;
        m_start = static_cast<std::uint16_t>(at + 1);
        return line.compare(at + 1, message.size(), message) == 0 &&
               line.substr(at + 1 + message.size()).starts_with('"');
    }

    std::string m_quotedKey;
    std::size_t m_keyAt = 0;
    std::uint16_t m_start = 0;
};

} // namespace faultline::records
