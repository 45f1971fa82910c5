// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/stream_tail.h"
#include <algorithm>
#include <cmath>

namespace faultline::detectors
{

namespace
{
constexpr std::int64_t warmUp = 100, shortestWait = 25;
constexpr std::size_t fewestExcesses = 8;
constexpr double largestSurprise = 25.0, largestShape = 0.5;
} // namespace

double StreamTail::push(double score)
{
    double surprise = 0.0;
    if (m_seen >= warmUp) {
        if (m_seen >= m_nextFit)
            refit();
        surprise = std::clamp(-std::log(std::max(probability(score), 1e-300)), 0.0, largestSurprise);
    }
    if (m_recent.size() < m_memory) {
        m_recent.push_back(score);
    } else {
        m_recent[m_oldest] = score;
        m_oldest = (m_oldest + 1) % m_memory;
    }
    ++m_seen;
    return surprise;
}

void StreamTail::refit()
{
    m_sorted = m_recent;
    std::sort(m_sorted.begin(), m_sorted.end());
    const auto n = m_sorted.size();
    m_threshold = m_sorted[static_cast<std::size_t>(0.9 * static_cast<double>(n - 1))];
    const auto first = std::upper_bound(m_sorted.begin(), m_sorted.end(), m_threshold);
    m_excesses = static_cast<std::size_t>(m_sorted.end() - first);
    m_hasTail = false;
    m_nextFit = std::max(m_seen + shortestWait, m_seen + static_cast<std::int64_t>(0.1 * static_cast<double>(n)));
    if (m_excesses < fewestExcesses)
        return;
    double mean = 0.0, weighted = 0.0; // the probability-weighted moments of order 0 and 1
    for (std::size_t j = 0; j < m_excesses; ++j) {
        const double excess = first[static_cast<std::ptrdiff_t>(j)] - m_threshold;
        mean += excess;
        weighted += excess * (1.0 - (static_cast<double>(j + 1) - 0.35) / static_cast<double>(m_excesses));
    }
    mean /= static_cast<double>(m_excesses);
    weighted /= static_cast<double>(m_excesses);
    if (!(mean > 0.0 && mean - 2.0 * weighted > 1e-12 * mean && std::isfinite(mean)))
        return;
    m_shape = std::clamp(2.0 - mean / (mean - 2.0 * weighted), 0.0, largestShape);
    m_scale = mean * (1.0 - m_shape);
    m_hasTail = true;
}

double StreamTail::probability(double score) const
{
    const auto n = static_cast<double>(m_sorted.size());
    if (m_hasTail && score > m_threshold) {
        const double y = (score - m_threshold) / std::max(m_scale, 1e-300);
        const double share = static_cast<double>(m_excesses) / n;
        const double beyond = m_shape < 1e-3 ? std::exp(-y) : std::pow(1.0 + m_shape * y, -1.0 / m_shape);
        return share * std::min(beyond, 1.0);
    }
    const auto above = m_sorted.end() - std::upper_bound(m_sorted.begin(), m_sorted.end(), score);
    const auto notBelow = m_sorted.end() - std::lower_bound(m_sorted.begin(), m_sorted.end(), score);
    return (0.5 * static_cast<double>(above + notBelow) + 1.0) / (n + 1.0);
}

bool StreamTail::isSound() const
{
    constexpr std::int64_t most = std::int64_t{1} << 60;
    if (m_seen < 0 || m_seen > most || m_nextFit < warmUp || m_nextFit > most)
        return false;
    const auto seen = static_cast<std::size_t>(m_seen);
    return m_recent.size() == std::min(seen, m_memory) && m_oldest < std::max<std::size_t>(m_memory, 1) &&
           m_sorted.size() <= m_memory && (m_seen <= warmUp || !m_sorted.empty()) &&
           std::is_sorted(m_sorted.begin(), m_sorted.end()) && m_excesses <= m_sorted.size() &&
           (!m_hasTail || m_excesses > 0) && m_shape >= 0.0 && m_shape <= largestShape && m_scale >= 0.0;
}

} // namespace faultline::detectors
