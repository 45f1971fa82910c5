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
constexpr double largestWeight = 1e6; ///< times the largest value it stays within float

class Grower
{
public:
    Grower(IsolationTrees& trees, std::size_t tree, std::span<const float> values, std::size_t columns, Random random)
        : m_trees(trees), m_tree(tree), m_values(values), m_columns(columns), m_random(random),
          m_order(columns == 0 ? 0 : values.size() / columns), m_candidates(columns), m_sums(m_order.size())
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
    [[nodiscard]] std::size_t splitOf(std::size_t node) const { return m_tree * m_trees.splitsPerTree() + node; }

    [[nodiscard]] Range rangeOf(std::uint32_t column, std::size_t first, std::size_t last) const
    {
        Range range{at(m_order[first], column), at(m_order[first], column)};
        for (auto i = first + 1; i < last; ++i) {
            range.low = std::min(range.low, at(m_order[i], column));
            range.high = std::max(range.high, at(m_order[i], column));
        }
        return range;
    }

    /// Above the lowest, so that both sides get a row: the lowest goes left, the highest right.
    float drawThreshold(Range range)
    {
        const double point = range.low + m_random.uniform() * (static_cast<double>(range.high) - range.low);
        return std::clamp(static_cast<float>(point), std::nextafter(range.low, std::numeric_limits<float>::infinity()),
                          range.high);
    }

    float weightFor(Range range)
    {
        const double weight = m_random.normal() / (static_cast<double>(range.high) - range.low);
        return static_cast<float>(std::clamp(weight, -largestWeight, largestWeight));
    }

    /// A random column that varies among the rows, drawn without replacement from the first `left` candidates, of which
    /// it leaves those that may still be drawn; false when none does.
    bool drawColumn(std::size_t first, std::size_t last, std::size_t& left, std::uint32_t& column, Range& range)
    {
        for (; left > 0; --left) {
            std::swap(m_candidates[m_random.below(left)], m_candidates[left - 1]);
            column = m_candidates[left - 1];
            range = rangeOf(column, first, last);
            if (range.low < range.high) {
                --left;
                return true;
            }
        }
        return false;
    }

    bool drawSplit(std::size_t node, std::size_t first, std::size_t last)
    {
        auto left = m_columns;
        auto& split = m_trees.splits[splitOf(node)];
        Range range{};
        std::uint32_t column = 0;
        if (m_trees.terms == 0) {
            if (!drawColumn(first, last, left, column, range))
                return false;
            split = {.threshold = drawThreshold(range), .column = column};
            return true;
        }
        auto* term = m_trees.plane.data() + splitOf(node) * m_trees.terms;
        std::size_t drawn = 0;
        for (; drawn < m_trees.terms && drawColumn(first, last, left, column, range); ++drawn)
            term[drawn] = {.weight = weightFor(range), .column = column};
        if (drawn > 0 && (range = projectRows(node, first, last)).low < range.high) {
            split.threshold = drawThreshold(range);
            return true;
        }
        std::fill_n(term, m_trees.terms, IsolationTrees::Term{});
        return false;
    }

    /// Sets the rows' sums.
    Range projectRows(std::size_t node, std::size_t first, std::size_t last)
    {
        Range range{std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()};
        for (auto i = first; i < last; ++i) {
            const float sum = m_trees.project(splitOf(node), m_values.data() + m_order[i] * m_columns);
            m_sums[m_order[i]] = sum;
            range = {std::min(range.low, sum), std::max(range.high, sum)};
        }
        return range;
    }

    void grow(std::size_t node, std::uint32_t level, std::size_t first, std::size_t last)
    {
        m_trees.size[m_tree * m_trees.nodesPerTree() + node] = static_cast<std::uint32_t>(last - first);
        if (level == m_trees.depth || last - first <= 1 || !drawSplit(node, first, last)) {
            stop(node, level, last - first);
            return;
        }
        const auto split = m_trees.splits[splitOf(node)];
        const auto begin = m_order.begin() + static_cast<std::ptrdiff_t>(first);
        const auto end = m_order.begin() + static_cast<std::ptrdiff_t>(last);
        const auto middle = std::partition(begin, end, [&](std::uint32_t row) {
            return (m_trees.terms == 0 ? at(row, split.column) : m_sums[row]) < split.threshold;
        });
        const auto cut = static_cast<std::size_t>(middle - m_order.begin());
        grow(2 * node + 1, level + 1, first, cut);
        grow(2 * node + 2, level + 1, cut, last);
    }

    /// The leaf at the left edge below `node` says how deep a search would go on average.
    void stop(std::size_t node, std::uint32_t level, std::size_t rows)
    {
        auto edge = node;
        for (auto l = level; l < m_trees.depth; ++l)
            edge = 2 * edge + 1;
        m_trees.pathLength[m_tree * m_trees.leavesPerTree() + edge - m_trees.splitsPerTree()] =
            static_cast<float>(static_cast<double>(level) + meanSearchPath(rows));
    }

    IsolationTrees& m_trees;
    std::size_t m_tree;
    std::span<const float> m_values;
    std::size_t m_columns;
    Random m_random;
    std::vector<std::uint32_t> m_order;
    std::vector<std::uint32_t> m_candidates;
    std::vector<float> m_sums; ///< extended trees: per row, of the node at hand
};
} // namespace

void IsolationTrees::resize(std::size_t trees, std::uint32_t levels, std::size_t termsOfSplits)
{
    depth = levels;
    terms = termsOfSplits;
    plane.assign(trees * splitsPerTree() * terms, {});
    splits.assign(trees * splitsPerTree(), {.threshold = std::numeric_limits<float>::infinity(), .column = 0});
    pathLength.assign(trees * leavesPerTree(), 0.0F);
    size.assign(trees * nodesPerTree(), 0);
}

void IsolationTrees::arrange(std::size_t columns)
{
    constexpr std::size_t entries = 256;
    thresholdTable.clear();
    pathTable.clear();
    columnTable.clear();
    if (terms > 0 || columns > 32 || leavesPerTree() > entries)
        return;
    thresholdTable.assign(count() * entries, 0.0F);
    pathTable.assign(count() * entries, 0.0F);
    columnTable.assign(count() * entries, 0);
    for (std::size_t tree = 0; tree < count(); ++tree) {
        for (std::size_t node = 0; node < splitsPerTree(); ++node) {
            const auto& split = splits[tree * splitsPerTree() + node];
            thresholdTable[tree * entries + node] = split.threshold;
            columnTable[tree * entries + node] = static_cast<std::int32_t>(split.column);
        }
        std::copy_n(pathLength.data() + tree * leavesPerTree(), leavesPerTree(), pathTable.data() + tree * entries);
    }
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
