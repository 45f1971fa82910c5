// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/series_detector.h"

namespace faultline::detectors
{

/// How far a value is from those at the same phase of other cycles: from the median of up to 7 cycles before and 7
/// after, in robust deviations of all such distances. The cycle is the longest of the series' seasons of which at least
/// four fit (the week, the day, the data's period; seasonsOf), or `season` if given; 0 for all rows without one.
///
/// Columns one by one. Raw score >= 0. O(14 rows), deterministic.
///
/// Paper: Hochenbaum et al., "Automatic anomaly detection in the cloud via statistical learning", 2017 (seasonal
/// medians).
class SamePhase final : public ColumnDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    SamePhase(Parameters parameters, std::uint64_t seed);

protected:
    [[nodiscard]] std::vector<double> scoreColumn(const Column& column, JobContext& job) const override;
    [[nodiscard]] double secondsFor(double rows) const override { return 1e-5 + 3e-7 * rows; }
};

} // namespace faultline::detectors
