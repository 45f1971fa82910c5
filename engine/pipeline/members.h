// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/pipeline/analysis.h"
#include "engine/pipeline/model.h"
#include <vector>

namespace faultline::pipeline
{

/// Fits every detector of the recipe on the training units. A detector that fails is left out and said in its
/// DetectorRun; Numeric error when none is left. Raw scores and surprises of the training units are in the DetectorRuns
/// afterwards.
[[nodiscard]] Result<void> fitMembers(Model& model, const detectors::DetectorInput& training,
                                      std::vector<DetectorRun>& runs, JobContext& job);
/// Scores units with the model's members; replaces the runs' raw scores and surprises.
[[nodiscard]] Result<void> scoreMembers(const Model& model, const detectors::DetectorInput& input,
                                        std::vector<DetectorRun>& runs, JobContext& job);
/// Ensemble score of each unit before calibration, from the runs' surprises.
[[nodiscard]] std::vector<double> combineRuns(const std::vector<DetectorRun>& runs, std::size_t units);
/// Sets each unit's score and tail probability from the combined one.
void calibrate(const Model& model, const std::vector<double>& combined, AnalysisResult& result);

} // namespace faultline::pipeline
