// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace faultline::detectors
{

/// A series without gaps: missing values lie on the straight line between their neighbours, at the ends they repeat the
/// nearest one; 0 throughout when there is none. Infinite values count as +-1e150.
[[nodiscard]] std::vector<double> withoutGaps(std::span<const double> values);

struct Spread {
    double centre = 0.0, scale = 1.0;
};
/// Median and 1.4826 MAD, the scale at least a tenth of the standard deviation and 1e-9 of the centre's magnitude.
[[nodiscard]] Spread robustSpread(std::span<const double> values);
/// Mean and standard deviation.
[[nodiscard]] Spread meanSpread(std::span<const double> values);
/// Quantile by the nearest rank below; 0 of nothing.
[[nodiscard]] double quantileOf(std::vector<double> values, double share);

/// The values less their mean over their standard deviation; empty for a series that does not vary.
[[nodiscard]] std::vector<double> standardised(std::span<const double> values);

/// Lag of the highest local maximum of the autocorrelation between 3 and 300 rows, of the first 20,000 rows; 0 when
/// there is none. The rule of the TSB-AD benchmark (Liu and Paparrizos, NeurIPS 2024) but for its fallback.
[[nodiscard]] std::size_t dominantPeriod(std::span<const double> values);

/// Scores of windows by their start as scores of rows: each at its window's centre, the ends repeated.
[[nodiscard]] std::vector<double> atCentres(const std::vector<double>& windows, std::size_t length, std::size_t rows);
/// Centred moving average, the ends repeated outwards. O(n).
[[nodiscard]] std::vector<double> movingAverage(std::span<const double> values, std::size_t length);

/// The surprise of each score among them all, in nats: -ln of the share at or above it, beyond the 0.90 quantile as
/// under an exponential tail through the mean excess (where at least 10 exceed it).
[[nodiscard]] std::vector<double> tailSurprise(const std::vector<double>& scores);

} // namespace faultline::detectors
