// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/feature_plan.h"
#include "engine/features/feature_table.h"
#include "engine/features/ngrams.h"

namespace faultline::features
{

/// Term vectors and n-grams: columns that are chosen when the training units are known.

/// Learns what the training units hold and adds the columns to the plan and to the table, filled. Live plans learn
/// nothing here; `table` may then be without units.
[[nodiscard]] Result<void> learnVectors(FeaturePlan& plan, FeatureTable& table, const records::RecordSet& training,
                                        JobContext& job);
/// Fills the columns that the plan has.
[[nodiscard]] Result<void> fillVectors(FeatureTable& table, const FeaturePlan& plan, const records::RecordSet& records,
                                       const UnitRecords& recordsOf, const Featurizer::ComputeOptions& options,
                                       JobContext& job);
/// Adds these units to what a live plan knows.
[[nodiscard]] Result<void> continueVectors(FeaturePlan& plan, const FeatureTable& table,
                                           const records::RecordSet& records, JobContext& job);

} // namespace faultline::features
