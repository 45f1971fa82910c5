// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/feature_table.h"
#include <span>
#include <vector>

namespace faultline::ensemble
{

/// Ranks the units of series so that whole events come before single odd units (batch mode only: it looks both ways).
///
/// A unit's rank score is the larger of its own surprise and 0.7 times the root of the centred moving mean of squared
/// surprises around it, the latter scaled to the spread of the former. Two widths are tried, a period of the series and
/// 3 % of its length, at most a tenth of it and 500 units. Units beside an event rise with it, so people who look at
/// the highest ranks see events whole; how far is a property of how incidents are marked, not of the data, so verdicts
/// never come from ranks.
///
/// `surprise`: one per unit of `table`, >= 0; `period`: per entity of the table, in units. Scores keep the unit and the
/// order of magnitude of `surprise`. Entities are smoothed apart, in table order. O(units). Equal to `surprise` where
/// that does not vary.
[[nodiscard]] std::vector<double> rankEvents(const features::FeatureTable& table, std::span<const double> surprise,
                                             std::span<const double> period);

} // namespace faultline::ensemble
