// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/explain/template_changes.h"
#include "engine/explain/poisson.h"
#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

namespace faultline::explain
{

namespace
{
constexpr double significant = 1.3; // decades: p = 0.05
constexpr double muchMore = 1.5, muchLess = 1.0 / 1.5;

/// What the episode itself holds.
struct Inside {
    std::unordered_map<std::uint32_t, double> count;
    double units = 0.0; ///< all of the entity within the episode
    double withRecords = 0.0;
    std::int64_t begin = 0, end = 0; ///< positions
};

Inside countInside(const decisions::Episode& episode, const ExplainInput& input)
{
    const auto& table = *input.table;
    Inside inside;
    inside.begin = inside.end = positionOf(table, episode.firstUnit);
    for (auto unit = episode.firstUnit; unit <= episode.lastUnit; ++unit) {
        if (unit != episode.firstUnit && table.entity[unit] != episode.entity)
            continue;
        bool any = false;
        forEachTemplate(table, input.records, unit, [&](std::uint32_t id, double count) {
            inside.count[id] += count;
            any = true;
        });
        inside.units += 1.0;
        inside.withRecords += any ? 1.0 : 0.0;
        inside.begin = std::min(inside.begin, positionOf(table, unit));
        inside.end = std::max(inside.end, positionOf(table, unit));
    }
    return inside;
}

std::optional<TemplateChange> changeOf(std::uint32_t id, const ComparedTemplate& compared, double expected,
                                       double rareRate, double correction)
{
    TemplateChange change{
        .templateId = id, .count = static_cast<std::uint64_t>(std::llround(compared.inside)), .expected = expected};
    if (compared.isNew) {
        change.expected = 0.0;
        change.significance = std::max(0.0, poissonAtLeast(change.count, rareRate) - correction);
        return change; // kind is New
    }
    if (compared.inside >= muchMore * expected && compared.inside > 0.0) {
        change.kind = TemplateChangeKind::More;
        change.significance = poissonAtLeast(change.count, expected) - correction;
    } else if (compared.inside <= muchLess * expected) {
        change.kind = change.count == 0 ? TemplateChangeKind::Gone : TemplateChangeKind::Fewer;
        change.significance = poissonAtMost(change.count, expected) - correction;
    }
    return change.significance >= significant ? std::optional(change) : std::nullopt;
}
} // namespace

TemplateComparison compareTemplates(const decisions::Episode& episode, const ExplainInput& input,
                                    const TemplateTotals& totals)
{
    TemplateComparison comparison;
    const auto& group = totals.groups[groupOf(*input.table, episode.firstUnit)];
    const auto inside = countInside(episode, input);
    comparison.unitsOutside = static_cast<double>(group.units) - inside.withRecords;
    if (comparison.unitsOutside < 1.0)
        return comparison;
    const double share = inside.units / comparison.unitsOutside; // of the rest's time that the episode takes
    const double rareRate = 0.5 * share;
    const double correction = std::log10(static_cast<double>(std::max<std::size_t>(group.count.size(), 1)));
    // "Not before" says something only when the time before is at least as long as the episode.
    const bool hasHistory = group.first < inside.begin && inside.begin - group.first >= inside.end - inside.begin;
    for (const auto& [id, total] : group.count) {
        const auto found = inside.count.find(id);
        ComparedTemplate compared{.inside = found == inside.count.end() ? 0.0 : found->second};
        compared.outside = std::max(0.0, total - compared.inside);
        const bool unseen = input.records != nullptr && id >= input.records->templates.firstUnseen;
        compared.neverBefore =
            compared.inside > 0.0 && (unseen || (hasHistory && totals.firstSeen[id] >= inside.begin));
        compared.isNew = compared.inside > 0.0 && (compared.outside == 0.0 || compared.neverBefore);
        if (const auto change = changeOf(id, compared, compared.outside * share, rareRate, correction))
            comparison.changes.push_back(*change);
        comparison.templates.emplace(id, compared);
    }
    std::ranges::sort(comparison.changes, {}, [](const TemplateChange& c) {
        return std::tuple(-c.significance, -static_cast<double>(c.count), c.templateId);
    });
    return comparison;
}

} // namespace faultline::explain
