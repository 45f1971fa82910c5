// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include <cstddef>
#include <span>
#include <vector>

namespace faultline::detectors
{

struct ProfileOptions {
    std::size_t window = 100;
    std::size_t exclusion = 25; ///< windows that start at most so many rows away are not neighbours
    bool leftOnly = false;      ///< neighbours lie before the window: causal
};

/// The matrix profile: of each window of the series, z-normalised, the Euclidean distance to its nearest neighbour. Of
/// two windows without variation the distance is 0, of one such and another sqrt(window). 0 where there is no
/// neighbour.
///
/// Exact. O(n^2) time at any window, O(n) memory: covariances run along the diagonals of the distance matrix, begun
/// anew every 1,024 rows, so rounding does not pile up; stretches of rows are worked on in parallel and write only to
/// themselves, so the result does not depend on threads. AVX-512 or AVX2 where the machine has them, with the same
/// result. Stops early, unfinished, when the job is asked to.
///
/// Papers: Zhu et al., "Matrix Profile II", ICDM 2016 (diagonals); Zimmerman et al., "Matrix Profile XIV: SCAMP", SoCC
/// 2019 (the update of covariances).
[[nodiscard]] std::vector<double> matrixProfile(std::span<const double> values, const ProfileOptions& options,
                                                JobContext& job);

} // namespace faultline::detectors
