// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/recipe_units.h"
#include "engine/core/text.h"

namespace faultline::pipeline
{

namespace
{

using features::ResampleOptions;
using features::UnitKind;
using yaml::MapReader;
using yaml::reject;

const std::map<std::string, UnitKind>& kinds()
{
    static const std::map<std::string, UnitKind> names{
        {"row", UnitKind::Row}, {"window", UnitKind::Window}, {"session", UnitKind::Session}};
    return names;
}

const std::map<std::string, ResampleOptions::Value>& resampleValues()
{
    using Value = ResampleOptions::Value;
    static const std::map<std::string, Value> names{
        {"mean", Value::Mean}, {"sum", Value::Sum}, {"last", Value::Last}, {"max", Value::Maximum}};
    return names;
}

const std::map<std::string, ResampleOptions::Gap>& resampleGaps()
{
    using Gap = ResampleOptions::Gap;
    static const std::map<std::string, Gap> names{
        {"missing", Gap::Missing}, {"hold", Gap::Hold}, {"linear", Gap::Linear}};
    return names;
}

template <class T>
const std::string& nameIn(const std::map<std::string, T>& names, T value)
{
    for (const auto& [name, each] : names)
        if (each == value)
            return name;
    return names.begin()->first;
}

void readResample(const YAML::Node& node, const yaml::ValueReader& values, ResampleOptions& resample)
{
    resample.every_us = ResampleOptions::automatic;
    MapReader(node, values.file(), "`resample`")
        .on("every",
            [&](const auto& n) {
                if (values.text(n, "every") != "auto")
                    resample.every_us = values.duration(n, "every");
            })
        .on("with", [&](const auto& n) { resample.with = values.choice(n, "with", resampleValues()); })
        .on("gaps", [&](const auto& n) { resample.gaps = values.choice(n, "gaps", resampleGaps()); })
        .read();
}

void readSession(const YAML::Node& node, const yaml::ValueReader& values, Recipe& recipe)
{
    MapReader(node, values.file(), "`session`")
        .on("key",
            [&](const auto& n) {
                const auto key = values.text(n, "key");
                recipe.sessions.byEntity = key == "entity";
                if (!recipe.sessions.byEntity)
                    recipe.parse.sessionKey = key;
            })
        .on("timeout", [&](const auto& n) { recipe.sessions.timeout_us = values.duration(n, "timeout"); })
        .read();
}

std::vector<DurationUs> readSpans(const YAML::Node& node, const yaml::ValueReader& values)
{
    if (!node.IsSequence())
        reject(values.file(), node.Mark(), "`rolling` must be a list of durations", "write [60s, 5min]");
    std::vector<DurationUs> spans;
    for (const auto& item : node)
        spans.push_back(values.duration(item, "rolling"));
    return spans;
}

std::string durationText(DurationUs duration_us)
{
    if (duration_us % second_us == 0)
        return std::to_string(duration_us / second_us) + "s";
    return std::to_string(duration_us / 1'000) + "ms";
}

void emitResample(YAML::Emitter& out, const ResampleOptions& resample)
{
    if (!resample.wanted())
        return;
    out << YAML::Key << "resample" << YAML::Value << YAML::BeginMap;
    out << YAML::Key << "every" << YAML::Value
        << (resample.every_us == ResampleOptions::automatic ? "auto" : durationText(resample.every_us));
    out << YAML::Key << "with" << YAML::Value << nameIn(resampleValues(), resample.with);
    out << YAML::Key << "gaps" << YAML::Value << nameIn(resampleGaps(), resample.gaps) << YAML::EndMap;
}

void emitSession(YAML::Emitter& out, const records::SessionRule& sessions)
{
    if (!sessions.byEntity && sessions.timeout_us == 0)
        return;
    out << YAML::Key << "session" << YAML::Value << YAML::BeginMap;
    if (sessions.byEntity)
        out << YAML::Key << "key" << YAML::Value << "entity";
    if (sessions.timeout_us > 0)
        out << YAML::Key << "timeout" << YAML::Value << durationText(sessions.timeout_us);
    out << YAML::EndMap;
}

} // namespace

void readUnits(const YAML::Node& node, const yaml::ValueReader& values, Recipe& recipe)
{
    auto& f = recipe.features;
    f.window_us = automaticWindow;
    const auto whole = [&](const YAML::Node& n, const char* key, double low, double high) {
        return static_cast<std::uint32_t>(values.integer(n, key, low, high));
    };
    MapReader(node, values.file(), "`units`")
        .on("kind", [&](const auto& n) { f.kind = values.choice(n, "kind", kinds()); })
        .on("window",
            [&](const auto& n) {
                f.window_us = values.text(n, "window") == "auto" ? automaticWindow : values.duration(n, "window");
            })
        .on("rolling", [&](const auto& n) { f.rolling_us = readSpans(n, values); })
        .on("rolling_rows", [&](const auto& n) { f.rollingRows = whole(n, "rolling_rows", 2, 100'000); })
        .on("rolling_columns", [&](const auto& n) { f.rollingColumns = values.boolean(n, "rolling_columns"); })
        .on("constant_columns", [&](const auto& n) { f.constantColumns = values.boolean(n, "constant_columns"); })
        .on("template_columns", [&](const auto& n) { f.templateColumns = whole(n, "template_columns", 0, 1'000); })
        .on("max_entities", [&](const auto& n) { f.maxEntities = whole(n, "max_entities", 1, 100'000); })
        .on("time_of_day", [&](const auto& n) { f.timeOfDay = values.boolean(n, "time_of_day"); })
        .on("session", [&](const auto& n) { readSession(n, values, recipe); })
        .on("resample", [&](const auto& n) { readResample(n, values, recipe.resample); })
        .read();
}

void emitUnits(YAML::Emitter& out, const Recipe& recipe)
{
    const auto& f = recipe.features;
    out << YAML::Key << "units" << YAML::Value << YAML::BeginMap;
    out << YAML::Key << "kind" << YAML::Value << features::unitKindName(f.kind);
    out << YAML::Key << "window" << YAML::Value
        << (f.window_us == automaticWindow ? "auto" : durationText(f.window_us));
    out << YAML::Key << "rolling" << YAML::Value << YAML::Flow << YAML::BeginSeq;
    for (const auto span : f.rolling_us)
        out << durationText(span);
    out << YAML::EndSeq;
    out << YAML::Key << "rolling_rows" << YAML::Value << f.rollingRows;
    out << YAML::Key << "rolling_columns" << YAML::Value << f.rollingColumns;
    if (f.constantColumns)
        out << YAML::Key << "constant_columns" << YAML::Value << true;
    out << YAML::Key << "template_columns" << YAML::Value << f.templateColumns;
    out << YAML::Key << "max_entities" << YAML::Value << f.maxEntities;
    out << YAML::Key << "time_of_day" << YAML::Value << f.timeOfDay;
    emitSession(out, recipe.sessions);
    emitResample(out, recipe.resample);
    out << YAML::EndMap;
}

} // namespace faultline::pipeline
