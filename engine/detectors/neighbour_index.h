// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace faultline::detectors
{

/// Exact nearest neighbours (Euclidean, in double) among at most `capacity` reference rows; a new row replaces the
/// oldest when it is full.
///
/// A k-d tree (split where the rows spread most, tight boxes) whose leaves of 256 rows are compared in one vectorised
/// sweep; rows that were added since it was built are swept as a whole, and it is built anew when they are many. In
/// many dimensions no box can be ruled out and a query is a sweep over all rows: still 8 rows at a time. Rows that are
/// all equal share a leaf and cost one comparison. Const members are thread-safe. Memory: about 8 d + 24 bytes a row.
/// Building O(n d log n).
class NeighbourIndex
{
public:
    static constexpr std::uint32_t noSource = 0xffffffff;
    struct Neighbour {
        double squared = 0.0;   ///< squared distance
        std::uint32_t slot = 0; ///< for row()
    };

    void reset(std::size_t dimensions, std::size_t capacity);
    /// Fills an empty index with whole rows, row-major and finite; false when the job was asked to stop. `sources` name
    /// the rows for leaving them out again and must ascend.
    [[nodiscard]] bool fill(std::span<const double> rows, std::span<const std::uint32_t> sources, JobContext& job);
    /// Adds one row.
    void add(std::span<const double> row, std::uint32_t source);
    [[nodiscard]] std::size_t size() const { return m_sources.size(); }
    [[nodiscard]] std::size_t dimensions() const { return m_dimensions; }
    [[nodiscard]] std::vector<double> row(std::size_t slot) const;

    /// The nearest `wanted` rows, nearest first (ties: lower slot), fewer when there are fewer; the row in slot `skip`
    /// is left out. `out` is overwritten and serves as scratch.
    void nearest(std::span<const double> query, std::size_t wanted, std::uint32_t skip,
                 std::vector<Neighbour>& out) const;
    /// The same for at most partySize queries, row-major, that had best lie near one another: they go down the tree
    /// together, so that a leaf is read once for all. `out` has room for each.
    void nearestOfEach(std::span<const double> queries, std::size_t wanted, std::span<const std::uint32_t> skips,
                       std::span<std::vector<Neighbour>> out) const;
    /// The slot of the row that came from `source`, or noSource: also once rows were replaced, because the index is no
    /// longer the training table's then.
    [[nodiscard]] std::uint32_t slotOf(std::uint32_t source) const;
    /// Which leaf a query begins in: queries in this order share what is in the processor's cache.
    [[nodiscard]] std::uint32_t placeOf(std::span<const double> query) const;

    /// All slots, those of one leaf after one another.
    [[nodiscard]] std::vector<std::uint32_t> slotsByPlace() const;

    [[nodiscard]] std::size_t oldest() const { return m_oldest; }
    [[nodiscard]] const std::vector<std::uint32_t>& sources() const { return m_sources; }
    /// Restores an index from rows in slot order; false when the parts do not fit together.
    [[nodiscard]] bool restore(std::size_t dimensions, std::size_t capacity, std::span<const double> rows,
                               std::span<const std::uint32_t> sources, std::size_t oldest);

private:
    struct Node {
        std::uint32_t firstGroup = 0, groups = 0; ///< leaf
        std::uint32_t children = 0;               ///< the first of two neighbours; 0 in a leaf
        bool isAlike = false;                     ///< leaf whose rows are all equal
    };
    struct Search;
    struct Party;
    class Builder;

    [[nodiscard]] bool build(const std::vector<double>& rows, JobContext* job);
    void rebuild();
    void append(std::span<const double> row, std::uint32_t slot);
    [[nodiscard]] const double* box(std::size_t node) const { return m_boxes.data() + node * 2 * m_dimensions; }
    [[nodiscard]] double toBox(std::size_t node, const double* low, const double* high) const;
    void sweep(Search& search, std::size_t firstGroup, std::size_t groups) const;
    void sweepAlike(Search& search, std::size_t node) const;
    void descend(Party& party, std::size_t node) const;

    std::size_t m_dimensions = 0, m_capacity = 0;
    std::size_t m_oldest = 0;                ///< slot that is replaced next once full
    std::vector<double> m_groups;            ///< rows as neighbour_kernel.h wants them: the tree's leaves, then the new
    std::vector<std::uint32_t> m_slotAt;     ///< per place in m_groups; noSource where there is no row
    std::vector<std::uint32_t> m_placeOf;    ///< per slot
    std::vector<std::uint32_t> m_sources;    ///< per slot
    std::vector<Node> m_nodes;               ///< [0] is the root; empty: no tree
    std::vector<double> m_boxes;             ///< per node: lowest values, highest values
    std::size_t m_treeRows = 0, m_added = 0; ///< rows in the tree when it was built; places used behind it
    std::size_t m_treeGroups = 0;
};

} // namespace faultline::detectors
