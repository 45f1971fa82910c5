// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/recipe_units.h"
#include "engine/core/text.h"

namespace faultline::pipeline
{

namespace
{

using features::FeatureGroups;
using features::ResampleOptions;
using features::TermVector;
using features::UnitKind;
using yaml::MapReader;
using yaml::reject;

constexpr double mostColumns = 4'096;

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

/// Reads one group of features; `node` is null for a group that is only named.
class GroupReader
{
public:
    GroupReader(const yaml::ValueReader& values, FeatureGroups& groups) : m_values(values), m_groups(groups) {}

    void read(const std::string& name, const YAML::Node& key, const YAML::Node& node)
    {
        const auto reader = readers().find(name);
        if (reader != readers().end())
            return (this->*reader->second)(node);
        std::vector<std::string> known;
        std::string all;
        for (const auto& [word, each] : readers()) {
            known.push_back(word);
            all += (all.empty() ? "" : ", ") + word;
        }
        const auto near = nearestWord(name, known);
        reject(m_values.file(), key.Mark(), "there is no group of features named `" + name + "`",
               near ? "did you mean `" + *near + "`?" : "groups: " + all);
    }

private:
    using Reader = void (GroupReader::*)(const YAML::Node&);
    static const std::map<std::string, Reader>& readers()
    {
        static const std::map<std::string, Reader> all{{"rates", &GroupReader::rates},
                                                       {"ratios", &GroupReader::ratios},
                                                       {"distinct", &GroupReader::distinct},
                                                       {"entropy", &GroupReader::entropy},
                                                       {"inter_arrival", &GroupReader::gaps},
                                                       {"quantiles", &GroupReader::quantiles},
                                                       {"template_rates", &GroupReader::templateRates},
                                                       {"template_ngrams", &GroupReader::ngrams},
                                                       {"tfidf_templates", &GroupReader::templateVector},
                                                       {"tfidf_messages", &GroupReader::wordVector},
                                                       {"calendar", &GroupReader::calendar}};
        return all;
    }

    void with(const YAML::Node& node, const std::string& group, const std::function<void(MapReader&)>& keys) const
    {
        if (node.IsNull())
            return;
        MapReader reader(node, m_values.file(), "`" + group + "`");
        keys(reader);
        reader.read();
    }
    [[nodiscard]] std::uint32_t columns(const YAML::Node& node, const char* key = "columns") const
    {
        return static_cast<std::uint32_t>(m_values.integer(node, key, 1, mostColumns));
    }
    void names(MapReader& reader, std::vector<std::string>& into) const
    {
        reader.on("of", [this, &into](const auto& n) { into = m_values.words(n, "of"); });
    }

