// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/explain/explanation.h"
#include <algorithm>
#include <string>
#include <unordered_set>

namespace faultline::explain
{

namespace
{
using features::FeatureTable;
using records::RecordSet;

/// Which of the records' entities a table's entity stands for: the one of that name, or, for "(other)", all that have
/// no units of their own.
class EntityFilter
{
public:
    EntityFilter(const FeatureTable& table, std::uint32_t entity, const RecordSet& set)
        : m_wanted(set.table.entities.size(), 0)
    {
        const auto& name = table.entities[entity];
        if (const auto id = set.table.entities.find(name)) {
            m_wanted[*id] = 1;
        } else if (name == "(other)") {
            const std::unordered_set<std::string> own(table.entities.begin(), table.entities.end());
            for (std::uint32_t i = 0; i < m_wanted.size(); ++i)
                m_wanted[i] = own.contains(set.table.entities[i]) ? 0 : 1;
        }
        m_all = set.table.entities.empty();
    }
    [[nodiscard]] bool operator()(std::uint32_t recordEntity) const
    {
        return m_all || (recordEntity < m_wanted.size() && m_wanted[recordEntity] != 0);
    }

private:
    std::vector<std::uint8_t> m_wanted;
    bool m_all = false;
};

std::vector<std::uint64_t> ofSession(const FeatureTable& table, std::size_t unit, const RecordSet& set,
                                     std::size_t limit)
{
    const auto& index = set.sessions;
    const auto session = unit < table.keys.size() ? index.keys.find(table.keys[unit]) : std::nullopt;
    if (!session || std::size_t{*session} + 1 >= index.begin.size())
        return {};
    const auto first = index.begin[*session], count = index.begin[*session + 1] - first;
    const auto begin = index.records.begin() + static_cast<std::ptrdiff_t>(first);
    return {begin, begin + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(count, limit))};
}

std::vector<std::uint64_t> ofRows(const decisions::Episode& episode, const FeatureTable& table, std::size_t limit)
{
    std::vector<std::uint64_t> records;
    for (auto unit = episode.firstUnit;
         unit <= episode.lastUnit && unit < table.record.size() && records.size() < limit; ++unit)
        if (table.entity[unit] == episode.entity)
            records.push_back(table.record[unit]);
    return records;
}

std::vector<std::uint64_t> ofTime(const decisions::Episode& episode, const ExplainInput& input, std::size_t limit)
{
    std::vector<std::uint64_t> records;
    const auto& time = input.records->table.time;
    const EntityFilter wanted(*input.table, episode.entity, *input.records);
    auto next = std::ranges::lower_bound(input.timeOrder, episode.onset, {},
                                         [&](std::uint32_t record) { return time[record]; });
    for (; next != input.timeOrder.end() && time[*next] < episode.end && records.size() < limit; ++next)
        if (wanted(input.records->table.entity[*next]))
            records.push_back(*next);
    return records;
}
} // namespace

std::vector<std::uint64_t> recordsOf(const decisions::Episode& episode, const ExplainInput& input, std::size_t limit)
{
    if (input.records == nullptr || input.table == nullptr)
        return {};
    switch (input.table->kind) {
    case features::UnitKind::Session:
        return ofSession(*input.table, episode.peakUnit, *input.records, limit);
    case features::UnitKind::Row:
        return ofRows(episode, *input.table, limit);
    case features::UnitKind::Window:
        break;
    }
    return ofTime(episode, input, limit);
}

} // namespace faultline::explain
