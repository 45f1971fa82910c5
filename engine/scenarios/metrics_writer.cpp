// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/scenarios/metrics_writer.h"
#include <algorithm>
#include <cmath>

namespace faultline::scenarios
{

namespace
{
struct Resources {
    double cpu_percent, cpuPerLoad, memory_mb, p95_ms, queue, connections, connectionsPerLoad;
};

constexpr std::array<Resources, serviceCount> usual = {{{14, 30, 512, 178, 3.0, 60, 240},
                                                        {18, 28, 1'460, 196, 3.5, 40, 60},
                                                        {10, 24, 1'130, 152, 3.0, 12, 14},
                                                        {12, 22, 1'720, 26, 1.5, 10, 18},
                                                        {16, 24, 3'910, 5.5, 1.0, 30, 12}}};

/// What the anomalies and the backup do to a service's resources.
Resources under(const Shop& shop, Service service, TimeUs at_us)
{
    auto r = usual[indexOf(service)];
    const auto& now = shop.now;
    r.p95_ms *= now.latency[service];
    if (service == Service::Postgres && now.backup)
        r.cpu_percent += 11.0;
    if (service == Service::Postgres)
        r.connections += 9.0 * now.severity;
    if (service == Service::Payments) {
        r.queue += 317.0 * now.severity;
        r.connections += 20.0 * now.severity;
    }
    const double waitForPayments_ms = 1'760.0 * now.severity;
    const double failed_ms = 5'800.0 * std::min(1.0, now.chargeFailure / 0.4);
    if (service == Service::Checkout)
        r.p95_ms = std::max(r.p95_ms + waitForPayments_ms, failed_ms);
    if (service == Service::Gateway) // one request in seven is a checkout
        r.p95_ms = std::max(r.p95_ms + 0.5 * waitForPayments_ms, failed_ms);
    if (service == Service::Checkout)
        r.memory_mb *= 1.0 + 0.5 * now.memoryLeak;
    if (service == Service::Checkout && shop.schedule.active(AnomalyKind::ErrorBurst, at_us))
        r.p95_ms += 640.0;
    if (service == Service::Inventory && shop.schedule.active(AnomalyKind::RetryStorm, at_us)) {
        r.queue *= 3.0;
        r.cpu_percent += 12.0;
    }
    if (service == Service::Inventory && now.inventoryHangs) {
        r.queue += 60.0;
        r.cpu_percent = 1.0;
        r.cpuPerLoad = 0.5;
    }
    if (service == Service::Gateway && shop.schedule.active(AnomalyKind::BruteForce, at_us))
        r.cpu_percent += 4.0;
    return r;
}
} // namespace

MetricsWriter::MetricsWriter(OutputFile file, std::uint64_t seed)
    : m_file(std::move(file)), m_random(deriveSeed(seed, "metrics"))
{
    m_file.append("time,service,cpu_percent,memory_mb,latency_p95_ms,queue_depth,connections,requests_per_min\n");
}

void MetricsWriter::minute(Shop& shop, TimeUs start_us)
{
    for (const auto service : allServices)
        row(shop, start_us, service);
    shop.requestsThisMinute = {};
}

void MetricsWriter::row(Shop& shop, TimeUs start_us, Service service)
{
    const auto r = under(shop, service, start_us);
    auto& wander = m_wander[service];
    wander = 0.96 * wander + 0.28 * m_random.normal();
    const double load = shop.now.load * (1.0 + 0.05 * wander);
    const double cpu = r.cpu_percent + r.cpuPerLoad * load + 1.2 * m_random.normal();
    const double sinceCollection = static_cast<double>(start_us % (3 * hour_us)) / static_cast<double>(3 * hour_us);
    const double memory = r.memory_mb * (1.0 + 0.05 * sinceCollection + 0.006 * m_random.normal());
    const double p95 = r.p95_ms * std::exp(0.07 * m_random.normal());
    const auto queue = m_random.poisson(r.queue * load);
    const double connections = r.connections + r.connectionsPerLoad * load + 1.5 * m_random.normal();

    m_line.clear();
    const auto& time = m_clock.at(start_us);
    LineWriter(m_line) << std::string_view(time.iso.data(), time.iso.size()) << "Z," << serviceName(service) << ','
                       << Decimal{std::clamp(cpu, 0.1, 100.0), 1} << ',' << Decimal{memory, 0} << ',' << Decimal{p95, 1}
                       << ',' << queue << ',' << Decimal{std::max(connections, 1.0), 0} << ','
                       << shop.requestsThisMinute[service] << '\n';
    m_file.append(m_line);
}

} // namespace faultline::scenarios
