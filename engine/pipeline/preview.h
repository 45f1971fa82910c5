// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/pipeline/analysis.h"
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace faultline::pipeline
{

/// What a recipe would make of inputs, and about what that costs.
struct FeaturePreview {
    features::UnitKind kind = features::UnitKind::Row;
    DurationUs window_us = 0; ///< Window only
    std::uint64_t records = 0, units = 0;
    std::size_t columns = 0;
    std::vector<std::pair<std::string, std::size_t>> groups; ///< columns of each group
    std::uint64_t memoryBytes = 0;                           ///< about: peak of the whole run
    double seconds = 0.0;                                    ///< about: of the whole run
    std::vector<std::string> warnings;                       ///< what the person may want to change first
    std::vector<std::string> notices;                        ///< as a run would say
};

/// Reads the inputs, learns the columns and counts the units: both are exactly those of analyze(), because which
/// columns vary is known only then. No detector sees more than a sample of the units; from how long it takes for 500
/// and 1,000 of them follows what it takes for all, by a power law. Costs reading and the features of the training
/// data. Errors are those that analyze() would give.
[[nodiscard]] Result<FeaturePreview> preview(const AnalyzeRequest& request, JobContext& job);

/// The document of `analyze --preview --json`.
[[nodiscard]] std::string toJson(const FeaturePreview& preview);

} // namespace faultline::pipeline
