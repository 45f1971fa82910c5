// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/novelty_stream.h"

namespace faultline::detectors
{

NoveltyStream::NoveltyStream(const Options& options)
    : m_options(options), m_recent(options.memory + options.exclusion), m_tail(options.memory)
{
}

double NoveltyStream::push(double value, double noise)
{
    double distance = 0.0;
    if (m_seen >= m_options.exclusion + 2)
        distance = m_known.distanceToNearest(value, m_options.neighbour);
    if (distance < noise)
        distance = 0.0;
    m_recent.add(value);
    ++m_seen;
    if (m_seen >= m_options.exclusion) {
        m_known.add(m_recent.ago(m_options.exclusion - 1));
        if (m_known.size() > m_options.memory)
            m_known.remove(m_recent.ago(m_options.exclusion - 1 + m_options.memory));
    }
    return m_tail.push(distance);
}

void NoveltyStream::rebuild()
{
    m_known = {};
    const auto held = m_recent.size() < m_options.exclusion ? 0 : m_recent.size() - m_options.exclusion + 1;
    for (std::size_t back = 0; back < std::min(held, m_options.memory); ++back)
        m_known.add(m_recent.ago(m_options.exclusion - 1 + back));
}

bool NoveltyStream::isSound() const
{
    return m_recent.isSound(m_seen) && m_tail.isSound();
}

} // namespace faultline::detectors
