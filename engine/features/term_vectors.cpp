// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/term_vectors.h"
#include "engine/core/hash.h"
#include "engine/features/record_facts.h"
#include "engine/features/unit_order.h"
#include <algorithm>
#include <cmath>
#include <numeric>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

namespace faultline::features
{

namespace
{
constexpr double weightFloor = 0.01; ///< of a vector of length 1

/// One of the two vectors: its options, where the plan keeps what is known, and which feature its columns are.
struct Space {
    TermVector options;
    TermKnowledge FeaturePlan::*known;
    Feature feature;
    bool words;
};

std::vector<Space> spacesOf(const FeatureGroups& groups)
{
    std::vector<Space> spaces;
    if (groups.templateVector.columns > 0)
        spaces.push_back({groups.templateVector, &FeaturePlan::templateTerms, Feature::TemplateWeight, false});
    if (groups.wordVector.columns > 0)
        spaces.push_back({groups.wordVector, &FeaturePlan::words, Feature::WordWeight, true});
    return spaces;
}

bool hashed(const FeaturePlan& plan, const TermVector& options)
{
    return options.hashed || plan.options.causalColumns;
}

std::vector<std::string> termsOf(const records::templates::Template& each, bool words)
{
    return words ? wordsOf(each.text) : std::vector<std::string>{each.text};
}

/// The terms of each template, as indices: template t's are term[begin[t] .. begin[t + 1]), repeated as they occur.
struct TermMap {
    std::vector<std::uint32_t> begin{0}, term;
    std::size_t terms = 0;

    /// Ids that no template text is known for have no terms.
    [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t templateId) const
    {
        if (templateId + std::size_t{1} >= begin.size())
            return {};
        return std::span(term).subspan(begin[templateId], begin[templateId + 1] - begin[templateId]);
    }
};

/// `buckets` 0: terms are those of `keys`, others are left out.
TermMap mapTerms(const records::RecordSet& records, bool words, std::size_t buckets,
                 const std::vector<std::uint64_t>& keys)
{
    TermMap map;
    map.terms = buckets > 0 ? buckets : keys.size();
    for (const auto& each : records.templates.templates) {
        for (const auto& text : termsOf(each, words)) {
            const auto key = stableHash(text);
            if (buckets > 0) {
                map.term.push_back(static_cast<std::uint32_t>(key % buckets));
                continue;
            }
            const auto at = std::lower_bound(keys.begin(), keys.end(), key);
            if (at != keys.end() && *at == key)
                map.term.push_back(static_cast<std::uint32_t>(at - keys.begin()));
        }
        map.begin.push_back(static_cast<std::uint32_t>(map.term.size()));
    }
    return map;
}

/// The terms of a unit with their frequencies; clearing costs what was added.
class Bag
{
public:
    explicit Bag(std::size_t terms) : m_count(terms, 0.0) {}
    void take(const SparseCounts& counts, std::size_t unit, const TermMap& map)
    {
        for (const auto term : m_seen)
            m_count[term] = 0.0;
        m_seen.clear();
        if (counts.empty())
            return;
        for (auto i = counts.begin[unit]; i < counts.begin[unit + 1]; ++i)
            for (const auto term : map.of(counts.templateId[i])) {
                if (m_count[term] == 0.0)
                    m_seen.push_back(term);
                m_count[term] += static_cast<double>(counts.count[i]);
            }
        std::sort(m_seen.begin(), m_seen.end()); // sums below add up in one order
    }
    [[nodiscard]] const std::vector<std::uint32_t>& seen() const { return m_seen; }
    [[nodiscard]] double operator[](std::uint32_t term) const { return m_count[term]; }

private:
    std::vector<double> m_count;
    std::vector<std::uint32_t> m_seen;
};

void learn(TermKnowledge::Frequencies& known, const Bag& bag, std::size_t terms)
{
    known.units.resize(terms);
    ++known.documents;
    for (const auto term : bag.seen())
        ++known.units[term];
}

void learnUnit(TermKnowledge& known, const FeatureTable& table, std::size_t unit, const Bag& bag, std::size_t terms,
               bool perEntity)
{
    if (table.templates.empty() || table.templates.begin[unit] == table.templates.begin[unit + 1])
        return;
    learn(known.all, bag, terms);
    if (perEntity)
        learn(known.ofEntity[table.entities[table.entity[unit]]], bag, terms);
}

const TermKnowledge::Frequencies& frequenciesFor(const TermKnowledge& known, const FeatureTable& table,
                                                 std::size_t unit, bool perEntity)
{
    if (perEntity)
        if (const auto at = known.ofEntity.find(table.entities[table.entity[unit]]); at != known.ofEntity.end())
            return at->second;
    return known.all;
}

/// Writes a unit's weights into its row.
class Weigher
{
public:
    Weigher(const FeaturePlan& plan, const Space& space, std::size_t terms)
        : m_perEntity(space.options.perEntity), m_columnOf(terms, none)
    {
        for (std::uint32_t c = 0; c < plan.planned.size(); ++c)
            if (plan.planned[c].feature == space.feature) {
                m_columns.push_back(c);
                if (plan.planned[c].argument < terms)
                    m_columnOf[plan.planned[c].argument] = c;
            }
    }

