// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/explain/explanation.h"
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace faultline::explain
{

/// One template in an episode and in the rest of its entity's data.
struct ComparedTemplate {
    double inside = 0.0, outside = 0.0; ///< how often it occurs
    bool isNew = false;
    bool neverBefore = false; ///< no unit of any entity held it before the episode
};

struct TemplateComparison {
    std::unordered_map<std::uint32_t, ComparedTemplate> templates;
    double unitsOutside = 0.0;           ///< with templates, of the same entity
    std::vector<TemplateChange> changes; ///< most significant first, all of them
};

/// Compares the episode's template counts with the rest of its entity's data. Empty when there is no rest to compare
/// with.
///
/// Usual rate = occurrences outside of the episode per unit with records; a template never seen outside counts as half
/// an occurrence there. Significance: Poisson at that rate, Bonferroni-corrected for the templates compared; More,
/// Fewer and Gone need a corrected p under 0.05, New needs none.
[[nodiscard]] TemplateComparison compareTemplates(const decisions::Episode& episode, const ExplainInput& input,
                                                  const TemplateTotals& totals);

} // namespace faultline::explain
