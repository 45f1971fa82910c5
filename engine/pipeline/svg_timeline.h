// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/pipeline/analysis.h"
#include <string>

namespace faultline::pipeline
{

/// A picture of a run on its time axis: records per bucket stacked by level, and the ensemble score with threshold and
/// episodes. Without times the axis counts units. Drawn from at most two points per pixel column. Colours are CSS
/// classes of the report.
[[nodiscard]] std::string svgTimeline(const AnalysisResult& result);
/// The stretch around one episode: score of its entity, and the records.
[[nodiscard]] std::string svgEpisode(const AnalysisResult& result, const decisions::Episode& episode);

} // namespace faultline::pipeline
