// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/detectors/catalogue.h"
#include "engine/pipeline/analysis_run.h"
#include <algorithm>
#include <limits>

namespace faultline::pipeline
{

namespace
{
Result<void> refuseLookAhead(const Recipe& recipe)
{
    using Method = decisions::ThresholdRule::Method;
    if (recipe.threshold.method == Method::F1 || recipe.threshold.method == Method::Budget)
        return fail({ErrorCode::Usage,
                     "the threshold " + recipe.threshold.text() + " looks at the whole input, which live mode must not",
                     {},
                     "use evt:1e-3, quantile:0.999 or a value, or --mode batch"});
    return {};
}

/// Features of a live run: rolling columns of the first rows look back on the context that the model kept.
Result<features::FeatureTable> liveFeatures(const Model& model, const records::RecordSet& records, JobContext& job)
{
    const features::Featurizer::ComputeOptions causal{.isTrainingData = false, .causal = true};
    const auto context = model.context.rows();
    if (context == 0 || model.featurizer.options().kind != features::UnitKind::Row)
        return model.featurizer.compute(records, causal, job);
    records::RecordSet joined;
    joined.table = model.context.before(records.table);
    auto table = model.featurizer.compute(joined, causal, job);
    if (!table)
        return fail(table.error());
    auto rest = table->slice(context, table->units());
    for (auto& record : rest.record)
        record -= static_cast<std::uint32_t>(context);
    return rest;
}

/// Pushes the table's units through the scorer and keeps what it says of them.
Result<void> pushLive(LiveScorer& scorer, Run& run, JobContext& job)
{
    auto& result = *run.result;
    auto outputs = scorer.push(result.table, job);
    if (!outputs)
        return fail(outputs.error());
    for (std::size_t m = 0; m < run.model->recipe.detectors.size(); ++m) {
        const auto& entry = run.model->recipe.detectors[m];
        const auto spec = detectors::specOf(entry.name);
        DetectorRun detector{.name = entry.name, .title = spec ? spec->title : entry.name, .weight = entry.weight};
        for (const auto& output : *outputs) {
            detector.raw.push_back(output.raw[m]);
            detector.surprise.push_back(static_cast<float>(output.surprise[m]));
        }
        result.detectors.push_back(std::move(detector));
    }
    for (const auto& output : *outputs) {
        result.score.push_back(output.score);
        result.tailP.push_back(output.tailP);
    }
    return {};
}
} // namespace

Result<AnalysisPtr> runLive(Run& run, LiveScorer scorer, const std::string& labelsPath, JobContext& job)
{
    auto& result = *run.result;
    auto& model = *run.model;
    auto table = liveFeatures(model, *result.records, job);
    if (!table)
        return fail(table.error());
    result.table = std::move(*table);
    run.clock.lap("features");
    job.enterPhase(0.65, 0.3);
    if (const auto done = pushLive(scorer, run, job); !done)
        return fail(done.error());
    run.clock.lap("detectors");
    model.baseline = scorer.baseline();
    result.standardised = scorer.seen() >= 100
                              ? model.baseline.standardise(result.table)
                              : features::Matrix::Zero(result.table.values.rows(), result.table.values.cols());
    model.threshold = {model.recipe.threshold, LiveScorer::flagScore(model.recipe.threshold),
                       std::numeric_limits<double>::quiet_NaN()};
    if (model.recipe.threshold.method == decisions::ThresholdRule::Method::Evt)
        model.threshold.expectedRate = model.recipe.threshold.parameter;
    model.trainingUnits = scorer.seen();
    const auto lookBack = static_cast<std::size_t>(model.recipe.features.rollingRows) + 1;
    model.context = model.context.rows() == 0
                        ? LiveContext::tailOf(result.records->table, lookBack)
                        : LiveContext::tailOf(model.context.before(result.records->table), lookBack);
    model.featurizer = model.featurizer.continued(result.table, *result.records);
    model.live.emplace(std::move(scorer));
    const auto labels = unitLabels(labelsPath, *result.records, result.table);
    if (!labels)
        return fail(labels.error());
    return finish(run, *labels, job);
}

Result<AnalysisPtr> analyzeLive(const AnalyzeRequest& request, JobContext& job)
{
    if (const auto allowed = refuseLookAhead(request.recipe); !allowed)
        return fail(allowed.error());
    if (!request.trainInputs.empty())
        return fail({ErrorCode::Usage,
                     "live mode learns from what it has seen, so it takes no --train",
                     {},
                     "put the training file in front of the inputs, or use --mode batch"});
    Run run;
    run.model->recipe = request.recipe;
    run.result->recipeReason = request.recipeReason;
    if (const auto read = readInputs(request, run, job); !read)
        return fail(read.error());
    job.enterPhase(0.5, 0.15);
    const auto options = resolveFeatures(request.recipe, *run.result->records, run.result->notices);
    run.model->recipe.features = options;
    auto featurizer = features::Featurizer::fit(*run.result->records, options, job);
    if (!featurizer)
        return fail(featurizer.error());
    run.model->featurizer = std::move(*featurizer);
    std::vector<std::unique_ptr<detectors::Detector>> unfitted;
    for (const auto& entry : request.recipe.detectors) {
        auto detector = detectors::make(entry.name, entry.parameters, deriveSeed(request.recipe.seed, entry.name));
        if (!detector)
            return fail(detector.error());
        unfitted.push_back(std::move(*detector));
    }
    return runLive(run, LiveScorer(run.model->recipe, std::move(unfitted)), request.labelsPath, job);
}

} // namespace faultline::pipeline
