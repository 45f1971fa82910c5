// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/explain/explanation.h"
#include "engine/explain/evidence.h"
#include "engine/explain/feature_reasons.h"
#include "engine/explain/template_changes.h"
#include "engine/explain/wording.h"
#include <algorithm>
#include <cassert>
#include <optional>

namespace faultline::explain
{

Explanation explainEpisode(const decisions::Episode& episode, const ExplainInput& input)
{
    assert(input.table != nullptr && episode.lastUnit < input.table->units());
    constexpr std::size_t shownTemplates = 12;
    Explanation explanation;
    explanation.detectors = detectorShares(input);
    explanation.features = featureReasons(episode.peakUnit, input);
    TemplateComparison comparison;
    if (input.records != nullptr) {
        const auto own =
            input.totals == nullptr ? std::optional(TemplateTotals::of(*input.table, input.records)) : std::nullopt;
        comparison = compareTemplates(episode, input, own ? *own : *input.totals);
        explanation.templates = comparison.changes;
        explanation.templates.resize(std::min(comparison.changes.size(), shownTemplates));
        explanation.evidence = chooseEvidence(episode, input, comparison);
    }
    putIntoWords(explanation, episode, input, comparison);
    return explanation;
}

} // namespace faultline::explain
