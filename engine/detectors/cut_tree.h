// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/random.h"
#include <cstdint>
#include <span>
#include <vector>

namespace faultline::detectors
{

/// A robust random cut tree over at most `capacity` points: every node's cut falls on a side of its bounding box with a
/// chance proportional to that side's length, and stays so distributed when points come and go (Guha, Mishra, Roy and
/// Schrijvers, ICML 2016). Equal points share a leaf. Const members are thread-safe. Memory: about 32 (d + 3) bytes a
/// point.
class CutTree
{
public:
    static constexpr std::uint32_t none = 0xffffffff;

    CutTree(std::size_t dimensions, std::size_t capacity);
    [[nodiscard]] std::size_t size() const { return m_root == none ? 0 : m_nodes[m_root].count; }

    /// Adds a point and returns its leaf. O(d depth).
    std::uint32_t insert(std::span<const double> point, Random& random);
    /// Takes one point of the leaf away.
    void remove(std::uint32_t leaf);

    /// The collusive displacement that the point would have if it were inserted: the largest ratio, over the subtrees
    /// that would hold it, of the points beside the subtree to those within. The expectation over the cuts that the
    /// insertion would draw, so the same for the same tree. `blame`, where given, has the dimensions' parts added.
    [[nodiscard]] double displacement(std::span<const double> point, std::span<double> blame = {}) const;
    /// That of a point in the tree.
    [[nodiscard]] double displacementOf(std::uint32_t leaf) const;

    /// The tree from the root down, left before right.
    struct Written {
        std::vector<std::uint32_t> column; ///< per node: where it is cut, or `none` for a leaf
        std::vector<double> cut;           ///< per inner node
        std::vector<std::uint32_t> count;  ///< per leaf: points
        std::vector<double> points;        ///< per leaf: its place
        std::vector<std::uint32_t> leaves; ///< per leaf: its number in this tree
    };
    [[nodiscard]] Written write() const;
    /// Rebuilds the tree of an empty one; false unless the parts make one tree within the capacity. `leaves` gets the
    /// leaves' numbers in the order of the parts.
    [[nodiscard]] bool restore(const Written& written, std::vector<std::uint32_t>& leaves);

private:
    struct Node {
        std::uint32_t parent = none, left = none, right = none;
        std::uint32_t count = 0; ///< points below
        std::uint32_t column = 0;
        double cut = 0.0;    ///< points up to here go left
        double length = 0.0; ///< sum of the box's sides
        [[nodiscard]] bool isLeaf() const { return left == none; }
    };
    [[nodiscard]] double* low(std::uint32_t node) { return m_boxes.data() + node * 2 * m_dimensions; }
    [[nodiscard]] const double* low(std::uint32_t node) const { return m_boxes.data() + node * 2 * m_dimensions; }
    [[nodiscard]] double outside(std::uint32_t node, const double* point) const;
    [[nodiscard]] std::uint32_t sibling(std::uint32_t node) const;
    std::uint32_t take();
    std::uint32_t makeLeaf(std::span<const double> point);
    void setLength(std::uint32_t node);
    void include(std::uint32_t node, std::span<const double> point);
    void encloseChildren(std::uint32_t node);
    std::uint32_t splitOff(std::uint32_t node, std::span<const double> point, double where);
    void replaceChild(std::uint32_t parent, std::uint32_t child, std::uint32_t by);
    void shrink(std::uint32_t node, const std::vector<double>& gone);

    std::size_t m_dimensions;
    std::uint32_t m_root = none;
    std::vector<Node> m_nodes;
    std::vector<double> m_boxes; ///< per node: lowest values, highest values
    std::vector<std::uint32_t> m_free;
};

} // namespace faultline::detectors
