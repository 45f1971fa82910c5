// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/explain/explanation.h"
#include <vector>

namespace faultline::explain
{

/// The members' shares of the ensemble score, largest first, scaled to sum 1.
[[nodiscard]] std::vector<DetectorShare> detectorShares(const ExplainInput& input);

/// The columns behind the peak unit's score: each detector's contributions weighted by its share of the ensemble score,
/// summed; largest first, at most 12, those under half a percent left out. Phase columns are context and never a
/// reason.
[[nodiscard]] std::vector<FeatureReason> featureReasons(std::size_t unit, const ExplainInput& input);

/// A column at one unit, with what is typical there.
[[nodiscard]] FeatureReason reasonFor(std::size_t unit, std::size_t column, const ExplainInput& input);

} // namespace faultline::explain
