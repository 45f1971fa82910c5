// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include "engine/pipeline/recipe_units.h"
#include <algorithm>
#include <functional>

namespace faultline::pipeline
{

namespace
{

using features::FeatureGroups;
using features::TermVector;
using yaml::MapReader;
using yaml::reject;

constexpr double mostColumns = 4'096;

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

bool anyGroup(const FeatureGroups& g)
{
    return g.rates || g.ratios || !g.distinctOf.empty() || g.entropy || g.interArrival || !g.quantileLevels.empty() ||
           g.templateRates > 0 || g.anyVector() || g.timeOfDay || g.dayOfWeek;
}

} // namespace

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
