// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/series_detector.h"

namespace faultline::detectors
{

/// How far a value lies from the median of its series, in robust deviations (1.4826 MAD, at least a tenth of the
/// standard deviation). Columns one by one. Raw score >= 0, O(rows), deterministic. Simple, and still what lifts nearly
/// every ensemble of shape detectors, which are blind to height.
///
/// Paper: Leys et al., "Detecting outliers: do not use standard deviation around the mean, use absolute deviation
/// around the median", J. Exp. Soc. Psych. 2013; the floor is ours.
class SeriesAmplitude final : public ColumnDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    SeriesAmplitude(Parameters parameters, std::uint64_t seed);

protected:
    [[nodiscard]] std::vector<double> scoreColumn(const Column& column, JobContext& job) const override;
    [[nodiscard]] double secondsFor(double rows) const override { return 1e-6 + 5e-8 * rows; }
};

} // namespace faultline::detectors
