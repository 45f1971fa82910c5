// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/system.h"
#include "engine/core/yaml_document.h"
#include "engine/detectors/catalogue.h"
#include "engine/pipeline/recipe_units.h"
#include "engine/records/user_format_reader.h"

namespace faultline::pipeline
{

namespace
{

using yaml::MapReader;
using yaml::reject;

class RecipeReader : private yaml::ValueReader
{
public:
    explicit RecipeReader(std::string file) : yaml::ValueReader(file), m_file(std::move(file)) {}

    Recipe read(const YAML::Node& root)
    {
        MapReader(root, m_file, "the recipe")
            .on("name", [&](const auto& n) { m_recipe.name = text(n, "name"); })
            .on("description", [&](const auto& n) { m_recipe.description = text(n, "description"); })
            .on("mode",
                [&](const auto& n) {
                    m_recipe.mode = choice<Mode>(n, "mode", {{"batch", Mode::Batch}, {"live", Mode::Live}});
                })
            .on("seed", [&](const auto& n) { m_recipe.seed = integer(n, "seed", 0, 9'007'199'254'740'992.0); })
            .on("parse", [&](const auto& n) { readParse(n); })
            .on("templates", [&](const auto& n) { readTemplates(n); })
            .on("units", [&](const auto& n) { readUnits(n, *this, m_recipe); })
            .on("features", [&](const auto& n) { readFeatures(n, *this, m_recipe.features.groups); })
            .on("detectors", [&](const auto& n) { readDetectors(n); })
            .on("threshold", [&](const auto& n) { readThreshold(n); })
            .on("episodes", [&](const auto& n) { readEpisodes(n); })
            .on("combine",
                [&](const auto& n) {
                    m_recipe.combination = choice<Combination>(
                        n, "combine", {{"surprise", Combination::Surprise}, {"excess", Combination::Excess}});
                })
            .on("ranking",
                [&](const auto& n) {
                    m_recipe.ranking =
                        choice<Ranking>(n, "ranking", {{"units", Ranking::Units}, {"events", Ranking::Events}});
                })
            .read();
        if (m_recipe.detectors.empty())
            reject(m_file, root.Mark(), "the recipe names no detector",
                   "add `detectors:` with at least one `- name: ...`");
        return m_recipe;
    }

private:
    records::TableLayout tableLayout(const YAML::Node& node)
    {
        const auto name = text(node, "layout");
        if (name != "wide" && name != "long")
            reject(m_file, node.Mark(), "`layout` must be wide or long", "leave it out to have it detected");
        return name == "wide" ? records::TableLayout::Wide : records::TableLayout::Long;
    }
    /// A name, a path, or the definition itself.
    void readFormat(const YAML::Node& node, std::string& name, std::string& definition)
    {
        if (!node.IsMap()) {
            name = text(node, "format");
            return;
        }
        auto format = records::readUserFormat(node, m_file);
        name = format.name;
        definition = std::move(format.yaml);
    }
    void readFormats(const YAML::Node& node)
    {
        if (!node.IsMap())
            reject(m_file, node.Mark(), "`formats` must be a mapping of file patterns to formats",
                   "write {\"web*.log\": nginx_access}");
        for (const auto& entry : node) {
            auto& each = m_recipe.parse.formats.emplace_back();
            each.pattern = text(entry.first, "formats");
            readFormat(entry.second, each.format, each.formatText);
        }
    }
    void readZones(const YAML::Node& node)
    {
        if (!node.IsMap())
            reject(m_file, node.Mark(), "`timezones` must be a mapping of file patterns to zones",
                   "write {\"web*.log\": Europe/Berlin}");
        for (const auto& entry : node)
            m_recipe.parse.zones.push_back({text(entry.first, "timezones"), zone(entry.second, "timezones")});
    }
    void readParse(const YAML::Node& node)
    {
        auto& parse = m_recipe.parse;
        MapReader(node, m_file, "`parse`")
            .on("format", [&](const auto& n) { readFormat(n, parse.format, parse.formatText); })
            .on("formats", [&](const auto& n) { readFormats(n); })
            .on("log_format", [&](const auto& n) { parse.logFormat = text(n, "log_format"); })
            .on("timezones", [&](const auto& n) { readZones(n); })
            .on("delimiter", [&](const auto& n) { parse.delimiter = text(n, "delimiter"); })
            .on("layout", [&](const auto& n) { parse.layout = tableLayout(n); })
            .on("series_column", [&](const auto& n) { parse.seriesColumn = text(n, "series_column"); })
            .on("time_column", [&](const auto& n) { parse.timeColumn = text(n, "time_column"); })
            .on("value_columns", [&](const auto& n) { parse.valueColumns = words(n, "value_columns"); })
            .on("label_column", [&](const auto& n) { parse.labelColumn = text(n, "label_column"); })
            .on("entity", [&](const auto& n) { parse.entityField = text(n, "entity"); })
            .on("session_key", [&](const auto& n) { parse.sessionKey = text(n, "session_key"); })
            .on("encoding",
                [&](const auto& n) {
                    const auto encoding = sources::encodingNamed(text(n, "encoding"));
                    if (!encoding)
                        reject(m_file, n.Mark(), encoding.error().message, encoding.error().hint);
                    parse.encoding = *encoding;
                })
            .on("allow_expansion", [&](const auto& n) { parse.allowExpansion = boolean(n, "allow_expansion"); })
            .on("timezone",
                [&](const auto& n) {
                    parse.zone = zone(n, "timezone");
                    parse.zoneGiven = true;
                })
            .read();
    }
    void readTemplates(const YAML::Node& node)
    {
        MapReader(node, m_file, "`templates`")
            .on("similarity", [&](const auto& n) { m_recipe.mining.similarity = number(n, "similarity", 0, 1); })
            .on("masks", [&](const auto& n) { readMasks(n); })
            .on("merge", [&](const auto& n) { readMerges(n); })
            .on("split", [&](const auto& n) { readSplits(n); })
            .on("parameters", [&](const auto& n) { readParameters(n); })
            .read();
    }
    void requireList(const YAML::Node& node, const std::string& key, const std::string& example)
    {
        if (!node.IsSequence())
            reject(m_file, node.Mark(), "`" + key + "` must be a list", "write " + example);
    }
    void readMasks(const YAML::Node& node)
    {
        requireList(node, "masks", "[{pattern: 'order-(\\d+)', name: order_id}]");
        auto& masks = m_recipe.mining.masks;
        for (const auto& item : node) {
            auto& mask = masks.emplace_back();
            auto mark = item.Mark();
            MapReader(item, m_file, "a mask")
                .on("pattern",
                    [&](const auto& n) {
                        mask.pattern = text(n, "pattern");
                        mark = n.Mark();
                    })
                .on("name", [&](const auto& n) { mask.name = text(n, "name"); })
                .read();
            if (const auto compiled = records::templates::MessageMasks::compile({mask}); !compiled)
                reject(m_file, mark, compiled.error().message, compiled.error().hint);
        }
        if (masks.size() > records::templates::MessageMasks::most)
            reject(m_file, node.Mark(), "`masks` has more than 64 entries", "join patterns with |");
    }
    void readMerges(const YAML::Node& node)
    {
        requireList(node, "merge", "[[T-3f2a9c01, T-77b0e2d4]]");
        for (const auto& item : node) {
            m_recipe.mining.merges.push_back(words(item, "merge"));
            if (m_recipe.mining.merges.back().size() < 2)
                reject(m_file, item.Mark(), "`merge` needs two templates or more", "name each by its id or an example");
        }
    }
    void readSplits(const YAML::Node& node)
    {
        requireList(node, "split", "[{template: T-3f2a9c01, position: 1}]");
        for (const auto& item : node) {
            auto& split = m_recipe.mining.splits.emplace_back();
            MapReader(item, m_file, "`split`")
                .on("template", [&](const auto& n) { split.name = text(n, "template"); })
                .on("position", [&](const auto& n) { split.position = position(n); })
                .read();
        }
    }
    std::uint32_t position(const YAML::Node& node)
    {
        return static_cast<std::uint32_t>(integer(node, "position", 1, 1'000));
    }
    void readParameters(const YAML::Node& node)
    {
        auto& parameters = m_recipe.mining.parameters;
        if (node.IsScalar() && text(node, "parameters") == "auto") {
            parameters.automatic = true;
            return;
        }
        requireList(node, "parameters", "auto, or [{template: T-3f2a9c01, position: 1, name: took, unit: ms}]");
        for (const auto& item : node) {
            auto& field = parameters.named.emplace_back();
            MapReader(item, m_file, "`parameters`")
                .on("template", [&](const auto& n) { field.templateId = text(n, "template"); })
                .on("position", [&](const auto& n) { field.position = position(n); })
                .on("name", [&](const auto& n) { field.name = text(n, "name"); })
                .on("unit", [&](const auto& n) { field.unit = text(n, "unit"); })
                .read();
        }
    }
    void readThreshold(const YAML::Node& node)
    {
        const auto rule = decisions::ThresholdRule::parse(text(node, "threshold"));
        if (!rule)
            reject(m_file, node.Mark(), rule.error().message, rule.error().hint);
        m_recipe.threshold = *rule;
    }
    void readEpisodes(const YAML::Node& node)
    {
        MapReader(node, m_file, "`episodes`")
            .on("gap_units",
                [&](const auto& n) {
                    m_recipe.episodes.gapUnits = static_cast<std::uint32_t>(integer(n, "gap_units", 0, 1'000'000));
                })
            .on("continue_at",
                [&](const auto& n) { m_recipe.episodes.continueAt = number(n, "continue_at", 0.05, 1.0); })
            .read();
    }
    void readDetectors(const YAML::Node& node)
    {
        if (!node.IsSequence())
            reject(m_file, node.Mark(), "`detectors` must be a list", "write lines of `- name: robust_z`");
        for (const auto& item : node)
            readDetector(item);
    }
    void readDetector(const YAML::Node& node)
    {
        RecipeDetector detector;
        YAML::Node parameters;
        YAML::Mark nameMark = node.Mark();
        MapReader(node, m_file, "a detector")
            .on("name",
                [&](const auto& n) {
                    detector.name = text(n, "name");
                    nameMark = n.Mark();
                })
            .on("weight", [&](const auto& n) { detector.weight = number(n, "weight", 0, 1e6); })
            .on("parameters", [&](const auto& n) { parameters.reset(n); })
            .read();
        const auto spec = detectors::specOf(detector.name);
        if (!spec)
            reject(m_file, nameMark, spec.error().message, spec.error().hint);
        if (parameters.IsDefined() && !parameters.IsNull())
            readParameters(parameters, *spec, detector);
        m_recipe.detectors.push_back(std::move(detector));
    }
    void readParameters(const YAML::Node& node, const detectors::DetectorSpec& spec, RecipeDetector& detector)
    {
        using Type = detectors::ParameterSpec::Type;
        MapReader reader(node, m_file, "the parameters of " + spec.name);
        for (const auto& parameter : spec.parameters)
            reader.on(parameter.name, [&](const YAML::Node& n) {
                auto& value = detector.parameters[parameter.name];
                if (parameter.type == Type::Integer)
                    value = static_cast<std::int64_t>(number(n, parameter.name, parameter.minimum, parameter.maximum));
                else if (parameter.type == Type::Real)
                    value = number(n, parameter.name, parameter.minimum, parameter.maximum);
                else {
                    std::map<std::string, std::string> choices;
                    for (const auto& word : parameter.choices)
                        choices[word] = word;
                    value = choice<std::string>(n, parameter.name, choices);
                }
            });
        reader.read();
    }

    std::string m_file;
    Recipe m_recipe;
};

} // namespace

Result<Recipe> parseRecipe(std::string_view yaml, const std::string& fileName)
{
    return yaml::read(yaml, fileName, {.noun = "recipe", .emptyHint = "see `faultline recipes NAME` for an example"},
                      [&](const YAML::Node& root) { return RecipeReader(fileName).read(root); });
}

Result<Recipe> readRecipe(const std::string& path)
{
    const auto content = readSmallFile(path, yaml::limitBytes);
    if (!content) {
        auto error = content.error();
        error.code = ErrorCode::Config;
        return fail(error);
    }
    return parseRecipe(*content, path);
}

} // namespace faultline::pipeline
