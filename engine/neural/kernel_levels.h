// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/neural/kernels.h"

namespace faultline::neural
{

/// The same kernels, compiled for each level; only kernels.cpp chooses among them.
#ifdef __x86_64__
extern const Kernels avx512Kernels, avx2Kernels;
#endif
extern const Kernels portableKernels;

} // namespace faultline::neural
