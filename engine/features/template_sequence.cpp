// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/template_sequence.h"
#include "engine/features/record_facts.h"
#include <algorithm>
#include <numeric>
#include <tbb/parallel_for.h>

namespace faultline::features
{

namespace
{
/// A unit's log records in time order.
void orderRecords(std::span<const std::uint32_t> members, const records::RecordTable& table,
                  std::vector<std::uint32_t>& order)
{
    order.clear();
    for (const auto i : members)
        if (isLog(table, i))
            order.push_back(i);
    const auto earlier = [&](auto a, auto b) { return table.time[a] < table.time[b]; };
    if (!std::is_sorted(order.begin(), order.end(), earlier))
        std::stable_sort(order.begin(), order.end(), earlier);
}

template <class Fill>
Result<void> overUnits(std::size_t units, const JobContext& job, Fill&& fill)
{
    constexpr std::size_t run = 1'024;
    tbb::parallel_for(std::size_t{0}, (units + run - 1) / run, [&](std::size_t r) {
        std::vector<std::uint32_t> order;
        const auto last = std::min(units, (r + 1) * run);
        for (auto unit = r * run; unit < last && !job.stopRequested(); ++unit)
            fill(unit, order);
    });
    if (job.stopRequested())
        return cancelled();
    return {};
}
} // namespace

Result<TemplateSequence> sequenceTemplates(std::size_t units, const UnitRecords& recordsOf,
                                           const records::RecordSet& records, const JobContext& job)
{
    const auto& table = records.table;
    TemplateSequence sequence;
    sequence.begin.assign(units + 1, 0);
    const auto counted = overUnits(units, job, [&](std::size_t unit, auto&) {
        const auto members = recordsOf(unit);
        sequence.begin[unit + 1] = static_cast<std::uint64_t>(
            std::count_if(members.begin(), members.end(), [&](auto i) { return isLog(table, i); }));
    });
    if (!counted)
        return fail(counted.error());
    std::inclusive_scan(sequence.begin.begin(), sequence.begin.end(), sequence.begin.begin());
    sequence.templateId.resize(sequence.begin.back());
    const auto filled = overUnits(units, job, [&](std::size_t unit, std::vector<std::uint32_t>& order) {
        orderRecords(recordsOf(unit), table, order);
        std::transform(order.begin(), order.end(),
                       sequence.templateId.begin() + static_cast<std::ptrdiff_t>(sequence.begin[unit]),
                       [&](auto i) { return table.templateId[i]; });
    });
    if (!filled)
        return fail(filled.error());
    return sequence;
}

} // namespace faultline::features
