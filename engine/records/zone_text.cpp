// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/zone_text.h"
#include "engine/core/text.h"
#include "engine/core/time.h"
#include <algorithm>
#include <optional>

namespace faultline::records
{

namespace
{

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// `+02:00`, `-0730` or `+02` at the end, with a colon.
std::optional<std::string> offsetAtEnd(std::string_view text)
{
    const auto sign = text.find_last_of("+-");
    if (sign == std::string_view::npos || text.find(':') > sign) // a clock stands before it
        return std::nullopt;
    std::string digits;
    for (const char c : text.substr(sign + 1)) {
        if (isDigit(c))
            digits += c;
        else if (c != ':')
            return std::nullopt;
    }
    if (digits.size() != 2 && digits.size() != 4)
        return std::nullopt;
    digits.resize(4, '0');
    return text[sign] + digits.substr(0, 2) + ':' + digits.substr(2);
}

} // namespace

std::string zoneInText(std::string_view time)
{
    while (!time.empty() && std::string_view(" ])>\"',|").find(time.back()) != std::string_view::npos)
        time.remove_suffix(1);
    if (auto offset = offsetAtEnd(time))
        return *offset;
    for (const auto word : split(time, ' '))
        if (abbreviatedOffset(word).value_or(0) != 0)
            return std::string(word);
    return "UTC";
}

} // namespace faultline::records
