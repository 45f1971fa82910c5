// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstdint>

namespace faultline::explain
{

/// -log10 of the chance that a Poisson variable with this mean (> 0) is at least `count`; exact also where the chance
/// itself is too small for a double. 0 for a count of 0.
[[nodiscard]] double poissonAtLeast(std::uint64_t count, double mean);
/// -log10 of the chance that it is at most `count`.
[[nodiscard]] double poissonAtMost(std::uint64_t count, double mean);

} // namespace faultline::explain
