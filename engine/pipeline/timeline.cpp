// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/timeline.h"
#include <algorithm>
#include <iterator>
#include <tbb/parallel_sort.h>

namespace faultline::pipeline
{

namespace
{

constexpr std::size_t maximumBuckets = 65'536;
constexpr std::size_t maximumRuns = 64; ///< beyond this many sorted runs a full sort is cheaper than merging them

/// Ends of the ascending runs in `order` (by time); logs are nearly sorted, so there are few: one per source and clock
/// jump.
std::vector<std::size_t> sortedRuns(const std::vector<std::uint32_t>& order, const records::RecordTable& table)
{
    std::vector<std::size_t> ends;
    for (std::size_t i = 1; i < order.size() && ends.size() <= maximumRuns; ++i)
        if (table.time[order[i]] < table.time[order[i - 1]])
            ends.push_back(i);
    ends.push_back(order.size());
    return ends;
}

void mergeRuns(std::vector<std::uint32_t>& order, std::vector<std::size_t> ends, const records::RecordTable& table)
{
    if (ends.size() == 1)
        return;
    const auto earlier = [&](std::uint32_t a, std::uint32_t b) { return table.time[a] < table.time[b]; };
    std::vector<std::uint32_t> merged(order.size());
    while (ends.size() > 1) {
        std::vector<std::size_t> next;
        std::size_t begin = 0;
        for (std::size_t i = 0; i < ends.size(); i += 2) {
            const auto middle = ends[i];
            const auto end = i + 1 < ends.size() ? ends[i + 1] : middle;
            const auto at = [&](std::vector<std::uint32_t>& v, std::size_t p) {
                return v.begin() + static_cast<std::ptrdiff_t>(p);
            };
            std::merge(at(order, begin), at(order, middle), at(order, middle), at(order, end), at(merged, begin),
                       earlier);
            next.push_back(end);
            begin = end;
        }
        order.swap(merged);
        ends = std::move(next);
    }
}

} // namespace

Result<Timeline> Timeline::build(const records::RecordTable& table, JobContext& job)
{
    Timeline timeline;
    timeline.m_table = &table;
    auto& order = timeline.m_order;
    order.reserve(table.size());
    job.begin("ordering by time", 3);
    for (std::size_t i = 0; i < table.size(); ++i)
        if (table.time[i] != noTime)
            order.push_back(static_cast<std::uint32_t>(i));
    if (!job.advance())
        return cancelled();
    if (auto runs = sortedRuns(order, table); runs.size() <= maximumRuns)
        mergeRuns(order, std::move(runs), table);
    else
        tbb::parallel_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            return table.time[a] != table.time[b] ? table.time[a] < table.time[b] : a < b;
        });
    if (!job.advance())
        return cancelled();
    if (order.empty())
        return timeline;

    timeline.m_start = table.time[order.front()];
    timeline.m_end = table.time[order.back()];
    const auto span = timeline.m_end - timeline.m_start + 1;
    const auto buckets = std::min<std::size_t>(maximumBuckets, order.size() / 16 + 1);
    timeline.m_bucket_us = span / static_cast<DurationUs>(buckets) + 1;
    records::LevelCounts running{};
    timeline.m_cumulative.reserve(buckets + 1);
    for (const auto record : order) {
        const auto bucket = static_cast<std::size_t>((table.time[record] - timeline.m_start) / timeline.m_bucket_us);
        while (timeline.m_cumulative.size() <= bucket)
            timeline.m_cumulative.push_back(running);
        ++running[static_cast<std::size_t>(table.level[record])];
    }
    timeline.m_cumulative.push_back(running);
    return timeline;
}

std::size_t Timeline::lowerBound(TimeUs time) const
{
    const auto it = std::lower_bound(m_order.begin(), m_order.end(), time,
                                     [&](std::uint32_t record, TimeUs t) { return m_table->time[record] < t; });
    return static_cast<std::size_t>(std::distance(m_order.begin(), it));
}

std::vector<records::LevelCounts> Timeline::counts(TimeUs from, TimeUs to, std::size_t buckets) const
{
    std::vector<records::LevelCounts> out(buckets);
    if (m_order.empty() || to <= from || buckets == 0)
        return out;
    // Everything before `time`: the cumulative count at its base bucket, plus the few records between that border and
    // `time`.
    const auto before = [&](TimeUs time) {
        if (time <= m_start)
            return records::LevelCounts{};
        if (time > m_end)
            return m_cumulative.back();
        const auto bucket = static_cast<std::size_t>((time - m_start) / m_bucket_us);
        auto counted = m_cumulative[bucket];
        std::size_t position = 0;
        for (const auto n : counted)
            position += n;
        for (; position < m_order.size() && m_table->time[m_order[position]] < time; ++position)
            ++counted[static_cast<std::size_t>(m_table->level[m_order[position]])];
        return counted;
    };
    auto left = before(from);
    for (std::size_t b = 0; b < buckets; ++b) {
        const double share = static_cast<double>(b + 1) / static_cast<double>(buckets);
        const auto border =
            b + 1 == buckets ? to : from + static_cast<DurationUs>(share * static_cast<double>(to - from));
        const auto right = before(border);
        for (std::size_t l = 0; l < records::levelCount; ++l)
            out[b][l] = right[l] - left[l];
        left = right;
    }
    return out;
}

} // namespace faultline::pipeline
