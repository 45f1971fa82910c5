// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/explain/poisson.h"
#include <algorithm>
#include <cmath>
#include <numbers>

namespace faultline::explain
{

namespace
{
/// ln of the chance of exactly `count`.
double logChance(double count, double mean)
{
    return count * std::log(mean) - mean - std::lgamma(count + 1.0);
}

/// 1 + r1 + r1 r2 + ...: the chances of the counts beyond, relative to the first, until they no longer matter.
template <class Ratio>
double relativeSum(const Ratio& ratio)
{
    double term = 1.0, sum = 1.0;
    for (int i = 1; i < 1'000'000 && term > 1e-17 * sum; ++i) {
        term *= ratio(static_cast<double>(i));
        sum += term;
    }
    return sum;
}

double decades(double logChance)
{
    return std::max(0.0, -logChance / std::numbers::ln10);
}
} // namespace

double poissonAtLeast(std::uint64_t count, double mean)
{
    const auto k = static_cast<double>(count);
    if (count == 0)
        return 0.0;
    if (k <= mean) // the sum over smaller counts is the one that converges fast
        return decades(std::log1p(-std::pow(10.0, -poissonAtMost(count - 1, mean))));
    return decades(logChance(k, mean) + std::log(relativeSum([&](double i) { return mean / (k + i); })));
}

double poissonAtMost(std::uint64_t count, double mean)
{
    const auto k = static_cast<double>(count);
    if (k >= mean)
        return decades(std::log1p(-std::pow(10.0, -poissonAtLeast(count + 1, mean))));
    return decades(logChance(k, mean) +
                   std::log(relativeSum([&](double i) { return std::max(0.0, (k - i + 1.0) / mean); })));
}

} // namespace faultline::explain
