// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/core/result.h"
#include <Eigen/Core>
#include <functional>

namespace faultline::detectors
{

/// Eigenvalues of wider tables would take longer than a job may go without asking whether to stop.
constexpr std::size_t mostDimensions = 500;

/// Numeric error for more.
[[nodiscard]] Result<void> checkWidth(std::size_t dimensions);

struct Moments {
    std::size_t count = 0;
    Eigen::VectorXd mean;
    Eigen::MatrixXd scatter; ///< sum of (x - mean)(x - mean)'
};

/// Writes the unit's values into `out`; false leaves the unit out.
using ReadUnit = std::function<bool(std::size_t unit, double* out)>;

/// Mean and scatter of the units that `read` gives, in two passes on all cores. The same for any number of threads.
/// Cancelled. O(units * dimensions^2).
[[nodiscard]] Result<Moments> momentsOf(std::size_t units, std::size_t dimensions, const ReadUnit& read,
                                        JobContext& job);

} // namespace faultline::detectors
