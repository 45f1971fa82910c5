// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/column_stream.h"
#include <algorithm>
#include <cmath>

namespace faultline::detectors
{

namespace
{
constexpr double largestValue = 1e150; // its square is finite
constexpr std::int64_t usualStep = 300;
} // namespace

std::int64_t ColumnStream::secondOf(TimeUs time)
{
    if (time == noTime)
        return m_rows == 0 ? 0 : m_lastSecond + usualStep;
    const auto second = time / second_us;
    return time % second_us < 0 ? second - 1 : second;
}

double ColumnStream::push(double value, TimeUs time)
{
    if (!std::isnan(value))
        m_lastValue = std::clamp(value, -largestValue, largestValue);
    m_lastSecond = secondOf(time);
    if (++m_rows > static_cast<std::int64_t>(warmUp))
        return step(m_lastValue, m_lastSecond);
    m_values.push_back(m_lastValue);
    m_seconds.push_back(m_lastSecond);
    if (m_values.size() == warmUp) {
        m_clock = SeriesClock::of(m_values, m_seconds);
        start(m_clock);
        for (std::size_t i = 0; i < warmUp; ++i)
            (void)step(m_values[i], m_seconds[i]);
        m_values.clear();
        m_seconds.clear();
    }
    return 0.0;
}

void ColumnStream::write(StateWriter& archive) const
{
    archive(m_values, m_seconds, m_clock, m_lastValue, m_lastSecond, m_rows);
    writeState(archive);
}

bool ColumnStream::read(StateReader& archive)
{
    archive(m_values, m_seconds, m_clock, m_lastValue, m_lastSecond, m_rows);
    constexpr std::int64_t most = std::int64_t{1} << 60;
    const bool isSound =
        archive.ok() && m_clock.isSound() && m_rows >= 0 && m_rows < most && std::abs(m_lastValue) <= largestValue &&
        m_lastSecond > -most && m_lastSecond < most && m_seconds.size() == m_values.size() &&
        m_values.size() == (m_rows >= static_cast<std::int64_t>(warmUp) ? 0 : static_cast<std::size_t>(m_rows));
    if (!isSound)
        return false;
    start(m_clock);
    return readState(archive);
}

} // namespace faultline::detectors
