// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/random.h"
#include "engine/scenarios/log_stream.h"
#include "engine/scenarios/service.h"
#include <cstdint>
#include <vector>

namespace faultline::scenarios
{

/// Chooses how many requests come, so that the rhythm of day and week is kept and the wanted number of records is met:
/// lines per request are measured on the way, and what is still missing is spread over the rest of the span.
class Pacer
{
public:
    Pacer(TimeSpan span, std::uint64_t wantedRecords, std::uint64_t seed);

    /// Starts a minute; `records` were written so far.
    void minute(TimeUs at_us, std::uint64_t records);
    void count(std::uint64_t requests) { m_requests += requests; }

    [[nodiscard]] double requestsPerSecond() const { return m_rate; }
    /// Slow random changes of each service's latency, about 0.
    [[nodiscard]] const PerService<double>& latencyDrift() const { return m_latencyDrift; }

private:
    TimeSpan m_span;
    std::uint64_t m_wanted;
    Random m_random;
    std::vector<double> m_remaining; ///< sum of the rhythm from each minute to the end
    std::uint64_t m_requests = 0;
    double m_rate = 0.0;
    double m_firstPace = 0.0;
    double m_trafficDrift = 0.0;
    PerService<double> m_latencyDrift;
};

} // namespace faultline::scenarios
