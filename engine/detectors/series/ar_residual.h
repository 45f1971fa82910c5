// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/series_detector.h"

namespace faultline::detectors
{

/// How far a value is from what the rows before it and the rows after it foretell: the mean of the absolute residuals
/// of two linear autoregressions, one forward and one backward in time, each fitted by ridge regression in two passes,
/// the second with large residuals weighted down (Huber, 3 robust deviations).
///
/// Columns one by one, standardised. Raw score >= 0. O(rows order^2), deterministic. With fewer than four times `order`
/// rows the distance from the median.
///
/// Paper: Chang, Tiao and Chen, "Estimation of time series parameters in the presence of outliers", Technometrics 1988.
class ArResidual final : public ColumnDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    ArResidual(Parameters parameters, std::uint64_t seed);

protected:
    [[nodiscard]] std::vector<double> scoreColumn(const Column& column, JobContext& job) const override;
    [[nodiscard]] double secondsFor(double rows) const override;
};

} // namespace faultline::detectors
