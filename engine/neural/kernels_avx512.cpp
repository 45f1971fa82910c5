// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/neural/kernel_levels.h"
#ifdef __x86_64__
#include <immintrin.h>

#define KERNEL __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")))

namespace faultline::neural
{

namespace
{
constexpr std::size_t vectorFloats = 16;
constexpr std::size_t tileRows = 6, tileVectors = 4; // 24 sums, 4 vectors of B and one of A in 32 registers
typedef float Vector __attribute__((vector_size(64)));

KERNEL inline __attribute__((always_inline)) Vector squareRoot(Vector x)
{
    return reinterpret_cast<Vector>(_mm512_sqrt_ps(reinterpret_cast<__m512>(x)));
}

#include "engine/neural/kernel_body.h"
} // namespace

const Kernels avx512Kernels = tableOf("avx512");

} // namespace faultline::neural
#endif
