// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/series_detector.h"

namespace faultline::detectors
{

/// How unusual a window of the series is among all its windows, by their principal components: `t2`, the Mahalanobis
/// distance with a hundredth of the mean eigenvalue added to each (a window along rare directions), or `residual`, the
/// length of what the components that explain nine tenths of the variance leave over.
///
/// Columns one by one, standardised. Raw score >= 0, at the window's centre; 0 with fewer than window + 5 windows. The
/// window is at most an eighth of the rows. O(rows window^2), deterministic.
///
/// Paper: Aggarwal, "Outlier Analysis", 2017, ch. 9 (Sub-PCA); best classical method of Liu and Paparrizos, "The
/// elephant in the room: TSB-AD", NeurIPS 2024.
class SubPca final : public ColumnDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    SubPca(Parameters parameters, std::uint64_t seed);

protected:
    [[nodiscard]] std::vector<double> scoreColumn(const Column& column, JobContext& job) const override;
    [[nodiscard]] double secondsFor(double rows) const override;
};

} // namespace faultline::detectors
