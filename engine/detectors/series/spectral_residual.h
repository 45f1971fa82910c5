// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/series_detector.h"

namespace faultline::detectors
{

/// What stands out from the series' usual spectrum: the saliency map is the inverse transform of the log amplitude less
/// its moving average over `average` frequencies, with the phase kept; the score is the saliency's excess over its own
/// mean of the last 21 rows, relative to it. The series is continued by its mirror image to the next power of two.
///
/// Columns one by one. Raw score >= 0. O(rows log rows), deterministic.
///
/// Paper: Ren et al., "Time-series anomaly detection service at Microsoft", KDD 2019. Differs: the whole series is
/// transformed at once, without its five estimated points at the end.
class SpectralResidual final : public ColumnDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    SpectralResidual(Parameters parameters, std::uint64_t seed);

protected:
    [[nodiscard]] std::vector<double> scoreColumn(const Column& column, JobContext& job) const override;
    [[nodiscard]] double secondsFor(double rows) const override { return 1e-5 + 4e-7 * rows; }
};

} // namespace faultline::detectors
