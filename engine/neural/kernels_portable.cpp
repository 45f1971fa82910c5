// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/neural/kernel_levels.h"
#include <cmath>

#define KERNEL

namespace faultline::neural
{

namespace
{
constexpr std::size_t vectorFloats = 4;
constexpr std::size_t tileRows = 2, tileVectors = 4; // 8 sums, 4 vectors of B and one of A in 16 registers
typedef float Vector __attribute__((vector_size(16)));

inline Vector squareRoot(Vector x)
{
    for (std::size_t i = 0; i < vectorFloats; ++i)
        x[i] = std::sqrt(x[i]);
    return x;
}

#include "engine/neural/kernel_body.h"
} // namespace

const Kernels portableKernels = tableOf("portable");

} // namespace faultline::neural
