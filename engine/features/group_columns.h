// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/feature_plan.h"
#include "engine/features/record_facts.h"

namespace faultline::features
{

/// Adds the columns that FeatureOptions::groups asks for, to the plan of any kind of unit. Vectors and n-grams
/// excepted: they are chosen when the units are known, see unit_vectors.h. A name that the plan holds already is not
/// added again. Config error for a field that the records do not have (live: it may still come). `span_us`: how long
/// training lasts, which decides whether calendar columns tell anything.
[[nodiscard]] Result<void> planGroups(FeaturePlan& plan, const records::RecordSet& training, const RecordRange& range,
                                      double span_us);
/// From the first record to the last in us; below 0 when none carries a time.
[[nodiscard]] double recordSpan(const records::RecordTable& table);

/// The columns of look-back spans over windows; `choice`: the fields that have a mean and a maximum.
void planRollingWindows(FeaturePlan& plan, const records::RecordTable& table, const FieldChoice& choice, bool logs);

/// Index of a field in the plan, added when the records know it.
[[nodiscard]] Result<std::uint32_t> planField(FeaturePlan& plan, const records::RecordTable& table,
                                              const std::string& name);

/// "p50", "p99.9".
[[nodiscard]] std::string quantileName(double level);

} // namespace faultline::features
