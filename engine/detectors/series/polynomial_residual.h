// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/series_detector.h"

namespace faultline::detectors
{

/// How far a value is from a polynomial through its neighbours: the absolute residual of row i from the least-squares
/// polynomial of `degree` over the `window` rows around it, row i itself left out; at the ends the window is the first
/// or last one. Columns one by one, standardised. Raw score >= 0; 0 with fewer rows than the window. O(rows window),
/// deterministic.
///
/// Papers: Savitzky and Golay, "Smoothing and differentiation of data by simplified least squares procedures",
/// Analytical Chemistry 1964; Li, Ma and Mei, "A unifying method for outlier and change detection from data streams
/// based on local polynomial fitting", PAKDD 2007 (which looks back only).
class PolynomialResidual final : public ColumnDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    PolynomialResidual(Parameters parameters, std::uint64_t seed);

protected:
    [[nodiscard]] std::vector<double> scoreColumn(const Column& column, JobContext& job) const override;
    [[nodiscard]] double secondsFor(double rows) const override;
};

} // namespace faultline::detectors
