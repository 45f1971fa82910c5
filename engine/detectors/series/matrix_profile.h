// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/series_detector.h"

namespace faultline::detectors
{

/// How unlike its nearest other window in shape a window is: the z-normalised matrix profile (matrixProfile), at the
/// window's centre, or, of neighbours before it only (`side` left), at its end. Windows closer than a quarter of their
/// length are not neighbours. Blind to height by design.
///
/// Columns one by one. Raw score 0 to 2 sqrt(window). Every row of training data that was given apart is a neighbour.
/// With fewer rows than two windows all scores are 0. O(rows^2), O(rows) memory; deterministic.
///
/// Paper: Yeh et al., "Matrix Profile I", ICDM 2016.
class MatrixProfile final : public ColumnDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    MatrixProfile(Parameters parameters, std::uint64_t seed);

protected:
    [[nodiscard]] std::vector<double> scoreColumn(const Column& column, JobContext& job) const override;
    [[nodiscard]] double secondsFor(double rows) const override { return 1e-5 + 8e-10 * rows * rows; }
};

} // namespace faultline::detectors
