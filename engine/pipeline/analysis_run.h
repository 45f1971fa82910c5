// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/pipeline/analysis.h"
#include "engine/pipeline/model.h"
#include "engine/pipeline/run_steps.h"
#include <memory>
#include <string>
#include <vector>

namespace faultline::pipeline
{

/// One run under way: the result that grows, its model, and the clock.
struct Run {
    std::shared_ptr<AnalysisResult> result = std::make_shared<AnalysisResult>();
    std::shared_ptr<Model> model = std::make_shared<Model>();
    StageClock clock{result->timings};
};

/// Reads the inputs (and the training inputs first, whose templates are then frozen) and orders them by time; returns
/// the records to learn from.
[[nodiscard]] Result<std::shared_ptr<const records::RecordSet>> readInputs(const AnalyzeRequest& request, Run& run,
                                                                           JobContext& job);
/// Reads the inputs for a model that is fitted already.
[[nodiscard]] Result<void> readForScoring(const ScoreRequest& request, Run& run, JobContext& job);
/// Completes the result when units, scores and threshold are there.
[[nodiscard]] Result<AnalysisPtr> finish(Run& run, const std::vector<std::int8_t>& labels, JobContext& job);

/// analyze() in live mode.
[[nodiscard]] Result<AnalysisPtr> analyzeLive(const AnalyzeRequest& request, JobContext& job);
/// The part that a first live run and its continuation share: features, scores, threshold, and the state to go on from.
[[nodiscard]] Result<AnalysisPtr> runLive(Run& run, LiveScorer scorer, const std::string& labelsPath, JobContext& job);

} // namespace faultline::pipeline
