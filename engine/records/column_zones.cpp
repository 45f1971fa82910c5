// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/column_zones.h"
#include "engine/core/text.h"
#include "engine/records/field_roles.h"
#include <algorithm>

namespace faultline::records
{

namespace
{
constexpr std::size_t mostZones = 200, mostOthers = 1'000;
constexpr std::size_t longestName = 64;

std::optional<TimeZone> zoneNamed(std::string_view text)
{
    const auto name = trim(text);
    if (name.empty() || name.size() > longestName)
        return std::nullopt;
    auto zone = TimeZone::named(name);
    return zone ? std::optional(std::move(*zone)) : std::nullopt;
}
} // namespace

std::optional<ColumnZones> ColumnZones::learn(std::span<const std::string_view> values)
{
    ColumnZones zones;
    for (const auto value : values) {
        if (isMissingText(value) || zones.m_sampled.contains(std::string(value)))
            continue;
        auto zone = zoneNamed(value);
        if (!zone || zones.m_sampled.size() == mostZones)
            return std::nullopt;
        zones.m_sampled.emplace(value, std::move(*zone));
    }
    return zones.m_sampled.empty() ? std::nullopt : std::optional(std::move(zones));
}

const TimeZone* ColumnZones::find(std::string_view text) const
{
    const std::string name(text.substr(0, longestName + 1));
    if (const auto known = m_sampled.find(name); known != m_sampled.end())
        return &known->second;
    const std::lock_guard lock(m_others->mutex);
    auto& others = m_others->zones;
    auto other = others.find(name);
    if (other == others.end()) {
        if (others.size() == mostOthers)
            return nullptr;
        other = others.emplace(name, zoneNamed(name)).first;
    }
    return other->second ? &*other->second : nullptr;
}

bool ColumnZones::allOffsets() const
{
    return std::all_of(m_sampled.begin(), m_sampled.end(), [](const auto& zone) {
        const auto first = trim(zone.first).substr(0, 1);
        return first == "+" || first == "-";
    });
}

} // namespace faultline::records
