// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/featurizer.h"
#include "engine/features/featurizer_impl.h"
#include "engine/features/record_facts.h"
#include "engine/features/rolling_windows.h"
#include "engine/features/template_novelty.h"
#include "engine/features/unit_builders.h"
#include "engine/features/unit_vectors.h"
#include "engine/features/window_grid.h"
#include <algorithm>
#include <limits>
#include <map>
#include <tbb/blocked_range.h>
#include <tbb/parallel_reduce.h>

namespace faultline::features
{

namespace
{
Result<FeaturePlan> planFor(const records::RecordSet& training, const FeatureOptions& options)
{
    switch (options.kind) {
    case UnitKind::Row:
        return planRows(training, options);
    case UnitKind::Window:
        return planWindows(training, options);
    case UnitKind::Session:
        return planSessions(training, options);
    }
    return fail({ErrorCode::Internal, "unknown unit kind", {}, {}});
}

Result<FeatureTable> computeBy(const FeaturePlan& plan, const records::RecordSet& records,
                               const Featurizer::ComputeOptions& options, JobContext& job)
{
    switch (plan.options.kind) {
    case UnitKind::Row:
        return computeRows(plan, records, options, job);
    case UnitKind::Window:
        return computeWindows(plan, records, options, job);
    case UnitKind::Session:
        return computeSessions(plan, records, options, job);
    }
    return fail({ErrorCode::Internal, "unknown unit kind", {}, {}});
}

/// What fit() asks of a column.
struct Variation {
    double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
    bool equalsLeft = true; ///< the same as the column on its left in every unit

    [[nodiscard]] bool varies() const { return low < high; }
    void add(double value, double left)
    {
        if (std::isnan(value))
            return;
        equalsLeft = equalsLeft && value == left;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    void merge(const Variation& other)
    {
        equalsLeft = equalsLeft && other.equalsLeft;
        low = std::min(low, other.low);
        high = std::max(high, other.high);
    }
};

std::vector<Variation> surveyColumns(const FeatureTable& table)
{
    const auto columns = table.columns.size();
    using Rows = tbb::blocked_range<std::size_t>;
    return tbb::parallel_reduce(
        Rows(0, table.units(), 4'096), std::vector<Variation>(columns),
        [&](const Rows& rows, std::vector<Variation> variation) {
            for (auto i = rows.begin(); i < rows.end(); ++i) {
                const auto row = table.row(i);
                for (std::size_t c = 0; c < columns; ++c)
                    variation[c].add(row[c], c == 0 ? missing : row[c - 1]);
            }
            return variation;
        },
        [&](std::vector<Variation> left, const std::vector<Variation>& right) {
            for (std::size_t c = 0; c < columns; ++c)
                left[c].merge(right[c]);
            return left;
        });
}

/// Keeps the columns that tell units apart. Novelty stays: that nothing was new is what training is for. A maximum that
/// is always the mean (one row a window) says nothing twice.
void keepTellingColumns(FeaturePlan& plan, const FeatureTable& table)
{
    const auto variation = surveyColumns(table);
    std::size_t kept = 0;
    for (std::size_t c = 0; c < plan.columns.size(); ++c) {
        const auto feature = plan.planned[c].feature;
        const bool isDouble =
            (feature == Feature::FieldMaximum || feature == Feature::RollingMaximum) && variation[c].equalsLeft;
        const bool tells =
            variation[c].varies() || (plan.options.constantColumns && variation[c].low == variation[c].high);
        if (plan.columns[c].role != ColumnRole::Novelty && (!tells || isDouble))
            continue;
        if (kept != c) {
            plan.columns[kept] = std::move(plan.columns[c]);
            plan.planned[kept] = plan.planned[c];
        }
        ++kept;
    }
    plan.columns.resize(kept);
    plan.planned.resize(kept);
}

/// The table's entities become the plan's, and which of them write logs is remembered.
void learnEntities(FeaturePlan& plan, const FeatureTable& table, const records::RecordTable& records)
{
    std::map<std::string, std::uint8_t> logs;
    for (std::size_t e = 0; e < plan.entities.size(); ++e)
        logs[plan.entities[e]] = plan.entityLogs[e];
    std::vector<std::uint8_t> writes(std::max<std::size_t>(records.entities.size(), 1));
    for (std::size_t i = 0; i < records.size(); ++i)
        if (records.time[i] != noTime && isLog(records, i))
            writes[records.entity[i]] = 1;
    for (std::uint32_t id = 0; id < records.entities.size(); ++id) {
        const bool apart =
            std::find(table.entities.begin(), table.entities.end(), records.entities[id]) != table.entities.end();
        logs[apart ? records.entities[id] : otherEntities] |= writes[id];
    }
    plan.entities = table.entities;
    plan.entityLogs.clear();
    for (const auto& name : plan.entities)
        plan.entityLogs.push_back(logs[name]);
}
} // namespace

Result<Featurizer> Featurizer::fit(const records::RecordSet& training, const FeatureOptions& options, JobContext& job)
{
    if (auto good = checkOptions(options); !good)
        return fail(good.error());
    auto plan = planFor(training, options);
    if (!plan)
        return fail(plan.error());
    if (!options.causalColumns) {
        auto table = computeBy(*plan, training, {.isTrainingData = true}, job);
        if (!table)
            return fail(table.error());
        learnTemplates(plan->known, table->templates);
        if (auto done = learnVectors(*plan, *table, training, job); !done)
            return fail(done.error());
        keepTellingColumns(*plan, *table);
    } else {
        FeatureTable none;
        if (auto done = learnVectors(*plan, none, training, job); !done)
            return fail(done.error());
    }
    if (plan->columns.empty())
        return fail({ErrorCode::Config,
                     "nothing in the training data varies: no numeric field, no message",
                     {},
                     "name value columns that hold numbers, or check the detected format with `faultline inspect`"});
    Featurizer featurizer;
    featurizer.m_impl = std::make_shared<const Impl>(Impl{std::move(*plan)});
    return featurizer;
}

Result<FeatureTable> Featurizer::compute(const records::RecordSet& records, const ComputeOptions& options,
                                         JobContext& job) const
{
    return computeBy(m_impl->plan, records, options, job);
}

Featurizer Featurizer::continued(const FeatureTable& table, const records::RecordSet& records) const
{
    auto plan = m_impl->plan;
    QuietJob job;
    learnTemplates(plan.known, table.templates);
    if (table.kind == UnitKind::Row)
        learnTemplateRecords(plan.known, countTemplates(records));
    else // cannot fail: the table was made of the same records
        (void)continueVectors(plan, table, records, job);
    if (hasRollingColumns(plan))
        if (const auto grid = windowGrid(plan, records, {.causal = true}))
            plan.tail = rollingTail(plan, records, *grid, sortIntoCells(records.table, *grid));
    if (table.kind == UnitKind::Window)
        learnEntities(plan, table, records.table);
    Featurizer next;
    next.m_impl = std::make_shared<const Impl>(Impl{std::move(plan)});
    return next;
}

const FeatureOptions& Featurizer::options() const
{
    return m_impl->plan.options;
}

const std::vector<Column>& Featurizer::columns() const
{
    return m_impl->plan.columns;
}

} // namespace faultline::features
