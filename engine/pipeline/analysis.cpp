// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/analysis.h"
#include "engine/detectors/catalogue.h"
#include "engine/pipeline/analysis_run.h"
#include "engine/pipeline/formats.h"
#include "engine/pipeline/members.h"
#include "engine/pipeline/ranking.h"
#include "engine/pipeline/run_steps.h"
#include <algorithm>
#include <cmath>
#include <set>

namespace faultline::pipeline
{

namespace
{

/// The training table, and the table to score when it is another one.
struct Tables {
    features::FeatureTable training;
    features::Matrix standardised;
    bool separate = false;
};

Result<Tables> makeTables(const records::RecordSet& training, Run& run, JobContext& job)
{
    auto& result = *run.result;
    auto& model = *run.model;
    job.enterPhase(0.5, 0.15);
    const auto options = resolveFeatures(model.recipe, training, result.notices);
    model.recipe.features = options;
    auto featurizer = features::Featurizer::fit(training, options, job);
    if (!featurizer)
        return fail(featurizer.error());
    model.featurizer = std::move(*featurizer);
    auto table = model.featurizer.compute(training, {.isTrainingData = true}, job);
    if (!table)
        return fail(table.error());
    auto baseline = features::Baseline::fit(*table, job);
    if (!baseline)
        return fail(baseline.error());
    model.baseline = std::move(*baseline);
    Tables tables{std::move(*table), {}, &training != result.records.get()};
    tables.standardised = model.baseline.standardise(tables.training);
    if (tables.separate) {
        auto scored = model.featurizer.compute(*result.records, {}, job);
        if (!scored)
            return fail(scored.error());
        result.table = std::move(*scored);
        result.standardised = model.baseline.standardise(result.table);
    }
    run.clock.lap("features");
    return tables;
}

ensemble::TailModel fitTail(const std::vector<double>& combined, const Model& model,
                            const std::vector<DetectorRun>& runs, const ensemble::EnsembleTailOptions& options)
{
    if (model.recipe.combination == Combination::Excess)
        return ensemble::TailModel::fit(combined);
    std::vector<ensemble::MemberScores> members;
    for (const auto& member : model.members)
        for (const auto& run : runs)
            if (run.name == member.name && run.failure.empty() && member.weight > 0.0)
                members.push_back({run.raw, &member.tail});
    return ensemble::fitEnsembleTail(combined, members, options);
}

/// Defaults that hold when the person vouches for the training data, where the recipe leaves them open.
void trustTrainingData(Recipe& recipe)
{
    for (auto& entry : recipe.detectors)
        if (const auto spec = detectors::specOf(entry.name))
            for (const auto& parameter : spec->parameters)
                if (parameter.standardOnNormal && !entry.parameters.contains(parameter.name))
                    entry.parameters[parameter.name] = *parameter.standardOnNormal;
}

/// Fits, calibrates and scores; leaves the result's table, scores and tail probabilities complete.
Result<std::vector<double>> detect(Tables& tables, Run& run, JobContext& job)
{
    auto& result = *run.result;
    auto& model = *run.model;
    job.enterPhase(0.65, 0.3);
    if (const auto done = fitMembers(model, {&tables.training, &tables.standardised}, result.detectors, job); !done)
        return fail(done.error());
    const auto training = combineRuns(result.detectors, tables.training.units());
    model.ensembleTail = fitTail(training, model, result.detectors, {.trainingIsNormal = tables.separate});
    model.trainingUnits = tables.training.units();
    if (!tables.separate) {
        result.table = std::move(tables.training);
        result.standardised = std::move(tables.standardised);
    } else if (const auto done = scoreMembers(model, {&result.table, &result.standardised}, result.detectors, job);
               !done) {
        return fail(done.error());
    }
    const auto combined = tables.separate ? combineRuns(result.detectors, result.table.units()) : training;
    calibrate(model, combined, result);
    if (model.recipe.ranking == Ranking::Events)
        result.rank = eventRanks(result);
    run.clock.lap("detectors");
    return training;
}

Result<decisions::Threshold> chooseThreshold(const decisions::ThresholdRule& rule, const std::vector<double>& training,
                                             const Run& run, const std::vector<std::int8_t>& labels)
{
    using Method = decisions::ThresholdRule::Method;
    const auto& result = *run.result;
    if (rule.method == Method::F1) {
        if (labels.empty())
            return fail({ErrorCode::Usage, "the threshold f1 needs labels", {}, "give --labels FILE, or use evt:1e-3"});
        return decisions::solveF1(result.score, labels);
    }
    if (rule.method == Method::Budget)
        return decisions::solveBudget(rule.parameter, result.table, result.score, run.model->recipe.episodes);
    auto threshold = decisions::solve(rule, training, run.model->ensembleTail);
    const bool isCalibrated = run.model->recipe.combination == Combination::Surprise;
    if (isCalibrated && rule.method != Method::Fixed) // Quantile and Evt are solved on the uncalibrated scale
        threshold.value = run.model->ensembleTail.surprise(threshold.value);
    return threshold;
}

Result<AnalysisPtr> analyzeBatch(const AnalyzeRequest& request, JobContext& job)
{
    Run run;
    run.model->recipe = request.recipe;
    run.result->recipeReason = request.recipeReason;
    if (!request.trainInputs.empty())
        trustTrainingData(run.model->recipe);
    const auto training = readInputs(request, run, job);
    if (!training)
        return fail(training.error());
    auto tables = makeTables(**training, run, job);
    if (!tables)
        return fail(tables.error());
    const auto trainingScores = detect(*tables, run, job);
    if (!trainingScores)
        return fail(trainingScores.error());
    const auto labels = unitLabels(request.labelsPath, *run.result->records, run.result->table);
    if (!labels)
        return fail(labels.error());
    auto threshold = chooseThreshold(request.recipe.threshold, *trainingScores, run, *labels);
    if (!threshold)
        return fail(threshold.error());
    run.model->threshold = *threshold;
    return finish(run, *labels, job);
}

/// A model that shares nothing with `from`: scoring must not change what others hold.
Result<std::shared_ptr<Model>> copyModel(const Model& from)
{
    return Model::fromBundle(from.toBundle());
}

} // namespace

std::size_t AnalysisResult::flaggedUnits() const
{
    return static_cast<std::size_t>(std::count(flags.begin(), flags.end(), std::uint8_t{1}));
}

Result<AnalysisPtr> analyze(const AnalyzeRequest& request, JobContext& job)
{
    std::set<std::string> names; // a run's detectors are told apart by them
    for (const auto& entry : request.recipe.detectors)
        if (!names.insert(entry.name).second)
            return fail({ErrorCode::Config,
                         "the recipe names the detector " + entry.name + " twice",
                         {},
                         "name each detector once; its weight says how much it counts"});
    auto parse = resolveFormat(request.recipe.parse);
    if (!parse)
        return fail(parse.error());
    auto resolved = request;
    resolved.recipe.parse = std::move(*parse);
    return resolved.recipe.mode == Mode::Live ? analyzeLive(resolved, job) : analyzeBatch(resolved, job);
}

Result<AnalysisPtr> score(const ScoreRequest& request, JobContext& job)
{
    Run run;
    auto model = copyModel(*request.model);
    if (!model)
        return fail(model.error());
    run.model = std::move(*model);
    const auto mode = request.mode.value_or(run.model->recipe.mode);
    if (mode == Mode::Live && !run.model->live)
        return fail({ErrorCode::Usage,
                     "this model was fitted in batch mode and holds no live state",
                     {},
                     "fit it with `analyze --mode live --model-out`, or score with --mode batch"});
    if (mode == Mode::Batch && run.model->live)
        return fail({ErrorCode::Usage,
                     "this model was fitted in live mode",
                     {},
                     "score with --mode live, or fit it with --mode batch"});
    run.result->recipeReason = "the recipe of the model, learned from " + run.model->dataSummary;
    if (const auto read = readForScoring(request, run, job); !read)
        return fail(read.error());
    if (mode == Mode::Live) {
        auto scorer = std::move(*run.model->live);
        return continueLive(run, std::move(scorer), request.labelsPath, job);
    }
    auto& result = *run.result;
    job.enterPhase(0.5, 0.15);
    auto table = run.model->featurizer.compute(*result.records, {}, job);
    if (!table)
        return fail(table.error());
    result.table = std::move(*table);
    result.standardised = run.model->baseline.standardise(result.table);
    run.clock.lap("features");
    job.enterPhase(0.65, 0.3);
    if (const auto done = scoreMembers(*run.model, {&result.table, &result.standardised}, result.detectors, job); !done)
        return fail(done.error());
    const auto combined = combineRuns(result.detectors, result.table.units());
    calibrate(*run.model, combined, result);
    if (run.model->recipe.ranking == Ranking::Events)
        result.rank = eventRanks(result);
    run.clock.lap("detectors");
    const auto labels = unitLabels(request.labelsPath, *result.records, result.table);
    if (!labels)
        return fail(labels.error());
    return finish(run, *labels, job);
}

std::vector<decisions::Episode> episodesAt(const AnalysisResult& result, double threshold)
{
    return decisions::mergeEpisodes(result.table, result.score, threshold, result.recipe.episodes);
}

explain::Explanation explainEpisode(const AnalysisResult& result, const decisions::Episode& episode)
{
    explain::ExplainInput input;
    input.records = result.records.get();
    if (result.timeline)
        input.timeOrder = result.timeline->order();
    input.table = &result.table;
    input.standardised = &result.standardised;
    input.baseline = &result.baseline;
    input.totals = &result.templateTotals;
    input.scores = result.score;
    input.threshold = result.threshold.value;
    std::vector<ensemble::Member> members;
    std::vector<double> surprises;
    for (const auto& run : result.detectors) {
        members.push_back({run.failure.empty() ? run.weight : 0.0, run.role});
        surprises.push_back(run.surprise.empty() ? 0.0 : static_cast<double>(run.surprise[episode.peakUnit]));
    }
    const auto shares = ensemble::shares(members, surprises);
    for (std::size_t m = 0; m < result.detectors.size(); ++m) {
        const auto& run = result.detectors[m];
        if (!run.failure.empty())
            continue;
        const detectors::Detector* detector = nullptr;
        double tailP = std::pow(10.0, -surprises[m]);
        if (result.model && result.model->live)
            detector = result.model->live->detector(m);
        else if (result.model)
            for (const auto& member : result.model->members)
                if (member.name == run.name) {
                    detector = member.detector.get();
                    tailP = member.tail.probability(run.raw[episode.peakUnit]);
                }
        input.members.push_back({run.name, detector, shares[m], tailP});
    }
    return explain::explainEpisode(episode, input);
}

} // namespace faultline::pipeline
