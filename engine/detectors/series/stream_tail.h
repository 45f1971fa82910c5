// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace faultline::detectors
{

/// -ln of the probability that a score's own past holds one as high: the surprise of a value in a stream, in nats, 0 to
/// 25. The body is empirical (number above + half the ties + 1) / (n + 1); above the 0.90 quantile a generalised Pareto
/// tail by probability-weighted moments, shape in [0, 0.5], where there are at least 8 excesses. Refitted when the
/// history has grown by a tenth, at least every 25 scores; the first 100 score 0. Keeps the last `memory` scores (24
/// bytes each).
///
/// Papers: Hosking and Wallis, "Parameter and quantile estimation for the generalized Pareto distribution",
/// Technometrics 1987; Siffer et al., "Anomaly detection in streams with extreme value theory", KDD 2017.
class StreamTail
{
public:
    explicit StreamTail(std::size_t memory = 30'000) : m_memory(memory) {}
    /// The surprise of a score, which is then learned. O(log n) amortised.
    [[nodiscard]] double push(double score);

    template <class Self, class Archive>
    static void fields(Self& self, Archive& archive)
    {
        archive(self.m_recent, self.m_sorted, self.m_oldest, self.m_seen, self.m_nextFit, self.m_threshold,
                self.m_scale, self.m_shape, self.m_excesses, self.m_hasTail);
    }
    [[nodiscard]] bool isSound() const;

private:
    void refit();
    [[nodiscard]] double probability(double score) const;

    std::size_t m_memory;
    std::vector<double> m_recent, m_sorted; ///< scores, as a ring; and as they were at the last fit
    std::size_t m_oldest = 0;
    std::int64_t m_seen = 0, m_nextFit = 100;
    double m_threshold = 0.0, m_scale = 1.0, m_shape = 0.0;
    std::size_t m_excesses = 0;
    bool m_hasTail = false;
};

} // namespace faultline::detectors
