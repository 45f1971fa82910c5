// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/series_detector.h"

namespace faultline::detectors
{

/// What is left of a series once its trend and its seasons are taken away, in robust deviations: the trend is a centred
/// moving average over the longest season (a tenth of the rows without one), each season the median of the rows of its
/// phase, of a day apart for weekdays and weekends where there are two weeks. Two passes; the second trend is taken
/// over values whose residuals are cut at three deviations, so that an anomaly is no trend.
///
/// Seasons: the day and the week by the clock, else the data's period (seasonsOf), or `season` if given. Columns one by
/// one. Raw score >= 0. O(rows log rows), deterministic.
///
/// Paper: Cleveland et al., "STL: a seasonal-trend decomposition procedure based on loess", J. Official Statistics
/// 1990; moving averages and medians instead of loess.
class SeasonalDecomposition final : public ColumnDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    SeasonalDecomposition(Parameters parameters, std::uint64_t seed);

protected:
    [[nodiscard]] std::vector<double> scoreColumn(const Column& column, JobContext& job) const override;
    [[nodiscard]] double secondsFor(double rows) const override { return 1e-5 + 4e-7 * rows; }
};

} // namespace faultline::detectors
