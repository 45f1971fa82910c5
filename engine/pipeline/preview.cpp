// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/preview.h"
#include "engine/core/random.h"
#include "engine/core/system.h"
#include "engine/core/text.h"
#include "engine/detectors/catalogue.h"
#include "engine/pipeline/analysis_run.h"
#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

namespace faultline::pipeline
{

namespace
{

constexpr std::size_t smallSample = 500, largeSample = 1'000;

double secondsSince(std::chrono::steady_clock::time_point begin)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Seconds to fit and score the first so many units; nothing for a detector that cannot.
double measure(const RecipeDetector& entry, std::uint64_t seed, const features::FeatureTable& table,
               const features::Matrix& standardised, std::size_t units, JobContext& job)
{
    auto detector = detectors::make(entry.name, entry.parameters, deriveSeed(seed, entry.name));
    if (!detector)
        return 0.0;
    const auto part = table.slice(0, units);
    const features::Matrix values = standardised.topRows(static_cast<Eigen::Index>(units));
    const auto begin = std::chrono::steady_clock::now();
    if ((*detector)->fit({&part, &values}, job))
        (void)(*detector)->score({&part, &values}, {.isTrainingData = true}, job);
    return secondsSince(begin);
}

/// Seconds for all units: measured when there are few, else by the power law through two samples.
double detectorSeconds(const Recipe& recipe, const features::FeatureTable& table, const features::Baseline& baseline,
                       std::uint64_t units, JobContext& job)
{
    const auto large = std::min(table.units(), largeSample), small = std::min(table.units(), smallSample);
    const auto sample = table.slice(0, large);
    const auto standardised = baseline.standardise(sample);
    double seconds = 0.0;
    for (const auto& entry : recipe.detectors) {
        const double ofLarge = measure(entry, recipe.seed, sample, standardised, large, job);
        if (units <= large) {
            seconds += ofLarge;
            continue;
        }
        const double ofSmall = measure(entry, recipe.seed, sample, standardised, small, job);
        const double power = ofSmall > 0.0 && ofLarge > 0.0 ? std::log2(std::max(1.0, ofLarge / ofSmall)) : 1.0;
        seconds += ofLarge * std::pow(static_cast<double>(units) / static_cast<double>(large), std::min(power, 1.2));
    }
    return seconds;
}

void warn(FeaturePreview& preview, const Recipe& recipe)
{
    constexpr std::uint64_t fewUnits = 100, manyUnits = 2'000'000;
    const auto kind = features::unitKindName(preview.kind);
    if (preview.units < fewUnits)
        preview.warnings.push_back("only " + formatCount(preview.units) + " " + kind +
                                   "s: too few to tell what is usual" +
                                   (preview.kind == features::UnitKind::Window ? "; a shorter window makes more" : ""));
    if (preview.units > manyUnits)
        preview.warnings.push_back(formatCount(preview.units) + " " + kind + "s take long to score" +
                                   (preview.kind == features::UnitKind::Window ? "; a longer window makes fewer" : ""));
    if (preview.kind == features::UnitKind::Window && preview.records < preview.units)
        preview.warnings.push_back("most windows of " + formatDuration(preview.window_us) +
                                   " are empty: there are fewer records than windows; a longer window tells more");
    if (preview.columns > preview.units)
        preview.warnings.push_back("more columns than units: distances mean little; leave groups of features out");
    for (const auto span : recipe.features.rolling_us)
        if (preview.kind == features::UnitKind::Window && span % preview.window_us != 0)
            preview.warnings.push_back("a look-back of " + formatDuration(span) +
                                       " is no multiple of the window, so it " + "covers a little more");
}

/// The records to learn from, live without the sessions that have not ended.
Result<std::shared_ptr<const records::RecordSet>> trainingRecords(const AnalyzeRequest& request, Run& run,
                                                                  JobContext& job)
{
    auto training = readInputs(request, run, job);
    if (!training || request.recipe.mode == Mode::Batch || request.recipe.features.kind != features::UnitKind::Session)
        return training;
    auto cut = records::cutSessions(*run.records, request.recipe.sessions, records::SessionOrder::Causal, job);
    if (!cut)
        return fail(cut.error());
    run.records->sessions = std::move(cut->sessions);
    return training;
}

} // namespace

Result<FeaturePreview> preview(const AnalyzeRequest& request, JobContext& job)
{
    Run run;
    run.model->recipe = request.recipe;
    const auto training = trainingRecords(request, run, job);
    if (!training)
        return fail(training.error());
    const double reading = run.clock.total();
    FeaturePreview preview{.kind = request.recipe.features.kind, .records = run.records->table.size()};
    preview.notices = run.result->notices;
    auto recipe = request.recipe;
    recipe.features = resolveFeatures(request.recipe, **training, preview.notices);
    preview.window_us = preview.kind == features::UnitKind::Window ? recipe.features.window_us : 0;
    job.enterPhase(0.5, 0.3);
    const bool live = recipe.mode == Mode::Live, separate = !request.trainInputs.empty();
    const auto featurizer = features::Featurizer::fit(**training, recipe.features, job);
    if (!featurizer)
        return fail(featurizer.error());
    const auto units = featurizer->countUnits(*run.records, {.isTrainingData = !separate, .causal = live});
    if (!units)
        return fail(units.error());
    preview.units = *units;
    preview.columns = featurizer->columns().size();
    preview.groups = featurizer->columnGroups();
    const auto table = featurizer->compute(**training, {.isTrainingData = true, .causal = live}, job);
    if (!table)
        return fail(table.error());
    const double fitting = run.clock.total() - reading;
    job.enterPhase(0.8, 0.2);
    const auto baseline = features::Baseline::fit(*table, job);
    if (!baseline)
        return fail(baseline.error());
    const double detecting = detectorSeconds(recipe, *table, *baseline, preview.units, job);
    if (job.stopRequested())
        return cancelled();
    // Beside what was needed so far: the standardised table, another when training is apart, and scores.
    const auto cells = preview.units * preview.columns;
    preview.memoryBytes =
        peakMemoryBytes() + 8 * cells * (separate ? 2 : 1) + 32 * preview.units * recipe.detectors.size();
    preview.seconds = reading + fitting + detecting;
    warn(preview, recipe);
    return preview;
}

std::string toJson(const FeaturePreview& preview)
{
    nlohmann::json groups = nlohmann::json::array();
    for (const auto& [name, columns] : preview.groups)
        groups.push_back({{"name", name}, {"columns", columns}});
    nlohmann::json document{{"records", preview.records},
                            {"units", {{"kind", features::unitKindName(preview.kind)}, {"count", preview.units}}},
                            {"columns", preview.columns},
                            {"groups", groups},
                            {"memory_bytes", preview.memoryBytes},
                            {"seconds", preview.seconds},
                            {"warnings", preview.warnings},
                            {"notices", preview.notices}};
    if (preview.window_us > 0)
        document["units"]["window_seconds"] = static_cast<double>(preview.window_us) / second_us;
    return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace faultline::pipeline
