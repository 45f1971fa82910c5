// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/series_detector.h"

namespace faultline::detectors
{

/// How far each row is from a forecast one row ahead. `regression`: ridge regression of every column on the last `lags`
/// rows of all columns (a vector autoregression), fitted on the training data if it was given apart, of columns
/// compressed by it (compressedByReference). `holt_winters`: additive level, trend and season of each column by itself,
/// the season as long as the data's period (none without one), smoothing chosen from 18 settings by the squared error.
///
/// Raw score: root mean square over columns of the residuals in their standard deviations on the rows fitted (at least
/// .05), each at most 20. The first rows score 0. O(rows (lags columns)^2) and O(18 rows columns). Deterministic.
///
/// Papers: Lütkepohl, "New Introduction to Multiple Time Series Analysis", 2005; Winters, "Forecasting sales by
/// exponentially weighted moving averages", Management Science 1960.
class ForecastResidual final : public SeriesDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    ForecastResidual(Parameters parameters, std::uint64_t seed);

protected:
    [[nodiscard]] Result<std::vector<double>> scoreBlock(const SeriesBlock& block, JobContext& job) const override;
    [[nodiscard]] double secondsFor(double rows) const override;
};

} // namespace faultline::detectors
