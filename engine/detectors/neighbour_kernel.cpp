// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// Compiled with -ffp-contract=off: a fused product would round differently from processor to processor.
#include "engine/detectors/neighbour_kernel.h"
#if defined(__x86_64__)
#include <immintrin.h>
#define FAULTLINE_HAS_VECTOR_FORMS 1
#endif

namespace faultline::detectors
{

namespace
{
/// Compiled for each kind of processor below; the inner loop has a fixed length, so it becomes vector instructions.
__attribute__((always_inline)) inline void addBoxGaps(const double* low, const double* high, std::size_t dimensions,
                                                      const double* queries, double* out)
{
    double sums[partySize] = {};
    for (std::size_t d = 0; d < dimensions; ++d)
        for (std::size_t i = 0; i < partySize; ++i) {
            const double below = low[d] - queries[d * partySize + i], above = queries[d * partySize + i] - high[d];
            const double outside = below > above ? below : above;
            const double gap = outside > 0.0 ? outside : 0.0;
            sums[i] += gap * gap;
        }
    for (std::size_t i = 0; i < partySize; ++i)
        out[i] = sums[i];
}

#ifdef FAULTLINE_HAS_VECTOR_FORMS
/// Four groups at a time, so that the additions of one hide the latency of another.
constexpr std::size_t together = 4;

__attribute__((target("avx512f"))) std::uint64_t squaredWithAvx512(const RowGroups& rows, const double* query,
                                                                   double limit, double* out)
{
    const __m512d farthest = _mm512_set1_pd(limit);
    const auto stride = rows.dimensions * groupRows;
    std::uint64_t near = 0;
    for (std::size_t g = 0; g < rows.count; g += together) {
        const auto lanes = rows.count - g < together ? rows.count - g : together;
        __m512d sum[together] = {_mm512_setzero_pd(), _mm512_setzero_pd(), _mm512_setzero_pd(), _mm512_setzero_pd()};
        const double* base = rows.groups + g * stride;
        if (lanes == together) {
            for (std::size_t d = 0; d < rows.dimensions; ++d) {
                const __m512d value = _mm512_set1_pd(query[d]);
                for (std::size_t i = 0; i < together; ++i) {
                    const __m512d gap = _mm512_sub_pd(_mm512_loadu_pd(base + i * stride + d * groupRows), value);
                    sum[i] = _mm512_add_pd(sum[i], _mm512_mul_pd(gap, gap));
                }
            }
        } else {
            for (std::size_t i = 0; i < lanes; ++i)
                for (std::size_t d = 0; d < rows.dimensions; ++d) {
                    const __m512d gap =
                        _mm512_sub_pd(_mm512_loadu_pd(base + i * stride + d * groupRows), _mm512_set1_pd(query[d]));
                    sum[i] = _mm512_add_pd(sum[i], _mm512_mul_pd(gap, gap));
                }
        }
        for (std::size_t i = 0; i < lanes; ++i) {
            _mm512_storeu_pd(out + (g + i) * groupRows, sum[i]);
            if (_mm512_cmp_pd_mask(sum[i], farthest, _CMP_LE_OQ) != 0)
                near |= std::uint64_t{1} << (g + i);
        }
    }
    return near;
}

__attribute__((target("avx2"))) std::uint64_t squaredWithAvx2(const RowGroups& rows, const double* query, double limit,
                                                              double* out)
{
    const __m256d farthest = _mm256_set1_pd(limit);
    const auto stride = rows.dimensions * groupRows;
    std::uint64_t near = 0;
    for (std::size_t g = 0; g < rows.count; ++g) {
        const double* base = rows.groups + g * stride;
        __m256d low = _mm256_setzero_pd(), high = low;
        for (std::size_t d = 0; d < rows.dimensions; ++d) {
            const __m256d value = _mm256_broadcast_sd(query + d);
            const __m256d a = _mm256_sub_pd(_mm256_loadu_pd(base + d * groupRows), value);
            const __m256d b = _mm256_sub_pd(_mm256_loadu_pd(base + d * groupRows + 4), value);
            low = _mm256_add_pd(low, _mm256_mul_pd(a, a));
            high = _mm256_add_pd(high, _mm256_mul_pd(b, b));
        }
        _mm256_storeu_pd(out + g * groupRows, low);
        _mm256_storeu_pd(out + g * groupRows + 4, high);
        const __m256d isNear = _mm256_cmp_pd(_mm256_min_pd(low, high), farthest, _CMP_LE_OQ);
        if (_mm256_movemask_pd(isNear) != 0)
            near |= std::uint64_t{1} << g;
    }
    return near;
}
#endif
#ifdef FAULTLINE_HAS_VECTOR_FORMS
__attribute__((target("avx512f,prefer-vector-width=512"))) void
boxDistancesWithAvx512(const double* low, const double* high, std::size_t dimensions, const double* queries,
                       double* out)
{
    addBoxGaps(low, high, dimensions, queries, out);
}

__attribute__((target("avx2"))) void boxDistancesWithAvx2(const double* low, const double* high, std::size_t dimensions,
                                                          const double* queries, double* out)
{
    addBoxGaps(low, high, dimensions, queries, out);
}

enum class Vectors : std::uint8_t { None, Avx2, Avx512 };

Vectors vectorsHere()
{
    static const Vectors here = __builtin_cpu_supports("avx512f") ? Vectors::Avx512
                                : __builtin_cpu_supports("avx2")  ? Vectors::Avx2
                                                                  : Vectors::None;
    return here;
}
#endif
} // namespace

void squaredBoxDistances(const double* low, const double* high, std::size_t dimensions, const double* queries,
                         double* out)
{
#ifdef FAULTLINE_HAS_VECTOR_FORMS
    if (vectorsHere() == Vectors::Avx512)
        return boxDistancesWithAvx512(low, high, dimensions, queries, out);
    if (vectorsHere() == Vectors::Avx2)
        return boxDistancesWithAvx2(low, high, dimensions, queries, out);
#endif
    addBoxGaps(low, high, dimensions, queries, out);
}

std::uint64_t squaredDistancesPortably(const RowGroups& rows, const double* query, double limit, double* out)
{
    std::uint64_t near = 0;
    for (std::size_t g = 0; g < rows.count; ++g) {
        double sums[groupRows] = {};
        const double* base = rows.groups + g * rows.dimensions * groupRows;
        for (std::size_t d = 0; d < rows.dimensions; ++d)
            for (std::size_t i = 0; i < groupRows; ++i) {
                const double gap = base[d * groupRows + i] - query[d];
                sums[i] += gap * gap;
            }
        for (std::size_t i = 0; i < groupRows; ++i) {
            out[g * groupRows + i] = sums[i];
            if (sums[i] <= limit)
                near |= std::uint64_t{1} << g;
        }
    }
    return near;
}

std::uint64_t squaredDistances(const RowGroups& rows, const double* query, double limit, double* out)
{
#ifdef FAULTLINE_HAS_VECTOR_FORMS
    if (vectorsHere() == Vectors::Avx512)
        return squaredWithAvx512(rows, query, limit, out);
    if (vectorsHere() == Vectors::Avx2)
        return squaredWithAvx2(rows, query, limit, out);
#endif
    return squaredDistancesPortably(rows, query, limit, out);
}

} // namespace faultline::detectors
