// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/decisions/episode.h"
#include "engine/detectors/detector.h"
#include "engine/ensemble/combine.h"
#include "engine/ensemble/tail_model.h"
#include "engine/evaluate/metrics.h"
#include "engine/explain/explanation.h"
#include "engine/explain/template_totals.h"
#include "engine/features/baseline.h"
#include "engine/features/featurizer.h"
#include "engine/pipeline/recipe.h"
#include "engine/pipeline/timeline.h"
#include "engine/records/loader.h"
#include "engine/records/quality.h"
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace faultline::pipeline
{

class Model;

/// One detector's part in a run.
struct DetectorRun {
    std::string name, title;
    double weight = 1.0;
    detectors::EvidenceRole role = detectors::EvidenceRole::Average;
    std::vector<double> raw;     ///< raw score per unit
    std::vector<float> surprise; ///< -log10 tail probability per unit, decades
    double seconds = 0.0;        ///< fit and score
    std::string failure;         ///< not empty: it could not run, and why; the run went on without it
    bool standsIn = false;       ///< not in the recipe: taken because none of its detectors could run
};

struct StageTiming {
    std::string stage;
    double seconds = 0.0;
};

/// A finished run: what came in, what the units are, how each scored and why it was decided. Immutable and shared
/// between the threads that show it.
struct AnalysisResult {
    Recipe recipe;
    std::string recipeReason;
    std::vector<std::string> inputs;
    std::shared_ptr<const records::RecordSet>
        records; ///< shared with views; null in a reopened case until its sources are read again
    std::shared_ptr<const Timeline> timeline; ///< likewise
    records::QualityReport quality;           ///< of `records`; empty while they are null
    features::FeatureTable table;
    features::Matrix standardised;
    features::Baseline baseline;
    std::vector<DetectorRun> detectors;
    std::vector<double> score; ///< ensemble score per unit: decades of surprise
    std::vector<double> tailP; ///< calibrated tail probability per unit
    std::vector<double> rank;  ///< per unit, where the recipe ranks events; else empty
    decisions::Threshold threshold;
    std::vector<decisions::Episode> episodes; ///< at `threshold`
    /// The verdict on each unit. Batch: it lies within an episode. Live: it alone reaches the threshold, since what
    /// comes after must not change it.
    std::vector<std::uint8_t> flags;
    std::vector<explain::Explanation>
        explanations;                       ///< one per episode, for the 200 with the highest score; others are empty
    explain::TemplateTotals templateTotals; ///< what explanations of this run compare an episode's templates with
    std::vector<std::string> templateIds, templateTexts; ///< of all templates, so that a reopened case can name them
    std::optional<evaluate::Metrics> metrics;            ///< when labels were given
    std::vector<StageTiming> timings;
    double seconds = 0.0;
    std::uint64_t peakMemoryBytes = 0;
    std::vector<std::string>
        notices; ///< what the person should know: assumptions, detectors left out, sources cut short
    std::shared_ptr<const Model> model; ///< what was learned; to save, and to explain other episodes

    [[nodiscard]] std::size_t flaggedUnits() const;
    /// What units are ranked by: `rank`, else `score`.
    [[nodiscard]] const std::vector<double>& ranking() const { return rank.empty() ? score : rank; }
    /// False while only the records are there: what browse() returns, and what AnalyzeRequest::onRecords hands over.
    [[nodiscard]] bool isScored() const { return !score.empty(); }
};

using AnalysisPtr = std::shared_ptr<const AnalysisResult>; // shared: views on several threads read one immutable result

struct AnalyzeRequest {
    std::vector<std::string> inputs;
    std::vector<std::string> trainInputs; ///< learn normal from these instead
    Recipe recipe;
    std::string recipeReason;
    std::string labelsPath; ///< for evaluation (and the f1 threshold) only
    /// Called in the job's thread as soon as the inputs have been read, with a result that is not scored yet, so that
    /// the log can be looked at meanwhile.
    std::function<void(AnalysisPtr)> onRecords{};
};

/// Trains and scores in one go.
[[nodiscard]] Result<AnalysisPtr> analyze(const AnalyzeRequest& request, JobContext& job);

struct ScoreRequest {
    std::vector<std::string> inputs;
    std::shared_ptr<const Model> model; // shared: a model may be scoring several inputs at once
    std::optional<Mode> mode;           ///< default: the model's own
    std::string labelsPath;
};
/// Scores with a fitted model. Batch: frozen, a unit's score does not depend on the others. Live: goes on where the
/// model stopped.
[[nodiscard]] Result<AnalysisPtr> score(const ScoreRequest& request, JobContext& job);

/// Episodes at another threshold, in the order of mergeEpisodes. Fast enough to follow a mouse.
[[nodiscard]] std::vector<decisions::Episode> episodesAt(const AnalysisResult& result, double threshold);
/// Explains any episode of a result.
[[nodiscard]] explain::Explanation explainEpisode(const AnalysisResult& result, const decisions::Episode& episode);

/// The document of `analyze --json`.
[[nodiscard]] std::string toJson(const AnalysisResult& result);
/// One line per unit in input order: unit,start,end,entity,score,tail_p,flag. Io error.
[[nodiscard]] Result<void> writeScoresCsv(const AnalysisResult& result, const std::string& path);
/// Self-contained HTML with the timeline as SVG, episodes with reasons and evidence, settings, data quality. Io error.
[[nodiscard]] Result<void> writeHtmlReport(const AnalysisResult& result, const std::string& path,
                                           const std::string& commandLine);

} // namespace faultline::pipeline
