// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/random.h"
#include "engine/scenarios/clock_text.h"
#include "engine/scenarios/line_writer.h"
#include "engine/scenarios/log_stream.h"
#include "engine/scenarios/schedule.h"
#include "engine/scenarios/service.h"
#include <cstdint>
#include <string_view>
#include <vector>

namespace faultline::scenarios
{

/// How the shop does in one second.
struct Conditions {
    double load = 0.0;             ///< traffic relative to the busiest time of a working day
    PerService<double> latency{};  ///< multipliers
    double severity = 0.0;         ///< of the outage, 0..1
    double chargeFailure = 0.0;    ///< share of checkouts that cannot be charged
    double inventoryTimeout = 0.0; ///< share of calls to inventory that time out
    double inventoryRetry = 0.0;   ///< share of calls to inventory that are repeated
    double memoryLeak = 0.0;       ///< growth of checkout's memory, 0..1
    bool backup = false;
    bool inventoryHangs = false;
};
/// `drift` are slow random changes of each service's latency, about 0.
[[nodiscard]] Conditions conditionsAt(const Schedule& schedule, const PerService<double>& drift, TimeUs at_us);

/// One line of JSON, closed when the value dies.
class JsonLine
{
public:
    JsonLine(LineWriter out, std::string_view time, std::string_view level, Service service);
    JsonLine(const JsonLine&) = delete;
    JsonLine& operator=(const JsonLine&) = delete;
    ~JsonLine() { m_out << '}'; }

    /// Text parts must need no escapes.
    template <class... Parts>
    JsonLine& message(const Parts&... parts)
    {
        m_out << ",\"message\":\"";
        (m_out << ... << parts) << '"';
        return *this;
    }
    template <class Number>
    JsonLine& field(std::string_view name, const Number& value)
    {
        m_out << ",\"" << name << "\":" << value;
        return *this;
    }
    JsonLine& text(std::string_view name, Hex value)
    {
        m_out << ",\"" << name << "\":\"" << value << '"';
        return *this;
    }

private:
    LineWriter m_out;
};

/// Who sends a request.
struct Visitor {
    std::uint32_t address = 0; ///< IPv4
    std::string_view agent;
};

/// One request as the gateway logs it.
struct Access {
    Visitor visitor;
    std::string_view method, path;
    unsigned status = 200;
    std::uint64_t bytes = 0;
    double seconds = 0.0;
};

/// What the services share: their logs, the random numbers, the conditions, and counters that ids come from.
class Shop
{
public:
    Shop(const Schedule& plan, std::uint64_t seed, std::vector<LogStream> logs);

    /// Milliseconds: log-normal about the median, under the current conditions.
    [[nodiscard]] double latency_ms(Service service, double median_ms, double spread);
    [[nodiscard]] bool happens(double probability) { return random.uniform() < probability; }
    /// At least 1, mostly small.
    [[nodiscard]] std::uint64_t fewItems() { return 1 + static_cast<std::uint64_t>(random.exponential() * 1.4); }
    [[nodiscard]] std::uint64_t between(std::uint64_t low, std::uint64_t high)
    {
        return low + random.below(high - low + 1);
    }

    [[nodiscard]] JsonLine json(Service service, TimeUs at_us, std::string_view level);
    [[nodiscard]] LineWriter inventory(TimeUs at_us, std::string_view level);
    [[nodiscard]] LineWriter postgres(TimeUs at_us, std::string_view severity);
    void statement(TimeUs at_us, double median_ms, std::string_view sql);
    void access(TimeUs at_us, const Access& access);

    [[nodiscard]] LogStream& log(Service service) { return m_logs[indexOf(service)]; }
    [[nodiscard]] std::uint64_t records() const;

    const Schedule& schedule;
    Random random;
    Conditions now;
    std::uint64_t nextOrder = 41'870;
    std::uint64_t nextTransaction = 702'411;
    PerService<std::uint64_t> requestsThisMinute{};
    double requestsPerSecond = 0.0; ///< expected

private:
    std::vector<LogStream> m_logs;
    ClockText m_clock;
};

[[nodiscard]] inline TimeUs afterMs(TimeUs at_us, double delay_ms)
{
    return at_us + static_cast<DurationUs>(delay_ms * 1000.0);
}

} // namespace faultline::scenarios
