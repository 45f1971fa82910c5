// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/feature_plan.h"
#include "engine/features/ngrams.h"
#include "engine/features/window_grid.h"

namespace faultline::features
{

/// How each kind of unit is made: plan...() lists every column that the training records could fill, compute...() fills
/// a table by a plan. fit() then drops planned columns that never vary.

[[nodiscard]] Result<FeaturePlan> planRows(const records::RecordSet& training, const FeatureOptions& options);
[[nodiscard]] Result<FeatureTable> computeRows(const FeaturePlan& plan, const records::RecordSet& records,
                                               const Featurizer::ComputeOptions& options, JobContext& job);

[[nodiscard]] Result<FeaturePlan> planWindows(const records::RecordSet& training, const FeatureOptions& options);
[[nodiscard]] Result<FeatureTable> computeWindows(const FeaturePlan& plan, const records::RecordSet& records,
                                                  const Featurizer::ComputeOptions& options, JobContext& job);

[[nodiscard]] Result<FeaturePlan> planSessions(const records::RecordSet& training, const FeatureOptions& options);
[[nodiscard]] Result<FeatureTable> computeSessions(const FeaturePlan& plan, const records::RecordSet& records,
                                                   const Featurizer::ComputeOptions& options, JobContext& job);

/// The grid that computeWindows() lays over these records.
[[nodiscard]] Result<WindowGrid> windowGrid(const FeaturePlan& plan, const records::RecordSet& records,
                                            const Featurizer::ComputeOptions& options);

/// Which records each unit of a Window or Session table holds; windows of a causal table that come before their entity's
/// first record are among the units, empty.
class UnitMembers
{
public:
    [[nodiscard]] static Result<UnitMembers> of(const FeaturePlan& plan, const records::RecordSet& records,
                                                const Featurizer::ComputeOptions& options);
    [[nodiscard]] std::size_t size() const { return m_size; }
    /// Valid as long as this and the records are.
    [[nodiscard]] UnitRecords records() const;

private:
    std::size_t m_size = 0;
    CellRecords m_cells;
    const records::SessionIndex* m_sessions = nullptr;
};

/// Columns that Window and Session share: records, errors, warnings, distinct and unseen templates.
void planEventColumns(FeaturePlan& plan, const std::string& unit);

} // namespace faultline::features
