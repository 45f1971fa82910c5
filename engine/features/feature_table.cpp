// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/feature_table.h"
#include <algorithm>
#include <cassert>
#include <unordered_map>

namespace faultline::features
{

namespace
{
template <class T>
std::vector<T> part(const std::vector<T>& values, std::size_t first, std::size_t last)
{
    if (values.empty())
        return {};
    return {values.begin() + static_cast<std::ptrdiff_t>(first), values.begin() + static_cast<std::ptrdiff_t>(last)};
}

template <class T>
void extend(std::vector<T>& values, const std::vector<T>& more)
{
    values.insert(values.end(), more.begin(), more.end());
}

SparseCounts sliceCounts(const SparseCounts& counts, std::size_t first, std::size_t last)
{
    if (counts.empty())
        return {};
    const auto from = counts.begin[first], to = counts.begin[last];
    SparseCounts out;
    out.templateCount = counts.templateCount;
    out.begin = part(counts.begin, first, last + 1);
    for (auto& begin : out.begin)
        begin -= from;
    out.templateId = part(counts.templateId, from, to);
    out.count = part(counts.count, from, to);
    return out;
}

TemplateSequence sliceSequence(const TemplateSequence& sequence, std::size_t first, std::size_t last)
{
    if (sequence.empty())
        return {};
    const auto from = sequence.begin[first];
    TemplateSequence out{.begin = part(sequence.begin, first, last + 1),
                         .templateId = part(sequence.templateId, from, sequence.begin[last])};
    for (auto& begin : out.begin)
        begin -= from;
    return out;
}

/// Adds `more` rows to `begin`, which has `units` rows or none at all; empty rows where `moreBegin` is empty.
void appendRows(std::vector<std::uint64_t>& begin, std::size_t units, const std::vector<std::uint64_t>& moreBegin,
                std::size_t more)
{
    if (begin.empty())
        begin.assign(units + 1, 0);
    const auto base = begin.back();
    for (std::size_t i = 1; i <= more; ++i)
        begin.push_back(base + (moreBegin.empty() ? 0 : moreBegin[i]));
}

/// Either side may hold no counts at all; its units then have none.
void appendCounts(SparseCounts& counts, std::size_t units, const SparseCounts& more, std::size_t moreUnits)
{
    if (counts.empty() && more.empty())
        return;
    appendRows(counts.begin, units, more.begin, moreUnits);
    extend(counts.templateId, more.templateId);
    extend(counts.count, more.count);
    counts.templateCount = std::max(counts.templateCount, more.templateCount);
}

/// The other table's entity index -> this table's, adding entities that are not there yet.
std::vector<std::uint32_t> joinEntities(std::vector<std::string>& entities, const std::vector<std::string>& more)
{
    std::unordered_map<std::string, std::uint32_t> known;
    for (std::uint32_t i = 0; i < entities.size(); ++i)
        known.emplace(entities[i], i);
    std::vector<std::uint32_t> joined;
    for (const auto& name : more) {
        const auto [at, isNew] = known.emplace(name, static_cast<std::uint32_t>(entities.size()));
        if (isNew)
            entities.push_back(name);
        joined.push_back(at->second);
    }
    return joined;
}
} // namespace

std::string unitKindName(UnitKind kind)
{
    switch (kind) {
    case UnitKind::Row:
        return "row";
    case UnitKind::Window:
        return "window";
    case UnitKind::Session:
        return "session";
    }
    return "row";
}

FeatureTable FeatureTable::slice(std::size_t first, std::size_t last) const
{
    assert(first <= last && last <= units());
    FeatureTable out{.kind = kind, .columns = columns, .entities = entities};
    out.values = values.middleRows(static_cast<Eigen::Index>(first), static_cast<Eigen::Index>(last - first));
    out.start = part(start, first, last);
    out.end = part(end, first, last);
    out.entity = part(entity, first, last);
    out.keys = part(keys, first, last);
    out.record = part(record, first, last);
    out.templates = sliceCounts(templates, first, last);
    out.templateSequence = sliceSequence(templateSequence, first, last);
    return out;
}

void FeatureTable::append(const FeatureTable& other)
{
    if (units() == 0 && columns.empty()) {
        *this = other;
        return;
    }
    assert(other.values.cols() == values.cols() && other.kind == kind);
    const auto before = units();
    values.conservativeResize(static_cast<Eigen::Index>(before) + other.values.rows(), Eigen::NoChange);
    values.bottomRows(other.values.rows()) = other.values;
    extend(start, other.start);
    extend(end, other.end);
    extend(keys, other.keys);
    extend(record, other.record);
    const auto joined = joinEntities(entities, other.entities);
    for (const auto index : other.entity)
        entity.push_back(joined[index]);
    appendCounts(templates, before, other.templates, other.units());
    if (!templateSequence.empty() || !other.templateSequence.empty()) {
        appendRows(templateSequence.begin, before, other.templateSequence.begin, other.units());
        extend(templateSequence.templateId, other.templateSequence.templateId);
    }
}

} // namespace faultline::features
