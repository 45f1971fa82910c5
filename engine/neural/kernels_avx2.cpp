// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/neural/kernel_levels.h"
#ifdef __x86_64__
#include <immintrin.h>

#define KERNEL __attribute__((target("avx2,fma")))

namespace faultline::neural
{

namespace
{
constexpr std::size_t vectorFloats = 8;
constexpr std::size_t tileRows = 6, tileVectors = 2; // 12 sums, 2 vectors of B and one of A in 16 registers
typedef float Vector __attribute__((vector_size(32)));

KERNEL inline __attribute__((always_inline)) Vector squareRoot(Vector x)
{
    return reinterpret_cast<Vector>(_mm256_sqrt_ps(reinterpret_cast<__m256>(x)));
}

#include "engine/neural/kernel_body.h"
} // namespace

const Kernels avx2Kernels = tableOf("avx2");

} // namespace faultline::neural
#endif
