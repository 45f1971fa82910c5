// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/system.h"
#include "engine/core/text.h"
#include "engine/detectors/catalogue.h"
#include "engine/pipeline/recipe.h"
#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace faultline::pipeline
{

namespace
{

constexpr std::size_t recipeLimitBytes = 1'000'000;

/// Thrown inside this file only, so that nested readers need no plumbing; parseRecipe() turns it into a Result.
struct RecipeProblem {
    Error error;
};

SourcePos position(const std::string& file, const YAML::Mark& mark)
{
    if (mark.is_null())
        return {file, 0, 0};
    return {file, static_cast<std::uint64_t>(mark.line) + 1, static_cast<std::uint32_t>(mark.column) + 1};
}

[[noreturn]] void reject(const std::string& file, const YAML::Mark& mark, std::string message, std::string hint)
{
    throw RecipeProblem{{ErrorCode::Config, std::move(message), position(file, mark), std::move(hint)}};
}

/// Refuses anchors and aliases before a tree is built: they can blow a small file up to gigabytes.
class AliasGuard final : public YAML::EventHandler
{
public:
    explicit AliasGuard(std::string file) : m_file(std::move(file)) {}
    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { check(mark, anchor); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { check(mark, 1); }
    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, const std::string&) override
    {
        check(mark, anchor);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        check(mark, anchor);
        deeper(mark);
    }
    void OnSequenceEnd() override { --m_depth; }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        check(mark, anchor);
        deeper(mark);
    }
    void OnMapEnd() override { --m_depth; }

private:
    void check(const YAML::Mark& mark, YAML::anchor_t anchor) const
    {
        if (anchor != 0)
            reject(m_file, mark, "anchors and aliases are not allowed in a recipe", "write the value out");
    }
    void deeper(const YAML::Mark& mark)
    {
        if (++m_depth > 16)
            reject(m_file, mark, "the recipe is nested too deeply", "a recipe has at most four levels");
    }
    std::string m_file;
    int m_depth = 0;
};

/// Reads a mapping key by key; every key must be one that a handler knows, and none may come twice.
class MapReader
{
public:
    using Handler = std::function<void(const YAML::Node&)>;
    MapReader(const YAML::Node& node, std::string file, std::string where)
        : m_node(node), m_file(std::move(file)), m_where(std::move(where))
    {
        if (!node.IsMap())
            reject(m_file, node.Mark(), m_where + " must be a mapping of keys to values", "write `key: value` lines");
    }
    MapReader& on(const std::string& key, Handler handler)
    {
        m_handlers[key] = std::move(handler);
        return *this;
    }
    void read() const
    {
        std::vector<std::string> known;
        for (const auto& [key, handler] : m_handlers)
            known.push_back(key);
        std::set<std::string> seen;
        for (const auto& entry : m_node) {
            if (!entry.first.IsScalar())
                reject(m_file, entry.first.Mark(), "a key of " + m_where + " is not a word", "use plain keys");
            const auto key = entry.first.Scalar();
            if (!seen.insert(key).second)
                reject(m_file, entry.first.Mark(), "the key `" + key + "` stands twice in " + m_where,
                       "remove one of them");
            const auto handler = m_handlers.find(key);
            if (handler == m_handlers.end())
                reject(m_file, entry.first.Mark(), "unknown key `" + key + "` in " + m_where, suggestion(key, known));
            handler->second(entry.second);
        }
    }

private:
    static std::string suggestion(const std::string& key, const std::vector<std::string>& known)
    {
        if (const auto near = nearestWord(key, known))
            return "did you mean `" + *near + "`?";
        std::string all = "known keys: ";
        for (const auto& word : known)
            all += (&word == &known.front() ? "" : ", ") + word;
        return all;
    }
    YAML::Node m_node;
    std::string m_file, m_where;
    std::map<std::string, Handler> m_handlers;
};

class RecipeReader
{
public:
    explicit RecipeReader(std::string file) : m_file(std::move(file)) {}

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
            .on("units", [&](const auto& n) { readUnits(n); })
            .on("detectors", [&](const auto& n) { readDetectors(n); })
            .on("threshold", [&](const auto& n) { readThreshold(n); })
            .on("episodes", [&](const auto& n) { readEpisodes(n); })
            .read();
        if (m_recipe.detectors.empty())
            reject(m_file, root.Mark(), "the recipe names no detector",
                   "add `detectors:` with at least one `- name: ...`");
        return m_recipe;
    }

private:
    std::string text(const YAML::Node& node, const std::string& key) const
    {
        if (!node.IsScalar())
            reject(m_file, node.Mark(), "`" + key + "` must be a single text", "put it in quotes");
        return node.Scalar();
    }
    double number(const YAML::Node& node, const std::string& key, double low, double high) const
    {
        const auto value = node.IsScalar() ? parseNumber(node.Scalar()) : std::nullopt;
        if (!value || *value < low || *value > high)
            reject(m_file, node.Mark(), "`" + key + "` must be a number",
                   "from " + formatNumber(low) + " to " + formatNumber(high));
        return *value;
    }
    std::uint64_t integer(const YAML::Node& node, const std::string& key, double low, double high) const
    {
        const double value = number(node, key, low, high);
        if (value != static_cast<double>(static_cast<std::uint64_t>(value)))
            reject(m_file, node.Mark(), "`" + key + "` must be a whole number", "drop the fraction");
        return static_cast<std::uint64_t>(value);
    }
    bool boolean(const YAML::Node& node, const std::string& key) const
    {
        return choice<bool>(node, key, {{"true", true}, {"false", false}});
    }
    template <class T>
    T choice(const YAML::Node& node, const std::string& key, const std::map<std::string, T>& values) const
    {
        const auto word = text(node, key);
        if (const auto it = values.find(word); it != values.end())
            return it->second;
        std::vector<std::string> known;
        std::string all;
        for (const auto& [name, value] : values) {
            known.push_back(name);
            all += (all.empty() ? "" : ", ") + name;
        }
        const auto near = nearestWord(word, known);
        reject(m_file, node.Mark(), "`" + key + "` cannot be `" + word + "`",
               near ? "did you mean `" + *near + "`?" : "one of: " + all);
    }
    std::vector<std::string> words(const YAML::Node& node, const std::string& key) const
    {
        if (!node.IsSequence())
            reject(m_file, node.Mark(), "`" + key + "` must be a list", "write [a, b]");
        std::vector<std::string> out;
        for (const auto& item : node)
            out.push_back(text(item, key));
        return out;
    }
    DurationUs duration(const YAML::Node& node, const std::string& key) const
    {
        const auto value = parseDuration(text(node, key));
        if (!value)
            reject(m_file, node.Mark(), "`" + key + "`: " + value.error().message, "write 30s, 5min or 1h");
        return *value;
    }

    records::TableLayout tableLayout(const YAML::Node& node)
    {
        const auto name = text(node, "layout");
        if (name != "wide" && name != "long")
            reject(m_file, node.Mark(), "`layout` must be wide or long", "leave it out to have it detected");
        return name == "wide" ? records::TableLayout::Wide : records::TableLayout::Long;
    }
    void readParse(const YAML::Node& node)
    {
        auto& parse = m_recipe.parse;
        MapReader(node, m_file, "`parse`")
            .on("format", [&](const auto& n) { parse.format = text(n, "format"); })
            .on("delimiter", [&](const auto& n) { parse.delimiter = text(n, "delimiter"); })
            .on("layout", [&](const auto& n) { parse.layout = tableLayout(n); })
            .on("series_column", [&](const auto& n) { parse.seriesColumn = text(n, "series_column"); })
            .on("time_column", [&](const auto& n) { parse.timeColumn = text(n, "time_column"); })
            .on("value_columns", [&](const auto& n) { parse.valueColumns = words(n, "value_columns"); })
            .on("label_column", [&](const auto& n) { parse.labelColumn = text(n, "label_column"); })
            .on("entity", [&](const auto& n) { parse.entityField = text(n, "entity"); })
            .on("session_key", [&](const auto& n) { parse.sessionKey = text(n, "session_key"); })
            .on("timezone",
                [&](const auto& n) {
                    auto zone = TimeZone::named(text(n, "timezone"));
                    if (!zone)
                        reject(m_file, n.Mark(), zone.error().message, zone.error().hint);
                    parse.zone = *zone;
                    parse.zoneGiven = true;
                })
            .read();
    }
    void readTemplates(const YAML::Node& node)
    {
        MapReader(node, m_file, "`templates`")
            .on("similarity", [&](const auto& n) { m_recipe.mining.similarity = number(n, "similarity", 0, 1); })
            .read();
    }
    void readUnits(const YAML::Node& node)
    {
        using features::UnitKind;
        auto& f = m_recipe.features;
        f.window_us = automaticWindow;
        MapReader(node, m_file, "`units`")
            .on("kind",
                [&](const auto& n) {
                    f.kind = choice<UnitKind>(
                        n, "kind",
                        {{"row", UnitKind::Row}, {"window", UnitKind::Window}, {"session", UnitKind::Session}});
                })
            .on("window",
                [&](const auto& n) {
                    f.window_us = text(n, "window") == "auto" ? automaticWindow : duration(n, "window");
                })
            .on("rolling",
                [&](const auto& n) {
                    f.rolling_us.clear();
                    if (!n.IsSequence())
                        reject(m_file, n.Mark(), "`rolling` must be a list of durations", "write [60s, 5min]");
                    for (const auto& item : n)
                        f.rolling_us.push_back(duration(item, "rolling"));
                })
            .on("rolling_rows",
                [&](const auto& n) {
                    f.rollingRows = static_cast<std::uint32_t>(integer(n, "rolling_rows", 2, 100'000));
                })
            .on("rolling_columns", [&](const auto& n) { f.rollingColumns = boolean(n, "rolling_columns"); })
            .on("template_columns",
                [&](const auto& n) {
                    f.templateColumns = static_cast<std::uint32_t>(integer(n, "template_columns", 0, 1'000));
                })
            .on("max_entities",
                [&](const auto& n) {
                    f.maxEntities = static_cast<std::uint32_t>(integer(n, "max_entities", 1, 100'000));
                })
            .on("time_of_day", [&](const auto& n) { f.timeOfDay = boolean(n, "time_of_day"); })
            .read();
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
    if (yaml.size() > recipeLimitBytes)
        return fail({ErrorCode::Config,
                     "the recipe is larger than 1 MB",
                     {fileName, 0, 0},
                     "a recipe is a page of text; is this the right file?"});
    try {
        const std::string content(yaml);
        std::istringstream stream(content);
        YAML::Parser parser(stream);
        AliasGuard guard(fileName);
        if (!parser.HandleNextDocument(guard))
            return fail({ErrorCode::Config,
                         "the recipe is empty",
                         {fileName, 1, 1},
                         "see `faultline recipes NAME` for an example"});
        return RecipeReader(fileName).read(YAML::Load(content));
    } catch (const RecipeProblem& problem) {
        return fail(problem.error);
    } catch (const YAML::Exception& problem) {
        return fail({ErrorCode::Config, "this is not valid YAML: " + problem.msg, position(fileName, problem.mark),
                     "check indentation, colons and quotes around this line"});
    }
}

Result<Recipe> readRecipe(const std::string& path)
{
    const auto content = readSmallFile(path, recipeLimitBytes);
    if (!content) {
        auto error = content.error();
        error.code = ErrorCode::Config;
        return fail(error);
    }
    return parseRecipe(*content, path);
}

} // namespace faultline::pipeline
