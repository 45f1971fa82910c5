// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/members.h"
#include "engine/core/random.h"
#include "engine/detectors/catalogue.h"
#include <algorithm>
#include <chrono>

namespace faultline::pipeline
{

namespace
{
constexpr const char* standIn = "robust_z"; // needs nothing but a value

void setSurprise(DetectorRun& run, const Model::Member& member, Combination combine)
{
    run.surprise.resize(run.raw.size());
    for (std::size_t i = 0; i < run.raw.size(); ++i)
        run.surprise[i] = static_cast<float>(member.evidence(run.raw[i], combine));
}

double secondsSince(std::chrono::steady_clock::time_point begin)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Fits one detector and scores its training units.
Result<std::vector<double>> fitAndScore(detectors::Detector& detector, const detectors::DetectorInput& training,
                                        JobContext& job)
{
    if (const auto fitted = detector.fit(training, job); !fitted)
        return fail(fitted.error());
    return detector.score(training, {.isTrainingData = true}, job);
}

/// Fits one detector; when it fails, its run says why and the model goes on without it.
Result<void> fitMember(Model& model, const RecipeDetector& entry, const detectors::DetectorInput& training,
                       std::vector<DetectorRun>& runs, JobContext& job)
{
    auto detector = detectors::make(entry.name, entry.parameters, deriveSeed(model.recipe.seed, entry.name));
    if (!detector)
        return fail(detector.error());
    const auto& spec = (*detector)->spec();
    auto& run = runs.emplace_back(
        DetectorRun{.name = entry.name, .title = spec.title, .weight = entry.weight, .role = spec.role});
    const auto begin = std::chrono::steady_clock::now();
    auto raw = fitAndScore(**detector, training, job);
    run.seconds = secondsSince(begin);
    if (!raw && raw.error().code == ErrorCode::Cancelled)
        return fail(raw.error());
    if (!raw) {
        run.failure = raw.error().text();
        return {};
    }
    Model::Member member{entry.name, entry.weight, std::move(*detector), ensemble::TailModel::fit(*raw),
                         ensemble::ExcessScale::fit(*raw)};
    run.raw = std::move(*raw);
    setSurprise(run, member, model.recipe.combination);
    model.members.push_back(std::move(member));
    return {};
}
} // namespace

Result<void> fitMembers(Model& model, const detectors::DetectorInput& training, std::vector<DetectorRun>& runs,
                        JobContext& job)
{
    const auto wanted = model.recipe.detectors;
    for (const auto& entry : wanted)
        if (const auto done = fitMember(model, entry, training, runs, job); !done)
            return done;
    if (!model.members.empty())
        return {};
    const auto reason = runs.empty() ? "" : "; first: " + runs.front().failure;
    const bool tried = std::any_of(wanted.begin(), wanted.end(), [](const auto& d) { return d.name == standIn; });
    if (!tried) {
        if (const auto done = fitMember(model, {.name = standIn}, training, runs, job); !done)
            return done;
        runs.back().standsIn = true;
    }
    if (model.members.empty())
        return fail({ErrorCode::Numeric,
                     "no detector could learn from this input" + reason,
                     {},
                     "give more data, or choose other detectors with --detectors"});
    return {};
}

Result<void> scoreMembers(const Model& model, const detectors::DetectorInput& input, std::vector<DetectorRun>& runs,
                          JobContext& job)
{
    if (runs.empty())
        for (const auto& member : model.members) {
            const auto& spec = member.detector->spec();
            runs.push_back({.name = member.name, .title = spec.title, .weight = member.weight, .role = spec.role});
        }
    std::size_t failed = 0;
    for (const auto& member : model.members) {
        auto& run = *std::find_if(runs.begin(), runs.end(),
                                  [&](const auto& r) { return r.name == member.name && r.failure.empty(); });
        const auto begin = std::chrono::steady_clock::now();
        auto raw = member.detector->score(input, {}, job);
        run.seconds += secondsSince(begin);
        if (!raw && (raw.error().code == ErrorCode::Cancelled || ++failed == model.members.size()))
            return fail(raw.error());
        if (!raw) {
            run.failure = raw.error().text();
            run.raw.clear();
            run.surprise.clear();
            continue;
        }
        run.raw = std::move(*raw);
        setSurprise(run, member, model.recipe.combination);
    }
    return {};
}

std::vector<double> combineRuns(const std::vector<DetectorRun>& runs, std::size_t units)
{
    std::vector<ensemble::Member> members;
    for (const auto& run : runs)
        members.push_back({run.failure.empty() ? run.weight : 0.0, run.role});
    std::vector<double> combined(units), surprises(runs.size(), 0.0);
    for (std::size_t i = 0; i < units; ++i) {
        for (std::size_t m = 0; m < runs.size(); ++m)
            surprises[m] = runs[m].surprise.empty() ? 0.0 : static_cast<double>(runs[m].surprise[i]);
        combined[i] = ensemble::combine(members, surprises);
    }
    return combined;
}

void calibrate(const Model& model, const std::vector<double>& combined, AnalysisResult& result)
{
    const auto& tail = model.ensembleTail;
    result.score = combined;
    if (model.recipe.combination == Combination::Surprise)
        std::transform(combined.begin(), combined.end(), result.score.begin(),
                       [&](double each) { return tail.surprise(each); });
    result.tailP.resize(combined.size());
    std::transform(combined.begin(), combined.end(), result.tailP.begin(),
                   [&](double each) { return tail.probability(each); });
}

} // namespace faultline::pipeline
