// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/phase_stream.h"
#include <cmath>
#include <limits>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t days = 14;

std::size_t shiftOf(const SeriesClock& clock)
{
    return static_cast<std::size_t>(std::max<std::int64_t>(1, clock.rowsPerDay / 48));
}
} // namespace

PhaseStream::PhaseStream(const SeriesClock& clock, std::size_t rows, std::size_t memory)
    : m_clock(clock), m_rows(rows), m_tail(memory)
{
}

std::size_t PhaseStream::historyNeeded(const SeriesClock& clock, std::size_t rows)
{
    return clock.hasPhases() ? days * static_cast<std::size_t>(clock.rowsPerDay) + shiftOf(clock) + rows + 1 : rows;
}

double PhaseStream::push(const RecentValues& history, std::size_t seen)
{
    return m_clock.hasPhases() ? m_tail.push(distance(history, seen)) : 0.0;
}

/// The smallest sum of squares over the shifts of one earlier day; given up where it cannot become the smallest.
double PhaseStream::bestOfDay(std::span<const double> all, std::size_t day) const
{
    const auto shift = shiftOf(m_clock), step = std::max<std::size_t>(1, shift / 3);
    const auto middle = day * static_cast<std::size_t>(m_clock.rowsPerDay);
    const double* const now = all.data() + all.size() - m_rows;
    double best = std::numeric_limits<double>::infinity();
    for (auto lag = middle - shift; lag <= middle + shift; lag += step) {
        if (lag < 1)
            continue;
        const double* const then = now - lag;
        double sum = 0.0;
        for (std::size_t i = m_rows; i-- > 0 && sum < best;) {
            const double d = now[i] - then[i];
            sum += d * d;
        }
        best = std::min(best, sum);
    }
    return best;
}

double PhaseStream::distance(const RecentValues& history, std::size_t seen) const
{
    double best = std::numeric_limits<double>::infinity(), second = best;
    std::size_t counted = 0;
    const auto all = history.last(history.size());
    for (std::size_t day = 1; day <= days; ++day) {
        const auto reach = m_rows + day * static_cast<std::size_t>(m_clock.rowsPerDay) + shiftOf(m_clock);
        if (seen < reach || all.size() < reach)
            break;
        const double sum = bestOfDay(all, day);
        ++counted;
        if (sum < best) {
            second = best;
            best = sum;
        } else {
            second = std::min(second, sum);
        }
    }
    return counted >= 2 ? std::sqrt(second / static_cast<double>(m_rows)) : 0.0;
}

} // namespace faultline::detectors
