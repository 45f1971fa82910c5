// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/explain/template_totals.h"
#include <algorithm>
#include <limits>

namespace faultline::explain
{

TemplateTotals TemplateTotals::of(const features::FeatureTable& table, const records::RecordSet* records)
{
    constexpr auto never = std::numeric_limits<std::int64_t>::max();
    TemplateTotals totals;
    totals.groups.resize(std::max<std::size_t>(table.entities.size(), 1));
    for (auto& group : totals.groups)
        group.first = never;
    for (std::size_t unit = 0; unit < table.units(); ++unit) {
        auto& group = totals.groups[groupOf(table, unit)];
        const auto position = positionOf(table, unit);
        bool any = false;
        forEachTemplate(table, records, unit, [&](std::uint32_t id, double count) {
            group.count[id] += count;
            if (id >= totals.firstSeen.size())
                totals.firstSeen.resize(std::size_t{id} + 1, never);
            totals.firstSeen[id] = std::min(totals.firstSeen[id], position);
            any = true;
        });
        if (any) {
            ++group.units;
            group.first = std::min(group.first, position);
        }
    }
    return totals;
}

} // namespace faultline::explain
