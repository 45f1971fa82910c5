// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/random.h"
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace faultline::detectors
{

/// The trees of an isolation forest as flat arrays, made for fast traversal: every tree is a complete binary tree of
/// `depth` levels of splits, node i's children are 2i + 1 (value < threshold) and 2i + 2. Where a tree stops early its
/// splits have the threshold +infinity, so that a row runs down the left edge to a leaf: no branch depends on the data.
struct IsolationTrees {
    struct Split {
        float threshold = 0.0F;
        std::uint32_t column = 0;
    };
    /// Extended trees split a weighted sum of columns instead of one column.
    struct Term {
        float weight = 0.0F;
        std::uint32_t column = 0;
    };
    std::size_t terms = 0;           ///< per split of an extended tree; 0 = axis-parallel
    std::vector<Term> plane;         ///< trees x splits x terms
    std::uint32_t depth = 0;         ///< levels of splits
    std::vector<Split> splits;       ///< trees x (2^depth - 1)
    std::vector<float> pathLength;   ///< trees x 2^depth: depth of the leaf plus the mean path below it
    std::vector<std::uint32_t> size; ///< trees x (2^(depth + 1) - 1): training rows in each node; 0 below an early leaf
    /// What AVX-512 traversal looks up in registers, for up to 32 columns and 8 levels: per tree 256 thresholds by
    /// node, 256 columns, 256 path lengths. Made by arrange(), empty otherwise.
    std::vector<float> thresholdTable, pathTable;
    std::vector<std::int32_t> columnTable;

    [[nodiscard]] std::size_t splitsPerTree() const { return (std::size_t{1} << depth) - 1; }
    [[nodiscard]] std::size_t leavesPerTree() const { return std::size_t{1} << depth; }
    [[nodiscard]] std::size_t nodesPerTree() const { return 2 * leavesPerTree() - 1; }
    [[nodiscard]] std::size_t count() const { return pathLength.size() / leavesPerTree(); }
    /// Makes room for this many empty trees.
    void resize(std::size_t trees, std::uint32_t levels, std::size_t termsOfSplits = 0);
    /// What split `split` (counted over all trees) compares with its threshold.
    [[nodiscard]] float project(std::size_t split, const float* row) const
    {
        float sum = 0.0F;
        for (std::size_t t = split * terms; t < (split + 1) * terms; ++t)
            sum += plane[t].weight * row[plane[t].column];
        return terms == 0 ? row[splits[split].column] : sum;
    }
    /// Call when the trees are complete: makes the tables for fast traversal where they help.
    void arrange(std::size_t columns);
};

/// Mean path length of an unsuccessful search in a binary search tree of n keys: c(n) = 2 H(n - 1) - 2 (n - 1) / n.
[[nodiscard]] double meanSearchPath(std::size_t n);

/// Grows tree `tree` from `rows` x `columns` values (row-major) until a row is alone, all are equal, or the depth is
/// reached. Each node splits a column, drawn among those that vary there, at a uniform point between its extremes.
/// Extended trees draw `trees.terms` such columns and weigh them with standard normal numbers divided by the columns'
/// ranges in the node, so that no column's scale matters; the point lies between the extremes of the rows' sums.
void growIsolationTree(IsolationTrees& trees, std::size_t tree, std::span<const float> values, std::size_t columns,
                       Random random);

/// Adds each row's path length in every tree, in tree order, to sums[row]. Bit-identical on every processor: the
/// AVX-512 and AVX2 forms, chosen at run time, do the same additions in the same order.
void addPathLengths(const IsolationTrees& trees, std::span<const float> values, std::size_t columns,
                    std::span<float> sums);
/// The same without vector instructions, for the test that they agree.
void addPathLengthsPortably(const IsolationTrees& trees, std::span<const float> values, std::size_t columns,
                            std::span<float> sums);

} // namespace faultline::detectors