    void write(FeatureTable& table, std::size_t unit, const Bag& bag, const TermKnowledge& known) const
    {
        double* row = table.values.row(static_cast<Eigen::Index>(unit)).data();
        for (const auto c : m_columns)
            row[c] = 0.0;
        const auto& seen = frequenciesFor(known, table, unit, m_perEntity);
        const auto documents = static_cast<double>(seen.documents);
        const auto weight = [&](std::uint32_t term) {
            const double units = term < seen.units.size() ? seen.units[term] : 0.0;
            return bag[term] * (std::log((1.0 + documents) / (1.0 + units)) + 1.0);
        };
        double squares = 0.0;
        for (const auto term : bag.seen())
            squares += weight(term) * weight(term);
        for (const auto term : bag.seen())
            if (m_columnOf[term] != none)
                row[m_columnOf[term]] = weight(term) / std::sqrt(squares);
    }

private:
    static constexpr std::uint32_t none = 0xffffffff;
    bool m_perEntity;
    std::vector<std::uint32_t> m_columns, m_columnOf;
};

Column columnFor(const Space& space, std::string name, std::uint32_t templateId = 0xffffffff)
{
    return {.name = (space.words ? "word " : "weight ") + std::move(name),
            .role = ColumnRole::Share,
            .noiseFloor = weightFloor,
            .templateId = templateId};
}

void addBuckets(FeaturePlan& plan, const Space& space)
{
    for (std::uint32_t b = 0; b < space.options.columns; ++b)
        plan.add(columnFor(space, "bucket " + std::to_string(b)), space.feature, b);
}

/// The terms in most units get the columns; ties by text.
void addTopTerms(FeaturePlan& plan, const Space& space, const records::RecordSet& records)
{
    const auto& [keys, all, ofEntity] = plan.*space.known;
    std::vector<std::string> text(keys.size());
    std::vector<std::uint32_t> templateId(keys.size(), 0xffffffff), order(keys.size());
    const auto& templates = records.templates.templates;
    for (std::uint32_t t = 0; t < templates.size(); ++t)
        for (const auto& term : termsOf(templates[t], space.words)) {
            const auto at = std::lower_bound(keys.begin(), keys.end(), stableHash(term));
            if (at == keys.end() || *at != stableHash(term))
                continue;
            const auto index = static_cast<std::size_t>(at - keys.begin());
            text[index] = space.words ? term : templates[t].id;
            templateId[index] = space.words ? templateId[index] : t;
        }
    std::iota(order.begin(), order.end(), 0U);
    std::erase_if(order, [&](auto term) { return all.units[term] == 0; });
    std::sort(order.begin(), order.end(), [&](auto a, auto b) {
        return all.units[a] != all.units[b] ? all.units[a] > all.units[b] : text[a] < text[b];
    });
    order.resize(std::min<std::size_t>(order.size(), space.options.columns));
    for (const auto term : order)
        plan.add(columnFor(space, text[term], templateId[term]), space.feature, term);
}

std::vector<std::uint64_t> keysOf(const records::RecordSet& records, bool words)
{
    std::vector<std::uint64_t> keys;
    for (const auto& each : records.templates.templates)
        for (const auto& term : termsOf(each, words))
            keys.push_back(stableHash(term));
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

void learnAll(TermKnowledge& known, const Space& space, const FeatureTable& table, const TermMap& map,
              const JobContext& job)
{
    Bag bag(map.terms);
    known.all.units.resize(map.terms);
    for (std::size_t unit = 0; unit < table.units() && !job.stopRequested(); ++unit) {
        bag.take(table.templates, unit, map);
        learnUnit(known, table, unit, bag, map.terms, space.options.perEntity);
    }
}

bool fillCausally(FeatureTable& table, const Space& space, const Weigher& weigher, const TermMap& map,
                  TermKnowledge known, JobContext& job)
{
    Bag bag(map.terms);
    return inOrderOfEnds(
        table,
        [&](std::uint32_t unit) {
            bag.take(table.templates, unit, map);
            weigher.write(table, unit, bag, known);
            return job.advance();
        },
        [&](std::uint32_t unit) {
            bag.take(table.templates, unit, map);
            learnUnit(known, table, unit, bag, map.terms, space.options.perEntity);
        });
}

void fillFrozen(FeatureTable& table, const Weigher& weigher, const TermMap& map, const TermKnowledge& known,
                JobContext& job)
{
    tbb::enumerable_thread_specific<Bag> bags([&] { return Bag(map.terms); });
    tbb::parallel_for(std::size_t{0}, table.units(), [&](std::size_t unit) {
        if (!job.advance())
            return;
        auto& bag = bags.local();
        bag.take(table.templates, unit, map);
        weigher.write(table, unit, bag, known);
    });
}
} // namespace

std::vector<std::string> wordsOf(std::string_view templateText)
{
    std::vector<std::string> words;
    std::string word;
    const auto end = [&] {
        if (word.size() >= 2)
            words.push_back(word);
        word.clear();
    };
    for (std::size_t i = 0; i < templateText.size(); ++i) {
        const auto c = static_cast<unsigned char>(templateText[i]);
        if (c == '<') {
            constexpr std::size_t longestKind = 24;
            const auto close = templateText.substr(i, longestKind).find('>');
            const auto inside = templateText.substr(i + 1, close == std::string_view::npos ? 0 : close - 1);
            if (!inside.empty() &&
                inside.find_first_not_of("abcdefghijklmnopqrstuvwxyz_*:=") == std::string_view::npos) {
                end();
                i += close;
                continue;
            }
        }
        const bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '_' || c >= 0x80;
        if (letter)
            word.push_back(static_cast<char>(c));
        else if (c >= 'A' && c <= 'Z')
            word.push_back(static_cast<char>(c - 'A' + 'a'));
        else
            end();
    }
    end();
    return words;
}

void learnTermVectors(FeaturePlan& plan, const FeatureTable& table, const records::RecordSet& records,
                      const JobContext& job)
{
    for (const auto& space : spacesOf(plan.options.groups)) {
        auto& known = plan.*space.known;
        const bool buckets = hashed(plan, space.options);
        if (!plan.options.causalColumns) {
            if (!buckets)
                known.key = keysOf(records, space.words);
            learnAll(known, space, table,
                     mapTerms(records, space.words, buckets ? space.options.columns : 0, known.key), job);
        }
        if (buckets)
            addBuckets(plan, space);
        else
            addTopTerms(plan, space, records);
    }
}

void continueTermVectors(FeaturePlan& plan, const FeatureTable& table, const records::RecordSet& records,
                         const JobContext& job)
{
    for (const auto& space : spacesOf(plan.options.groups))
        learnAll(plan.*space.known, space, table, mapTerms(records, space.words, space.options.columns, {}), job);
}

Result<void> fillTermVectors(FeatureTable& table, const FeaturePlan& plan, const records::RecordSet& records,
                             const Featurizer::ComputeOptions& options, JobContext& job)
{
    for (const auto& space : spacesOf(plan.options.groups)) {
        const auto& known = plan.*space.known;
        const bool buckets = hashed(plan, space.options);
        const auto map = mapTerms(records, space.words, buckets ? space.options.columns : 0, known.key);
        const Weigher weigher(plan, space, map.terms);
        job.begin("weighing terms", table.units());
        if (options.causal)
            (void)fillCausally(table, space, weigher, map,
                               options.isTrainingData ? TermKnowledge{.key = known.key} : known, job);
        else
            fillFrozen(table, weigher, map, known, job);
        if (job.stopRequested())
            return cancelled();
    }
    return {};
}

} // namespace faultline::features
