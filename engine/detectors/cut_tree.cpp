// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/cut_tree.h"
#include <algorithm>
#include <cmath>

namespace faultline::detectors
{

namespace
{
constexpr double negligible = 1e-6; ///< chance below which a walk down ends
}

CutTree::CutTree(std::size_t dimensions, std::size_t capacity)
    : m_dimensions(dimensions), m_nodes(2 * capacity), m_boxes(m_nodes.size() * 2 * dimensions), m_free(m_nodes.size())
{
    for (std::size_t i = 0; i < m_free.size(); ++i)
        m_free[i] = static_cast<std::uint32_t>(m_free.size() - 1 - i);
}

std::uint32_t CutTree::take()
{
    const auto node = m_free.back();
    m_free.pop_back();
    m_nodes[node] = {};
    return node;
}

std::uint32_t CutTree::makeLeaf(std::span<const double> point)
{
    const auto leaf = take();
    m_nodes[leaf].count = 1;
    std::copy(point.begin(), point.end(), low(leaf));
    std::copy(point.begin(), point.end(), low(leaf) + m_dimensions);
    return leaf;
}

/// How far a box would have to grow to hold the point, over all dimensions.
double CutTree::outside(std::uint32_t node, const double* point) const
{
    const double* bottom = low(node);
    const double* top = bottom + m_dimensions;
    double sum = 0.0;
    for (std::size_t d = 0; d < m_dimensions; ++d)
        sum += std::max(0.0, std::max(bottom[d] - point[d], point[d] - top[d]));
    return sum;
}

void CutTree::setLength(std::uint32_t node)
{
    const double* bottom = low(node);
    double sum = 0.0;
    for (std::size_t d = 0; d < m_dimensions; ++d)
        sum += bottom[m_dimensions + d] - bottom[d];
    m_nodes[node].length = sum;
}

void CutTree::include(std::uint32_t node, std::span<const double> point)
{
    double* bottom = low(node);
    for (std::size_t d = 0; d < m_dimensions; ++d) {
        bottom[d] = std::min(bottom[d], point[d]);
        bottom[m_dimensions + d] = std::max(bottom[m_dimensions + d], point[d]);
    }
    setLength(node);
}

void CutTree::encloseChildren(std::uint32_t node)
{
    const double* a = low(m_nodes[node].left);
    const double* b = low(m_nodes[node].right);
    double* out = low(node);
    for (std::size_t d = 0; d < m_dimensions; ++d) {
        out[d] = std::min(a[d], b[d]);
        out[m_dimensions + d] = std::max(a[m_dimensions + d], b[m_dimensions + d]);
    }
    setLength(node);
}

void CutTree::replaceChild(std::uint32_t parent, std::uint32_t child, std::uint32_t by)
{
    m_nodes[by].parent = parent;
    if (parent == none)
        m_root = by;
    else if (m_nodes[parent].left == child)
        m_nodes[parent].left = by;
    else
        m_nodes[parent].right = by;
}

/// Parts the point from everything below `node` by a cut `where` (0 to outside()) into what the box would have to grow.
std::uint32_t CutTree::splitOff(std::uint32_t node, std::span<const double> point, double where)
{
    const double* bottom = low(node);
    std::size_t column = m_dimensions;
    double gap = 0.0;
    for (std::size_t d = 0; d < m_dimensions; ++d) {
        const double grows = std::max(0.0, std::max(bottom[d] - point[d], point[d] - bottom[m_dimensions + d]));
        if (grows <= 0.0)
            continue;
        column = d;
        gap = grows;
        if (where < grows)
            break;
        where -= grows;
    }
    const bool isLow = point[column] < bottom[column];
    const double edge = isLow ? point[column] : bottom[m_dimensions + column];
    const double far = isLow ? bottom[column] : point[column];
    double cut = edge + std::min(where, gap);
    if (!(cut < far)) // the highest left value, never the lowest right one
        cut = edge;
    const auto leaf = makeLeaf(point), inner = take();
    replaceChild(m_nodes[node].parent, node, inner);
    m_nodes[inner].column = static_cast<std::uint32_t>(column);
    m_nodes[inner].cut = cut;
    m_nodes[inner].count = m_nodes[node].count + 1;
    m_nodes[inner].left = isLow ? leaf : node;
    m_nodes[inner].right = isLow ? node : leaf;
    m_nodes[leaf].parent = m_nodes[node].parent = inner;
    encloseChildren(inner);
    return leaf;
}

std::uint32_t CutTree::insert(std::span<const double> point, Random& random)
{
    if (m_root == none)
        return m_root = makeLeaf(point);
    auto node = m_root;
    while (true) {
        const double grows = outside(node, point.data());
        if (grows > 0.0) {
            const double where = random.uniform() * (grows + m_nodes[node].length);
            if (where < grows || m_nodes[node].isLeaf())
                return splitOff(node, point, std::min(where, grows));
            include(node, point);
        }
        ++m_nodes[node].count;
        if (m_nodes[node].isLeaf())
            return node;
        node = point[m_nodes[node].column] <= m_nodes[node].cut ? m_nodes[node].left : m_nodes[node].right;
    }
}

std::uint32_t CutTree::sibling(std::uint32_t node) const
{
    const auto& parent = m_nodes[m_nodes[node].parent];
    return parent.left == node ? parent.right : parent.left;
}

/// Fits the boxes from `node` up to what is left once a point is gone.
void CutTree::shrink(std::uint32_t node, const std::vector<double>& gone)
{
    for (; node != none; node = m_nodes[node].parent) {
        const double* bottom = low(node);
        bool wasOnSide = false;
        for (std::size_t d = 0; d < m_dimensions; ++d)
            wasOnSide = wasOnSide || gone[d] == bottom[d] || gone[d] == bottom[m_dimensions + d];
        if (!wasOnSide)
            return; // nor is it on a side of any box around
        encloseChildren(node);
    }
}

void CutTree::remove(std::uint32_t leaf)
{
    for (auto node = leaf; node != none; node = m_nodes[node].parent)
        --m_nodes[node].count;
    if (m_nodes[leaf].count > 0)
        return;
    const auto parent = m_nodes[leaf].parent;
    m_free.push_back(leaf);
    if (parent == none) {
        m_root = none;
        return;
    }
    const auto other = sibling(leaf), above = m_nodes[parent].parent;
    replaceChild(above, parent, other);
    m_free.push_back(parent);
    shrink(above, {low(leaf), low(leaf) + m_dimensions});
}

double CutTree::displacement(std::span<const double> point, std::span<double> blame) const
{
    double sum = 0.0, reach = 1.0, most = 0.0; // chance to get here; largest ratio of the subtrees around
    for (auto node = m_root; node != none;) {
        const auto& here = m_nodes[node];
        const double grows = outside(node, point.data());
        const double parts = grows > 0.0 ? grows / (grows + here.length) : 0.0;
        const double value = std::max(most, static_cast<double>(here.count));
        sum += reach * parts * value;
        const double* bottom = low(node);
        for (std::size_t d = 0; d < blame.size() && grows > 0.0; ++d)
            blame[d] += reach * parts * value / grows *
                        std::max(0.0, std::max(bottom[d] - point[d], point[d] - bottom[m_dimensions + d]));
        reach *= 1.0 - parts;
        if (here.isLeaf() || reach < negligible)
            return sum + reach * most;
        const bool goesLeft = point[here.column] <= here.cut;
        const auto child = goesLeft ? here.left : here.right, beside = goesLeft ? here.right : here.left;
        most = std::max(most,
                        static_cast<double>(m_nodes[beside].count) / (static_cast<double>(m_nodes[child].count) + 1.0));
        node = child;
    }
    return sum;
}

double CutTree::displacementOf(std::uint32_t leaf) const
{
    double most = 0.0;
    for (auto node = leaf; m_nodes[node].parent != none; node = m_nodes[node].parent)
        most = std::max(most,
                        static_cast<double>(m_nodes[sibling(node)].count) / static_cast<double>(m_nodes[node].count));
    return most;
}

CutTree::Written CutTree::write() const
{
    Written out;
    std::vector<std::uint32_t> open;
    if (m_root != none)
        open.push_back(m_root);
    while (!open.empty()) {
        const auto node = open.back();
        open.pop_back();
        const auto& here = m_nodes[node];
        out.column.push_back(here.isLeaf() ? none : here.column);
        if (!here.isLeaf()) {
            out.cut.push_back(here.cut);
            open.push_back(here.right);
            open.push_back(here.left);
            continue;
        }
        out.count.push_back(here.count);
        out.leaves.push_back(node);
        out.points.insert(out.points.end(), low(node), low(node) + m_dimensions);
    }
    return out;
}

bool CutTree::restore(const Written& written, std::vector<std::uint32_t>& leaves)
{
    std::vector<std::uint32_t> open, inners; // inner nodes that wait for children; all of them
    std::size_t leaf = 0, inner = 0;
    for (std::size_t i = 0; i < written.column.size(); ++i) {
        const bool isLeaf = written.column[i] == none;
        if ((i > 0 && open.empty()) || m_free.empty() ||
            (isLeaf ? leaf >= written.count.size() : inner >= written.cut.size()))
            return false;
        const auto node =
            isLeaf ? makeLeaf(std::span(written.points).subspan(leaf * m_dimensions, m_dimensions)) : take();
        const auto parent = open.empty() ? none : open.back();
        m_nodes[node].parent = parent;
        if (parent == none) {
            m_root = node;
        } else if (m_nodes[parent].left == none) {
            m_nodes[parent].left = node;
        } else {
            m_nodes[parent].right = node;
            open.pop_back();
        }
        if (isLeaf) {
            m_nodes[node].count = written.count[leaf++];
            leaves.push_back(node);
            continue;
        }
        if (written.column[i] >= m_dimensions)
            return false;
        m_nodes[node].column = written.column[i];
        m_nodes[node].cut = written.cut[inner++];
        open.push_back(node);
        inners.push_back(node);
    }
    if (!open.empty() || leaf != written.count.size() || inner != written.cut.size())
        return false;
    std::for_each(inners.rbegin(), inners.rend(), [&](std::uint32_t node) { // children before parents
        m_nodes[node].count = m_nodes[m_nodes[node].left].count + m_nodes[m_nodes[node].right].count;
        encloseChildren(node);
    });
    return true;
}

} // namespace faultline::detectors
