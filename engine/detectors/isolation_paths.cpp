// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/isolation_trees.h"
#include <algorithm>
#if defined(__x86_64__)
#include <immintrin.h>
#define FAULTLINE_HAS_AVX2_FORM 1
#endif

namespace faultline::detectors
{

namespace
{
/// Rows that go down a tree together, so that the loads of one hide the latency of another.
constexpr std::size_t interleaved = 8;

void addPortably(const IsolationTrees& trees, const float* values, std::size_t columns, std::size_t rows, float* sums)
{
    const auto perTree = trees.splitsPerTree();
    for (std::size_t tree = 0; tree < trees.count(); ++tree) {
        const auto* splits = trees.splits.data() + tree * perTree;
        const auto* paths = trees.pathLength.data() + tree * trees.leavesPerTree();
        for (std::size_t first = 0; first < rows; first += interleaved) {
            const auto lanes = std::min(interleaved, rows - first);
            std::size_t node[interleaved] = {};
            for (std::uint32_t level = 0; level < trees.depth; ++level)
                for (std::size_t lane = 0; lane < lanes; ++lane) {
                    const auto& split = splits[node[lane]];
                    const bool isLeft = values[(first + lane) * columns + split.column] < split.threshold;
                    node[lane] = 2 * node[lane] + 2 - static_cast<std::size_t>(isLeft);
                }
            for (std::size_t lane = 0; lane < lanes; ++lane)
                sums[first + lane] += paths[node[lane] - perTree];
        }
    }
}

#ifdef FAULTLINE_HAS_AVX2_FORM
/// Eight rows' nodes after one more level. `rowStart` holds each row's first element; threshold and column lie side by
/// side.
__attribute__((target("avx2"), always_inline)) inline __m256i descend(__m256i node, const int* splits,
                                                                      const float* values, __m256i rowStart)
{
    const __m256i two = _mm256_set1_epi32(2);
    const __m256 threshold = _mm256_castsi256_ps(_mm256_i32gather_epi32(splits, node, 8));
    const __m256i column = _mm256_i32gather_epi32(splits + 1, node, 8);
    const __m256 value = _mm256_i32gather_ps(values, _mm256_add_epi32(rowStart, column), 4);
    const __m256i isLeft = _mm256_castps_si256(_mm256_cmp_ps(value, threshold, _CMP_LT_OQ)); // -1 where it goes left
    return _mm256_add_epi32(_mm256_add_epi32(_mm256_add_epi32(node, node), two), isLeft);
}

__attribute__((target("avx2"))) void addWithAvx2(const IsolationTrees& trees, const float* values, std::size_t columns,
                                                 std::size_t rows, float* sums)
{
    constexpr std::size_t together = 32;
    const auto whole = rows - rows % together;
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i laneStart = _mm256_mullo_epi32(lane, _mm256_set1_epi32(static_cast<int>(columns)));
    const auto perTree = trees.splitsPerTree();
    const __m256i firstLeaf = _mm256_set1_epi32(static_cast<int>(perTree));
    for (std::size_t tree = 0; tree < trees.count(); ++tree) {
        const auto* splits = reinterpret_cast<const int*>(trees.splits.data() + tree * perTree);
        const auto* paths = trees.pathLength.data() + tree * trees.leavesPerTree();
        for (std::size_t first = 0; first < whole; first += together) {
            __m256i a = _mm256_setzero_si256(), b = a, c = a, d = a;
            const float* base = values + first * columns;
            for (std::uint32_t level = 0; level < trees.depth; ++level) {
                a = descend(a, splits, base, laneStart);
                b = descend(b, splits, base + 8 * columns, laneStart);
                c = descend(c, splits, base + 16 * columns, laneStart);
                d = descend(d, splits, base + 24 * columns, laneStart);
            }
            float* out = sums + first;
            const __m256i leaves[] = {a, b, c, d};
            for (std::size_t i = 0; i < 4; ++i) {
                const __m256 path = _mm256_i32gather_ps(paths, _mm256_sub_epi32(leaves[i], firstLeaf), 4);
                _mm256_storeu_ps(out + 8 * i, _mm256_add_ps(_mm256_loadu_ps(out + 8 * i), path));
            }
        }
    }
    addPortably(trees, values + whole * columns, columns, rows - whole, sums + whole);
}

bool canUseAvx2(const IsolationTrees& trees, std::size_t columns)
{
    // Row offsets within a group are 32-bit.
    return __builtin_cpu_supports("avx2") && columns < (std::size_t{1} << 26) && trees.depth > 0;
}
#endif
} // namespace

void addPathLengthsPortably(const IsolationTrees& trees, std::span<const float> values, std::size_t columns,
                            std::span<float> sums)
{
    addPortably(trees, values.data(), columns, sums.size(), sums.data());
}

void addPathLengths(const IsolationTrees& trees, std::span<const float> values, std::size_t columns,
                    std::span<float> sums)
{
#ifdef FAULTLINE_HAS_AVX2_FORM
    if (canUseAvx2(trees, columns)) {
        addWithAvx2(trees, values.data(), columns, sums.size(), sums.data());
        return;
    }
#endif
    addPortably(trees, values.data(), columns, sums.size(), sums.data());
}

} // namespace faultline::detectors
