// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/analysis_run.h"
#include "engine/pipeline/formats.h"

namespace faultline::pipeline
{

namespace
{
/// The label of a step that holds both: an anomaly stays one.
const std::string& worseLabel(const std::string& a, const std::string& b)
{
    return labelOf(b) >= labelOf(a) ? b : a;
}

Result<void> refuse(std::string what, std::string hint)
{
    return fail({ErrorCode::Config, std::move(what), {}, std::move(hint)});
}

Result<void> resampleRecords(records::RecordSet& set, const Recipe& recipe, JobContext& job)
{
    if (recipe.mode == Mode::Live && recipe.resample.gaps == features::ResampleOptions::Gap::Linear)
        return refuse("a line over a gap looks at what comes after it, which live mode must not",
                      "use gaps: hold or missing, or --mode batch");
    if (recipe.mode == Mode::Live && recipe.resample.every_us == features::ResampleOptions::automatic)
        return refuse("the usual step is known when all rows are, which live mode must not look at",
                      "name the step, for example every: 1min");
    if (recipe.features.kind == features::UnitKind::Session)
        return refuse("resampling is for rows and windows, not for sessions", "leave `resample` out");
    auto even = features::resample(set, recipe.resample, worseLabel, job);
    if (!even)
        return fail(even.error());
    set = std::move(*even);
    return {};
}

Result<void> arrange(records::RecordSet& set, const Recipe& recipe, JobContext& job)
{
    if (recipe.resample.wanted())
        if (auto done = resampleRecords(set, recipe, job); !done)
            return done;
    const bool cuts = recipe.sessions.byEntity || recipe.sessions.timeout_us > 0;
    if (recipe.features.kind != features::UnitKind::Session || recipe.mode == Mode::Live || !cuts)
        return {};
    auto cut = records::cutSessions(set, recipe.sessions, records::SessionOrder::ByStart, job);
    if (!cut)
        return fail(cut.error());
    set.sessions = std::move(cut->sessions);
    return {};
}
} // namespace

Result<LoadedRecords> loadRecords(const std::vector<std::string>& inputs, const Recipe& recipe,
                                  const records::templates::TemplateSet* frozen, JobContext& job)
{
    auto records = records::load(inputs, loadOptions(recipe, frozen), job);
    if (!records)
        return fail(records.error());
    auto quality = records::assess(*records, job);
    if (!quality)
        return fail(quality.error());
    if (auto done = arrange(*records, recipe, job); !done)
        return fail(done.error());
    return LoadedRecords{std::make_shared<records::RecordSet>(std::move(*records)), std::move(*quality)};
}

Result<std::shared_ptr<const records::RecordSet>> readInputs(const AnalyzeRequest& request, Run& run, JobContext& job)
{
    const auto& recipe = request.recipe;
    std::shared_ptr<const records::RecordSet> training;
    if (!request.trainInputs.empty()) {
        job.enterPhase(0.0, 0.25);
        auto loaded = loadRecords(request.trainInputs, recipe, nullptr, job);
        if (!loaded)
            return fail(loaded.error());
        training = std::move(loaded->records);
    }
    job.enterPhase(training ? 0.25 : 0.0, training ? 0.25 : 0.5);
    auto loaded = loadRecords(request.inputs, recipe, training ? &training->templates : nullptr, job);
    if (!loaded)
        return fail(loaded.error());
    run.records = std::move(loaded->records);
    if (const auto placed = placeRecords(*run.result, run.records, std::move(loaded->quality), job); !placed)
        return fail(placed.error());
    run.clock.lap("reading");
    if (request.onRecords) {
        auto partial = std::make_shared<AnalysisResult>(*run.result);
        nameTemplates(*partial);
        request.onRecords(std::move(partial));
    }
    return training ? training : run.result->records;
}

Result<void> readForScoring(const ScoreRequest& request, Run& run, JobContext& job)
{
    job.enterPhase(0.0, 0.5);
    auto loaded = loadRecords(request.inputs, run.model->recipe, &run.model->templates, job);
    if (!loaded)
        return fail(loaded.error());
    run.records = std::move(loaded->records);
    if (const auto placed = placeRecords(*run.result, run.records, std::move(loaded->quality), job); !placed)
        return fail(placed.error());
    run.clock.lap("reading");
    return {};
}

Result<AnalysisPtr> finish(Run& run, const std::vector<std::int8_t>& labels, JobContext& job)
{
    auto& result = *run.result;
    carryFormat(*result.records, run.model->recipe.parse);
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

} // namespace faultline::pipeline
