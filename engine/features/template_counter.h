// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/features/feature_table.h"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <type_traits>
#include <vector>

namespace faultline::features
{

/// Counts the templates of one unit after the other. add() is O(1); clearing costs what was added. 4 bytes per known
/// template.
class TemplateCounter
{
public:
    explicit TemplateCounter(std::size_t templates) : m_count(templates) {}

    void add(std::uint32_t templateId)
    {
        if (m_count[templateId]++ == 0)
            m_seen.push_back(templateId);
    }
    [[nodiscard]] std::uint32_t operator[](std::uint32_t templateId) const
    {
        return templateId < m_count.size() ? m_count[templateId] : 0;
    }
    /// Ids counted since clear(), ascending.
    [[nodiscard]] std::span<const std::uint32_t> seen()
    {
        std::sort(m_seen.begin(), m_seen.end());
        return m_seen;
    }
    [[nodiscard]] std::size_t distinct() const { return m_seen.size(); }
    void clear()
    {
        for (const auto id : m_seen)
            m_count[id] = 0;
        m_seen.clear();
    }

private:
    std::vector<std::uint32_t> m_count, m_seen;
};

/// The template counts of a run of units, until all runs are joined.
struct SparsePart {
    std::vector<std::uint32_t> entries; ///< per unit
    std::vector<std::uint32_t> templateId;
    std::vector<float> count;

    void take(TemplateCounter& counter)
    {
        for (const auto id : counter.seen()) {
            templateId.push_back(id);
            count.push_back(static_cast<float>(counter[id]));
        }
        entries.push_back(static_cast<std::uint32_t>(counter.distinct()));
        counter.clear();
    }
};

/// Joins the parts in their order and releases them as it goes.
[[nodiscard]] SparseCounts joinParts(std::vector<SparsePart>& parts, std::size_t units, std::size_t templateCount);

/// Calls fill(unit, scratch) for every unit, in parallel over fixed runs of units. `scratch` belongs to the thread, is
/// made by makeScratch() and has a TemplateCounter `templates`, whose counts become the unit's. Cancelled when the job
/// was stopped.
template <class MakeScratch, class Fill>
[[nodiscard]] Result<SparseCounts> fillUnits(std::size_t units, std::size_t templateCount, JobContext& job,
                                             MakeScratch&& makeScratch, Fill&& fill)
{
    const std::size_t run = std::clamp<std::size_t>(units / 1024, 16, 16'384);
    std::vector<SparsePart> parts((units + run - 1) / run);
    tbb::enumerable_thread_specific<std::invoke_result_t<MakeScratch>> scratches(makeScratch);
    tbb::parallel_for(std::size_t{0}, parts.size(), [&](std::size_t p) {
        if (job.stopRequested())
            return;
        auto& scratch = scratches.local();
        const auto last = std::min(units, (p + 1) * run);
        for (auto unit = p * run; unit < last; ++unit) {
            fill(unit, scratch);
            parts[p].take(scratch.templates);
        }
        (void)job.advance(last - p * run);
    });
    if (job.stopRequested())
        return cancelled();
    return joinParts(parts, units, templateCount);
}

} // namespace faultline::features
