// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/neural/kernels.h"
#include "engine/neural/kernel_levels.h"

namespace faultline::neural
{

namespace
{
std::vector<const Kernels*> findRunnable()
{
    std::vector<const Kernels*> found;
#ifdef __x86_64__
    __builtin_cpu_init();
    const bool fused = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (fused && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))
        found.push_back(&avx512Kernels);
    if (fused)
        found.push_back(&avx2Kernels);
#endif
    found.push_back(&portableKernels);
    return found;
}
} // namespace

std::span<const Kernels* const> runnableKernels()
{
    static const auto found = findRunnable();
    return found;
}

const Kernels& kernels()
{
    static const Kernels& fastest = *runnableKernels().front();
    return fastest;
}

} // namespace faultline::neural
