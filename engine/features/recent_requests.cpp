// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/entity_order.h"
#include "engine/features/rolling_features.h"
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

namespace faultline::features
{

namespace
{
/// Which columns of the table one look-back span fills, or -1.
struct SpanColumns {
    DurationUs length = 0;
    Eigen::Index requests = -1, errorShare = -1, templates = -1, bytes = -1;
    [[nodiscard]] bool any() const { return requests >= 0 || errorShare >= 0 || templates >= 0 || bytes >= 0; }
};

std::vector<SpanColumns> findSpanColumns(const FeaturePlan& plan)
{
    std::vector<SpanColumns> columns;
    for (const auto length : plan.options.rolling_us)
        columns.push_back({.length = length});
    for (std::size_t c = 0; c < plan.planned.size(); ++c) {
        const auto [feature, span] = plan.planned[c];
        const auto index = static_cast<Eigen::Index>(c);
        if (feature == Feature::RecentRequests)
            columns[span].requests = index;
        else if (feature == Feature::RecentErrorShare)
            columns[span].errorShare = index;
        else if (feature == Feature::RecentTemplates)
            columns[span].templates = index;
        else if (feature == Feature::RecentBytes)
            columns[span].bytes = index;
    }
    return columns;
}

/// What lies within the look-back of the current record. Bytes are whole numbers, so that taking away what was added
/// leaves nothing behind; wrapping unsigned arithmetic makes that true for any input.
class Recent
{
public:
    Recent(const records::RecordTable& table, const ErrorRule& isError, const records::NumericField* bytes,
           std::vector<std::uint32_t>& templateCounts)
        : m_table(table), m_isError(isError), m_bytes(bytes), m_counts(templateCounts)
    {
    }

    void add(std::uint32_t record)
    {
        ++m_requests;
        m_errors += m_isError(record) ? 1U : 0U;
        m_sum += bytesOf(record);
        m_distinct += m_counts[m_table.templateId[record]]++ == 0 ? 1U : 0U;
    }
    void remove(std::uint32_t record)
    {
        --m_requests;
        m_errors -= m_isError(record) ? 1U : 0U;
        m_sum -= bytesOf(record);
        m_distinct -= --m_counts[m_table.templateId[record]] == 0 ? 1U : 0U;
    }
    void write(FeatureTable& table, std::uint32_t record, const SpanColumns& columns) const
    {
        const auto put = [&](Eigen::Index column, double value) {
            if (column >= 0)
                table.values(static_cast<Eigen::Index>(record), column) = value;
        };
        put(columns.requests, static_cast<double>(m_requests));
        put(columns.errorShare, static_cast<double>(m_errors) / static_cast<double>(m_requests));
        put(columns.templates, static_cast<double>(m_distinct));
        put(columns.bytes, static_cast<double>(m_sum));
    }

private:
    [[nodiscard]] std::uint64_t bytesOf(std::uint32_t record) const
    {
        const double bytes = fieldValue(m_bytes, record);
        return bytes >= 0.0 ? static_cast<std::uint64_t>(std::llround(std::min(bytes, 0x1p40))) : 0;
    }

    const records::RecordTable& m_table;
    const ErrorRule& m_isError;
    const records::NumericField* m_bytes;
    std::vector<std::uint32_t>& m_counts;
    std::uint64_t m_requests = 0, m_errors = 0, m_sum = 0, m_distinct = 0;
};

/// Time that passed between two records of which the second is not earlier; well defined for any pair.
std::uint64_t elapsed(TimeUs from, TimeUs to)
{
    return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

void fillEntity(FeatureTable& table, const records::RecordTable& records, std::span<const std::uint32_t> rows,
                const SpanColumns& columns, Recent recent)
{
    std::size_t tail = 0;
    for (const auto record : rows) {
        recent.add(record);
        while (elapsed(records.time[rows[tail]], records.time[record]) >= static_cast<std::uint64_t>(columns.length))
            recent.remove(rows[tail++]);
        recent.write(table, record, columns);
    }
    while (tail < rows.size())
        recent.remove(rows[tail++]); // leaves the shared counts at zero for the next entity
}
} // namespace

Result<void> fillRecentRequests(FeatureTable& table, const FeaturePlan& plan, const records::RecordSet& records,
                                JobContext& job)
{
    auto spans = findSpanColumns(plan);
    std::erase_if(spans, [](const SpanColumns& s) { return !s.any(); });
    if (spans.empty())
        return {};
    const auto& log = records.table;
    const EntityOrder order(log, [&](std::size_t i) { return isLog(log, i); });
    const ErrorRule isError(log);
    const auto* bytes = findField(log, "bytes");
    const auto templates = templateCount(records);
    tbb::enumerable_thread_specific<std::vector<std::uint32_t>> counts(
        [&] { return std::vector<std::uint32_t>(templates); });
    job.begin("looking back", order.entities() * spans.size());
    tbb::parallel_for(std::size_t{0}, order.entities(), [&](std::size_t e) {
        for (const auto& span : spans)
            if (job.advance())
                fillEntity(table, log, order.of(e), span, Recent(log, isError, bytes, counts.local()));
    });
    if (job.stopRequested())
        return cancelled();
    return {};
}

namespace
{
void fillRaritySoFar(FeatureTable& table, Eigen::Index column, const records::RecordTable& log, TemplateKnowledge known,
                     std::size_t contextRows)
{
    std::vector<std::uint32_t> order(log.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = static_cast<std::uint32_t>(i);
    const auto earlier = [&](auto a, auto b) { return log.time[a] < log.time[b]; };
    if (!std::is_sorted(order.begin(), order.end(), earlier))
        std::stable_sort(order.begin(), order.end(), earlier);
    for (const auto i : order) {
        if (!isLog(log, i) || i < contextRows)
            continue;
        auto& count = known.records[log.templateId[i]];
        const auto all = std::max(1.0, static_cast<double>(known.allRecords));
        table.values(static_cast<Eigen::Index>(i), column) =
            std::log10(all / std::max(0.5, static_cast<double>(count)));
        ++count;
        ++known.allRecords;
    }
}
} // namespace

void fillRarity(FeatureTable& table, const FeaturePlan& plan, const records::RecordSet& records,
                const Featurizer::ComputeOptions& options)
{
    const auto at = std::find_if(plan.planned.begin(), plan.planned.end(),
                                 [](const PlannedColumn& p) { return p.feature == Feature::TemplateRarity; });
    if (at == plan.planned.end())
        return;
    const auto column = static_cast<Eigen::Index>(at - plan.planned.begin());
    const auto& log = records.table;
    auto known = options.causal && options.isTrainingData ? TemplateKnowledge{} : plan.known;
    known.records.resize(std::max(known.records.size(), templateCount(records)));
    if (options.causal) {
        fillRaritySoFar(table, column, log, std::move(known), options.contextRows);
        return;
    }
    const std::int64_t own = options.isTrainingData ? 1U : 0U;
    const auto all = std::max(1.0, static_cast<double>(known.allRecords - own));
    tbb::parallel_for(std::size_t{0}, log.size(), [&](std::size_t i) {
        if (!isLog(log, i))
            return;
        const auto count = static_cast<double>(known.records[log.templateId[i]] - own);
        table.values(static_cast<Eigen::Index>(i), column) = std::log10(all / std::max(0.5, count));
    });
}

} // namespace faultline::features
