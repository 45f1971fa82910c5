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
    std::shared_ptr<records::RecordSet> records; // shared: the result's, while sessions may still be arranged
    StageClock clock{result->timings};
};

struct LoadedRecords {
    std::shared_ptr<records::RecordSet> records; // shared: with the result
    records::QualityReport quality;              ///< of the inputs as they are, before resampling
};
/// Loads, judges and resamples inputs, and cuts their sessions (live runs do that themselves), as the recipe says.
[[nodiscard]] Result<LoadedRecords> loadRecords(const std::vector<std::string>& inputs, const Recipe& recipe,
                                                const records::templates::TemplateSet* frozen, JobContext& job);
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
/// Goes on where a live model stopped.
[[nodiscard]] Result<AnalysisPtr> continueLive(Run& run, LiveScorer scorer, const std::string& labelsPath,
                                               JobContext& job);

} // namespace faultline::pipeline
