// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/feature_plan.h"

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

/// Columns that Window and Session share: records, errors, warnings, distinct and unseen templates.
void planEventColumns(FeaturePlan& plan, const std::string& unit);

} // namespace faultline::features
