// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/pipeline/analysis.h"
#include <vector>

namespace faultline::pipeline
{

/// Rank of each unit from the detectors' raw scores: the weighted mean of each one's surprise among the very units that
/// are ranked, in decades, then ensemble::rankEvents. Empty when no detector scored.
[[nodiscard]] std::vector<double> eventRanks(const AnalysisResult& result);

} // namespace faultline::pipeline
