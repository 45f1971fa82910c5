// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/nearest_template.h"
#include "engine/core/text.h"
#include <limits>

namespace faultline::records::templates
{

namespace
{
constexpr std::size_t comparedBytes = 200, shownBytes = 80;
}

NearestTemplate::NearestTemplate(std::string_view name, const JobContext& job)
    : m_name(name.substr(0, comparedBytes)), m_check(job), m_isId(name.starts_with("T-")),
      m_least(std::numeric_limits<std::size_t>::max())
{
}

void NearestTemplate::offer(std::string_view id, std::string_view text)
{
    if (m_check.stops(m_isId ? 1 : 40))
        return;
    const auto distance = editDistance(m_isId ? id : text.substr(0, comparedBytes), m_name);
    if (distance >= m_least)
        return;
    m_least = distance;
    m_nearest = std::string(id) + " `" + std::string(text.substr(0, shownBytes)) + "`";
}

std::string NearestTemplate::hint() const
{
    return m_nearest.empty() ? "they have no templates at all" : "the nearest is " + displayText(m_nearest);
}

} // namespace faultline::records::templates
