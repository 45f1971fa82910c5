// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/analysis.h"
#include "engine/core/random.h"
#include "engine/core/system.h"
#include "engine/detectors/catalogue.h"
#include "engine/pipeline/run_steps.h"
#include <algorithm>
#include <cmath>

namespace faultline::pipeline
{

namespace
{

/// One run under way: the result that grows, its model, and the clock.
struct Run {
    std::shared_ptr<AnalysisResult> result = std::make_shared<AnalysisResult>();
    std::shared_ptr<Model> model = std::make_shared<Model>();
    StageClock clock{result->timings};
};

Result<std::shared_ptr<records::RecordSet>> loadRecords(const std::vector<std::string>& inputs, const Recipe& recipe,
                                                        const records::templates::TemplateSet* frozen, JobContext& job)
{
    auto records = records::load(inputs, loadOptions(recipe, frozen), job);
    if (!records)
        return fail(records.error());
    return std::make_shared<records::RecordSet>(std::move(*records));
}

/// Reads the inputs (and the training inputs first, whose templates are then frozen) and orders them by time.
Result<std::shared_ptr<const records::RecordSet>> readInputs(const AnalyzeRequest& request, Run& run, JobContext& job)
{
    const auto& recipe = request.recipe;
    std::shared_ptr<const records::RecordSet> training;
    if (!request.trainInputs.empty()) {
        job.enterPhase(0.0, 0.25);
        auto loaded = loadRecords(request.trainInputs, recipe, nullptr, job);
        if (!loaded)
            return fail(loaded.error());
        training = std::move(*loaded);
    }
    job.enterPhase(training ? 0.25 : 0.0, training ? 0.25 : 0.5);
    auto loaded = loadRecords(request.inputs, recipe, training ? &training->templates : nullptr, job);
    if (!loaded)
        return fail(loaded.error());
    run.result->records = std::move(*loaded);
    auto timeline = Timeline::build(run.result->records->table, job);
    if (!timeline)
        return fail(timeline.error());
    run.result->timeline = std::make_shared<Timeline>(std::move(*timeline));
    noteSources(*run.result->records, run.result->notices);
    run.clock.lap("reading");
    return training ? training : run.result->records;
}

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
        calibrate(model.ensembleTail, training, result.score, result.tailP);
    } else {
        if (const auto done = scoreMembers(model, {&result.table, &result.standardised}, result.detectors, job); !done)
            return fail(done.error());
        calibrate(model.ensembleTail, combineRuns(result.detectors, result.table.units()), result.score, result.tailP);
    }
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
    if (rule.method != Method::Fixed) // Quantile and Evt are solved on the uncalibrated scale
        threshold.value = run.model->ensembleTail.surprise(threshold.value);
    return threshold;
}

Result<AnalysisPtr> finish(Run& run, const std::vector<std::int8_t>& labels, JobContext& job)
{
    auto& result = *run.result;
    result.recipe = run.model->recipe;
    result.baseline = run.model->baseline;
    result.threshold = run.model->threshold;
    run.model->templates = result.records->templates;
    run.model->dataSummary = describeData(*result.records);
    result.model = run.model;
    job.enterPhase(0.95, 0.05);
    if (const auto done = conclude(result, labels, job); !done)
        return fail(done.error());
    run.clock.lap("explaining");
    result.seconds = run.clock.total();
    return run.result;
}

Result<AnalysisPtr> analyzeBatch(const AnalyzeRequest& request, JobContext& job)
{
    Run run;
    run.model->recipe = request.recipe;
    run.result->inputs = request.inputs;
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

/// The part that a first live run and its continuation share: features, scores, threshold, and the state to go on from.
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
    run.result->inputs = request.inputs;
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

/// A model that shares nothing with `from`: scoring must not change what others hold.
Result<std::shared_ptr<Model>> copyModel(const Model& from)
{
    return Model::fromBundle(from.toBundle());
}

Result<void> readForScoring(const ScoreRequest& request, Run& run, JobContext& job)
{
    job.enterPhase(0.0, 0.5);
    auto loaded = loadRecords(request.inputs, run.model->recipe, &run.model->templates, job);
    if (!loaded)
        return fail(loaded.error());
    run.result->records = std::move(*loaded);
    auto timeline = Timeline::build(run.result->records->table, job);
    if (!timeline)
        return fail(timeline.error());
    run.result->timeline = std::make_shared<Timeline>(std::move(*timeline));
    noteSources(*run.result->records, run.result->notices);
    run.clock.lap("reading");
    return {};
}

} // namespace

std::size_t AnalysisResult::flaggedUnits() const
{
    return static_cast<std::size_t>(
        std::count_if(score.begin(), score.end(), [&](double s) { return s >= threshold.value; }));
}

Result<AnalysisPtr> analyze(const AnalyzeRequest& request, JobContext& job)
{
    return request.recipe.mode == Mode::Live ? analyzeLive(request, job) : analyzeBatch(request, job);
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
    run.result->inputs = request.inputs;
    run.result->recipeReason = "the recipe of the model, learned from " + run.model->dataSummary;
    if (const auto read = readForScoring(request, run, job); !read)
        return fail(read.error());
    if (mode == Mode::Live) {
        auto scorer = std::move(*run.model->live);
        return runLive(run, std::move(scorer), request.labelsPath, job);
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
    calibrate(run.model->ensembleTail, combineRuns(result.detectors, result.table.units()), result.score, result.tailP);
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
