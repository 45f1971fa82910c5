// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/isolation_trees.h"
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace faultline::detectors
{

namespace
{
class Grower
{
public:
    Grower(IsolationTrees& trees, std::size_t tree, std::span<const float> values, std::size_t columns, Random random)
        : m_splits(trees.splits.data() + tree * trees.splitsPerTree()),
          m_paths(trees.pathLength.data() + tree * trees.leavesPerTree()),
          m_sizes(trees.size.data() + tree * trees.nodesPerTree()), m_depth(trees.depth), m_values(values),
          m_columns(columns), m_random(random), m_order(columns == 0 ? 0 : values.size() / columns),
          m_candidates(columns)
    {
        std::iota(m_order.begin(), m_order.end(), 0U);
        std::iota(m_candidates.begin(), m_candidates.end(), 0U);
    }

    void run() { grow(0, 0, 0, m_order.size()); }

private:
    struct Range {
        float low, high;
    };

    [[nodiscard]] float at(std::uint32_t row, std::uint32_t column) const { return m_values[row * m_columns + column]; }

    [[nodiscard]] Range rangeOf(std::uint32_t column, std::size_t first, std::size_t last) const
    {
        Range range{at(m_order[first], column), at(m_order[first], column)};
        for (auto i = first + 1; i < last; ++i) {
            range.low = std::min(range.low, at(m_order[i], column));
            range.high = std::max(range.high, at(m_order[i], column));
        }
        return range;
    }

    /// A random column that varies among the rows, by drawing without replacement; false when none does.
    bool drawSplit(std::size_t first, std::size_t last, IsolationTrees::Split& split)
    {
        for (std::size_t left = m_columns; left > 0; --left) {
            std::swap(m_candidates[m_random.below(left)], m_candidates[left - 1]);
            const auto column = m_candidates[left - 1];
            const auto range = rangeOf(column, first, last);
            if (!(range.low < range.high))
                continue;
            const double point = range.low + m_random.uniform() * (static_cast<double>(range.high) - range.low);
            // Above the lowest, so that both sides get a row: the lowest goes left, the highest right.
            split.threshold = std::clamp(static_cast<float>(point),
                                         std::nextafter(range.low, std::numeric_limits<float>::infinity()), range.high);
            split.column = column;
            return true;
        }
        return false;
    }

    void grow(std::size_t node, std::uint32_t level, std::size_t first, std::size_t last)
    {
        m_sizes[node] = static_cast<std::uint32_t>(last - first);
        IsolationTrees::Split split;
        if (level == m_depth || last - first <= 1 || !drawSplit(first, last, split)) {
            stop(node, level, last - first);
            return;
        }
        m_splits[node] = split;
        const auto begin = m_order.begin() + static_cast<std::ptrdiff_t>(first);
        const auto end = m_order.begin() + static_cast<std::ptrdiff_t>(last);
        const auto middle =
            std::partition(begin, end, [&](std::uint32_t row) { return at(row, split.column) < split.threshold; });
        const auto cut = static_cast<std::size_t>(middle - m_order.begin());
        grow(2 * node + 1, level + 1, first, cut);
        grow(2 * node + 2, level + 1, cut, last);
    }

    /// The leaf at the left edge below `node` says how deep a search would go on average.
    void stop(std::size_t node, std::uint32_t level, std::size_t rows)
    {
        auto edge = node;
        for (auto l = level; l < m_depth; ++l)
            edge = 2 * edge + 1;
        m_paths[edge - ((std::size_t{1} << m_depth) - 1)] =
            static_cast<float>(static_cast<double>(level) + meanSearchPath(rows));
    }

    IsolationTrees::Split* m_splits;
    float* m_paths;
    std::uint32_t* m_sizes;
    std::uint32_t m_depth;
    std::span<const float> m_values;
    std::size_t m_columns;
    Random m_random;
    std::vector<std::uint32_t> m_order;
    std::vector<std::uint32_t> m_candidates;
};
} // namespace

void IsolationTrees::resize(std::size_t trees, std::uint32_t levels)
{
    depth = levels;
    splits.assign(trees * splitsPerTree(), {.threshold = std::numeric_limits<float>::infinity(), .column = 0});
    pathLength.assign(trees * leavesPerTree(), 0.0F);
    size.assign(trees * nodesPerTree(), 0);
}

double meanSearchPath(std::size_t n)
{
    if (n <= 1)
        return 0.0;
    double harmonic = 0.0;
    for (std::size_t i = 1; i < n; ++i)
        harmonic += 1.0 / static_cast<double>(i);
    const auto count = static_cast<double>(n);
    return 2.0 * harmonic - 2.0 * (count - 1.0) / count;
}

void growIsolationTree(IsolationTrees& trees, std::size_t tree, std::span<const float> values, std::size_t columns,
                       Random random)
{
    Grower(trees, tree, values, columns, random).run();
}

} // namespace faultline::detectors
