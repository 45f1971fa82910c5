// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/template_novelty.h"
#include "engine/features/unit_order.h"
#include <algorithm>
#include <cmath>
#include <optional>
#include <tbb/parallel_for.h>

namespace faultline::features
{

namespace
{
/// Where the novelty columns stand, if the plan has them.
struct NoveltyColumns {
    std::optional<Eigen::Index> unseen, rare;
};

NoveltyColumns findNoveltyColumns(const FeaturePlan& plan)
{
    NoveltyColumns columns;
    for (std::size_t c = 0; c < plan.planned.size(); ++c) {
        if (plan.planned[c].feature == Feature::UnseenTemplates)
            columns.unseen = static_cast<Eigen::Index>(c);
        if (plan.planned[c].feature == Feature::RareTemplates)
            columns.rare = static_cast<Eigen::Index>(c);
    }
    return columns;
}

void put(FeatureTable& table, std::size_t unit, const std::optional<Eigen::Index>& column, double value)
{
    if (!column)
        return;
    auto& cell = table.values(static_cast<Eigen::Index>(unit), *column);
    if (!std::isnan(cell))
        cell = value;
}

/// Document frequencies, as a unit sees them.
struct Seen {
    const std::vector<std::uint32_t>& frequency;
    double documents = 0.0;
    std::uint32_t own = 0; ///< 1: the unit itself is among the documents and does not count
};

void fillUnit(FeatureTable& table, std::size_t unit, const NoveltyColumns& columns, const Seen& seen)
{
    const auto& counts = table.templates;
    double unseen = 0.0, rare = 0.0;
    for (auto i = counts.begin[unit]; i < counts.begin[unit + 1]; ++i) {
        const auto id = counts.templateId[i];
        const auto all = id < seen.frequency.size() ? seen.frequency[id] : 0;
        const auto others = all - std::min(all, seen.own);
        if (others == 0)
            unseen += static_cast<double>(counts.count[i]);
        rare += rarityWeight(others, seen.documents - seen.own);
    }
    put(table, unit, columns.unseen, unseen);
    put(table, unit, columns.rare, rare);
}

void fillCausally(FeatureTable& table, const NoveltyColumns& columns, TemplateKnowledge known)
{
    const auto& counts = table.templates;
    known.documentFrequency.resize(std::max<std::size_t>(known.documentFrequency.size(), counts.templateCount));
    (void)inOrderOfEnds(
        table,
        [&](std::uint32_t unit) {
            fillUnit(table, unit, columns, {known.documentFrequency, static_cast<double>(known.documents)});
            return true;
        },
        [&](std::uint32_t unit) {
            const auto begin = counts.begin[unit], end = counts.begin[unit + std::size_t{1}];
            known.documents += begin < end ? 1U : 0U;
            for (auto i = begin; i < end; ++i)
                ++known.documentFrequency[counts.templateId[i]];
        });
}
} // namespace

double rarityWeight(double frequency, double documents)
{
    if (documents <= 0.0)
        return 0.0;
    return std::max(0.0, std::log10(documents / std::max(frequency, 0.5)) - 2.0);
}

void learnTemplates(TemplateKnowledge& known, const SparseCounts& counts)
{
    if (counts.empty())
        return;
    known.documentFrequency.resize(std::max<std::size_t>(known.documentFrequency.size(), counts.templateCount));
    for (const auto id : counts.templateId)
        ++known.documentFrequency[id];
    for (std::size_t unit = 0; unit + 1 < counts.begin.size(); ++unit)
        known.documents += counts.begin[unit] < counts.begin[unit + 1] ? 1U : 0U;
}

void learnTemplateRecords(TemplateKnowledge& known, const std::vector<std::int64_t>& counts)
{
    known.records.resize(std::max(known.records.size(), counts.size()));
    for (std::size_t id = 0; id < counts.size(); ++id) {
        known.records[id] += counts[id];
        known.allRecords += counts[id];
    }
}

void fillNovelty(FeatureTable& table, const FeaturePlan& plan, const Featurizer::ComputeOptions& options)
{
    const auto columns = findNoveltyColumns(plan);
    if (table.templates.empty() || (!columns.unseen && !columns.rare))
        return;
    if (options.causal) {
        fillCausally(table, columns, options.isTrainingData ? TemplateKnowledge{} : plan.known);
        return;
    }
    const Seen seen{plan.known.documentFrequency, static_cast<double>(plan.known.documents),
                    options.isTrainingData ? 1U : 0U};
    tbb::parallel_for(std::size_t{0}, table.units(), [&](std::size_t unit) { fillUnit(table, unit, columns, seen); });
}

} // namespace faultline::features
