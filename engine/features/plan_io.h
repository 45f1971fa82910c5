// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/tensor_bundle.h"
#include "engine/features/feature_plan.h"
#include <string>

namespace faultline::features
{

/// FeatureOptions::groups and zone. Loading is a Parse error for content that was not saved so.
void saveGroups(const FeatureOptions& options, TensorBundle& bundle, const std::string& prefix);
[[nodiscard]] Result<void> loadGroups(FeatureOptions& options, const TensorBundle& bundle, const std::string& prefix);

/// Ratios, n-grams, terms and the rolling tail of a plan whose options and fields are there.
void saveLearned(const FeaturePlan& plan, TensorBundle& bundle, const std::string& prefix);
[[nodiscard]] Result<void> loadLearned(FeaturePlan& plan, const TensorBundle& bundle, const std::string& prefix);

/// How many values the argument of a column may take, in a plan that has all but its columns.
[[nodiscard]] std::size_t argumentLimit(const FeaturePlan& plan, Feature feature);

} // namespace faultline::features
