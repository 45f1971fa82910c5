// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/model.h"
#include "engine/core/random.h"
#include "engine/detectors/catalogue.h"
#include "engine/store/artifact.h"
#include <cmath>
#include <limits>

namespace faultline::pipeline
{

namespace
{

constexpr int modelVersion = 1;

std::string memberPrefix(std::size_t index)
{
    return "members/" + std::to_string(index);
}

Result<void> loadMembers(const TensorBundle& bundle, Model& model)
{
    const auto fitted = bundle.fact<std::vector<std::string>>("/members");
    if (!fitted)
        return fail(fitted.error());
    for (std::size_t i = 0; i < fitted->size(); ++i) {
        Model::Member member;
        member.name = (*fitted)[i];
        detectors::Parameters parameters;
        for (const auto& entry : model.recipe.detectors)
            if (entry.name == member.name) {
                parameters = entry.parameters;
                member.weight = entry.weight;
            }
        auto detector = detectors::make(member.name, parameters, deriveSeed(model.recipe.seed, member.name));
        if (!detector)
            return fail(detector.error());
        member.detector = std::move(*detector);
        if (const auto done = member.detector->load(bundle, memberPrefix(i)); !done)
            return fail(done.error());
        auto tail = ensemble::TailModel::load(bundle, memberPrefix(i) + "/tail");
        if (!tail)
            return fail(tail.error());
        member.tail = std::move(*tail);
        auto excess = ensemble::ExcessScale::load(bundle, memberPrefix(i) + "/excess");
        if (!excess)
            return fail(excess.error());
        member.excess = *excess;
        model.members.push_back(std::move(member));
    }
    auto tail = ensemble::TailModel::load(bundle, "ensemble_tail");
    if (!tail)
        return fail(tail.error());
    model.ensembleTail = std::move(*tail);
    auto baseline = features::Baseline::load(bundle, "baseline");
    if (!baseline)
        return fail(baseline.error());
    model.baseline = std::move(*baseline);
    return {};
}

Result<void> loadLive(const TensorBundle& bundle, Model& model)
{
    auto live = LiveScorer::load(bundle, "live", model.recipe);
    if (!live)
        return fail(live.error());
    model.baseline = live->baseline();
    model.live.emplace(std::move(*live));
    auto context = LiveContext::load(bundle, "context");
    if (!context)
        return fail(context.error());
    for (const auto id : context->templateId)
        if (id != records::noTemplate && id >= model.templates.size())
            return fail(
                {ErrorCode::Parse, "the model's last records contradict themselves", {}, "the file is damaged"});
    model.context = std::move(*context);
    return {};
}

} // namespace

double Model::Member::evidence(double raw, Combination combine) const
{
    return combine == Combination::Excess ? excess.excess(raw) : tail.surprise(raw);
}

TensorBundle Model::toBundle() const
{
    TensorBundle bundle;
    bundle.facts["format"] = "faultline model";
    bundle.facts["version"] = modelVersion;
    bundle.facts["recipe"] = writeRecipe(recipe);
    bundle.facts["threshold_value"] = threshold.value;
    bundle.facts["expected_rate"] =
        std::isfinite(threshold.expectedRate) ? nlohmann::json(threshold.expectedRate) : nlohmann::json();
    bundle.facts["training_units"] = trainingUnits;
    bundle.facts["data"] = dataSummary;
    bundle.facts["is_live"] = live.has_value();
    templates.save(bundle, "templates");
    featurizer.save(bundle, "featurizer");
    if (live) {
        live->save(bundle, "live");
        context.save(bundle, "context");
        return bundle;
    }
    auto& names = bundle.facts["members"] = nlohmann::json::array();
    for (std::size_t i = 0; i < members.size(); ++i) {
        names.push_back(members[i].name);
        members[i].detector->save(bundle, memberPrefix(i));
        members[i].tail.save(bundle, memberPrefix(i) + "/tail");
        members[i].excess.save(bundle, memberPrefix(i) + "/excess");
    }
    ensembleTail.save(bundle, "ensemble_tail");
    baseline.save(bundle, "baseline");
    return bundle;
}

Result<std::shared_ptr<Model>> Model::fromBundle(const TensorBundle& bundle)
{
    const auto format = bundle.fact<std::string>("/format");
    const auto version = bundle.fact<int>("/version");
    if (!format || *format != "faultline model" || !version)
        return fail({ErrorCode::Parse, "this is not a Faultline model", {}, "give a file that `--model-out` wrote"});
    if (*version != modelVersion)
        return fail({ErrorCode::Parse,
                     "the model is of version " + std::to_string(*version) + ", this program reads version " +
                         std::to_string(modelVersion),
                     {},
                     "fit it again with `analyze --model-out`"});
    const auto yaml = bundle.fact<std::string>("/recipe");
    const auto threshold = bundle.fact<double>("/threshold_value");
    const auto isLive = bundle.fact<bool>("/is_live");
    const auto units = bundle.fact<std::uint64_t>("/training_units");
    const auto data = bundle.fact<std::string>("/data");
    for (const auto* error :
         {yaml ? nullptr : &yaml.error(), threshold ? nullptr : &threshold.error(), isLive ? nullptr : &isLive.error(),
          units ? nullptr : &units.error(), data ? nullptr : &data.error()})
        if (error)
            return fail(*error);
    auto model = std::make_shared<Model>();
    auto recipe = parseRecipe(*yaml, "recipe in the model");
    if (!recipe)
        return fail(recipe.error());
    model->recipe = std::move(*recipe);
    const auto rate = bundle.fact<double>("/expected_rate");
    model->threshold = {model->recipe.threshold, *threshold, rate ? *rate : std::numeric_limits<double>::quiet_NaN()};
    model->trainingUnits = *units;
    model->dataSummary = *data;
    auto templates = records::templates::TemplateSet::load(bundle, "templates");
    if (!templates)
        return fail(templates.error());
    model->templates = std::move(*templates);
    auto featurizer = features::Featurizer::load(bundle, "featurizer");
    if (!featurizer)
        return fail(featurizer.error());
    model->featurizer = std::move(*featurizer);
    const auto rest = *isLive ? loadLive(bundle, *model) : loadMembers(bundle, *model);
    if (!rest)
        return fail(rest.error());
    return model;
}

Result<void> saveModel(const Model& model, const std::string& path)
{
    return store::writeArtifact(path, model.toBundle());
}

Result<std::shared_ptr<const Model>> loadModel(const std::string& path)
{
    const auto bundle = store::readArtifact(path);
    if (!bundle)
        return fail(bundle.error());
    auto model = Model::fromBundle(*bundle);
    if (!model) {
        auto error = model.error();
        if (error.where.file.empty())
            error.where.file = path;
        return fail(error);
    }
    return std::shared_ptr<const Model>(std::move(*model));
}

} // namespace faultline::pipeline
