// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/neighbour_index.h"
#include "engine/detectors/neighbour_kernel.h"
#include <algorithm>
#include <limits>
#include <numeric>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t leafRows = 256;
}

/// Builds the tree of an index from its rows in slot order.
class NeighbourIndex::Builder
{
public:
    Builder(NeighbourIndex& index, const std::vector<double>& rows, JobContext* job)
        : m_index(index), m_rows(rows), m_dimensions(index.m_dimensions), m_job(job), m_slots(index.m_sources.size())
    {
        std::iota(m_slots.begin(), m_slots.end(), 0U);
    }

    /// False when it was stopped.
    bool run()
    {
        if (m_slots.empty())
            return true;
        m_index.m_nodes.emplace_back();
        m_index.m_boxes.resize(2 * m_dimensions);
        split(0, 0, m_slots.size());
        return !m_isStopped;
    }

private:
    [[nodiscard]] double at(std::uint32_t slot, std::size_t dimension) const
    {
        return m_rows[slot * m_dimensions + dimension];
    }

    /// Sets the node's box and returns the dimension in which it is longest; m_longest is how long.
    std::size_t measure(std::size_t node, std::size_t first, std::size_t last)
    {
        double* low = m_index.m_boxes.data() + node * 2 * m_dimensions;
        double* high = low + m_dimensions;
        std::copy_n(m_rows.data() + m_slots[first] * m_dimensions, m_dimensions, low);
        std::copy_n(low, m_dimensions, high);
        for (auto i = first + 1; i < last; ++i)
            for (std::size_t d = 0; d < m_dimensions; ++d) {
                low[d] = std::min(low[d], at(m_slots[i], d));
                high[d] = std::max(high[d], at(m_slots[i], d));
            }
        std::size_t longest = 0;
        for (std::size_t d = 1; d < m_dimensions; ++d)
            if (high[d] - low[d] > high[longest] - low[longest])
                longest = d;
        m_longest = high[longest] - low[longest];
        return longest;
    }

    void split(std::size_t node, std::size_t first, std::size_t last)
    {
        if (m_isStopped || (m_job && m_job->stopRequested())) {
            m_isStopped = true;
            return;
        }
        const auto dimension = measure(node, first, last);
        const bool isAlike = m_longest == 0.0;
        if (last - first <= leafRows || isAlike) {
            makeLeaf(node, first, last, isAlike);
            return;
        }
        // Whole groups on the left: only a branch's last group has places without a row.
        const auto half = first + (last - first) / 2 / groupRows * groupRows;
        const auto begin = m_slots.begin();
        std::nth_element(begin + static_cast<std::ptrdiff_t>(first), begin + static_cast<std::ptrdiff_t>(half),
                         begin + static_cast<std::ptrdiff_t>(last), [&](std::uint32_t a, std::uint32_t b) {
                             const double x = at(a, dimension), y = at(b, dimension);
                             return x != y ? x < y : a < b;
                         });
        const auto children = m_index.m_nodes.size();
        m_index.m_nodes[node].children = static_cast<std::uint32_t>(children);
        m_index.m_nodes.resize(children + 2);
        m_index.m_boxes.resize((children + 2) * 2 * m_dimensions);
        split(children, first, half);
        split(children + 1, half, last);
    }

    void makeLeaf(std::size_t node, std::size_t first, std::size_t last, bool isAlike)
    {
        std::sort(m_slots.begin() + static_cast<std::ptrdiff_t>(first),
                  m_slots.begin() + static_cast<std::ptrdiff_t>(last));
        const auto groups = (last - first + groupRows - 1) / groupRows;
        const auto begin = m_index.m_slotAt.size();
        m_index.m_nodes[node] = {.firstGroup = static_cast<std::uint32_t>(begin / groupRows),
                                 .groups = static_cast<std::uint32_t>(groups),
                                 .isAlike = isAlike};
        m_index.m_slotAt.resize(begin + groups * groupRows, noSource);
        m_index.m_groups.resize(m_index.m_slotAt.size() * m_dimensions, std::numeric_limits<double>::infinity());
        for (auto i = first; i < last; ++i) {
            const auto place = begin + i - first;
            m_index.m_slotAt[place] = m_slots[i];
            m_index.m_placeOf[m_slots[i]] = static_cast<std::uint32_t>(place);
            for (std::size_t d = 0; d < m_dimensions; ++d)
                m_index.m_groups[(place / groupRows * m_dimensions + d) * groupRows + place % groupRows] =
                    at(m_slots[i], d);
        }
    }

    NeighbourIndex& m_index;
    const std::vector<double>& m_rows;
    std::size_t m_dimensions;
    JobContext* m_job;
    std::vector<std::uint32_t> m_slots; ///< in the order of the leaves
    double m_longest = 0.0;
    bool m_isStopped = false;
};

bool NeighbourIndex::build(const std::vector<double>& rows, JobContext* job)
{
    m_nodes.clear();
    m_boxes.clear();
    m_groups.clear();
    m_slotAt.clear();
    m_groups.reserve(rows.size() + rows.size() / 8);
    m_placeOf.assign(m_sources.size(), 0);
    m_added = 0;
    const bool isBuilt = Builder(*this, rows, job).run();
    m_treeRows = m_sources.size();
    m_treeGroups = m_slotAt.size() / groupRows;
    return isBuilt;
}

} // namespace faultline::detectors
