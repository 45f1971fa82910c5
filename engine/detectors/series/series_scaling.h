// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/series_detector.h"

namespace faultline::detectors
{

/// The block's columns by mean and deviation of the reference rows (all rows where there are none), and then
/// sign(z) ln(1 + |z|), so that one wild column does not drown the others. A column that does not vary there counts in
/// units of a twentieth of its mean.
[[nodiscard]] std::vector<std::vector<double>> compressedByReference(const SeriesBlock& block);

} // namespace faultline::detectors
