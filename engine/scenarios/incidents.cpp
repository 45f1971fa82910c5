// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/scenarios/incidents.h"
#include "engine/scenarios/background.h"
#include <algorithm>

namespace faultline::scenarios
{

void Incidents::prepare(Shop& shop)
{
    for (const auto& anomaly : shop.schedule.anomalies) {
        if (anomaly.kind == AnomalyKind::SilentService)
            shop.log(anomaly.service).beSilent(anomaly.span);
        if (anomaly.kind == AnomalyKind::ClockJump)
            shop.log(anomaly.service).shiftClock({.span = anomaly.span, .by_us = shop.schedule.clockShift_us});
    }
    if (shop.schedule.anomalous) {
        const auto& outage = shop.schedule.outage;
        shop.log(Service::Inventory).beSilent({.start = outage.inventorySilent, .end = outage.inventoryBack});
    }
}

void Incidents::second(Shop& shop, TimeUs at_us)
{
    if (!shop.schedule.anomalous)
        return;
    if (shop.schedule.active(AnomalyKind::BruteForce, at_us))
        guessPasswords(shop, at_us);
    if (shop.schedule.active(AnomalyKind::NewTemplate, at_us))
        complainOfCertificate(shop, at_us);
    for (const auto& anomaly : shop.schedule.anomalies)
        if (anomaly.kind == AnomalyKind::SlowLeak && anomaly.span.end - 20 * second_us == at_us)
            restart(shop, anomaly.service, at_us, "4.18.0");
    if (at_us >= shop.schedule.outage.migration)
        outage(shop, at_us);
}

void Incidents::guessPasswords(Shop& shop, TimeUs at_us)
{
    const auto guesses = shop.random.poisson(std::max(0.2, 0.12 * shop.requestsPerSecond));
    for (std::uint64_t i = 0; i < guesses; ++i)
        shop.access(at_us + static_cast<DurationUs>(shop.random.below(second_us)),
                    {.visitor = {0xCB00714DU, "python-requests/2.31.0"}, // 203.0.113.77
                     .method = "POST",
                     .path = "/v1/login",
                     .status = 401,
                     .bytes = shop.between(120, 132),
                     .seconds = 0.002});
}

void Incidents::complainOfCertificate(Shop& shop, TimeUs at_us)
{
    if (at_us < m_nextComplaint)
        return;
    m_nextComplaint = at_us + static_cast<DurationUs>(shop.between(35, 95)) * second_us;
    shop.json(Service::Payments, at_us + static_cast<DurationUs>(shop.random.below(second_us)), "error")
        .message("certificate of acquirer-2 cannot be verified: issuer unknown, connection kept for ",
                 shop.between(20, 60), " s");
}

void Incidents::outage(Shop& shop, TimeUs at_us)
{
    const auto& outage = shop.schedule.outage;
    if (at_us == outage.migration)
        shop.postgres(at_us + 412'000, "LOG")
            << "statement: ALTER TABLE orders ADD COLUMN gift_note text; -- migration 0412";
    if (at_us == outage.rollback)
        shop.postgres(at_us + 87'000, "LOG") << "statement: ROLLBACK; -- migration 0412";
    if (at_us == outage.inventoryBack)
        restart(shop, Service::Inventory, at_us, "2.9.0");
    if (at_us == outage.charging)
        shop.json(Service::Checkout, at_us, "info").message("circuit breaker payments closed");
    if (shop.now.chargeFailure > 0.25 && at_us >= m_nextBreaker) {
        m_nextBreaker = at_us + static_cast<DurationUs>(shop.between(16, 34)) * second_us;
        shop.json(Service::Checkout, at_us + static_cast<DurationUs>(shop.random.below(second_us)), "fatal")
            .message("circuit breaker payments opened: ", shop.between(50, 58), " failures in 10 s");
    }
}

} // namespace faultline::scenarios
