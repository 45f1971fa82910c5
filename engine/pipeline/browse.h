// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/pipeline/analysis.h"
#include <cstdint>
#include <string>
#include <vector>

namespace faultline::pipeline
{

struct BrowseRequest {
    std::vector<std::string> inputs;
    Recipe recipe;                ///< how the inputs are read; what it says of units and detectors is not used
    std::uint64_t limitBytes = 0; ///< of each input, for a first look; 0 = everything
};

/// Reads inputs to be looked at, without learning anything from them: a result with records, timeline and notices that
/// is not scored (AnalysisResult::isScored()). Costs what reading costs: 34 bytes a record, of which at most 256 MB need
/// be in memory, and 4 bytes a record for the order by time.
[[nodiscard]] Result<AnalysisPtr> browse(const BrowseRequest& request, JobContext& job);

} // namespace faultline::pipeline
