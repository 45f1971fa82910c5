// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/scenarios/traffic.h"
#include <cmath>

namespace faultline::scenarios
{

namespace
{
/// One order on its way through the services.
struct Order {
    std::uint64_t id = 0;
    std::uint64_t items = 0;
    double amount = 0.0;
    Hex payment{0, 10};
    Hex request{0, 8};
    std::uint64_t acquirer = 1;
};

Order takeOrder(Shop& shop)
{
    Order order;
    order.id = shop.nextOrder++;
    order.items = shop.fewItems();
    order.amount = 31.0 * static_cast<double>(order.items) * std::exp(0.6 * shop.random.normal());
    order.payment.value = shop.random();
    order.request.value = shop.random();
    order.acquirer = shop.happens(0.3) ? 2 : 1;
    return order;
}

/// Returns how long it took. The reservation is repeated on another day's terms when inventory does not answer in time.
double reserve(Shop& shop, TimeUs at_us, const Order& order)
{
    double waited_ms = 0.0;
    ++shop.requestsThisMinute[Service::Inventory];
    if (shop.happens(shop.now.inventoryHangs ? 0.2 : shop.now.inventoryTimeout)) {
        waited_ms = 800.0;
        shop.json(Service::Checkout, afterMs(at_us, waited_ms), "error")
            .message("upstream inventory timed out after 800 ms, attempt 1 of 3")
            .field("order", order.id);
    } else if (shop.happens(shop.now.inventoryRetry)) {
        waited_ms = shop.latency_ms(Service::Inventory, 12.0, 0.45) + 200.0;
        shop.json(Service::Checkout, afterMs(at_us, waited_ms - 200.0), "warn")
            .message("retrying inventory in 200 ms (attempt 2)");
    }
    const double took_ms = shop.latency_ms(Service::Inventory, 12.0, 0.45);
    shop.statement(afterMs(at_us, waited_ms), 1.6, "UPDATE stock SET reserved = reserved + $1 WHERE sku = $2");
    shop.inventory(afterMs(at_us, waited_ms + took_ms), "INFO ")
        << "reserved " << order.items << " items for order " << order.id << " in " << Decimal{took_ms, 1} << " ms";
    return waited_ms + took_ms;
}

void waitForPool(Shop& shop, TimeUs at_us, double wait_ms)
{
    const auto queue = 40 + shop.random.below(1 + static_cast<std::uint64_t>(300.0 * shop.now.severity));
    shop.json(Service::Payments, at_us, "warn")
        .message("pool orders-rw waited ", static_cast<std::uint64_t>(wait_ms),
                 " ms for a connection (active=40 idle=0 queue=", queue, ")");
}

void waitForLock(Shop& shop, TimeUs at_us)
{
    const auto transaction = shop.nextTransaction + shop.random.below(400);
    const auto process = 21'840 + 7 * shop.random.below(40);
    const double wait_ms = 1000.0 + 200.0 * shop.random.uniform() + 9000.0 * shop.now.severity * shop.random.uniform();
    shop.postgres(at_us, "LOG") << "process " << process << " still waiting for ShareLock on transaction "
                                << transaction << " after " << Decimal{wait_ms, 3} << " ms";
}

/// All attempts to charge fail: what the outage looks like from checkout. Returns how long it took.
double failToCharge(Shop& shop, TimeUs at_us, const Order& order)
{
    constexpr double timeout_ms = 2000.0;
    const unsigned attempts = shop.happens(0.35) ? 1 : 3; // the circuit breaker allows one attempt while it is open
    double waited_ms = 0.0;
    for (unsigned attempt = 1; attempt <= attempts; ++attempt) {
        waited_ms += timeout_ms;
        ++shop.requestsThisMinute[Service::Payments];
        if (shop.happens(0.7))
            waitForPool(shop, afterMs(at_us, waited_ms + 4.0), timeout_ms + 12.0 * shop.random.uniform());
        shop.json(Service::Checkout, afterMs(at_us, waited_ms), "error")
            .message("upstream payments timed out after 2000 ms, attempt ", attempt, " of 3")
            .field("order", order.id);
    }
    shop.json(Service::Checkout, afterMs(at_us, waited_ms + 1.0), "error")
        .message("charge failed for order ", order.id, ": upstream payments unavailable, cart kept")
        .field("order", order.id)
        .field("latency_ms", Decimal{waited_ms, 1});
    shop.json(Service::Checkout, afterMs(at_us, waited_ms + 6.0), "info")
        .message("fallback page served for order ", order.id);
    return waited_ms;
}

struct Charge {
    double took_ms = 0.0;
    bool accepted = true;
};

Charge charge(Shop& shop, TimeUs at_us, const Order& order)
{
    const double create_ms = shop.latency_ms(Service::Payments, 6.0, 0.3);
    ++shop.requestsThisMinute[Service::Payments];
    shop.json(Service::Payments, afterMs(at_us, create_ms), "info")
        .message("payment intent pi_", order.payment, " created for order ", order.id)
        .field("order", order.id)
        .field("amount", Decimal{order.amount, 2});
    if (shop.schedule.deployed(Service::Payments, at_us) && shop.happens(0.5))
        shop.json(Service::Payments, afterMs(at_us, create_ms + 3.0), "info")
            .message("risk score ", Decimal{shop.random.uniform(), 2}, " for payment pi_", order.payment);
    if (shop.now.severity > 0.3 && shop.happens(0.35 * shop.now.severity))
        waitForPool(shop, afterMs(at_us, create_ms + 4.0), 300.0 + 1700.0 * shop.random.uniform());

    const Charge charge{.took_ms = create_ms + shop.latency_ms(Service::Payments, 85.0, 0.35),
                        .accepted = !shop.happens(0.028)};
    const auto done_us = afterMs(at_us, charge.took_ms);
    shop.json(Service::Payments, done_us, "debug")
        .message("acquirer-", order.acquirer, " answered in ", static_cast<std::uint64_t>(charge.took_ms), " ms");
    if (charge.accepted)
        shop.json(Service::Payments, afterMs(done_us, 2.0), "info")
            .message("payment pi_", order.payment, " captured")
            .field("order", order.id)
            .field("latency_ms", Decimal{charge.took_ms, 1});
    else
        shop.json(Service::Payments, afterMs(done_us, 2.0), "warn")
            .message("card declined for payment pi_", order.payment, ": insufficient funds")
            .field("order", order.id)
            .field("latency_ms", Decimal{charge.took_ms, 1});
    return charge;
}

void storeOrder(Shop& shop, TimeUs at_us, const Order& order, double took_ms)
{
    shop.nextTransaction += 2;
    shop.statement(at_us, 2.8, "INSERT INTO orders (id, customer, total, state) VALUES ($1, $2, $3, $4)");
    if (shop.happens(0.0008 + 0.35 * shop.now.severity))
        waitForLock(shop, afterMs(at_us, 1000.0));
    if (shop.schedule.deployed(Service::Checkout, at_us) && shop.happens(0.3))
        shop.json(Service::Checkout, at_us, "info")
            .message("address check for order ", order.id, " took ", shop.between(3, 19), " ms");
    shop.json(Service::Checkout, afterMs(at_us, 1.0), "info")
        .message("order ", order.id, " accepted, ", order.items, " items")
        .field("order", order.id)
        .field("amount", Decimal{order.amount, 2})
        .field("latency_ms", Decimal{took_ms, 1})
        .text("request", order.request);
    shop.json(Service::Checkout, afterMs(at_us, 14.0), "info").message("email queued for order ", order.id);
}

void answer(Shop& shop, TimeUs at_us, unsigned status, double took_ms)
{
    shop.access(afterMs(at_us, took_ms), {.visitor = someVisitor(shop, at_us),
                                          .method = "POST",
                                          .path = "/v1/checkout",
                                          .status = status,
                                          .bytes = status == 200 ? shop.between(640, 1'900) : shop.between(160, 190),
                                          .seconds = took_ms / 1000.0});
}
} // namespace

void handleCheckout(Shop& shop, TimeUs at_us)
{
    const auto order = takeOrder(shop);
    ++shop.requestsThisMinute[Service::Checkout];
    double took_ms = shop.latency_ms(Service::Checkout, 14.0, 0.4);
    took_ms += reserve(shop, afterMs(at_us, took_ms), order);
    if (shop.happens(shop.now.chargeFailure)) {
        took_ms += failToCharge(shop, afterMs(at_us, took_ms), order);
        return answer(shop, at_us, 504, took_ms + 9.0);
    }
    if (shop.happens(0.006)) { // now and then the first attempt is lost
        took_ms += 2000.0;
        shop.json(Service::Checkout, afterMs(at_us, took_ms), "error")
            .message("upstream payments timed out after 2000 ms, attempt ", 1U, " of 3")
            .field("order", order.id);
    }
    const auto charged = charge(shop, afterMs(at_us, took_ms), order);
    took_ms += charged.took_ms;
    if (charged.accepted)
        storeOrder(shop, afterMs(at_us, took_ms), order, took_ms);
    else
        shop.json(Service::Checkout, afterMs(at_us, took_ms + 2.0), "info")
            .message("order ", order.id, " not placed: card declined");
    answer(shop, at_us, charged.accepted ? 200 : 402, took_ms + 3.0);
}

} // namespace faultline::scenarios
