// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <vector>

namespace faultline::detectors
{

/// Residuals of forecasts one row ahead by additive exponential smoothing: level, trend, and a season of `season` rows
/// (none below 2, or where fewer than two fit into the known rows). The smoothing weights (level .1, .3 or .6; trend 0,
/// .05 or .2 of it; season .1 or .3) are those of the least squared error over the first `known` rows. The rows before
/// holtWintersStart(), from which level and season begin, are 0. O(18 n).
[[nodiscard]] std::vector<double> holtWintersResiduals(const std::vector<double>& values, std::size_t season,
                                                       std::size_t known);
[[nodiscard]] std::size_t holtWintersStart(std::size_t season, std::size_t known);

} // namespace faultline::detectors
