// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/ngrams.h"
#include "engine/core/hash.h"
#include "engine/features/record_facts.h"
#include "engine/features/unit_order.h"
#include <algorithm>
#include <array>
#include <optional>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

namespace faultline::features
{

namespace
{
/// More different n-grams than this are not told apart; `rest` stands for the others.
constexpr std::size_t mostNgrams = 1'000'000;
constexpr std::uint64_t rest = 0;
constexpr std::size_t longest = 3;

std::uint64_t mix(std::uint64_t hash, std::uint64_t value)
{
    hash ^= value + 0x9e3779b97f4a7c15ULL + (hash << 6) + (hash >> 2);
    hash *= 0xff51afd7ed558ccdULL;
    return hash ^ (hash >> 33);
}

/// Walks the n-grams of units: those of one entity's log records in time order, entities apart.
class NgramWalker
{
public:
    NgramWalker(const FeatureGroups& groups, const records::RecordSet& records)
        : m_lengths(groups.ngramLengths), m_records(records)
    {
        for (const auto& each : records.templates.templates)
            m_key.push_back(stableHash(each.text));
        for (auto id = m_key.size(); id < templateCount(records); ++id)
            m_key.push_back(mix(0, id));
    }

    struct Scratch {
        std::vector<std::uint32_t> records;
        std::vector<std::uint64_t> keys;
    };

    /// Calls take(key, ids of the templates).
    template <class Take>
    void walk(std::span<const std::uint32_t> members, Scratch& scratch, Take&& take) const
    {
        const auto& table = m_records.table;
        auto& order = scratch.records;
        order.clear();
        for (const auto i : members)
            if (isLog(table, i))
                order.push_back(i);
        const auto before = [&](auto a, auto b) {
            return table.entity[a] != table.entity[b] ? table.entity[a] < table.entity[b]
                                                      : table.time[a] < table.time[b];
        };
        if (!std::is_sorted(order.begin(), order.end(), before))
            std::stable_sort(order.begin(), order.end(), before);
        for (const auto length : m_lengths)
            for (std::size_t i = 0; i + length <= order.size(); ++i) {
                if (table.entity[order[i]] != table.entity[order[i + length - 1]])
                    continue;
                std::array<std::uint32_t, longest> ids{};
                std::uint64_t key = length;
                for (std::size_t k = 0; k < length; ++k) {
                    ids[k] = table.templateId[order[i + k]];
                    key = mix(key, m_key[ids[k]]);
                }
                take(key == rest ? key + 1 : key, std::span<const std::uint32_t>(ids.data(), length));
            }
    }

private:
    std::vector<std::uint32_t> m_lengths;
    const records::RecordSet& m_records;
    std::vector<std::uint64_t> m_key; ///< per template
};

/// One unit's n-grams, counted.
struct Part {
    std::vector<std::uint64_t> key;
    std::vector<std::uint32_t> count, entries;

    void take(std::vector<std::uint64_t>& keys)
    {
        std::sort(keys.begin(), keys.end());
        const auto before = key.size();
        for (std::size_t i = 0; i < keys.size(); ++i)
            if (i > 0 && keys[i] == keys[i - 1]) {
                ++count.back();
            } else {
                key.push_back(keys[i]);
                count.push_back(1);
            }
        entries.push_back(static_cast<std::uint32_t>(key.size() - before));
        keys.clear();
    }
};

NgramCounts join(std::vector<Part>& parts)
{
    NgramCounts counts;
    for (auto& part : parts) {
        for (const auto entries : part.entries)
            counts.begin.push_back(counts.begin.back() + entries);
        counts.key.insert(counts.key.end(), part.key.begin(), part.key.end());
        counts.count.insert(counts.count.end(), part.count.begin(), part.count.end());
        part = {};
    }
    return counts;
}

/// The n-gram as it is told apart: itself while there is room, then `rest`.
void learnUnit(NgramKnowledge& known, const NgramCounts& counts, std::size_t unit)
{
    bool restHeld = false;
    for (auto i = counts.begin[unit]; i < counts.begin[unit + 1]; ++i) {
        const auto at = known.units.find(counts.key[i]);
        if (at != known.units.end())
            ++at->second;
        else if (known.units.size() < mostNgrams)
            known.units.emplace(counts.key[i], 1);
        else if (!restHeld) {
            ++known.units[rest];
            restHeld = true;
        }
    }
}

std::uint32_t unitsWith(const NgramKnowledge& known, std::uint64_t key)
{
    auto at = known.units.find(key);
    if (at == known.units.end() && known.units.size() >= mostNgrams)
        at = known.units.find(rest);
    return at == known.units.end() ? 0 : at->second;
}

/// Which columns of the table the n-grams fill.
class Columns
{
public:
    explicit Columns(const FeaturePlan& plan)
    {
        const auto& chosen = plan.ngrams.columns;
        m_bucket.assign(chosen.empty() ? plan.options.groups.ngramColumns : 0, none);
        for (std::uint32_t c = 0; c < plan.planned.size(); ++c) {
            const auto [feature, argument] = plan.planned[c];
            if (feature == Feature::UnseenNgrams)
                m_unseen = c;
            if (feature != Feature::NgramCount)
                continue;
            m_counts.push_back(c);
            if (chosen.empty())
                m_bucket[argument] = c; // a bucket that never varied has no column
            else
                m_columnOf.emplace(chosen[argument], c);
        }
    }

