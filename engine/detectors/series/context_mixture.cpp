// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/context_mixture.h"
#include <algorithm>
#include <cmath>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t warmUp = 100;
constexpr double margin = 0.05, stepsPerRange = 4.0;
constexpr unsigned symbolBits = 6;
} // namespace

ContextMixture::ContextMixture(const Options& options)
    : m_options(options), m_direct(direct), m_directHeld(direct * alphabet)
{
}

/// Bins first, then the steps above the range, then those below.
std::uint8_t ContextMixture::symbolOf(double value) const
{
    constexpr std::size_t above = 21, below = above + beyond + 1;
    const double range = m_high - m_low + 1e-12;
    const auto steps = [&](double distance) {
        return static_cast<std::size_t>(std::clamp(distance / range * stepsPerRange, 0.0, static_cast<double>(beyond)));
    };
    if (value > m_high + margin * range)
        return static_cast<std::uint8_t>(above + steps(value - m_high));
    if (value < m_low - margin * range)
        return static_cast<std::uint8_t>(below + steps(m_low - value));
    return static_cast<std::uint8_t>(std::upper_bound(m_edges.begin(), m_edges.end(), value) - m_edges.begin());
}

void ContextMixture::relearn()
{
    auto sorted = m_values;
    std::sort(sorted.begin(), sorted.end());
    m_low = sorted.front();
    m_high = sorted.back();
    m_edges.clear();
    for (std::size_t bin = 1; bin < m_options.bins; ++bin) {
        const double share = static_cast<double>(bin) / static_cast<double>(m_options.bins);
        const double edge = sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
        if (m_edges.empty() || edge > m_edges.back())
            m_edges.push_back(edge);
    }
    m_nextFit = 2 * m_values.size();
    recount();
}

void ContextMixture::recount()
{
    m_direct.assign(direct, {});
    m_directHeld.assign(direct * alphabet, 0);
    m_contexts.clear();
    m_held.clear();
    m_symbols.clear();
    if (m_edges.empty() || m_edges.size() >= 21)
        return;
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        m_symbols.push_back(symbolOf(m_values[i]));
        count(i);
    }
}

/// The last `order` symbols before a position, with the order itself: exact, no hash.
std::uint64_t ContextMixture::contextOf(std::size_t position, std::size_t order) const
{
    std::uint64_t context = order + 1;
    for (std::size_t back = 1; back <= order; ++back)
        context = context << symbolBits | m_symbols[position - back];
    return context;
}

void ContextMixture::add(Context& context, std::int32_t& held)
{
    if (held == 0)
        ++context.distinct;
    ++held;
    ++context.total;
}

void ContextMixture::count(std::size_t position)
{
    const auto symbol = m_symbols[position];
    add(m_direct[0], m_directHeld[symbol]);
    for (std::size_t order = 1; order <= std::min(m_options.order, position); ++order) {
        if (order == 1) {
            const std::size_t at = 1U + m_symbols[position - 1];
            add(m_direct[at], m_directHeld[at * alphabet + symbol]);
            continue;
        }
        const auto context = contextOf(position, order);
        add(m_contexts[context], m_held[context << symbolBits | symbol]);
    }
}

double ContextMixture::probability(std::size_t position) const
{
    const auto symbol = m_symbols[position];
    double p = 1.0 / static_cast<double>(m_options.bins + 10);
    const auto blend = [&](const Context& context, std::int32_t held) {
        const double distinct = context.distinct + 0.5, total = context.total;
        const double escape = distinct / (total + distinct);
        p = (1.0 - escape) * held / total + escape * p;
    };
    for (std::size_t order = 0; order <= std::min(m_options.order, position); ++order) {
        if (order <= 1) {
            const std::size_t at = order == 0 ? 0U : 1U + m_symbols[position - 1];
            if (m_direct[at].total > 0)
                blend(m_direct[at], m_directHeld[at * alphabet + symbol]);
            continue;
        }
        const auto context = contextOf(position, order);
        const auto known = m_contexts.find(context);
        if (known == m_contexts.end())
            break; // nor have longer contexts been seen
        const auto held = m_held.find(context << symbolBits | symbol);
        blend(known->second, held == m_held.end() ? 0 : held->second);
    }
    return p;
}

double ContextMixture::push(double value)
{
    if (m_values.size() >= m_options.memory) {
        m_values.erase(m_values.begin(), m_values.begin() + static_cast<std::ptrdiff_t>(m_values.size() / 2));
        m_nextFit = m_values.size();
    }
    if (m_values.size() >= m_nextFit)
        relearn();
    m_values.push_back(value);
    if (m_edges.empty())
        return 0.0;
    m_symbols.push_back(symbolOf(value));
    const auto position = m_symbols.size() - 1;
    const double length = -std::log(std::max(probability(position), 1e-12));
    count(position);
    return length;
}

bool ContextMixture::isSound() const
{
    return m_values.size() <= m_options.memory && m_edges.size() < m_options.bins &&
           std::is_sorted(m_edges.begin(), m_edges.end()) && m_low <= m_high && m_nextFit >= warmUp &&
           m_nextFit <= 2 * std::max(m_options.memory, warmUp) && (!m_edges.empty() || m_values.size() <= warmUp) &&
           (m_edges.empty() || m_symbols.size() == m_values.size());
}

} // namespace faultline::detectors
