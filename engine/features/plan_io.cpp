// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/plan_io.h"
#include "engine/features/rolling_windows.h"
#include "engine/features/text_tensors.h"
#include <algorithm>
#include <bit>
#include <cmath>

namespace faultline::features
{

namespace
{
std::vector<std::int64_t> asSigned(const std::vector<std::uint64_t>& values)
{
    std::vector<std::int64_t> out;
    for (const auto value : values)
        out.push_back(std::bit_cast<std::int64_t>(value));
    return out;
}

std::vector<std::uint64_t> asUnsigned(const std::vector<std::int64_t>& values)
{
    std::vector<std::uint64_t> out;
    for (const auto value : values)
        out.push_back(std::bit_cast<std::uint64_t>(value));
    return out;
}

/// The first error of several reads, so that a loader reads everything and checks once.
class Reader
{
public:
    Reader(const TensorBundle& bundle, std::string prefix) : m_bundle(bundle), m_prefix(std::move(prefix)) {}
    template <class T>
    std::vector<T> values(const std::string& name)
    {
        return take(m_bundle.vector<T>(m_prefix + name));
    }
    std::vector<std::string> texts(const std::string& name) { return take(takeTexts(m_bundle, m_prefix + name)); }
    void require(bool good)
    {
        if (!good && m_result)
            m_result = fail(damagedModel(m_prefix, "hold a value out of range"));
    }
    [[nodiscard]] bool good() const { return m_result.has_value(); }
    [[nodiscard]] Result<void> result() const { return m_result; }

private:
    template <class T>
    T take(Result<T> read)
    {
        if (read)
            return std::move(*read);
        if (m_result)
            m_result = fail(read.error());
        return {};
    }
    const TensorBundle& m_bundle;
    std::string m_prefix;
    Result<void> m_result;
};

void saveFrequencies(const TermKnowledge::Frequencies& known, TensorBundle& bundle, const std::string& prefix)
{
    bundle.put(prefix + "/units", known.units);
    bundle.put(prefix + "/documents", std::vector<std::int64_t>{static_cast<std::int64_t>(known.documents)});
}

TermKnowledge::Frequencies loadFrequencies(Reader& reader, const std::string& name, std::size_t terms)
{
    TermKnowledge::Frequencies known{.units = reader.values<std::uint32_t>(name + "/units")};
    const auto documents = reader.values<std::int64_t>(name + "/documents");
    reader.require(documents.size() == 1 && documents[0] >= 0 && documents[0] < (std::int64_t{1} << 48));
    reader.require(known.units.empty() || known.units.size() == terms);
    if (reader.good())
        known.documents = static_cast<std::uint64_t>(documents[0]);
    return known;
}

void saveTerms(const TermKnowledge& terms, TensorBundle& bundle, const std::string& prefix)
{
    bundle.put(prefix + "/key", asSigned(terms.key));
    saveFrequencies(terms.all, bundle, prefix + "/all");
    std::vector<std::string> names;
    for (const auto& [name, known] : terms.ofEntity) {
        saveFrequencies(known, bundle, prefix + "/of/" + std::to_string(names.size()));
        names.push_back(name);
    }
    putTexts(bundle, prefix + "/entity", names);
}

TermKnowledge loadTerms(Reader& reader, const std::string& name, const TermVector& vector, bool live)
{
    TermKnowledge terms{.key = asUnsigned(reader.values<std::int64_t>(name + "/key"))};
    reader.require(std::is_sorted(terms.key.begin(), terms.key.end()));
    const auto size = vector.hashed || live ? std::size_t{vector.columns} : terms.key.size();
    terms.all = loadFrequencies(reader, name + "/all", size);
    const auto entities = reader.texts(name + "/entity");
    for (std::size_t e = 0; e < entities.size() && reader.good(); ++e)
        terms.ofEntity[entities[e]] = loadFrequencies(reader, name + "/of/" + std::to_string(e), size);
    return terms;
}

void saveTail(const RollingTail& tail, TensorBundle& bundle, const std::string& prefix)
{
    bundle.put(prefix + "/size", std::vector<std::int64_t>{tail.end, static_cast<std::int64_t>(tail.windows),
                                                           static_cast<std::int64_t>(tail.facts)});
    putTexts(bundle, prefix + "/entity", tail.entities);
    bundle.put(prefix + "/values", tail.values);
    std::vector<std::uint32_t> seen;
    for (const auto& [entity, window, templateId] : tail.templates)
        seen.insert(seen.end(), {entity, window, templateId});
    bundle.put(prefix + "/templates", seen);
}

RollingTail loadTail(Reader& reader, const std::string& name, std::size_t fields)
{
    RollingTail tail;
    const auto size = reader.values<std::int64_t>(name + "/size");
    tail.entities = reader.texts(name + "/entity");
    tail.values = reader.values<double>(name + "/values");
    const auto seen = reader.values<std::uint32_t>(name + "/templates");
    reader.require(size.size() == 3 && seen.size() % 3 == 0);
    if (!reader.good())
        return tail;
    constexpr std::int64_t farthest = std::int64_t{1} << 62;
    reader.require(size[0] > -farthest && size[0] < farthest && size[1] >= 0 && size[1] <= mostRollingWindows &&
                   size[2] >= 0 && size[2] <= static_cast<std::int64_t>(2 + 3 * fields));
    if (!reader.good())
        return tail;
    tail.end = size[0];
    tail.windows = static_cast<std::size_t>(size[1]);
    tail.facts = static_cast<std::size_t>(size[2]);
    reader.require(tail.values.size() == tail.entities.size() * tail.windows * tail.facts);
    for (std::size_t i = 0; i < seen.size(); i += 3)
        tail.templates.push_back({seen[i], seen[i + 1], seen[i + 2]});
    const auto place = [](const RollingTail::Seen& s) { return std::pair(s.entity, s.window); };
    reader.require(std::ranges::is_sorted(tail.templates, {}, place));
    for (const auto& each : tail.templates)
        reader.require(each.entity < tail.entities.size() && each.window < tail.windows);
    return tail;
}
} // namespace

void saveGroups(const FeatureOptions& options, TensorBundle& bundle, const std::string& prefix)
{
    const auto& g = options.groups;
    const auto vector = [](const TermVector& v) {
        return std::vector<std::int64_t>{v.columns, v.hashed ? 1 : 0, v.perEntity ? 1 : 0};
    };
    bundle.put(prefix + "/switches",
               std::vector<std::int64_t>{g.rates ? 1 : 0, g.ratios ? 1 : 0, g.entropy ? 1 : 0, g.interArrival ? 1 : 0,
                                         g.timeOfDay ? 1 : 0, g.dayOfWeek ? 1 : 0, g.ngramsHashed ? 1 : 0});
    bundle.put(prefix + "/columns", std::vector<std::uint32_t>{g.templateShares, g.templateRates, g.ngramColumns});
    bundle.put(prefix + "/template_vector", vector(g.templateVector));
    bundle.put(prefix + "/word_vector", vector(g.wordVector));
    bundle.put(prefix + "/quantile_levels", g.quantileLevels);
    bundle.put(prefix + "/ngram_lengths", g.ngramLengths);
    putTexts(bundle, prefix + "/rate_fields", g.rateFields);
    putTexts(bundle, prefix + "/field_ratios", g.fieldRatios);
    putTexts(bundle, prefix + "/distinct_of", g.distinctOf);
    putTexts(bundle, prefix + "/quantile_fields", g.quantileFields);
    putTexts(bundle, prefix + "/zone", {options.zone.name()});
}

Result<void> loadGroups(FeatureOptions& options, const TensorBundle& bundle, const std::string& prefix)
{
    Reader reader(bundle, prefix);
    const auto switches = reader.values<std::int64_t>("/switches");
    const auto columns = reader.values<std::uint32_t>("/columns");
    const auto zone = reader.texts("/zone");
    reader.require(switches.size() == 7 && columns.size() == 3 && zone.size() == 1);
    const auto vector = [&](const char* name) {
        const auto v = reader.values<std::int64_t>(name);
        reader.require(v.size() == 3 && v[0] >= 0 && v[0] <= 4'096);
        return reader.good() ? TermVector{static_cast<std::uint32_t>(v[0]), v[1] != 0, v[2] != 0} : TermVector{};
    };
    auto& g = options.groups;
    g.templateVector = vector("/template_vector");
    g.wordVector = vector("/word_vector");
    g.quantileLevels = reader.values<double>("/quantile_levels");
    g.ngramLengths = reader.values<std::uint32_t>("/ngram_lengths");
    g.rateFields = reader.texts("/rate_fields");
    g.fieldRatios = reader.texts("/field_ratios");
    g.distinctOf = reader.texts("/distinct_of");
    g.quantileFields = reader.texts("/quantile_fields");
    if (!reader.good())
        return reader.result();
    g.rates = switches[0] != 0;
    g.ratios = switches[1] != 0;
    g.entropy = switches[2] != 0;
    g.interArrival = switches[3] != 0;
    g.timeOfDay = switches[4] != 0;
    g.dayOfWeek = switches[5] != 0;
    g.ngramsHashed = switches[6] != 0;
    g.templateShares = columns[0];
    g.templateRates = columns[1];
    g.ngramColumns = columns[2];
    auto named = TimeZone::named(zone[0]);
    reader.require(named.has_value());
    if (named)
        options.zone = *named;
    return reader.result();
}

void saveLearned(const FeaturePlan& plan, TensorBundle& bundle, const std::string& prefix)
{
    std::vector<std::uint32_t> ratios;
    for (const auto& [above, below] : plan.ratios)
        ratios.insert(ratios.end(), {above, below});
    bundle.put(prefix + "/ratios", ratios);
    std::vector<std::pair<std::uint64_t, std::uint32_t>> sorted(plan.ngrams.units.begin(), plan.ngrams.units.end());
    std::sort(sorted.begin(), sorted.end());
    std::vector<std::uint64_t> keys;
    std::vector<std::uint32_t> units;
    for (const auto& [key, count] : sorted) {
        keys.push_back(key);
        units.push_back(count);
    }
    bundle.put(prefix + "/ngrams/key", asSigned(keys));
    bundle.put(prefix + "/ngrams/units", units);
    bundle.put(prefix + "/ngrams/columns", asSigned(plan.ngrams.columns));
    saveTerms(plan.templateTerms, bundle, prefix + "/template_terms");
    saveTerms(plan.words, bundle, prefix + "/words");
    saveTail(plan.tail, bundle, prefix + "/tail");
}

Result<void> loadLearned(FeaturePlan& plan, const TensorBundle& bundle, const std::string& prefix)
{
    Reader reader(bundle, prefix);
    const auto ratios = reader.values<std::uint32_t>("/ratios");
    reader.require(ratios.size() % 2 == 0 &&
                   std::all_of(ratios.begin(), ratios.end(), [&](auto field) { return field < plan.fields.size(); }));
    const auto keys = asUnsigned(reader.values<std::int64_t>("/ngrams/key"));
    const auto units = reader.values<std::uint32_t>("/ngrams/units");
    reader.require(keys.size() == units.size());
    plan.ngrams.columns = asUnsigned(reader.values<std::int64_t>("/ngrams/columns"));
    const auto& groups = plan.options.groups;
    plan.templateTerms = loadTerms(reader, "/template_terms", groups.templateVector, plan.options.causalColumns);
    plan.words = loadTerms(reader, "/words", groups.wordVector, plan.options.causalColumns);
    plan.tail = loadTail(reader, "/tail", plan.fields.size());
    if (!reader.good())
        return reader.result();
    for (std::size_t i = 0; i < ratios.size(); i += 2)
        plan.ratios.emplace_back(ratios[i], ratios[i + 1]);
    for (std::size_t i = 0; i < keys.size(); ++i)
        plan.ngrams.units.emplace(keys[i], units[i]);
    return {};
}

std::size_t argumentLimit(const FeaturePlan& plan, Feature feature)
{
    const auto fields = plan.fields.size(), spans = plan.options.rolling_us.size();
    const auto& groups = plan.options.groups;
    const bool live = plan.options.causalColumns;
    const auto terms = [&](const TermVector& vector, const TermKnowledge& known) {
        return vector.hashed || live ? std::size_t{vector.columns} : known.key.size();
    };
    switch (feature) {
    case Feature::Field:
    case Feature::FieldDifference:
    case Feature::FieldRollingMean:
    case Feature::FieldRollingSpread:
    case Feature::FieldCount:
    case Feature::FieldMedian:
    case Feature::FieldHigh:
    case Feature::FieldMean:
    case Feature::FieldMaximum:
    case Feature::FieldRate:
    case Feature::DistinctValues:
        return fields;
    case Feature::RecentRequests:
    case Feature::RecentErrorShare:
    case Feature::RecentTemplates:
    case Feature::RecentBytes:
    case Feature::RollingRecords:
    case Feature::RollingErrorShare:
    case Feature::RollingTemplates:
    case Feature::RecentRate:
    case Feature::RecentEntropy:
        return spans;
    case Feature::RollingMean:
    case Feature::RollingMaximum:
    case Feature::RecentDistinct:
        return fields * spans;
    case Feature::FieldQuantile:
        return fields * groups.quantileLevels.size();
    case Feature::RecentQuantile:
        return fields * spans * groups.quantileLevels.size();
    case Feature::FieldRatio:
        return plan.ratios.size();
    case Feature::NgramCount:
        return plan.ngrams.columns.empty() ? std::size_t{groups.ngramColumns} : plan.ngrams.columns.size();
    case Feature::TemplateWeight:
        return terms(groups.templateVector, plan.templateTerms);
    case Feature::WordWeight:
        return terms(groups.wordVector, plan.words);
    case Feature::TemplateCount:
    case Feature::TemplateShare:
    case Feature::TemplateRate:
        return 0xffffffff;
    default:
        return 1;
    }
}

} // namespace faultline::features