    void write(double* row, const NgramCounts& counts, std::size_t unit, const NgramKnowledge& known,
               std::uint32_t own) const
    {
        for (const auto c : m_counts)
            row[c] = 0.0;
        double unseen = 0.0;
        for (auto i = counts.begin[unit]; i < counts.begin[unit + 1]; ++i) {
            const auto key = counts.key[i];
            const auto count = static_cast<double>(counts.count[i]);
            if (!m_bucket.empty()) {
                if (const auto c = m_bucket[key % m_bucket.size()]; c != none)
                    row[c] += count;
            } else if (const auto at = m_columnOf.find(key); at != m_columnOf.end()) {
                row[at->second] += count;
            }
            unseen += unitsWith(known, key) <= own ? count : 0.0;
        }
        if (m_unseen)
            row[*m_unseen] = unseen;
    }

private:
    static constexpr std::uint32_t none = 0xffffffff;
    std::unordered_map<std::uint64_t, std::uint32_t> m_columnOf;
    std::vector<std::uint32_t> m_counts, m_bucket;
    std::optional<std::uint32_t> m_unseen;
};

std::string nameOf(std::span<const std::uint32_t> ids, const records::RecordSet& records)
{
    std::string name;
    for (const auto id : ids) {
        const auto& known = records.templates.templates;
        name += (name.empty() ? "" : " > ") + (id < known.size() ? known[id].id : '#' + std::to_string(id));
    }
    return name;
}

void addColumn(FeaturePlan& plan, std::string name, std::uint32_t argument)
{
    plan.add({.name = std::move(name), .unit = "per " + unitKindName(plan.options.kind), .role = ColumnRole::Count},
             Feature::NgramCount, argument);
}

/// The n-grams of each length that occur in most units; ties by name.
void addTopColumns(FeaturePlan& plan, std::size_t units, const UnitRecords& recordsOf,
                   const records::RecordSet& records, const JobContext& job)
{
    struct Candidate {
        std::uint64_t key = 0;
        std::uint32_t units = 0;
        std::string name;
    };
    const auto& groups = plan.options.groups;
    const NgramWalker walker(groups, records);
    NgramWalker::Scratch scratch;
    std::unordered_map<std::uint64_t, std::string> names;
    std::vector<std::uint32_t> frequencies;
    for (const auto& [key, count] : plan.ngrams.units)
        frequencies.push_back(count);
    const auto enough = std::min<std::size_t>(frequencies.size(), 4 * groups.ngramColumns * groups.ngramLengths.size());
    if (enough == 0)
        return;
    std::nth_element(frequencies.begin(), frequencies.begin() + static_cast<std::ptrdiff_t>(enough - 1),
                     frequencies.end(), std::greater<>());
    const auto least = frequencies[enough - 1];
    std::array<std::vector<Candidate>, longest + 1> candidates;
    for (std::size_t unit = 0; unit < units && !job.stopRequested(); ++unit)
        walker.walk(recordsOf(unit), scratch, [&](std::uint64_t key, std::span<const std::uint32_t> ids) {
            if (const auto held = unitsWith(plan.ngrams, key); held >= least && names.size() < mostNgrams)
                if (const auto [at, isNew] = names.try_emplace(key); isNew)
                    candidates[ids.size()].push_back({key, held, nameOf(ids, records)});
        });
    for (const auto length : groups.ngramLengths) {
        auto& list = candidates[length];
        std::sort(list.begin(), list.end(), [](const Candidate& a, const Candidate& b) {
            return a.units != b.units ? a.units > b.units : a.name < b.name;
        });
        for (std::size_t k = 0; k < std::min<std::size_t>(list.size(), groups.ngramColumns); ++k) {
            addColumn(plan, list[k].name, static_cast<std::uint32_t>(plan.ngrams.columns.size()));
            plan.ngrams.columns.push_back(list[k].key);
        }
    }
}
} // namespace

Result<NgramCounts> countNgrams(std::size_t units, const UnitRecords& recordsOf, const FeatureGroups& groups,
                                const records::RecordSet& records, JobContext& job)
{
    const NgramWalker walker(groups, records);
    const std::size_t run = std::clamp<std::size_t>(units / 1024, 16, 16'384);
    std::vector<Part> parts((units + run - 1) / run);
    tbb::enumerable_thread_specific<NgramWalker::Scratch> scratches;
    job.begin("counting n-grams", units);
    tbb::parallel_for(std::size_t{0}, parts.size(), [&](std::size_t p) {
        auto& scratch = scratches.local();
        for (auto unit = p * run; unit < std::min(units, (p + 1) * run) && !job.stopRequested(); ++unit) {
            walker.walk(recordsOf(unit), scratch,
                        [&](std::uint64_t key, std::span<const std::uint32_t>) { scratch.keys.push_back(key); });
            parts[p].take(scratch.keys);
        }
        (void)job.advance(run);
    });
    if (job.stopRequested())
        return cancelled();
    return join(parts);
}

void learnNgrams(FeaturePlan& plan, const NgramCounts& counts, const UnitRecords& recordsOf,
                 const records::RecordSet& records, const JobContext& job)
{
    const auto& groups = plan.options.groups;
    const auto units = counts.begin.size() - 1;
    if (!plan.options.causalColumns)
        for (std::size_t unit = 0; unit < units && !job.stopRequested(); ++unit)
            learnUnit(plan.ngrams, counts, unit);
    if (groups.ngramsHashed || plan.options.causalColumns)
        for (std::uint32_t b = 0; b < groups.ngramColumns; ++b)
            addColumn(plan, "n-gram bucket " + std::to_string(b), b);
    else
        addTopColumns(plan, units, recordsOf, records, job);
    plan.add({.name = "unseen n-grams", .unit = "per " + unitKindName(plan.options.kind), .role = ColumnRole::Novelty},
             Feature::UnseenNgrams);
}

void continueNgrams(FeaturePlan& plan, const NgramCounts& counts)
{
    for (std::size_t unit = 0; unit + 1 < counts.begin.size(); ++unit)
        learnUnit(plan.ngrams, counts, unit);
}

void fillNgrams(FeatureTable& table, const FeaturePlan& plan, const NgramCounts& counts,
                const Featurizer::ComputeOptions& options, const JobContext& job)
{
    const Columns columns(plan);
    const auto row = [&](std::size_t unit) { return table.values.row(static_cast<Eigen::Index>(unit)).data(); };
    if (!options.causal) {
        tbb::parallel_for(std::size_t{0}, table.units(), [&](std::size_t unit) {
            columns.write(row(unit), counts, unit, plan.ngrams, options.isTrainingData ? 1U : 0U);
        });
        return;
    }
    auto known = options.isTrainingData ? NgramKnowledge{} : plan.ngrams;
    (void)inOrderOfEnds(
        table,
        [&](std::uint32_t unit) {
            columns.write(row(unit), counts, unit, known, 0);
            return !job.stopRequested();
        },
        [&](std::uint32_t unit) { learnUnit(known, counts, unit); });
}

} // namespace faultline::features
