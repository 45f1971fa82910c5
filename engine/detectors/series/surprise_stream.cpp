// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/surprise_stream.h"
#include <cmath>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t shortRows = 6, spreadRows = 24, refractoryRows = 80;
constexpr std::int64_t holdRows = 12, youngRows = 1000, youngest = 50;
constexpr double evidenceWeight = 0.125, relativeNoise = 1e-9;
} // namespace

SurpriseStream::SurpriseStream(const Options& options)
    : m_options(options), m_past(refractoryRows), m_length({.memory = options.memory, .exclusion = 12}),
      m_spread({.memory = options.memory, .exclusion = 24}), m_code({.memory = options.memory}), m_scale(options.memory)
{
    m_main.fill(NoveltyStream({.memory = options.memory}));
}

void SurpriseStream::start(const SeriesClock& clock)
{
    m_clock = clock;
    m_slots = SeasonalSlots(clock);
    const auto rows = static_cast<std::size_t>(clock.rowsPerDay);
    const auto hour = std::max<std::size_t>(2, rows / 24), fourHours = std::max<std::size_t>(3, rows / 6);
    m_hour = PhaseStream(clock, hour, m_options.memory);
    m_fourHours = PhaseStream(clock, fourHours, m_options.memory);
    m_values = RecentValues(std::max<std::size_t>(PhaseStream::historyNeeded(clock, fourHours), 32));
}

double SurpriseStream::roughness() const
{
    const auto rows = m_values.last(shortRows + 1);
    double sum = 0.0;
    for (std::size_t i = 1; i < rows.size(); ++i)
        sum += std::abs(rows[i] - rows[i - 1]);
    return sum / static_cast<double>(std::min(shortRows, rows.size()));
}

double SurpriseStream::lastingResidual() const
{
    const auto rows = m_residuals.last(shortRows);
    return *std::min_element(rows.begin(), rows.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
}

double SurpriseStream::logSpread() const
{
    const auto rows = m_values.last(spreadRows);
    const auto n = static_cast<double>(rows.size());
    double mean = 0.0, squares = 0.0;
    for (const double v : rows)
        mean += v;
    mean /= n;
    for (const double v : rows)
        squares += (v - mean) * (v - mean);
    return std::log(std::sqrt(squares / n) + 0.01 * m_scale.value() + relativeNoise * std::abs(mean) + 1e-12);
}

double SurpriseStream::mainViews(double value, std::int64_t second)
{
    const double noise = relativeNoise * std::abs(value);
    const double residual = m_slots.residual(value, second);
    m_residuals.add(residual);
    double most = std::max(m_main[0].push(value, noise), m_main[1].push(residual, noise));
    if (m_options.views == Views::Shape) {
        most = std::max(most, m_main[2].push(lastingResidual(), noise));
        return std::max(most, m_main[3].push(roughness(), noise));
    }
    const double scaled = std::asinh(value / (0.1 * m_clock.magnitude + 1e-12));
    most = std::max(most, m_main[2].push(scaled, relativeNoise));
    most = std::max(most, m_main[3].push(m_rows > 0 ? scaled - m_lastScaled : 0.0, relativeNoise));
    m_lastScaled = scaled;
    return most;
}

double SurpriseStream::evidence(double value)
{
    const auto seen = static_cast<std::size_t>(m_rows) + 1;
    const double phases = 0.5 * (m_hour.push(m_values, seen) + m_fourHours.push(m_values, seen));
    m_meanLength += 2.0 / 13.0 * (m_code.push(value) - m_meanLength);
    const double length = m_length.push(m_meanLength, relativeNoise);
    m_scale.add(value);
    return phases + length + m_spread.push(logSpread(), relativeNoise);
}

/// The surprise where it is an alarm, else 0.
double SurpriseStream::held(double surprise)
{
    const auto past = m_past.last(refractoryRows);
    const bool isNew = std::all_of(past.begin(), past.end(), [&](double s) { return s < surprise; });
    m_past.add(surprise);
    if (!isNew || surprise <= 0.0)
        return 0.0;
    if (surprise < m_options.alarmFrom)
        return surprise;
    if (m_rows - m_lastAlarm <= holdRows)
        return 0.0;
    m_lastAlarm = m_rows;
    return surprise;
}

SurpriseStream::Output SurpriseStream::push(double value, std::int64_t second)
{
    m_values.add(value);
    Output out;
    out.surprise = mainViews(value, second);
    out.surprise += evidenceWeight * evidence(value);
    if (m_rows < youngRows)
        out.surprise -= std::log(static_cast<double>(youngRows) / static_cast<double>(std::max(m_rows, youngest)));
    out.surprise = std::max(out.surprise, 0.0);
    out.alarm = held(out.surprise);
    ++m_rows;
    return out;
}

bool SurpriseStream::isSound() const
{
    constexpr std::int64_t most = std::int64_t{1} << 60;
    if (m_rows < 0 || m_rows > most || m_lastAlarm > m_rows || m_lastAlarm < -1'000'000)
        return false;
    const auto seen = static_cast<std::size_t>(m_rows);
    return m_slots.isSound() && m_values.isSound(seen) && m_residuals.isSound(seen) && m_past.isSound(seen) &&
           std::all_of(m_main.begin(), m_main.end(), [](const auto& view) { return view.isSound(); }) &&
           m_hour.isSound() && m_fourHours.isSound() && m_length.isSound() && m_spread.isSound() && m_code.isSound() &&
           m_scale.isSound();
}

} // namespace faultline::detectors
