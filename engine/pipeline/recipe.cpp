// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/recipe.h"
#include "engine/core/text.h"
#include "engine/pipeline/built_in_recipes.h"
#include "engine/pipeline/recipe_units.h"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sys/stat.h>
#include <yaml-cpp/yaml.h>

namespace faultline::pipeline
{

namespace
{

void emitText(YAML::Emitter& out, const char* key, const std::string& value)
{
    if (!value.empty())
        out << YAML::Key << key << YAML::Value << YAML::DoubleQuoted << value;
}

void emitFormat(YAML::Emitter& out, const std::string& name, const std::string& definition)
{
    if (definition.empty())
        out << YAML::DoubleQuoted << name;
    else
        out << YAML::Load(definition);
}

void emitParse(YAML::Emitter& out, const records::ParseOptions& parse)
{
    const bool any = !parse.format.empty() || !parse.timeColumn.empty() || !parse.valueColumns.empty() ||
                     !parse.labelColumn.empty() || !parse.entityField.empty() || !parse.sessionKey.empty() ||
                     parse.zoneGiven || !parse.delimiter.empty() || !parse.seriesColumn.empty() ||
                     parse.layout != records::TableLayout::Detected || parse.encoding || parse.allowExpansion ||
                     !parse.logFormat.empty() || !parse.zones.empty() || !parse.formats.empty();
    if (!any)
        return;
    out << YAML::Key << "parse" << YAML::Value << YAML::BeginMap;
    if (!parse.format.empty() || !parse.formatText.empty()) {
        out << YAML::Key << "format" << YAML::Value;
        emitFormat(out, parse.format, parse.formatText);
    }
    emitText(out, "log_format", parse.logFormat);
    emitText(out, "delimiter", parse.delimiter);
    if (parse.layout != records::TableLayout::Detected)
        emitText(out, "layout", parse.layout == records::TableLayout::Wide ? "wide" : "long");
    emitText(out, "series_column", parse.seriesColumn);
    emitText(out, "time_column", parse.timeColumn);
    if (!parse.valueColumns.empty()) {
        out << YAML::Key << "value_columns" << YAML::Value << YAML::Flow << YAML::BeginSeq;
        for (const auto& column : parse.valueColumns)
            out << YAML::DoubleQuoted << column;
        out << YAML::EndSeq;
    }
    emitText(out, "label_column", parse.labelColumn);
    emitText(out, "entity", parse.entityField);
    emitText(out, "session_key", parse.sessionKey);
    if (parse.zoneGiven)
        emitText(out, "timezone", parse.zone.name());
    if (parse.encoding)
        emitText(out, "encoding", sources::encodingName(*parse.encoding));
    if (parse.allowExpansion)
        emitText(out, "allow_expansion", "true");
    if (!parse.formats.empty()) {
        out << YAML::Key << "formats" << YAML::Value << YAML::BeginMap;
        for (const auto& each : parse.formats) {
            out << YAML::Key << YAML::DoubleQuoted << each.pattern << YAML::Value;
            emitFormat(out, each.format, each.formatText);
        }
        out << YAML::EndMap;
    }
    if (!parse.zones.empty()) {
        out << YAML::Key << "timezones" << YAML::Value << YAML::BeginMap;
        for (const auto& [pattern, zone] : parse.zones)
            out << YAML::Key << YAML::DoubleQuoted << pattern << YAML::Value << YAML::DoubleQuoted << zone.name();
        out << YAML::EndMap;
    }
    out << YAML::EndMap;
}

void emitDetector(YAML::Emitter& out, const RecipeDetector& detector)
{
    out << YAML::BeginMap << YAML::Key << "name" << YAML::Value << detector.name;
    out << YAML::Key << "weight" << YAML::Value << formatNumber(detector.weight);
    if (!detector.parameters.empty()) {
        out << YAML::Key << "parameters" << YAML::Value << YAML::BeginMap;
        for (const auto& [name, value] : detector.parameters) {
            out << YAML::Key << name << YAML::Value;
            if (const auto* whole = std::get_if<std::int64_t>(&value))
                out << *whole;
            else if (const auto* real = std::get_if<double>(&value))
                out << formatNumber(*real);
            else
                out << std::get<std::string>(value);
        }
        out << YAML::EndMap;
    }
    out << YAML::EndMap;
}

std::vector<Recipe> readBuiltIns()
{
    std::vector<Recipe> out;
    for (const auto& [name, yaml] : builtInRecipeTexts()) {
        auto recipe = parseRecipe(yaml, std::string(name) + ".yaml");
        if (!recipe) { // our own file is wrong: a bug that the first test run shows
            std::fprintf(stderr, "%s\n", recipe.error().text().c_str());
            std::abort();
        }
        out.push_back(std::move(*recipe));
    }
    return out;
}

Recipe builtIn(const std::string& name)
{
    for (const auto& recipe : builtInRecipes())
        if (recipe.name == name)
            return recipe;
    std::abort(); // names are compiled in; see chooseRecipe
}

} // namespace

namespace
{

void emitParameters(YAML::Emitter& out, const records::templates::ParameterFields& parameters)
{
    if (parameters.automatic)
        out << YAML::Key << "parameters" << YAML::Value << "auto";
    if (parameters.named.empty())
        return;
    out << YAML::Key << "parameters" << YAML::Value << YAML::BeginSeq;
    for (const auto& field : parameters.named) {
        out << YAML::BeginMap << YAML::Key << "template" << YAML::Value << YAML::DoubleQuoted << field.templateId;
        out << YAML::Key << "position" << YAML::Value << field.position;
        emitText(out, "name", field.name);
        emitText(out, "unit", field.unit);
        out << YAML::EndMap;
    }
    out << YAML::EndSeq;
}

void emitTemplates(YAML::Emitter& out, const records::templates::MiningOptions& mining)
{
    out << YAML::Key << "templates" << YAML::Value << YAML::BeginMap;
    out << YAML::Key << "similarity" << YAML::Value << formatNumber(mining.similarity);
    if (!mining.masks.empty()) {
        out << YAML::Key << "masks" << YAML::Value << YAML::BeginSeq;
        for (const auto& mask : mining.masks) {
            out << YAML::BeginMap;
            out << YAML::Key << "pattern" << YAML::Value << YAML::DoubleQuoted << mask.pattern;
            emitText(out, "name", mask.name);
            out << YAML::EndMap;
        }
        out << YAML::EndSeq;
    }
    if (!mining.merges.empty()) {
        out << YAML::Key << "merge" << YAML::Value << YAML::BeginSeq;
        for (const auto& names : mining.merges) {
            out << YAML::Flow << YAML::BeginSeq;
            for (const auto& name : names)
                out << YAML::DoubleQuoted << name;
            out << YAML::EndSeq;
        }
        out << YAML::EndSeq;
    }
    if (!mining.splits.empty()) {
        out << YAML::Key << "split" << YAML::Value << YAML::BeginSeq;
        for (const auto& split : mining.splits)
            out << YAML::BeginMap << YAML::Key << "template" << YAML::Value << YAML::DoubleQuoted << split.name
                << YAML::Key << "position" << YAML::Value << split.position << YAML::EndMap;
        out << YAML::EndSeq;
    }
    emitParameters(out, mining.parameters);
    out << YAML::EndMap;
}

} // namespace

std::string writeRecipe(const Recipe& recipe)
{
    YAML::Emitter out;
    out << YAML::BeginMap;
    out << YAML::Key << "name" << YAML::Value << YAML::DoubleQuoted << recipe.name;
    emitText(out, "description", recipe.description);
    out << YAML::Key << "mode" << YAML::Value << (recipe.mode == Mode::Batch ? "batch" : "live");
    out << YAML::Key << "seed" << YAML::Value << recipe.seed;
    emitParse(out, recipe.parse);
    emitTemplates(out, recipe.mining);
    emitUnits(out, recipe);
    emitFeatures(out, recipe.features.groups);
    out << YAML::Key << "detectors" << YAML::Value << YAML::BeginSeq;
    for (const auto& detector : recipe.detectors)
        emitDetector(out, detector);
    out << YAML::EndSeq;
    if (recipe.combination == Combination::Excess)
        out << YAML::Key << "combine" << YAML::Value << "excess";
    out << YAML::Key << "threshold" << YAML::Value << YAML::DoubleQuoted << recipe.threshold.text();
    out << YAML::Key << "episodes" << YAML::Value << YAML::BeginMap;
    out << YAML::Key << "gap_units" << YAML::Value << recipe.episodes.gapUnits;
    if (recipe.episodes.continueAt < 1.0)
        out << YAML::Key << "continue_at" << YAML::Value << recipe.episodes.continueAt;
    out << YAML::EndMap;
    if (recipe.ranking == Ranking::Events)
        out << YAML::Key << "ranking" << YAML::Value << "events";
    out << YAML::EndMap;
    return std::string(out.c_str()) + "\n";
}

const std::vector<Recipe>& builtInRecipes()
{
    static const std::vector<Recipe> recipes = readBuiltIns();
    return recipes;
}

Result<Recipe> findRecipe(const std::string& nameOrPath)
{
    std::vector<std::string> names;
    for (const auto& recipe : builtInRecipes()) {
        if (recipe.name == nameOrPath)
            return recipe;
        names.push_back(recipe.name);
    }
    struct stat facts {
    };
    if (::stat(nameOrPath.c_str(), &facts) == 0)
        return readRecipe(nameOrPath);
    const auto near = nearestWord(nameOrPath, names);
    return fail({ErrorCode::Config,
                 "there is no recipe or file named `" + nameOrPath + "`",
                 {},
                 near ? "did you mean `" + *near + "`?" : "`faultline recipes` lists them"});
}

namespace
{

/// The formats of the inputs; of many, of some that are spread over them. What is in a folder and cannot be read is
/// left out, as it is when the inputs are loaded.
Result<std::vector<records::Detection>> detectAll(const std::vector<std::string>& names,
                                                  const records::ParseOptions& parse)
{
    constexpr std::size_t looked = 100;
    QuietJob job;
    const auto inputs =
        sources::expandInputs(names, {.encoding = parse.encoding, .allowExpansion = parse.allowExpansion}, job);
    if (!inputs)
        return fail(inputs.error());
    std::vector<records::Detection> found;
    std::optional<Error> problem;
    const auto step = inputs->files.size() / looked + 1;
    for (std::size_t i = 0; i < inputs->files.size(); i += step) {
        auto detection = records::detect(inputs->files[i].path, parse);
        if (detection)
            found.push_back(std::move(*detection));
        else if (inputs->files[i].named)
            return fail(detection.error());
        else
            problem = detection.error();
    }
    if (found.empty() && problem)
        return fail(*problem);
    return found;
}

/// Whether the tables hold one measure each.
bool isOneMetric(const std::vector<records::Detection>& found, const records::ParseOptions& parse)
{
    if (!parse.valueColumns.empty())
        return parse.valueColumns.size() == 1;
    return std::all_of(found.begin(), found.end(), [](const records::Detection& detection) {
        return std::count_if(detection.columnReports.begin(), detection.columnReports.end(),
                             [](const auto& column) { return column.role == records::FieldRole::Value; }) == 1;
    });
}

RecipeChoice forMetrics(const std::vector<records::Detection>& found, const records::ParseOptions& parse,
                        const RecipeWish& wish)
{
    const RecipeChoice plain{builtIn("metric_rows"),
                             "each row is a unit, because the input is a table of measures with a time column"};
    if (wish.namesDetectors)
        return plain;
    if (isOneMetric(found, parse))
        return wish.mode == Mode::Live ? RecipeChoice{builtIn("metric_live"),
                                                      "each row is a unit, because the input is one measure over time, "
                                                      "watched live"}
                                       : RecipeChoice{builtIn("metric_series"),
                                                      "each row is a unit among its neighbours, because the input "
                                                      "is one measure over time"};
    if (wish.learnsApart && wish.mode == Mode::Batch)
        return {builtIn("metrics_trained"), "each row is a unit among its neighbours, because the input is a table of "
                                            "measures over time and normal data was given to learn from"};
    return plain;
}

} // namespace

Result<RecipeChoice> chooseRecipe(const std::vector<std::string>& inputs, const records::ParseOptions& parse,
                                  const RecipeWish& wish)
{
    const auto& unitKind = wish.unitKind;
    if (unitKind == "session" || (unitKind.empty() && !parse.sessionKey.empty()))
        return RecipeChoice{builtIn("log_sessions"), "units are sessions, because a session key was asked for"};
    const auto found = detectAll(inputs, parse);
    if (!found)
        return fail(found.error());
    bool allTables = !found->empty(), anyTime = false, access = !found->empty();
    for (const auto& detection : *found) {
        allTables &= detection.kind == records::Kind::Delimited && !detection.hasMessage;
        anyTime |= !detection.timeFormat.empty();
        access &= detection.format.starts_with("apache_c") || detection.format.starts_with("nginx_access");
    }
    if (unitKind == "window" || (unitKind.empty() && !allTables && anyTime))
        return RecipeChoice{builtIn("log_windows"),
                            "units are time windows per entity, because the input holds log records with a time"};
    if (allTables)
        // Normal rows given apart are a stretch of the same series, so their order means something without times too.
        return anyTime || (wish.learnsApart && !wish.namesDetectors)
                   ? forMetrics(*found, parse, wish)
                   : RecipeChoice{builtIn("table_rows"),
                                  "each row is a unit, because the input is a table without a time column"};
    if (access)
        return RecipeChoice{builtIn("access_rows"),
                            "each request is a unit, because rows were asked for of an access log"};
    return RecipeChoice{builtIn("log_rows"),
                        unitKind == "row" ? "each record is a unit, because rows were asked for of a log"
                                          : "each record is a unit, because the log carries no time to cut windows by"};
}

} // namespace faultline::pipeline