    void rates(const YAML::Node& node)
    {
        m_groups.rates = true;
        with(node, "rates", [&](auto& r) { names(r, m_groups.rateFields); });
    }
    void ratios(const YAML::Node& node)
    {
        m_groups.ratios = true;
        with(node, "ratios", [&](auto& r) {
            names(r, m_groups.fieldRatios);
            r.on("templates", [&](const auto& n) { m_groups.templateShares = columns(n, "templates"); });
        });
    }
    void distinct(const YAML::Node& node)
    {
        m_groups.distinctOf = {"entity"};
        with(node, "distinct", [&](auto& r) { names(r, m_groups.distinctOf); });
    }
    void entropy(const YAML::Node& node)
    {
        m_groups.entropy = true;
        with(node, "entropy", [](auto&) {});
    }
    void gaps(const YAML::Node& node)
    {
        m_groups.interArrival = true;
        with(node, "inter_arrival", [](auto&) {});
    }
    void quantiles(const YAML::Node& node)
    {
        m_groups.quantileLevels = {0.5, 0.95, 0.99};
        with(node, "quantiles", [&](auto& r) {
            names(r, m_groups.quantileFields);
            r.on("at", [&](const auto& n) {
                if (!n.IsSequence())
                    reject(m_values.file(), n.Mark(), "`at` must be a list of numbers", "write [0.5, 0.95]");
                m_groups.quantileLevels.clear();
                for (const auto& item : n)
                    m_groups.quantileLevels.push_back(m_values.number(item, "at", 0.0, 1.0));
            });
        });
    }
    void templateRates(const YAML::Node& node)
    {
        m_groups.templateRates = 32;
        with(node, "template_rates",
             [&](auto& r) { r.on("columns", [&](const auto& n) { m_groups.templateRates = columns(n); }); });
    }
    void ngrams(const YAML::Node& node)
    {
        m_groups.ngramLengths = {2};
        with(node, "template_ngrams", [&](auto& r) {
            const auto length = [&](const YAML::Node& n) {
                return static_cast<std::uint32_t>(m_values.integer(n, "n", 2, 3));
            };
            r.on("n",
                 [&, length](const auto& n) {
                     m_groups.ngramLengths.clear();
                     if (n.IsSequence())
                         for (const auto& item : n)
                             m_groups.ngramLengths.push_back(length(item));
                     else
                         m_groups.ngramLengths.push_back(length(n));
                 })
                .on("columns", [&](const auto& n) { m_groups.ngramColumns = columns(n); })
                .on("hashed", [&](const auto& n) { m_groups.ngramsHashed = m_values.boolean(n, "hashed"); });
        });
    }
    void vector(const YAML::Node& node, const char* group, TermVector& vector) const
    {
        vector.columns = 64;
        with(node, group, [&](auto& r) {
            r.on("columns", [&](const auto& n) { vector.columns = columns(n); })
                .on("hashed", [&](const auto& n) { vector.hashed = m_values.boolean(n, "hashed"); })
                .on("per_entity", [&](const auto& n) { vector.perEntity = m_values.boolean(n, "per_entity"); });
        });
    }
    void templateVector(const YAML::Node& node) { vector(node, "tfidf_templates", m_groups.templateVector); }
    void wordVector(const YAML::Node& node) { vector(node, "tfidf_messages", m_groups.wordVector); }
    void calendar(const YAML::Node& node)
    {
        m_groups.timeOfDay = m_groups.dayOfWeek = node.IsNull();
        if (node.IsNull())
            return;
        if (!node.IsSequence())
            reject(m_values.file(), node.Mark(), "`calendar` must be a list", "write [time_of_day, day_of_week]");
        for (const auto& item : node)
            (m_values.choice<bool>(item, "calendar", {{"time_of_day", true}, {"day_of_week", false}})
                 ? m_groups.timeOfDay
                 : m_groups.dayOfWeek) = true;
    }

