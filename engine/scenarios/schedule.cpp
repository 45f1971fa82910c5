// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/scenarios/schedule.h"
#include "engine/core/random.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace faultline::scenarios
{

namespace
{
struct Planned {
    AnomalyKind kind;
    Service service;
    DurationUs length_us;
    std::string_view description;
};

// One for each slot of the second half, in order.
constexpr std::array<Planned, 8> plan = {{
    {AnomalyKind::ErrorBurst, Service::Checkout, 12 * minute_us, "calls from checkout to inventory time out"},
    {AnomalyKind::NewTemplate, Service::Payments, 12 * minute_us,
     "a message never seen before: certificate of acquirer-2 cannot be verified"},
    {AnomalyKind::LatencyRegression, Service::Inventory, 75 * minute_us,
     "inventory answers at twice its usual latency"},
    {AnomalyKind::BruteForce, Service::Gateway, 18 * minute_us,
     "one address tries passwords: many 401 on /v1/login from 203.0.113.77"},
    {AnomalyKind::SlowLeak, Service::Checkout, 6 * hour_us, "memory of checkout grows until it is restarted"},
    {AnomalyKind::ClockJump, Service::Inventory, 9 * minute_us, "the clock of inventory jumps 7 min ahead and back"},
    {AnomalyKind::RetryStorm, Service::Checkout, 14 * minute_us, "checkout repeats its calls to inventory"},
    {AnomalyKind::SilentService, Service::Postgres, 15 * minute_us, "postgres writes no log"},
}};

constexpr double calmShare = 0.46; // of the span, before the first anomaly

/// The part of the span between calm and outage, cut into one slot for each planned anomaly.
struct Slots {
    TimeUs start = 0;
    DurationUs length_us = 0;
    [[nodiscard]] TimeUs at(double slot) const
    {
        return start + static_cast<DurationUs>(slot * static_cast<double>(length_us));
    }
};

Slots slotsOf(const TimeSpan& span, const Outage& outage)
{
    const auto whole = static_cast<double>(span.end - span.start);
    const auto start = span.start + static_cast<DurationUs>(calmShare * whole);
    const auto end = outage.migration - static_cast<DurationUs>(0.042 * whole);
    return {.start = start, .length_us = (end - start) / static_cast<DurationUs>(plan.size())};
}

TimeUs wholeSecond(TimeUs at_us)
{
    return at_us - at_us % second_us;
}

Outage outageBefore(TimeUs end)
{
    const auto day = end - end % day_us;
    const auto at = [day](int hour, int minute, int second) {
        return day + hour * hour_us + minute * minute_us + second * second_us;
    };
    return {.migration = at(13, 53, 40),
            .slow = at(13, 54, 0),
            .failing = at(14, 3, 30),
            .inventorySilent = at(14, 6, 30),
            .rollback = at(14, 13, 0),
            .inventoryBack = at(14, 16, 50),
            .charging = at(14, 18, 45),
            .end = at(14, 19, 0)};
}

void addOutage(Schedule& schedule)
{
    const auto& o = schedule.outage;
    const auto add = [&](Service service, TimeUs start, TimeUs end, std::string_view description) {
        schedule.anomalies.push_back({AnomalyKind::Outage, service, {start, end}, description});
    };
    add(Service::Postgres, o.migration, o.end, "migration 0412 holds a lock on orders; transactions wait for it");
    add(Service::Payments, o.slow, o.end, "payments slows down; pool orders-rw is exhausted");
    add(Service::Checkout, o.slow, o.end, "checkouts wait for payments, then charges fail; the circuit breaker opens");
    add(Service::Gateway, o.slow, o.end, "POST /v1/checkout gets slow, then answers 504");
    add(Service::Inventory, o.inventorySilent, o.inventoryBack + 10 * second_us, "inventory is silent");
}

void addPlanned(Schedule& schedule, const Slots& slots, std::uint64_t seed)
{
    Random random(seed);
    for (std::size_t i = 0; i < plan.size(); ++i) {
        const auto start = wholeSecond(slots.at(static_cast<double>(i) + 0.25 * random.uniform()));
        const auto length = wholeSecond(
            std::min(plan[i].length_us, static_cast<DurationUs>(0.52 * static_cast<double>(slots.length_us))));
        schedule.anomalies.push_back({plan[i].kind, plan[i].service, {start, start + length}, plan[i].description});
        if (plan[i].kind == AnomalyKind::RetryStorm)
            schedule.anomalies.push_back({plan[i].kind,
                                          Service::Inventory,
                                          {start, start + length},
                                          "inventory gets repeated calls from checkout"});
    }
}

double hat(double hour, double centre, double width)
{
    const double z = (hour - centre) / width;
    return std::exp(-0.5 * z * z);
}
} // namespace

std::string_view kindName(AnomalyKind kind)
{
    constexpr std::array<std::string_view, 9> names = {"error_burst", "new_template",   "latency_regression",
                                                       "brute_force", "slow_leak",      "clock_jump",
                                                       "retry_storm", "silent_service", "outage"};
    return names[static_cast<std::size_t>(kind)];
}

double Anomaly::progress(TimeUs at_us) const
{
    const auto done = static_cast<double>(at_us - span.start) / static_cast<double>(span.end - span.start);
    return std::clamp(done, 0.0, 1.0);
}

double Outage::severity(TimeUs at_us) const
{
    if (at_us < slow || at_us >= end)
        return 0.0;
    const auto share = [at_us](TimeUs from, TimeUs to) {
        return std::clamp(static_cast<double>(at_us - from) / static_cast<double>(to - from), 0.0, 1.0);
    };
    const double risen = 0.12 * share(slow, slow + minute_us) + 0.88 * share(slow + minute_us, failing + 5 * minute_us);
    return risen * (1.0 - share(rollback, end));
}

double Outage::chargeFailure(TimeUs at_us) const
{
    return at_us < failing || at_us >= charging ? 0.0 : 0.08 + 0.72 * severity(at_us);
}

const Anomaly* Schedule::active(AnomalyKind kind, TimeUs at_us) const
{
    for (const auto& anomaly : anomalies)
        if (anomaly.kind == kind && anomaly.span.contains(at_us))
            return &anomaly;
    return nullptr;
}

bool Schedule::deployed(Service service, TimeUs at_us) const
{
    return std::any_of(deploys.begin(), deploys.end(),
                       [&](const Deploy& deploy) { return deploy.service == service && at_us >= deploy.at_us; });
}

bool Schedule::backupRuns(TimeUs at_us)
{
    const auto ofDay = at_us % day_us;
    return ofDay >= 3 * hour_us && ofDay < 3 * hour_us + 25 * minute_us;
}

TimeSpan spanFor(std::uint64_t rows)
{
    struct Knot {
        double rows, minutes;
    };
    constexpr std::array<Knot, 3> knots = {{{1e4, 12 * 60}, {1e5, 24 * 60}, {2e6, (7 * 24 + 14) * 60 + 40}}};
    const double r = std::clamp(static_cast<double>(rows), knots.front().rows, knots.back().rows);
    const auto& a = r <= knots[1].rows ? knots[0] : knots[1];
    const auto& b = r <= knots[1].rows ? knots[1] : knots[2];
    const double share = std::log(r / a.rows) / std::log(b.rows / a.rows);
    const auto minutes = static_cast<DurationUs>(std::lround(a.minutes * std::pow(b.minutes / a.minutes, share)));
    const auto end = fromCivil({.year = 2026, .month = 3, .day = 12, .hour = 14, .minute = 40});
    return {.start = end - minutes * minute_us, .end = end};
}

Schedule makeSchedule(std::uint64_t rows, std::uint64_t seed, bool anomalous)
{
    Schedule schedule;
    schedule.span = spanFor(rows);
    schedule.anomalous = anomalous;
    schedule.outage = outageBefore(schedule.span.end);
    const auto slots = slotsOf(schedule.span, schedule.outage);
    if (anomalous) {
        addPlanned(schedule, slots, deriveSeed(seed, "schedule"));
        addOutage(schedule);
    }
    const auto whole = static_cast<double>(schedule.span.end - schedule.span.start);
    const auto early = [&](double share) {
        return wholeSecond(schedule.span.start + static_cast<DurationUs>(share * whole));
    };
    schedule.deploys = {{Service::Inventory, early(0.09), "2.9.0"},
                        {Service::Checkout, early(0.21), "4.18.0"},
                        {Service::Payments, wholeSecond(slots.at(2.87)), "5.3.1"},
                        {Service::Gateway, wholeSecond(slots.at(6.87)), "1.31.0"}};
    return schedule;
}

std::string labelsCsv(const Schedule& schedule)
{
    std::string csv = "start,end,entity,kind,description\n";
    for (const auto& anomaly : schedule.anomalies) {
        const auto shown = anomaly.kind == AnomalyKind::ClockJump ? schedule.clockShift_us : 0;
        csv += formatIso8601(anomaly.span.start) + ',' + formatIso8601(anomaly.span.end + shown) + ',';
        csv.append(serviceName(anomaly.service)).append(",").append(kindName(anomaly.kind)).append(",\"");
        csv.append(anomaly.description).append("\"\n");
    }
    return csv;
}

double rhythm(TimeUs at_us)
{
    const bool weekend = weekday(at_us) >= 5;
    const double hour = static_cast<double>(at_us % day_us) / static_cast<double>(hour_us) - (weekend ? 1.0 : 0.0);
    const double wave = 0.70 + 0.30 * std::sin(2.0 * std::numbers::pi * (hour - 9.5) / 24.0);
    const double day = wave - 0.10 * hat(hour, 12.75, 0.6) + 0.10 * hat(hour, 20.0, 1.5);
    return day * (weekend ? 0.75 : 1.0);
}

} // namespace faultline::scenarios
