// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace faultline::features
{

/// The q-quantile of the values with linear interpolation between order statistics (Hyndman and Fan's type 7). Reorders
/// the values. Precondition: not empty, no NaN. O(n).
[[nodiscard]] inline double quantile(std::span<double> values, double q)
{
    const double position = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
    std::nth_element(values.begin(), at, values.end());
    const double low = *at, rest = position - static_cast<double>(below);
    if (rest <= 0.0)
        return low;
    return low + rest * (*std::min_element(at + 1, values.end()) - low);
}

/// The same of values that are sorted already. O(1).
[[nodiscard]] inline double sortedQuantile(std::span<const double> values, double q)
{
    const double position = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const double rest = position - static_cast<double>(below);
    return rest <= 0.0 ? values[below] : values[below] + rest * (values[below + 1] - values[below]);
}

/// Standard deviation that the typical absolute deviation stands for under a normal distribution: 1.4826 * median, or,
/// when more than half of the deviations are zero, 1.2533 * mean (sqrt(pi / 2)). Makes the deviations absolute and
/// reorders them. O(n).
[[nodiscard]] inline double robustSpread(std::span<double> deviations)
{
    if (deviations.empty())
        return 0.0;
    double sum = 0.0;
    for (auto& deviation : deviations) {
        deviation = std::abs(deviation);
        sum += deviation;
    }
    const double median = quantile(deviations, 0.5);
    return median > 0.0 ? 1.4826 * median : 1.2533 * sum / static_cast<double>(deviations.size());
}

} // namespace faultline::features
