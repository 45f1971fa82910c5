// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/charts/min_max_pyramid.h"
#include <algorithm>
#include <cmath>
#include <utility>

namespace faultline::ui
{

void MinMax::add(MinMax other)
{
    if (other.empty())
        return;
    if (empty()) {
        *this = other;
        return;
    }
    min = std::min(min, other.min);
    max = std::max(max, other.max);
}

MinMaxPyramid::MinMaxPyramid(std::vector<float> values) : m_values(std::move(values))
{
    std::size_t below = m_values.size();
    while (below > fanOut) {
        const std::size_t count = (below + fanOut - 1) / fanOut;
        std::vector<MinMax> level(count);
        for (std::size_t i = 0; i < below; ++i)
            level[i / fanOut].add(m_levels.empty() ? leaf(i) : m_levels.back()[i]);
        m_levels.push_back(std::move(level));
        below = count;
    }
}

MinMax MinMaxPyramid::leaf(std::size_t i) const
{
    const float value = m_values[i];
    return std::isnan(value) ? MinMax{} : MinMax{value, value};
}

MinMax MinMaxPyramid::range(std::size_t first, std::size_t last) const
{
    last = std::min(last, m_values.size());
    MinMax out;
    // Takes the ragged ends of each level, then goes on with the whole blocks one level up.
    for (std::size_t level = 0; first < last; ++level) {
        const auto at = [&](std::size_t i) { return level == 0 ? leaf(i) : m_levels[level - 1][i]; };
        const bool top = level == m_levels.size();
        while (first < last && (top || first % fanOut != 0))
            out.add(at(first++));
        while (first < last && last % fanOut != 0)
            out.add(at(--last));
        first /= fanOut;
        last /= fanOut;
    }
    return out;
}

} // namespace faultline::ui
