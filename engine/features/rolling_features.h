// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/feature_plan.h"
#include "engine/features/feature_table.h"
#include "engine/records/loader.h"

namespace faultline::features
{

/// Fills the columns of a Row table that look back along an entity's records in time; all are causal. Cells of records
/// that they do not speak of stay missing.

/// FieldDifference, FieldRollingMean, FieldRollingSpread of metric records. O(rows * fields * rollingRows).
[[nodiscard]] Result<void> fillRollingMetrics(FeatureTable& table, const FeaturePlan& plan,
                                              const records::RecordSet& records, JobContext& job);
/// RecentRequests, RecentErrorShare, RecentTemplates, RecentBytes of log records. O(rows * spans).
[[nodiscard]] Result<void> fillRecentRequests(FeatureTable& table, const FeaturePlan& plan,
                                              const records::RecordSet& records, JobContext& job);
/// RecentRate and RecentEntropy of log records, RollingMean and RollingMaximum of metric records, RecentDistinct,
/// RecentQuantile and GapBefore of all. O(rows * columns), quantiles O(rows * log(rows) * columns).
[[nodiscard]] Result<void> fillRowSpans(FeatureTable& table, const FeaturePlan& plan, const records::RecordSet& records,
                                        JobContext& job);
/// FieldRatio and the calendar columns.
void fillRowGroups(FeatureTable& table, const FeaturePlan& plan, const records::RecordTable& records);
/// TemplateRarity of log records: -log10 of the template's share of the training records, without the record itself
/// when the table is the training data; causal: of the records so far, of which options.contextRows are known. A template without a record counts as half a
/// record.
void fillRarity(FeatureTable& table, const FeaturePlan& plan, const records::RecordSet& records,
                const Featurizer::ComputeOptions& options);

} // namespace faultline::features
