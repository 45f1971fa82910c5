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
    if (recipe.combination == Combination::Excess || recipe.ranking == Ranking::Events)
        return fail({ErrorCode::Usage,
                     "the recipe compares each unit with all others, which live mode must not",
                     {},
                     "take `combine: excess` and `ranking: events` out of it, or use --mode batch"});
    for (const auto& entry : recipe.detectors)
        if (const auto spec = detectors::specOf(entry.name); spec && spec->live == detectors::LiveForm::None)
            return fail(
                {ErrorCode::Usage,
                 "the detector " + entry.name + " looks at the whole series, which live mode must not",
                 {},
                 "choose others with --detectors (`faultline detectors` says which work live), or --mode batch"});
    return {};
}

/// What the units of a live run are made of: the records read, behind those that the model kept.
struct LiveUnits {
    std::shared_ptr<const records::RecordSet> records; // shared: often the result's own
    std::size_t context = 0;                           ///< how many of them the model kept
    LiveContext open;                                  ///< records of sessions that may go on
};

/// The sessions that have ended are the result's, in the order of their ends. They may have begun in the context.
Result<void> cutLive(Run& run, LiveUnits& units, records::RecordSet& joined, JobContext& job)
{
    auto cut = records::cutSessions(joined, run.model->recipe.sessions, records::SessionOrder::Causal, job);
    if (!cut)
        return fail(cut.error());
    units.open = LiveContext::of(joined.table, cut->open);
    joined.sessions = std::move(cut->sessions);
    if (units.context == 0)
        return {};
    records::SessionIndex own{.keys = joined.sessions.keys, .begin = {0}};
    for (std::size_t s = 0; s < own.keys.size(); ++s) {
        for (auto i = joined.sessions.begin[s]; i < joined.sessions.begin[s + 1]; ++i)
            if (const auto record = joined.sessions.records[i]; record >= units.context)
                own.records.push_back(record - static_cast<std::uint32_t>(units.context));
        own.begin.push_back(own.records.size());
    }
    run.records->sessions = std::move(own);
    return {};
}

Result<LiveUnits> arrangeLive(Run& run, JobContext& job)
{
    const auto kind = run.model->recipe.features.kind;
    LiveUnits units{.records = run.records};
    if (kind == features::UnitKind::Window)
        return units;
    auto joined = run.records;
    if (run.model->context.rows() > 0) {
        units.context = run.model->context.rows();
        joined = std::make_shared<records::RecordSet>(run.model->context.before(*run.records));
    }
    if (kind == features::UnitKind::Session)
        if (auto done = cutLive(run, units, *joined, job); !done)
            return fail(done.error());
    units.records = std::move(joined);
    return units;
}

Result<features::FeatureTable> liveFeatures(const Model& model, const LiveUnits& units, JobContext& job)
{
    const bool rows = model.featurizer.options().kind == features::UnitKind::Row;
    auto table =
        model.featurizer.compute(*units.records, {.causal = true, .contextRows = rows ? units.context : 0}, job);
    if (!table || !rows || units.context == 0)
        return table;
    auto rest = table->slice(units.context, table->units());
    for (auto& record : rest.record)
        record -= static_cast<std::uint32_t>(units.context);
    return rest;
}

/// What the units that follow will need of the records so far.
LiveContext nextContext(const Model& model, LiveUnits& units)
{
    const auto& options = model.recipe.features;
    if (options.kind == features::UnitKind::Session)
        return std::move(units.open);
    if (options.kind == features::UnitKind::Window)
        return {};
    LiveContext::LookBack lookBack{.rows = static_cast<std::size_t>(options.rollingRows) + 1};
    for (const auto span : options.rolling_us)
        lookBack.span_us = std::max(lookBack.span_us, span);
    return LiveContext::tailOf(units.records->table, lookBack);
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

namespace
{
/// Scores the units, and leaves in the model what it needs to go on.
Result<AnalysisPtr> runUnits(Run& run, LiveUnits units, LiveScorer scorer, const std::string& labelsPath,
                             JobContext& job)
{
    auto& result = *run.result;
    auto& model = *run.model;
    auto table = liveFeatures(model, units, job);
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
    // Rows that the model kept were learned from when they were new.
    const bool sessions = model.recipe.features.kind == features::UnitKind::Session;
    model.featurizer = model.featurizer.continued(result.table, sessions ? *units.records : *result.records);
    model.context = nextContext(model, units);
    model.live.emplace(std::move(scorer));
    const auto labels = unitLabels(labelsPath, *result.records, result.table);
    if (!labels)
        return fail(labels.error());
    return finish(run, *labels, job);
}

Result<void> anySession(const LiveUnits& units, const Recipe& recipe)
{
    if (recipe.features.kind != features::UnitKind::Session || !units.records->sessions.keys.empty())
        return {};
    return fail(
        {ErrorCode::Config,
         "no session has ended: none of their keys was silent for " + formatDuration(recipe.sessions.timeout_us),
         {},
         "give more data, a shorter --session-timeout, or --mode batch"});
}
} // namespace

Result<AnalysisPtr> continueLive(Run& run, LiveScorer scorer, const std::string& labelsPath, JobContext& job)
{
    auto units = arrangeLive(run, job);
    if (!units)
        return fail(units.error());
    if (auto some = anySession(*units, run.model->recipe); !some)
        return fail(some.error());
    return runUnits(run, std::move(*units), std::move(scorer), labelsPath, job);
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
    auto units = arrangeLive(run, job);
    if (!units)
        return fail(units.error());
    if (auto some = anySession(*units, run.model->recipe); !some)
        return fail(some.error());
    auto featurizer = features::Featurizer::fit(*units->records, options, job);
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
    return runUnits(run, std::move(*units), LiveScorer(run.model->recipe, std::move(unfitted)), request.labelsPath,
                    job);
}

} // namespace faultline::pipeline
