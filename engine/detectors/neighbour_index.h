// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace faultline::detectors
{

/// Exact nearest neighbours (Euclidean) among at most `capacity` reference rows; a new row replaces the oldest when it
/// is full.
///
/// One dimension: sorted values, O(log n + k) a query and a short memory move an insertion. More: brute force in groups
/// of 16 rows, vectorised (AVX2 where there is one, the same results without), O(n d) a query. Distances are found in
/// float and those returned are recomputed in double. Const members are thread-safe. Memory: 4 (d + 1) bytes a row, 4
/// more in one dimension.
class NeighbourIndex
{
public:
    static constexpr std::uint32_t noSource = 0xffffffff;
    struct Neighbour {
        float found = 0.0F;     ///< squared distance that ranked it
        std::uint32_t slot = 0; ///< for row(); not meaningful in one dimension
        double squared = 0.0;   ///< squared distance
    };

    void reset(std::size_t dimensions, std::size_t capacity);
    /// `source` names the row for leaving it out again; sources of a freshly filled index must ascend.
    void add(std::span<const float> row, std::uint32_t source);
    [[nodiscard]] std::size_t size() const { return m_sources.size(); }
    [[nodiscard]] std::size_t dimensions() const { return m_dimensions; }
    [[nodiscard]] std::vector<float> row(std::size_t slot) const;

    /// The nearest `wanted` rows, nearest first (ties: lower slot), fewer when there are fewer; the row that came from
    /// `skip` is left out. `out` is overwritten and serves as scratch.
    void nearest(std::span<const float> query, std::size_t wanted, std::uint32_t skip,
                 std::vector<Neighbour>& out) const;

    [[nodiscard]] std::size_t oldest() const { return m_oldest; }
    [[nodiscard]] const std::vector<std::uint32_t>& sources() const { return m_sources; }
    /// Restores an index from rows in slot order; false when the parts do not fit together.
    [[nodiscard]] bool restore(std::size_t dimensions, std::size_t capacity, std::span<const float> rows,
                               std::span<const std::uint32_t> sources, std::size_t oldest);

private:
    void nearestOnLine(float query, std::size_t wanted, bool skipsOne, std::vector<Neighbour>& out) const;
    void place(std::size_t slot, std::span<const float> row);
    [[nodiscard]] std::uint32_t slotOf(std::uint32_t source) const;
    [[nodiscard]] double squaredDistance(std::span<const float> query, std::size_t slot) const;

    std::size_t m_dimensions = 0, m_capacity = 0;
    std::size_t m_oldest = 0;             ///< slot that is replaced next once full
    std::vector<float> m_groups;          ///< 16 rows side by side: group, dimension, row within the group
    std::vector<float> m_sorted;          ///< one dimension only
    std::vector<std::uint32_t> m_sources; ///< per slot
};

} // namespace faultline::detectors
