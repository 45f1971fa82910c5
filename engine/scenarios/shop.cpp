// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/scenarios/shop.h"
#include <cmath>

namespace faultline::scenarios
{

namespace
{
std::uint64_t millisOf(TimeUs at_us)
{
    return static_cast<std::uint64_t>(at_us % second_us) / 1000;
}

std::string_view referer(std::string_view path)
{
    if (!path.starts_with("/v1/") || path.starts_with("/v1/webhooks"))
        return "-"; // probes and machines
    return path.starts_with("/v1/checkout") ? "https://shop.example/cart" : "https://shop.example/";
}
} // namespace

Conditions conditionsAt(const Schedule& schedule, const PerService<double>& drift, TimeUs at_us)
{
    Conditions now;
    now.load = rhythm(at_us);
    now.backup = Schedule::backupRuns(at_us);
    now.inventoryTimeout = 0.008;
    now.inventoryRetry = 0.01;
    now.chargeFailure = 0.0;
    for (const auto service : allServices)
        now.latency[service] = (0.85 + 0.25 * now.load) * (1.0 + drift[service]);
    if (now.backup)
        now.latency[Service::Postgres] *= 1.5;
    if (!schedule.anomalous)
        return now;

    if (schedule.active(AnomalyKind::ErrorBurst, at_us))
        now.inventoryTimeout = 0.25;
    if (schedule.active(AnomalyKind::RetryStorm, at_us))
        now.inventoryRetry = 0.35;
    if (schedule.active(AnomalyKind::LatencyRegression, at_us))
        now.latency[Service::Inventory] *= 2.0;
    if (const auto* leak = schedule.active(AnomalyKind::SlowLeak, at_us))
        now.memoryLeak = leak->progress(at_us);
    now.severity = schedule.outage.severity(at_us);
    now.chargeFailure = schedule.outage.chargeFailure(at_us);
    now.latency[Service::Payments] *= 1.0 + 11.6 * now.severity;
    now.latency[Service::Postgres] *= 1.0 + 2.5 * now.severity;
    now.inventoryHangs = at_us >= schedule.outage.inventorySilent && at_us < schedule.outage.inventoryBack;
    return now;
}

JsonLine::JsonLine(LineWriter out, std::string_view time, std::string_view level, Service service) : m_out(out)
{
    m_out << "{\"time\":\"" << time << "\",\"level\":\"" << level << "\",\"service\":\"" << serviceName(service) << '"';
}

Shop::Shop(const Schedule& plan, std::uint64_t seed, std::vector<LogStream> logs)
    : schedule(plan), random(deriveSeed(seed, "traffic")), m_logs(std::move(logs))
{
}

double Shop::latency_ms(Service service, double median_ms, double spread)
{
    return median_ms * std::exp(spread * random.normal()) * now.latency[service];
}

JsonLine Shop::json(Service service, TimeUs at_us, std::string_view level)
{
    const auto shown = log(service).shown(at_us);
    const auto& second = m_clock.at(shown);
    const auto millis = millisOf(shown);
    char time[24];
    auto* end = std::copy(second.iso.begin(), second.iso.end(), time);
    *end++ = '.';
    *end++ = static_cast<char>('0' + millis / 100);
    *end++ = static_cast<char>('0' + millis / 10 % 10);
    *end++ = static_cast<char>('0' + millis % 10);
    *end++ = 'Z';
    return {log(service).record(at_us), {time, end}, level, service};
}

LineWriter Shop::inventory(TimeUs at_us, std::string_view level)
{
    const auto shown = log(Service::Inventory).shown(at_us);
    const auto& second = m_clock.at(shown);
    auto line = log(Service::Inventory).record(at_us);
    line << std::string_view(second.iso.data(), second.iso.size()) << '.' << Zeros{millisOf(shown), 3} << "Z " << level
         << " [inventory] ";
    return line;
}

LineWriter Shop::postgres(TimeUs at_us, std::string_view severity)
{
    const auto shown = log(Service::Postgres).shown(at_us);
    const auto& second = m_clock.at(shown);
    const auto process = 21'840 + 7 * random.below(40);
    auto line = log(Service::Postgres).record(at_us);
    line << second.date() << ' ' << second.timeOfDay() << '.' << Zeros{millisOf(shown), 3} << " UTC [" << process
         << "] " << severity << ":  ";
    return line;
}

void Shop::statement(TimeUs at_us, double median_ms, std::string_view sql)
{
    const double took_ms = latency_ms(Service::Postgres, median_ms, 0.5);
    ++requestsThisMinute[Service::Postgres];
    postgres(afterMs(at_us, took_ms), "LOG")
        << "duration: " << Decimal{took_ms, 3} << " ms  execute <unnamed>: " << sql;
}

void Shop::access(TimeUs at_us, const Access& access)
{
    const auto& second = m_clock.at(log(Service::Gateway).shown(at_us));
    const auto byte = [&](unsigned shift) { return (access.visitor.address >> shift) & 255U; };
    ++requestsThisMinute[Service::Gateway];
    auto line = log(Service::Gateway).record(at_us);
    line << byte(24) << '.' << byte(16) << '.' << byte(8) << '.' << byte(0) << " - - [" << second.accessLogTime()
         << " +0000] \"" << access.method << ' ' << access.path << " HTTP/1.1\" " << access.status << ' '
         << access.bytes << " \"" << referer(access.path) << "\" \"" << access.visitor.agent << "\" "
         << Decimal{access.seconds, 3};
}

std::uint64_t Shop::records() const
{
    std::uint64_t sum = 0;
    for (const auto& stream : m_logs)
        sum += stream.records();
    return sum;
}

} // namespace faultline::scenarios
