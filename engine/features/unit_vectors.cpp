// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/unit_vectors.h"
#include "engine/features/term_vectors.h"
#include "engine/features/unit_builders.h"

namespace faultline::features
{

namespace
{
bool hasNgrams(const FeaturePlan& plan)
{
    return plan.options.groups.anyNgrams() && plan.options.kind != UnitKind::Row;
}

/// Makes room for the columns that the plan has more than the table.
void widen(FeatureTable& table, const FeaturePlan& plan)
{
    table.values.conservativeResize(Eigen::NoChange, static_cast<Eigen::Index>(plan.columns.size()));
    table.columns = plan.columns;
}
} // namespace

Result<void> learnVectors(FeaturePlan& plan, FeatureTable& table, const records::RecordSet& training, JobContext& job)
{
    if (!plan.options.groups.anyVector() || plan.options.kind == UnitKind::Row)
        return {};
    const Featurizer::ComputeOptions options{.isTrainingData = true};
    learnTermVectors(plan, table, training, job);
    NgramCounts counts;
    if (hasNgrams(plan) && !plan.options.causalColumns) {
        const auto units = UnitMembers::of(plan, training, options);
        if (!units)
            return fail(units.error());
        auto counted = countNgrams(units->size(), units->records(), plan.options.groups, training, job);
        if (!counted)
            return fail(counted.error());
        counts = std::move(*counted);
        learnNgrams(plan, counts, units->records(), training, job);
    } else if (hasNgrams(plan)) {
        learnNgrams(plan, counts, {}, training, job);
    }
    if (plan.options.causalColumns)
        return {};
    widen(table, plan);
    if (auto done = fillTermVectors(table, plan, training, options, job); !done)
        return done;
    if (hasNgrams(plan))
        fillNgrams(table, plan, counts, options, job);
    if (job.stopRequested())
        return cancelled();
    return {};
}

Result<void> fillVectors(FeatureTable& table, const FeaturePlan& plan, const records::RecordSet& records,
                         const UnitRecords& recordsOf, const Featurizer::ComputeOptions& options, JobContext& job)
{
    if (auto done = fillTermVectors(table, plan, records, options, job); !done)
        return done;
    if (!hasNgrams(plan))
        return {};
    const auto counts = countNgrams(table.units(), recordsOf, plan.options.groups, records, job);
    if (!counts)
        return fail(counts.error());
    fillNgrams(table, plan, *counts, options, job);
    if (job.stopRequested())
        return cancelled();
    return {};
}

Result<void> continueVectors(FeaturePlan& plan, const FeatureTable& table, const records::RecordSet& records,
                             JobContext& job)
{
    continueTermVectors(plan, table, records, job);
    if (!hasNgrams(plan))
        return {};
    const auto units = UnitMembers::of(plan, records, {.causal = true});
    if (!units)
        return fail(units.error());
    const auto counts = countNgrams(units->size(), units->records(), plan.options.groups, records, job);
    if (!counts)
        return fail(counts.error());
    continueNgrams(plan, *counts);
    return {};
}

} // namespace faultline::features
