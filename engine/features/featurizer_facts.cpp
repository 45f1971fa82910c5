// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/featurizer_impl.h"
#include "engine/features/unit_builders.h"
#include <algorithm>

namespace faultline::features
{

namespace
{
const char* groupOf(Feature feature)
{
    if (feature <= Feature::FieldRollingSpread)
        return "fields";
    if (feature <= Feature::RecentBytes)
        return "rolling";
    if (feature == Feature::TemplateRarity || feature == Feature::TemplateCount)
        return "templates";
    if (feature <= Feature::Duration)
        return "counts";
    if (feature <= Feature::FieldMaximum)
        return "fields";
    switch (feature) {
    case Feature::RecordRate:
    case Feature::ErrorRate:
    case Feature::FieldRate:
    case Feature::RecentRate:
        return "rates";
    case Feature::WarningShare:
    case Feature::TemplateShare:
    case Feature::FieldRatio:
        return "ratios";
    case Feature::DistinctEntities:
    case Feature::DistinctSessions:
    case Feature::DistinctValues:
    case Feature::RecentDistinct:
        return "distinct";
    case Feature::TemplateEntropy:
    case Feature::RecentEntropy:
        return "entropy";
    case Feature::GapMedian:
    case Feature::GapHigh:
    case Feature::GapMaximum:
    case Feature::GapVariation:
    case Feature::GapBefore:
        return "inter_arrival";
    case Feature::FieldQuantile:
    case Feature::RecentQuantile:
        return "quantiles";
    case Feature::TemplateRate:
        return "template_rates";
    case Feature::NgramCount:
    case Feature::UnseenNgrams:
        return "template_ngrams";
    case Feature::TemplateWeight:
        return "tfidf_templates";
    case Feature::WordWeight:
        return "tfidf_messages";
    case Feature::RollingRecords:
    case Feature::RollingErrorShare:
    case Feature::RollingTemplates:
    case Feature::RollingMean:
    case Feature::RollingMaximum:
        return "rolling";
    default:
        return "calendar";
    }
}
} // namespace

Result<std::uint64_t> Featurizer::countUnits(const records::RecordSet& records, const ComputeOptions& options) const
{
    const auto& plan = m_impl->plan;
    if (plan.options.kind == UnitKind::Row)
        return records.table.size();
    if (plan.options.kind == UnitKind::Session)
        return records.sessions.keys.size();
    const auto grid = windowGrid(plan, records, options);
    if (!grid)
        return fail(grid.error());
    std::uint64_t units = grid->cells();
    if (options.causal) // an entity exists from its first record on
        for (const auto first : grid->firstWindow)
            units -= std::min<std::uint64_t>(first, grid->windows);
    return units;
}

std::vector<std::pair<std::string, std::size_t>> Featurizer::columnGroups() const
{
    std::vector<std::pair<std::string, std::size_t>> groups;
    for (const auto& column : m_impl->plan.planned) {
        const auto* name = groupOf(column.feature);
        const auto at = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == name; });
        if (at == groups.end())
            groups.emplace_back(name, 1);
        else
            ++at->second;
    }
    return groups;
}

} // namespace faultline::features
