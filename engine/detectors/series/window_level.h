// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/series_detector.h"

namespace faultline::detectors
{

/// How much the `rows` rows from a row on differ from as many before it, in level, slope or spread (changeBetween; of
/// the standardised column, slopes over the whole window). Columns one by one. Raw score >= 0; 0 where a window would
/// leave the series. O(rows window), deterministic.
///
/// Paper: Basseville and Nikiforov, "Detection of Abrupt Changes", 1993.
class WindowLevel final : public ColumnDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    WindowLevel(Parameters parameters, std::uint64_t seed);

protected:
    [[nodiscard]] std::vector<double> scoreColumn(const Column& column, JobContext& job) const override;
    [[nodiscard]] double secondsFor(double rows) const override;
};

} // namespace faultline::detectors
