// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/scenarios/pacer.h"
#include "engine/scenarios/schedule.h"
#include <algorithm>

namespace faultline::scenarios
{

namespace
{
constexpr double priorRequests = 2'000.0;
constexpr double priorRecordsPerRequest = 3.0;

/// One step of a slow random walk that returns to 0, with this standard deviation in the long run.
double wander(double value, double deviation, Random& random)
{
    constexpr double memory = 0.97;
    constexpr double shock = 0.243; // sqrt(1 - memory^2)
    return memory * value + shock * deviation * random.normal();
}
} // namespace

Pacer::Pacer(TimeSpan span, std::uint64_t wantedRecords, std::uint64_t seed)
    : m_span(span), m_wanted(wantedRecords), m_random(deriveSeed(seed, "pace"))
{
    const auto minutes = static_cast<std::size_t>((span.end - span.start) / minute_us);
    m_remaining.assign(minutes + 1, 0.0);
    for (std::size_t m = minutes; m-- > 0;)
        m_remaining[m] = m_remaining[m + 1] + rhythm(span.start + static_cast<DurationUs>(m) * minute_us);
}

void Pacer::minute(TimeUs at_us, std::uint64_t records)
{
    m_trafficDrift = wander(m_trafficDrift, 0.05, m_random);
    for (auto& drift : m_latencyDrift.values)
        drift = wander(drift, 0.04, m_random);

    const auto index = static_cast<std::size_t>((at_us - m_span.start) / minute_us);
    const auto missing = static_cast<double>(m_wanted) - static_cast<double>(std::min(records, m_wanted));
    const double recordsPerRequest = (static_cast<double>(records) + priorRequests * priorRecordsPerRequest) /
                                     (static_cast<double>(m_requests) + priorRequests);
    const double pace = missing / recordsPerRequest / m_remaining[index] / 60.0; // requests/s at rhythm 1
    if (index == 0)
        m_firstPace = pace;
    m_rate = std::clamp(pace, 0.85 * m_firstPace, 1.15 * m_firstPace) * rhythm(at_us) * (1.0 + m_trafficDrift);
}

} // namespace faultline::scenarios
