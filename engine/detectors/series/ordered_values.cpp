// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/ordered_values.h"
#include <algorithm>
#include <limits>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t largestBlock = 512;
}

std::size_t OrderedValues::blockOf(double value) const
{
    const auto block = std::lower_bound(m_blocks.begin(), m_blocks.end(), value,
                                        [](const std::vector<double>& b, double v) { return b.back() < v; });
    return std::min(static_cast<std::size_t>(block - m_blocks.begin()), m_blocks.size() - 1);
}

void OrderedValues::add(double value)
{
    ++m_size;
    if (m_blocks.empty()) {
        m_blocks.push_back({value});
        return;
    }
    const auto index = blockOf(value);
    auto& block = m_blocks[index];
    block.insert(std::lower_bound(block.begin(), block.end(), value), value);
    if (block.size() <= largestBlock)
        return;
    const auto half = block.begin() + static_cast<std::ptrdiff_t>(largestBlock / 2);
    std::vector<double> upper(half, block.end());
    block.erase(half, block.end());
    m_blocks.insert(m_blocks.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(upper));
}

void OrderedValues::remove(double value)
{
    if (m_blocks.empty())
        return;
    const auto index = blockOf(value);
    auto& block = m_blocks[index];
    const auto at = std::lower_bound(block.begin(), block.end(), value);
    if (at == block.end() || *at != value)
        return;
    block.erase(at);
    --m_size;
    if (block.empty())
        m_blocks.erase(m_blocks.begin() + static_cast<std::ptrdiff_t>(index));
}

double OrderedValues::distanceToNearest(double value, std::size_t k) const
{
    if (m_size < k || k == 0)
        return 0.0;
    // Two cursors walk away from the value: the next one below, the next one not below.
    auto right = blockOf(value), left = right;
    auto up = static_cast<std::size_t>(std::lower_bound(m_blocks[right].begin(), m_blocks[right].end(), value) -
                                       m_blocks[right].begin());
    auto down = up; // one past the next one below
    double distance = 0.0;
    for (std::size_t found = 0; found < k; ++found) {
        if (down == 0 && left > 0)
            down = m_blocks[--left].size();
        if (right < m_blocks.size() && up == m_blocks[right].size()) {
            ++right;
            up = 0;
        }
        constexpr double none = std::numeric_limits<double>::infinity();
        const double below = down > 0 ? value - m_blocks[left][down - 1] : none;
        const double above = right < m_blocks.size() ? m_blocks[right][up] - value : none;
        distance = std::min(below, above);
        if (below <= above)
            --down;
        else
            ++up;
    }
    return distance;
}

} // namespace faultline::detectors
