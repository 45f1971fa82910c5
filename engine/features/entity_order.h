// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/record_facts.h"
#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace faultline::features
{

/// The records of each entity in time order (ties in table order); records without a time are left out. 4 bytes a
/// record.
class EntityOrder
{
public:
    /// `take(record)` says which records come in.
    template <class Take>
    EntityOrder(const records::RecordTable& table, Take&& take)
        : m_begin(std::max<std::size_t>(table.entities.size(), 1) + 1)
    {
        const auto wanted = [&](std::size_t i) { return table.time[i] != noTime && take(i); };
        for (std::size_t i = 0; i < table.size(); ++i)
            if (wanted(i))
                ++m_begin[table.entity[i] + std::size_t{1}];
        for (std::size_t e = 1; e < m_begin.size(); ++e)
            m_begin[e] += m_begin[e - 1];
        m_records.resize(m_begin.back());
        auto next = m_begin;
        for (std::size_t i = 0; i < table.size(); ++i)
            if (wanted(i))
                m_records[next[table.entity[i]]++] = static_cast<std::uint32_t>(i);
        const auto earlier = [&](auto a, auto b) { return table.time[a] < table.time[b]; };
        for (std::size_t e = 0; e + 1 < m_begin.size(); ++e) {
            const auto run = std::span(m_records).subspan(m_begin[e], m_begin[e + 1] - m_begin[e]);
            if (!std::is_sorted(run.begin(), run.end(), earlier))
                std::stable_sort(run.begin(), run.end(), earlier);
        }
    }

    [[nodiscard]] std::size_t entities() const { return m_begin.size() - 1; }
    [[nodiscard]] std::span<const std::uint32_t> of(std::size_t entity) const
    {
        return std::span(m_records).subspan(m_begin[entity], m_begin[entity + 1] - m_begin[entity]);
    }

private:
    std::vector<std::size_t> m_begin;
    std::vector<std::uint32_t> m_records;
};

} // namespace faultline::features
