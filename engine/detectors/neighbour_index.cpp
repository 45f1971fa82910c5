// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/neighbour_index.h"
#include "engine/detectors/neighbour_kernel.h"
#include <algorithm>
#include <bit>
#include <limits>

namespace faultline::detectors
{

namespace
{
using Neighbour = NeighbourIndex::Neighbour;
constexpr std::size_t mostAdded = 2048; ///< rows behind a small tree before it is built anew
constexpr double infinity = std::numeric_limits<double>::infinity();

bool isNearer(const Neighbour& a, const Neighbour& b)
{
    return a.squared != b.squared ? a.squared < b.squared : a.slot < b.slot;
}
} // namespace

/// The wanted nearest so far, in a heap whose front is the farthest of them.
struct NeighbourIndex::Search {
    const double* query;
    std::size_t wanted;
    std::uint32_t skip;
    std::vector<Neighbour>& heap;
    double farthest = infinity;

    /// False when the row is too far to count.
    bool offer(Neighbour neighbour)
    {
        if (heap.size() == wanted) {
            if (!isNearer(neighbour, heap.front()))
                return false;
            std::pop_heap(heap.begin(), heap.end(), isNearer);
            heap.back() = neighbour;
        } else {
            heap.push_back(neighbour);
        }
        std::push_heap(heap.begin(), heap.end(), isNearer);
        if (heap.size() == wanted)
            farthest = heap.front().squared;
        return true;
    }
};

/// Queries that go down the tree together, and the box around them.
struct NeighbourIndex::Party {
    std::vector<Search> searches;
    std::vector<double> low, high;
    std::vector<double> byDimension; ///< the queries as squaredBoxDistances() wants them
    double farthest = infinity;      ///< no row farther than this counts for any of them

