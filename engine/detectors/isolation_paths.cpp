// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/isolation_trees.h"
#include <algorithm>
#include <vector>
#if defined(__x86_64__)
#include <immintrin.h>
#define FAULTLINE_HAS_VECTOR_FORMS 1
#endif

namespace faultline::detectors
{

namespace
{
/// Rows that go down a tree together, so that the loads of one hide the latency of another.
constexpr std::size_t interleaved = 8;

void addExtended(const IsolationTrees& trees, const float* values, std::size_t columns, std::size_t rows, float* sums)
{
    const auto perTree = trees.splitsPerTree();
    for (std::size_t tree = 0; tree < trees.count(); ++tree)
        for (std::size_t row = 0; row < rows; ++row) {
            std::size_t node = 0;
            for (std::uint32_t level = 0; level < trees.depth; ++level) {
                const auto split = tree * perTree + node;
                const bool isLeft = trees.project(split, values + row * columns) < trees.splits[split].threshold;
                node = 2 * node + 2 - static_cast<std::size_t>(isLeft);
            }
            sums[row] += trees.pathLength[tree * trees.leavesPerTree() + node - perTree];
        }
}

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

#ifdef FAULTLINE_HAS_VECTOR_FORMS
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

/// One of 32 entries for each lane, by the lowest 5 bits.
__attribute__((target("avx512f"), always_inline)) inline __m512i oneOf32(const std::int32_t* table, __m512i at)
{
    return _mm512_permutex2var_epi32(_mm512_loadu_si512(table), at, _mm512_loadu_si512(table + 16));
}

/// One of the 2^levels entries of a table for each lane, in registers.
__attribute__((target("avx512f"), always_inline)) inline __m512i select(const std::int32_t* table, __m512i at,
                                                                        std::uint32_t levels)
{
    if (levels <= 4)
        return _mm512_permutexvar_epi32(at, _mm512_loadu_si512(table));
    const __mmask16 in32 = _mm512_test_epi32_mask(at, _mm512_set1_epi32(32));
    const __mmask16 in64 = _mm512_test_epi32_mask(at, _mm512_set1_epi32(64));
    const __mmask16 in128 = _mm512_test_epi32_mask(at, _mm512_set1_epi32(128));
    __m512i out = oneOf32(table, at);
    if (levels == 5)
        return out;
    out = _mm512_mask_blend_epi32(in32, out, oneOf32(table + 32, at));
    if (levels == 6)
        return out;
    out = _mm512_mask_blend_epi32(in64, out,
                                  _mm512_mask_blend_epi32(in32, oneOf32(table + 64, at), oneOf32(table + 96, at)));
    if (levels == 7)
        return out;
    const __m512i upper =
        _mm512_mask_blend_epi32(in64, _mm512_mask_blend_epi32(in32, oneOf32(table + 128, at), oneOf32(table + 160, at)),
                                _mm512_mask_blend_epi32(in32, oneOf32(table + 192, at), oneOf32(table + 224, at)));
    return _mm512_mask_blend_epi32(in128, out, upper);
}

/// Each lane's value in its own column, by halving the columns that are left; `group` holds 16 rows column by column.
template <std::size_t columns>
__attribute__((target("avx512f"), always_inline)) inline __m512 valueIn(const float* group, __m512i column)
{
    __m512 left[columns];
    for (std::size_t c = 0; c < columns; ++c)
        left[c] = _mm512_loadu_ps(group + 16 * c);
    int bit = 1;
    for (std::size_t width = columns; width > 1; width = (width + 1) / 2, bit *= 2) {
        const __mmask16 isOdd = _mm512_test_epi32_mask(column, _mm512_set1_epi32(bit));
        for (std::size_t c = 0; c < width / 2; ++c)
            left[c] = _mm512_mask_blend_ps(isOdd, left[2 * c], left[2 * c + 1]);
        if (width % 2 == 1)
            left[width / 2] = left[width - 1];
    }
    return left[0];
}

/// Rows as lanes, and nothing gathered from memory: thresholds, columns and values are selected in registers.
template <std::size_t columns>
__attribute__((target("avx512f"))) void addInRegisters(const IsolationTrees& trees, const float* groups,
                                                       std::size_t groupCount, float* sums)
{
    for (std::size_t tree = 0; tree < trees.count(); ++tree) {
        const auto* thresholds = reinterpret_cast<const std::int32_t*>(trees.thresholdTable.data() + tree * 256);
        const auto* splitColumns = trees.columnTable.data() + tree * 256;
        const auto* paths = reinterpret_cast<const std::int32_t*>(trees.pathTable.data() + tree * 256);
        for (std::size_t g = 0; g < groupCount; ++g) {
            __m512i at = _mm512_setzero_si512(); // within the level
            for (std::uint32_t level = 0; level < trees.depth; ++level) {
                const auto begin = (std::size_t{1} << level) - 1;
                const __m512 threshold = _mm512_castsi512_ps(select(thresholds + begin, at, level));
                const __m512 value =
                    valueIn<columns>(groups + g * 16 * columns, select(splitColumns + begin, at, level));
                const __mmask16 isLeft = _mm512_cmp_ps_mask(value, threshold, _CMP_LT_OQ);
                at = _mm512_add_epi32(at, at);
                at = _mm512_mask_add_epi32(at, _mm512_knot(isLeft), at, _mm512_set1_epi32(1));
            }
            const __m512 path = _mm512_castsi512_ps(select(paths, at, trees.depth));
            _mm512_storeu_ps(sums + 16 * g, _mm512_add_ps(_mm512_loadu_ps(sums + 16 * g), path));
        }
    }
}

using AddInRegisters = void (*)(const IsolationTrees&, const float*, std::size_t, float*);

/// The form for tables of so many columns, made for `width` of them, or null.
AddInRegisters formFor(std::size_t columns, std::size_t& width)
{
    struct Form {
        std::size_t width;
        AddInRegisters add;
    };
    static constexpr Form forms[] = {{1, addInRegisters<1>},   {2, addInRegisters<2>},   {3, addInRegisters<3>},
                                     {4, addInRegisters<4>},   {5, addInRegisters<5>},   {6, addInRegisters<6>},
                                     {8, addInRegisters<8>},   {10, addInRegisters<10>}, {12, addInRegisters<12>},
                                     {16, addInRegisters<16>}, {24, addInRegisters<24>}, {32, addInRegisters<32>}};
    for (const auto& form : forms)
        if (columns <= form.width) {
            width = form.width;
            return form.add;
        }
    return nullptr;
}

bool addWithAvx512(const IsolationTrees& trees, const float* values, std::size_t columns, std::size_t rows, float* sums)
{
    std::size_t width = 0;
    const auto add = formFor(columns, width);
    if (!add || trees.thresholdTable.empty() || !__builtin_cpu_supports("avx512f"))
        return false;
    const auto groups = rows / 16;
    std::vector<float> byColumn(groups * 16 * width, 0.0F);
    for (std::size_t row = 0; row < groups * 16; ++row)
        for (std::size_t c = 0; c < columns; ++c)
            byColumn[(row / 16 * width + c) * 16 + row % 16] = values[row * columns + c];
    add(trees, byColumn.data(), groups, sums);
    addPortably(trees, values + groups * 16 * columns, columns, rows - groups * 16, sums + groups * 16);
    return true;
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
    if (trees.terms > 0)
        addExtended(trees, values.data(), columns, sums.size(), sums.data());
    else
        addPortably(trees, values.data(), columns, sums.size(), sums.data());
}

void addPathLengths(const IsolationTrees& trees, std::span<const float> values, std::size_t columns,
                    std::span<float> sums)
{
#ifdef FAULTLINE_HAS_VECTOR_FORMS
    if (trees.terms > 0)
        return addPathLengthsPortably(trees, values, columns, sums);
    if (addWithAvx512(trees, values.data(), columns, sums.size(), sums.data()))
        return;
    if (canUseAvx2(trees, columns)) {
        addWithAvx2(trees, values.data(), columns, sums.size(), sums.data());
        return;
    }
#endif
    addPathLengthsPortably(trees, values, columns, sums);
}

} // namespace faultline::detectors
