// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/explain/nearest_session.h"
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>

namespace faultline::explain
{

std::optional<std::vector<SessionDifference>> nearestNormal(std::size_t unit, const ExplainInput& input)
{
    const auto& table = *input.table;
    if (table.templates.empty() || input.scores.size() != table.units())
        return std::nullopt;
    std::unordered_map<std::uint32_t, double> own;
    double ownTotal = 0.0;
    forEachTemplate(table, nullptr, unit, [&](std::uint32_t id, double count) {
        own[id] += count;
        ownTotal += count;
    });
    constexpr std::size_t compared = 50'000;
    const std::size_t step = (table.units() + compared - 1) / compared;
    double nearest = std::numeric_limits<double>::infinity();
    std::size_t normal = unit;
    for (std::size_t other = 0; other < table.units(); other += step) {
        if (other == unit || !(input.scores[other] < input.threshold))
            continue;
        double distance = ownTotal;
        forEachTemplate(table, nullptr, other, [&](std::uint32_t id, double count) {
            const auto found = own.find(id);
            const double mine = found == own.end() ? 0.0 : found->second;
            distance += std::abs(mine - count) - mine;
        });
        if (distance < nearest) {
            nearest = distance;
            normal = other;
        }
    }
    if (normal == unit)
        return std::nullopt;
    std::map<std::uint32_t, double> more(own.begin(), own.end());
    forEachTemplate(table, nullptr, normal, [&](std::uint32_t id, double count) { more[id] -= count; });
    std::vector<SessionDifference> differences;
    for (const auto& [id, count] : more)
        if (count != 0.0)
            differences.push_back({id, std::llround(count), own.contains(id) ? std::llround(own[id]) : 0});
    std::ranges::stable_sort(differences, std::greater(), [](const SessionDifference& d) { return std::abs(d.more); });
    return differences;
}

} // namespace faultline::explain
