// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

namespace faultline
{

/// xoshiro256++ 1.0 (Blackman and Vigna 2019), seeded through SplitMix64. Same numbers on every platform and thread count.
class Random
{
public:
    using result_type = std::uint64_t;
    explicit Random(std::uint64_t seed);

    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }
    result_type operator()();

    /// Uniform in [0, 1).
    [[nodiscard]] double uniform();
    /// Uniform integer in [0, bound), bound > 0; Lemire's multiply-shift without the rejection step (bias below bound / 2^64).
    [[nodiscard]] std::uint64_t below(std::uint64_t bound);
    /// Standard normal (Marsaglia polar method).
    [[nodiscard]] double normal();
    /// Exponential with mean 1.
    [[nodiscard]] double exponential();
    /// Poisson with this mean (inversion below 30, normal approximation rounded at zero above).
    [[nodiscard]] std::uint64_t poisson(double mean);

private:
    std::array<std::uint64_t, 4> m_state;
    double m_spare = 0.0;
    bool m_hasSpare = false;
};

/// An independent seed for a named part of a computation, so that adding one part does not shift another's numbers.
[[nodiscard]] std::uint64_t deriveSeed(std::uint64_t seed, std::string_view part, std::uint64_t index = 0);

} // namespace faultline