    const yaml::ValueReader& m_values;
    FeatureGroups& m_groups;
};

std::string durationText(DurationUs duration_us)
{
    if (duration_us % second_us == 0)
        return std::to_string(duration_us / second_us) + "s";
    return std::to_string(duration_us / 1'000) + "ms";
}

void emitNames(YAML::Emitter& out, const char* key, const std::vector<std::string>& names)
{
    if (names.empty())
        return;
    out << YAML::Key << key << YAML::Value << YAML::Flow << YAML::BeginSeq;
    for (const auto& name : names)
        out << YAML::DoubleQuoted << name;
    out << YAML::EndSeq;
}

/// A group with its settings: a mapping of one key.
template <class Settings>
void emitGroup(YAML::Emitter& out, const char* name, Settings&& settings)
{
    out << YAML::BeginMap << YAML::Key << name << YAML::Value << YAML::Flow << YAML::BeginMap;
    settings();
    out << YAML::EndMap << YAML::EndMap;
}

void emitVector(YAML::Emitter& out, const char* name, const TermVector& vector)
{
    if (vector.columns == 0)
        return;
    emitGroup(out, name, [&] {
        out << YAML::Key << "columns" << YAML::Value << vector.columns << YAML::Key << "hashed" << YAML::Value
            << vector.hashed << YAML::Key << "per_entity" << YAML::Value << vector.perEntity;
    });
}

template <class T>
void emitNumbers(YAML::Emitter& out, const char* key, const std::vector<T>& numbers)
{
    out << YAML::Key << key << YAML::Value << YAML::Flow << YAML::BeginSeq;
    for (const auto number : numbers)
        out << formatNumber(static_cast<double>(number));
    out << YAML::EndSeq;
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

bool anyGroup(const FeatureGroups& g)
{
    return g.rates || g.ratios || !g.distinctOf.empty() || g.entropy || g.interArrival || !g.quantileLevels.empty() ||
           g.templateRates > 0 || g.anyVector() || g.timeOfDay || g.dayOfWeek;
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
        .on("template_columns", [&](const auto& n) { f.templateColumns = whole(n, "template_columns", 0, 1'000); })
        .on("max_entities", [&](const auto& n) { f.maxEntities = whole(n, "max_entities", 1, 100'000); })
        .on("time_of_day", [&](const auto& n) { f.timeOfDay = values.boolean(n, "time_of_day"); })
        .on("session", [&](const auto& n) { readSession(n, values, recipe); })
        .on("resample", [&](const auto& n) { readResample(n, values, recipe.resample); })
        .read();
}

void readFeatures(const YAML::Node& node, const yaml::ValueReader& values, FeatureGroups& groups)
{
    if (!node.IsSequence())
        reject(values.file(), node.Mark(), "`features` must be a list of groups", "write [rates, entropy]");
    GroupReader reader(values, groups);
    std::vector<std::string> seen;
    for (const auto& item : node) {
        const bool named = item.IsScalar();
        if (!named && (!item.IsMap() || item.size() != 1))
            reject(values.file(), item.Mark(), "a group of features is a name, or a name with settings",
                   "write - entropy, or - quantiles: {at: [0.5, 0.95]}");
        const auto key = named ? item : item.begin()->first;
        const auto name = values.text(key, "features");
        if (std::find(seen.begin(), seen.end(), name) != seen.end())
            reject(values.file(), key.Mark(), "the group `" + name + "` stands twice in `features`", "join the two");
        seen.push_back(name);
        reader.read(name, key, named ? YAML::Node(YAML::NodeType::Null) : item.begin()->second);
    }
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
    out << YAML::Key << "template_columns" << YAML::Value << f.templateColumns;
    out << YAML::Key << "max_entities" << YAML::Value << f.maxEntities;
    out << YAML::Key << "time_of_day" << YAML::Value << f.timeOfDay;
    emitSession(out, recipe.sessions);
    emitResample(out, recipe.resample);
    out << YAML::EndMap;
}

void emitFeatures(YAML::Emitter& out, const FeatureGroups& g)
{
    if (!anyGroup(g))
        return;
    out << YAML::Key << "features" << YAML::Value << YAML::BeginSeq;
    if (g.rates)
        emitGroup(out, "rates", [&] { emitNames(out, "of", g.rateFields); });
    if (g.ratios)
        emitGroup(out, "ratios", [&] {
            emitNames(out, "of", g.fieldRatios);
            if (g.templateShares > 0)
                out << YAML::Key << "templates" << YAML::Value << g.templateShares;
        });
    if (!g.distinctOf.empty())
        emitGroup(out, "distinct", [&] { emitNames(out, "of", g.distinctOf); });
    if (g.entropy)
        out << "entropy";
    if (g.interArrival)
        out << "inter_arrival";
    if (!g.quantileLevels.empty())
        emitGroup(out, "quantiles", [&] {
            emitNames(out, "of", g.quantileFields);
            emitNumbers(out, "at", g.quantileLevels);
        });
    if (g.templateRates > 0)
        emitGroup(out, "template_rates", [&] { out << YAML::Key << "columns" << YAML::Value << g.templateRates; });
    if (g.anyNgrams())
        emitGroup(out, "template_ngrams", [&] {
            emitNumbers(out, "n", g.ngramLengths);
            out << YAML::Key << "columns" << YAML::Value << g.ngramColumns << YAML::Key << "hashed" << YAML::Value
                << g.ngramsHashed;
        });
    emitVector(out, "tfidf_templates", g.templateVector);
    emitVector(out, "tfidf_messages", g.wordVector);
    if (g.timeOfDay || g.dayOfWeek) {
        out << YAML::BeginMap << YAML::Key << "calendar" << YAML::Value << YAML::Flow << YAML::BeginSeq;
        if (g.timeOfDay)
            out << "time_of_day";
        if (g.dayOfWeek)
            out << "day_of_week";
        out << YAML::EndSeq << YAML::EndMap;
    }
    out << YAML::EndSeq;
}

Result<features::FeatureGroups> parseFeatures(const std::string& list)
{
    return yaml::read("[" + list + "]", "--features", {"list of features", "name a group, for example rates"},
                      [](const YAML::Node& root) {
                          FeatureGroups groups;
                          readFeatures(root, yaml::ValueReader("--features"), groups);
                          return groups;
                      });
}

} // namespace faultline::pipeline
