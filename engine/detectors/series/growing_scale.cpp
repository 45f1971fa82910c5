// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/growing_scale.h"
#include <algorithm>
#include <cmath>

namespace faultline::detectors
{

void GrowingScale::add(double value)
{
    if (m_values.size() >= m_memory)
        return;
    m_values.push_back(value);
    if (m_values.size() < m_nextFit)
        return;
    const auto n = m_values.size();
    auto sorted = m_values;
    std::sort(sorted.begin(), sorted.end());
    const double low = sorted[static_cast<std::size_t>(0.01 * static_cast<double>(n - 1))];
    const double high = sorted[static_cast<std::size_t>(0.99 * static_cast<double>(n - 1))];
    double mean = 0.0, squares = 0.0;
    for (const double v : sorted)
        mean += std::clamp(v, low, high);
    mean /= static_cast<double>(n);
    for (const double v : sorted) {
        const double d = std::clamp(v, low, high) - mean;
        squares += d * d;
    }
    m_scale = std::sqrt(squares / static_cast<double>(n));
    m_nextFit = std::max(n + 5, static_cast<std::size_t>(static_cast<double>(n) * 1.1));
}

} // namespace faultline::detectors
