// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/neighbour_index.h"
#include <algorithm>
#include <cmath>
#include <limits>
#if defined(__x86_64__)
#include <immintrin.h>
#define FAULTLINE_HAS_AVX2_FORM 1
#endif

namespace faultline::detectors
{

namespace
{
using Neighbour = NeighbourIndex::Neighbour;
constexpr std::size_t groupRows = 16;

bool isNearer(const Neighbour& a, const Neighbour& b)
{
    return a.found != b.found ? a.found < b.found : a.slot < b.slot;
}

struct Search {
    const float* groups;
    const float* query;
    std::size_t dimensions, rows, wanted;
    std::uint32_t skip; ///< slot
};

/// The wanted nearest so far, in a heap whose front is the farthest of them.
struct Nearest {
    std::vector<Neighbour>& heap;
    float farthest = std::numeric_limits<float>::infinity();

    void offer(const Search& search, std::size_t first, const float* distances)
    {
        const auto rows = std::min(groupRows, search.rows - first);
        for (std::size_t i = 0; i < rows; ++i) {
            const auto slot = static_cast<std::uint32_t>(first + i);
            if (distances[i] >= farthest || slot == search.skip)
                continue;
            if (heap.size() == search.wanted) {
                std::pop_heap(heap.begin(), heap.end(), isNearer);
                heap.pop_back();
            }
            heap.push_back({.found = distances[i], .slot = slot});
            std::push_heap(heap.begin(), heap.end(), isNearer);
            if (heap.size() == search.wanted)
                farthest = heap.front().found;
        }
    }
};

/// Both forms add up a row's squares column by column, so they give the same bits.
void searchPortably(const Search& search, Nearest nearest)
{
    for (std::size_t first = 0; first < search.rows; first += groupRows) {
        const float* group = search.groups + first * search.dimensions;
        float sums[groupRows] = {};
        for (std::size_t d = 0; d < search.dimensions; ++d)
            for (std::size_t i = 0; i < groupRows; ++i) {
                const float difference = group[d * groupRows + i] - search.query[d];
                sums[i] += difference * difference;
            }
        nearest.offer(search, first, sums);
    }
}

#ifdef FAULTLINE_HAS_AVX2_FORM
__attribute__((target("avx2"))) void searchWithAvx2(const Search& search, Nearest nearest)
{
    alignas(32) float sums[groupRows];
    for (std::size_t first = 0; first < search.rows; first += groupRows) {
        const float* group = search.groups + first * search.dimensions;
        __m256 low = _mm256_setzero_ps(), high = low;
        for (std::size_t d = 0; d < search.dimensions; ++d) {
            const __m256 value = _mm256_broadcast_ss(search.query + d);
            const __m256 a = _mm256_sub_ps(_mm256_loadu_ps(group + d * groupRows), value);
            const __m256 b = _mm256_sub_ps(_mm256_loadu_ps(group + d * groupRows + 8), value);
            low = _mm256_add_ps(low, _mm256_mul_ps(a, a));
            high = _mm256_add_ps(high, _mm256_mul_ps(b, b));
        }
        // Most groups hold nothing near enough: one comparison says so.
        const __m256 isNear = _mm256_cmp_ps(_mm256_min_ps(low, high), _mm256_set1_ps(nearest.farthest), _CMP_LT_OQ);
        if (_mm256_movemask_ps(isNear) == 0)
            continue;
        _mm256_store_ps(sums, low);
        _mm256_store_ps(sums + 8, high);
        nearest.offer(search, first, sums);
    }
}
#endif

void searchAll(const Search& search, std::vector<Neighbour>& heap)
{
#ifdef FAULTLINE_HAS_AVX2_FORM
    if (__builtin_cpu_supports("avx2"))
        return searchWithAvx2(search, {.heap = heap});
#endif
    searchPortably(search, {.heap = heap});
}
} // namespace

void NeighbourIndex::reset(std::size_t dimensions, std::size_t capacity)
{
    m_dimensions = dimensions;
    m_capacity = capacity;
    m_oldest = 0;
    m_groups.clear();
    m_sorted.clear();
    m_sources.clear();
}

void NeighbourIndex::place(std::size_t slot, std::span<const float> row)
{
    const auto group = slot / groupRows;
    if (m_groups.size() < (group + 1) * groupRows * m_dimensions)
        m_groups.resize((group + 1) * groupRows * m_dimensions, 0.0F);
    float* out = m_groups.data() + group * groupRows * m_dimensions + slot % groupRows;
    for (std::size_t d = 0; d < m_dimensions; ++d)
        out[d * groupRows] = row[d];
}

void NeighbourIndex::add(std::span<const float> row, std::uint32_t source)
{
    auto slot = m_sources.size();
    if (slot < m_capacity) {
        m_sources.push_back(source);
    } else {
        slot = m_oldest;
        m_oldest = (m_oldest + 1) % m_capacity;
        m_sources[slot] = source;
        if (m_dimensions == 1)
            m_sorted.erase(std::lower_bound(m_sorted.begin(), m_sorted.end(), m_groups[slot]));
    }
    place(slot, row);
    if (m_dimensions == 1)
        m_sorted.insert(std::upper_bound(m_sorted.begin(), m_sorted.end(), row[0]), row[0]);
}

std::vector<float> NeighbourIndex::row(std::size_t slot) const
{
    std::vector<float> out(m_dimensions);
    const float* from = m_groups.data() + slot / groupRows * groupRows * m_dimensions + slot % groupRows;
    for (std::size_t d = 0; d < m_dimensions; ++d)
        out[d] = from[d * groupRows];
    return out;
}

std::uint32_t NeighbourIndex::slotOf(std::uint32_t source) const
{
    // Sources ascend until the first row is replaced; from then on the index is no longer the training table's.
    if (source == noSource || m_oldest != 0)
        return noSource;
    const auto it = std::lower_bound(m_sources.begin(), m_sources.end(), source);
    return it != m_sources.end() && *it == source ? static_cast<std::uint32_t>(it - m_sources.begin()) : noSource;
}

double NeighbourIndex::squaredDistance(std::span<const float> query, std::size_t slot) const
{
    const float* from = m_groups.data() + slot / groupRows * groupRows * m_dimensions + slot % groupRows;
    double sum = 0.0;
    for (std::size_t d = 0; d < m_dimensions; ++d) {
        const double difference = static_cast<double>(from[d * groupRows]) - static_cast<double>(query[d]);
        sum += difference * difference;
    }
    return sum;
}

void NeighbourIndex::nearestOnLine(float query, std::size_t wanted, bool skipsOne, std::vector<Neighbour>& out) const
{
    auto right = static_cast<std::size_t>(std::lower_bound(m_sorted.begin(), m_sorted.end(), query) - m_sorted.begin());
    auto left = right; // values before `left` and from `right` on are still to take
    if (skipsOne && right < m_sorted.size() && m_sorted[right] == query)
        ++right;
    while (out.size() < wanted && (left > 0 || right < m_sorted.size())) {
        const double infinity = std::numeric_limits<double>::infinity();
        const double toLeft =
            left > 0 ? static_cast<double>(query) - static_cast<double>(m_sorted[left - 1]) : infinity;
        const double toRight =
            right < m_sorted.size() ? static_cast<double>(m_sorted[right]) - static_cast<double>(query) : infinity;
        const double distance = std::min(toLeft, toRight);
        toLeft <= toRight ? --left : ++right;
        out.push_back({.squared = distance * distance});
    }
}

void NeighbourIndex::nearest(std::span<const float> query, std::size_t wanted, std::uint32_t skip,
                             std::vector<Neighbour>& out) const
{
    out.clear();
    const auto skippedSlot = slotOf(skip);
    if (wanted == 0 || m_sources.empty())
        return;
    if (m_dimensions == 1)
        return nearestOnLine(query[0], wanted, skippedSlot != noSource, out);
    searchAll({.groups = m_groups.data(),
               .query = query.data(),
               .dimensions = m_dimensions,
               .rows = m_sources.size(),
               .wanted = wanted,
               .skip = skippedSlot},
              out);
    for (auto& neighbour : out)
        neighbour.squared = squaredDistance(query, neighbour.slot);
    std::sort(out.begin(), out.end(), [](const Neighbour& a, const Neighbour& b) {
        return a.squared != b.squared ? a.squared < b.squared : a.slot < b.slot;
    });
}

bool NeighbourIndex::restore(std::size_t dimensions, std::size_t capacity, std::span<const float> rows,
                             std::span<const std::uint32_t> sources, std::size_t oldest)
{
    if (sources.size() > capacity || rows.size() != sources.size() * dimensions ||
        (oldest != 0 && (sources.size() < capacity || oldest >= capacity)))
        return false;
    reset(dimensions, capacity);
    for (std::size_t i = 0; i < sources.size(); ++i)
        add(rows.subspan(i * dimensions, dimensions), sources[i]);
    m_oldest = oldest;
    return true;
}

} // namespace faultline::detectors
