// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/header_forms.h"
#include "engine/records/header_match.h"
#include "engine/records/plain_line.h"
#include <string_view>

namespace faultline::records
{

/// Takes off lines what docker compose puts before each: the name of a service and a bar, coloured or not (`web_1  |
/// `).
class ServicePrefix
{
public:
    /// What stands behind the prefix; the line itself when it has none.
    [[nodiscard]] std::string_view strip(std::string_view line)
    {
        constexpr std::size_t longest = 256; // a name with its colours
        m_service = {};
        const auto plain = m_plain.strip(line.substr(0, longest));
        const auto end = header::service(plain, 0);
        if (end == header::nowhere)
            return line;
        m_service = plain.substr(0, plain.find(' '));
        return line.substr(m_plain.original(end));
    }
    /// Of the last line, until the next one; "" when it named none.
    [[nodiscard]] std::string_view service() const { return m_service; }

private:
    PlainLine m_plain;
    std::string_view m_service;
};

} // namespace faultline::records
