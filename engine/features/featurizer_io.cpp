// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/featurizer.h"
#include "engine/features/featurizer_impl.h"
#include "engine/features/plan_io.h"
#include "engine/features/text_tensors.h"
#include <algorithm>
#include <cmath>

namespace faultline::features
{

namespace
{
void saveOptions(const FeatureOptions& options, TensorBundle& bundle, const std::string& prefix)
{
    bundle.put(prefix + "/options", std::vector<std::int64_t>{
                                        static_cast<std::int64_t>(options.kind), options.window_us, options.rollingRows,
                                        options.rollingColumns ? 1 : 0, options.templateColumns, options.maxEntities,
                                        options.timeOfDay ? 1 : 0, options.causalColumns ? 1 : 0,
                                        options.templateSequence ? 1 : 0});
    bundle.put(prefix + "/rolling_us", options.rolling_us);
    saveGroups(options, bundle, prefix + "/groups");
}

Result<FeatureOptions> loadOptions(const TensorBundle& bundle, const std::string& prefix)
{
    const auto numbers = bundle.vector<std::int64_t>(prefix + "/options", 9);
    if (!numbers)
        return fail(numbers.error());
    auto rolling = bundle.vector<std::int64_t>(prefix + "/rolling_us");
    if (!rolling)
        return fail(rolling.error());
    const auto& n = *numbers;
    constexpr std::int64_t most = 0xffffffff;
    const auto within = [&](std::size_t i, std::int64_t low, std::int64_t high) { return n[i] >= low && n[i] <= high; };
    if (!within(0, 0, 2) || !within(2, 0, most) || !within(3, 0, 1) || !within(4, 0, most) || !within(5, 0, most) ||
        !within(6, 0, 1) || !within(7, 0, 1) || !within(8, 0, 1))
        return fail(damagedModel(prefix + "/options", "hold a value out of range"));
    FeatureOptions options{.kind = static_cast<UnitKind>(n[0]),
                           .window_us = n[1],
                           .rolling_us = std::move(*rolling),
                           .rollingRows = static_cast<std::uint32_t>(n[2]),
                           .rollingColumns = n[3] != 0,
                           .templateColumns = static_cast<std::uint32_t>(n[4]),
                           .maxEntities = static_cast<std::uint32_t>(n[5]),
                           .timeOfDay = n[6] != 0,
                           .templateSequence = n[8] != 0,
                           .causalColumns = n[7] != 0};
    if (auto done = loadGroups(options, bundle, prefix + "/groups"); !done)
        return fail(done.error());
    if (auto good = checkOptions(options); !good)
        return fail(damagedModel(prefix + "/options", "are not valid: " + good.error().message));
    return options;
}

void saveColumns(const FeaturePlan& plan, TensorBundle& bundle, const std::string& prefix)
{
    std::vector<std::string> names, units;
    std::vector<std::uint8_t> roles, features;
    std::vector<double> noise;
    std::vector<std::uint32_t> templates, arguments;
    for (std::size_t c = 0; c < plan.columns.size(); ++c) {
        names.push_back(plan.columns[c].name);
        units.push_back(plan.columns[c].unit);
        roles.push_back(static_cast<std::uint8_t>(plan.columns[c].role));
        noise.push_back(plan.columns[c].noiseFloor);
        templates.push_back(plan.columns[c].templateId);
        features.push_back(static_cast<std::uint8_t>(plan.planned[c].feature));
        arguments.push_back(plan.planned[c].argument);
    }
    putTexts(bundle, prefix + "/name", names);
    putTexts(bundle, prefix + "/unit", units);
    bundle.put(prefix + "/role", roles);
    bundle.put(prefix + "/noise_floor", noise);
    bundle.put(prefix + "/template", templates);
    bundle.put(prefix + "/feature", features);
    bundle.put(prefix + "/argument", arguments);
}

Result<void> loadColumns(FeaturePlan& plan, const TensorBundle& bundle, const std::string& prefix)
{
    auto names = takeTexts(bundle, prefix + "/name");
    if (!names)
        return fail(names.error());
    const auto count = names->size();
    auto units = takeTexts(bundle, prefix + "/unit");
    const auto roles = bundle.vector<std::uint8_t>(prefix + "/role", count);
    const auto noise = bundle.vector<double>(prefix + "/noise_floor", count);
    const auto templates = bundle.vector<std::uint32_t>(prefix + "/template", count);
    const auto features = bundle.vector<std::uint8_t>(prefix + "/feature", count);
    const auto arguments = bundle.vector<std::uint32_t>(prefix + "/argument", count);
    if (!units || units->size() != count || !roles || !noise || !templates || !features || !arguments)
        return fail(damagedModel(prefix, "are incomplete"));
    if (count == 0)
        return fail(damagedModel(prefix, "are empty"));
    for (std::size_t c = 0; c < count; ++c) {
        const auto feature = static_cast<Feature>((*features)[c]);
        if ((*features)[c] >= featureKinds || (*roles)[c] > static_cast<std::uint8_t>(ColumnRole::Phase) ||
            !std::isfinite((*noise)[c]) || (*noise)[c] < 0.0 || (*arguments)[c] >= argumentLimit(plan, feature))
            return fail(damagedModel(prefix, "hold a value out of range"));
        plan.add({.name = std::move((*names)[c]),
                  .unit = std::move((*units)[c]),
                  .role = static_cast<ColumnRole>((*roles)[c]),
                  .noiseFloor = (*noise)[c],
                  .templateId = (*templates)[c]},
                 feature, (*arguments)[c]);
    }
    return {};
}

void saveFields(const FeaturePlan& plan, TensorBundle& bundle, const std::string& prefix)
{
    std::vector<std::string> names, units;
    std::vector<double> floors;
    for (const auto& field : plan.fields) {
        names.push_back(field.name);
        units.push_back(field.unit);
        floors.push_back(field.spreadFloor);
    }
    putTexts(bundle, prefix + "/name", names);
    putTexts(bundle, prefix + "/unit", units);
    bundle.put(prefix + "/spread_floor", floors);
}

Result<void> loadFields(FeaturePlan& plan, const TensorBundle& bundle, const std::string& prefix)
{
    auto names = takeTexts(bundle, prefix + "/name");
    if (!names)
        return fail(names.error());
    auto units = takeTexts(bundle, prefix + "/unit");
    const auto floors = bundle.vector<double>(prefix + "/spread_floor", names->size());
    if (!units || units->size() != names->size() || !floors)
        return fail(damagedModel(prefix, "are incomplete"));
    for (std::size_t f = 0; f < names->size(); ++f) {
        if (!std::isfinite((*floors)[f]) || (*floors)[f] < 0.0)
            return fail(damagedModel(prefix, "hold a value out of range"));
        plan.fields.push_back({std::move((*names)[f]), std::move((*units)[f]), (*floors)[f]});
    }
    return {};
}

Result<void> loadKnowledge(FeaturePlan& plan, const TensorBundle& bundle, const std::string& prefix)
{
    auto entities = takeTexts(bundle, prefix + "/entity");
    if (!entities)
        return fail(entities.error());
    auto logs = bundle.vector<std::uint8_t>(prefix + "/entity_logs", entities->size());
    if (!logs)
        return fail(logs.error());
    auto frequency = bundle.vector<std::uint32_t>(prefix + "/document_frequency");
    if (!frequency)
        return fail(frequency.error());
    auto records = bundle.vector<std::int64_t>(prefix + "/template_records");
    if (!records)
        return fail(records.error());
    const auto totals = bundle.vector<std::int64_t>(prefix + "/totals", 2);
    if (!totals)
        return fail(totals.error());
    // What is counted stays far from where adding to it could overflow.
    const auto outside = [](std::int64_t value) { return value < 0 || value > (std::int64_t{1} << 48); };
    if (outside((*totals)[0]) || outside((*totals)[1]) || std::any_of(records->begin(), records->end(), outside))
        return fail(damagedModel(prefix, "holds a count out of range"));
    plan.entities = std::move(*entities);
    plan.entityLogs = std::move(*logs);
    plan.known = {.documentFrequency = std::move(*frequency),
                  .documents = static_cast<std::uint64_t>((*totals)[0]),
                  .records = std::move(*records),
                  .allRecords = (*totals)[1]};
    return {};
}
} // namespace

void Featurizer::save(TensorBundle& bundle, const std::string& prefix) const
{
    const auto& plan = m_impl->plan;
    saveOptions(plan.options, bundle, prefix);
    saveFields(plan, bundle, prefix + "/fields");
    saveLearned(plan, bundle, prefix);
    saveColumns(plan, bundle, prefix + "/columns");
    putTexts(bundle, prefix + "/entity", plan.entities);
    bundle.put(prefix + "/entity_logs", plan.entityLogs);
    bundle.put(prefix + "/document_frequency", plan.known.documentFrequency);
    bundle.put(prefix + "/template_records", plan.known.records);
    bundle.put(prefix + "/totals",
               std::vector<std::int64_t>{static_cast<std::int64_t>(plan.known.documents), plan.known.allRecords});
}

Result<Featurizer> Featurizer::load(const TensorBundle& bundle, const std::string& prefix)
{
    auto options = loadOptions(bundle, prefix);
    if (!options)
        return fail(options.error());
    FeaturePlan plan{.options = std::move(*options)};
    if (auto done = loadFields(plan, bundle, prefix + "/fields"); !done)
        return fail(done.error());
    if (auto done = loadLearned(plan, bundle, prefix); !done)
        return fail(done.error());
    if (auto done = loadColumns(plan, bundle, prefix + "/columns"); !done)
        return fail(done.error());
    if (auto done = loadKnowledge(plan, bundle, prefix); !done)
        return fail(done.error());
    Featurizer featurizer;
    featurizer.m_impl = std::make_shared<const Impl>(Impl{std::move(plan)});
    return featurizer;
}

} // namespace faultline::features
