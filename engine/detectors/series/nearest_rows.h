// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include <cstddef>
#include <cstdint>
#include <vector>

namespace faultline::detectors
{

/// Points that may overlap in memory: point i is `dimensions` numbers from `values[i * stride]`. Stride 1 makes them
/// the windows of a series.
struct PointView {
    const float* values = nullptr;
    std::size_t stride = 1, dimensions = 1, count = 0;
};

struct NearestSearch {
    std::size_t neighbours = 3;          ///< 1 to 32
    std::size_t exclusion = 0;           ///< references at positions nearer than this to a point are not its neighbours
    std::size_t first = 0;               ///< points before this one are not asked for
    std::vector<std::size_t> references; ///< positions of points, ascending
};

/// Squared Euclidean distances of points first, first + 1, ... to their nearest references, `neighbours` each,
/// ascending, infinite where there are fewer. Differences are taken before they are squared, so near points keep their
/// digits. Exact; O(points x references x dimensions) multiplications, with AVX2 where the machine has it, in parallel;
/// the result does not depend on either. Stops early, with what it has, when the job is asked to.
[[nodiscard]] std::vector<float> nearestSquares(const PointView& points, const NearestSearch& search, JobContext& job);

/// `limit` positions of `count`, one drawn from each of as many even stretches; all when there are no more.
[[nodiscard]] std::vector<std::size_t> evenPositions(std::size_t count, std::size_t limit, std::uint64_t seed);

} // namespace faultline::detectors