    void update()
    {
        farthest = 0.0;
        for (const auto& search : searches)
            farthest = std::max(farthest, search.farthest);
    }
};

void NeighbourIndex::reset(std::size_t dimensions, std::size_t capacity)
{
    *this = NeighbourIndex();
    m_dimensions = dimensions;
    m_capacity = capacity;
}

bool NeighbourIndex::fill(std::span<const double> rows, std::span<const std::uint32_t> sources, JobContext& job)
{
    m_sources.assign(sources.begin(), sources.end());
    return build({rows.begin(), rows.end()}, &job);
}

/// Puts a row behind the tree.
void NeighbourIndex::append(std::span<const double> row, std::uint32_t slot)
{
    const auto place = m_treeGroups * groupRows + m_added++;
    const auto group = place / groupRows;
    if (m_slotAt.size() < (group + 1) * groupRows) {
        m_slotAt.resize((group + 1) * groupRows, noSource);
        m_groups.resize((group + 1) * groupRows * m_dimensions, infinity);
    }
    for (std::size_t d = 0; d < m_dimensions; ++d)
        m_groups[(group * m_dimensions + d) * groupRows + place % groupRows] = row[d];
    m_slotAt[place] = slot;
    m_placeOf[slot] = static_cast<std::uint32_t>(place);
}

void NeighbourIndex::add(std::span<const double> row, std::uint32_t source)
{
    auto slot = m_sources.size();
    if (slot < m_capacity) {
        m_sources.push_back(source);
        m_placeOf.push_back(0);
    } else {
        slot = m_oldest;
        m_oldest = (m_oldest + 1) % m_capacity;
        m_sources[slot] = source;
        const auto place = m_placeOf[slot];
        m_slotAt[place] = noSource;
        for (std::size_t d = 0; d < m_dimensions; ++d) // nothing is as near as this is far
            m_groups[(place / groupRows * m_dimensions + d) * groupRows + place % groupRows] = infinity;
    }
    append(row, static_cast<std::uint32_t>(slot));
    if (m_added > std::max(mostAdded, m_treeRows / 2))
        rebuild();
}

void NeighbourIndex::rebuild()
{
    std::vector<double> rows;
    rows.reserve(size() * m_dimensions);
    for (std::size_t slot = 0; slot < size(); ++slot) {
        const auto values = row(slot);
        rows.insert(rows.end(), values.begin(), values.end());
    }
    (void)build(rows, nullptr); // without a job nothing stops it
}

std::vector<double> NeighbourIndex::row(std::size_t slot) const
{
    std::vector<double> out(m_dimensions);
    const auto place = m_placeOf[slot];
    for (std::size_t d = 0; d < m_dimensions; ++d)
        out[d] = m_groups[(place / groupRows * m_dimensions + d) * groupRows + place % groupRows];
    return out;
}

std::uint32_t NeighbourIndex::slotOf(std::uint32_t source) const
{
    // Sources ascend until the first row is replaced.
    if (source == noSource || m_oldest != 0)
        return noSource;
    const auto it = std::lower_bound(m_sources.begin(), m_sources.end(), source);
    return it != m_sources.end() && *it == source ? static_cast<std::uint32_t>(it - m_sources.begin()) : noSource;
}

/// From the box between `low` and `high` (a query is a box without width). Added up as the rows' distances are, so that
/// rounding never makes a box seem farther than a row within.
double NeighbourIndex::toBox(std::size_t node, const double* low, const double* high) const
{
    const double* bottom = box(node);
    const double* top = bottom + m_dimensions;
    double sum = 0.0;
    for (std::size_t d = 0; d < m_dimensions; ++d) {
        const double gap = std::max(std::max(bottom[d] - high[d], low[d] - top[d]), 0.0);
        sum += gap * gap;
    }
    return sum;
}

void NeighbourIndex::sweep(Search& search, std::size_t firstGroup, std::size_t groups) const
{
    double squared[mostGroups * groupRows];
    for (std::size_t done = 0; done < groups; done += mostGroups) {
        const auto first = firstGroup + done;
        const RowGroups rows{m_groups.data() + first * groupRows * m_dimensions, std::min(mostGroups, groups - done),
                             m_dimensions};
        auto near = squaredDistances(rows, search.query, search.farthest, squared);
        for (; near != 0; near &= near - 1) {
            const auto group = static_cast<std::size_t>(std::countr_zero(near));
            for (std::size_t i = group * groupRows; i < (group + 1) * groupRows; ++i) {
                const auto slot = m_slotAt[first * groupRows + i];
                if (squared[i] <= search.farthest && slot != noSource && slot != search.skip)
                    search.offer({.squared = squared[i], .slot = slot});
            }
        }
    }
}

void NeighbourIndex::sweepAlike(Search& search, std::size_t node) const
{
    const auto& leaf = m_nodes[node];
    const double squared = toBox(node, search.query, search.query); // the box is the rows' point
    const auto last = (leaf.firstGroup + leaf.groups) * groupRows;
    for (auto place = leaf.firstGroup * groupRows; place < last; ++place) { // slots ascend
        const auto slot = m_slotAt[place];
        if (slot != noSource && slot != search.skip && !search.offer({.squared = squared, .slot = slot}))
            return;
    }
}

void NeighbourIndex::descend(Party& party, std::size_t node) const
{
    const auto& here = m_nodes[node];
    if (here.children == 0) {
        double squared[partySize];
        squaredBoxDistances(box(node), box(node) + m_dimensions, m_dimensions, party.byDimension.data(), squared);
        for (std::size_t i = 0; i < party.searches.size(); ++i)
            if (squared[i] <= party.searches[i].farthest)
                here.isAlike ? sweepAlike(party.searches[i], node)
                             : sweep(party.searches[i], here.firstGroup, here.groups);
        party.update();
        return;
    }
    const double left = toBox(here.children, party.low.data(), party.high.data());
    const double right = toBox(here.children + 1, party.low.data(), party.high.data());
    const std::size_t farther = left <= right ? 1 : 0;
    if (std::min(left, right) <= party.farthest)
        descend(party, here.children + 1 - farther);
    if (std::max(left, right) <= party.farthest)
        descend(party, here.children + farther);
}

void NeighbourIndex::nearest(std::span<const double> query, std::size_t wanted, std::uint32_t skip,
                             std::vector<Neighbour>& out) const
{
    nearestOfEach(query, wanted, {&skip, 1}, {&out, 1});
}

void NeighbourIndex::nearestOfEach(std::span<const double> queries, std::size_t wanted,
                                   std::span<const std::uint32_t> skips, std::span<std::vector<Neighbour>> out) const
{
    for (std::size_t i = 0; i < skips.size(); ++i)
        out[i].clear();
    if (wanted == 0 || size() == 0 || skips.empty())
        return;
    Party party;
    party.low.assign(queries.begin(), queries.begin() + static_cast<std::ptrdiff_t>(m_dimensions));
    party.high = party.low;
    party.byDimension.assign(m_dimensions * partySize, 0.0);
    for (std::size_t i = 0; i < skips.size(); ++i) {
        const double* query = queries.data() + i * m_dimensions;
        party.searches.push_back({.query = query, .wanted = wanted, .skip = skips[i], .heap = out[i]});
        for (std::size_t d = 0; d < m_dimensions; ++d) {
            party.low[d] = std::min(party.low[d], query[d]);
            party.high[d] = std::max(party.high[d], query[d]);
            party.byDimension[d * partySize + i] = query[d];
        }
    }
    if (!m_nodes.empty())
        descend(party, 0);
    for (std::size_t i = 0; i < skips.size(); ++i) {
        sweep(party.searches[i], m_treeGroups, m_slotAt.size() / groupRows - m_treeGroups);
        std::sort(out[i].begin(), out[i].end(), isNearer);
    }
}

std::vector<std::uint32_t> NeighbourIndex::slotsByPlace() const
{
    std::vector<std::uint32_t> out;
    out.reserve(size());
    for (const auto slot : m_slotAt)
        if (slot != noSource)
            out.push_back(slot);
    return out;
}

std::uint32_t NeighbourIndex::placeOf(std::span<const double> query) const
{
    std::size_t node = 0;
    while (!m_nodes.empty() && m_nodes[node].children != 0) {
        const auto children = m_nodes[node].children;
        const double* point = query.data();
        node = toBox(children, point, point) <= toBox(children + 1, point, point) ? children : children + 1;
    }
    return m_nodes.empty() ? 0 : m_nodes[node].firstGroup;
}

bool NeighbourIndex::restore(std::size_t dimensions, std::size_t capacity, std::span<const double> rows,
                             std::span<const std::uint32_t> sources, std::size_t oldest)
{
    if (sources.size() > capacity || rows.size() != sources.size() * dimensions ||
        (oldest != 0 && (sources.size() < capacity || oldest >= capacity)))
        return false;
    reset(dimensions, capacity);
    m_sources.assign(sources.begin(), sources.end());
    m_oldest = oldest;
    return build({rows.begin(), rows.end()}, nullptr);
}

} // namespace faultline::detectors
