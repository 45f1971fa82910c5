// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/scenarios/background.h"
#include "engine/scenarios/traffic.h"
#include <algorithm>
#include <array>
#include <cmath>

namespace faultline::scenarios
{

namespace
{
struct Periodic {
    DurationUs every_us;
    bool thinned; ///< comes less often where there are few rows, so that traffic stays the larger part
    void (*write)(Shop&, TimeUs);
};

constexpr std::array<Periodic, 13> periodics = {{
    {30 * second_us, true,
     [](Shop& shop, TimeUs at) {
         shop.access(at, {.visitor = {0x0A140002U, "probe/1.4"}, // 10.20.0.2

                          .method = "GET",
                          .path = "/health",
                          .bytes = 2,
                          .seconds = 0.001});
     }},
    {30 * second_us, true,
     [](Shop& shop, TimeUs at) { shop.json(Service::Checkout, at, "debug").message("health check ok"); }},
    {30 * second_us, true,
     [](Shop& shop, TimeUs at) { shop.json(Service::Payments, at, "debug").message("health check ok"); }},
    {30 * second_us, true, [](Shop& shop, TimeUs at) { shop.inventory(at, "DEBUG") << "health check ok"; }},
    {5 * minute_us, true,
     [](Shop& shop, TimeUs at) {
         shop.json(Service::Checkout, at, "info").message("feature flags refreshed, ", shop.between(61, 64), " flags");
     }},
    {10 * minute_us, true,
     [](Shop& shop, TimeUs at) {
         shop.json(Service::Payments, at, "info")
             .message("token cache refreshed, ", shop.between(820, 1'460), " tokens");
     }},
    {5 * minute_us, true,
     [](Shop& shop, TimeUs at) {
         shop.inventory(at, "INFO ") << "sync with warehouse W" << shop.between(1, 4) << " done, "
                                     << shop.between(20, 410) << " items in "
                                     << Decimal{shop.latency_ms(Service::Inventory, 640.0, 0.3), 0} << " ms";
     }},
    {5 * minute_us, true,
     [](Shop& shop, TimeUs at) {
         const auto buffers = shop.between(140, 2'900);
         const double write_s = 20.0 + 8.0 * shop.random.uniform();
         shop.postgres(at, "LOG") << "checkpoint starting: time";
         shop.postgres(afterMs(at, write_s * 1000.0), "LOG")
             << "checkpoint complete: wrote " << buffers << " buffers ("
             << Decimal{static_cast<double>(buffers) / 163.84, 1} << "%); write=" << Decimal{write_s, 3}
             << " s, sync=" << Decimal{0.01 + 0.05 * shop.random.uniform(), 3}
             << " s, total=" << Decimal{write_s + 0.1, 3} << " s";
     }},
    {15 * minute_us, true,
     [](Shop& shop, TimeUs at) {
         shop.postgres(at, "LOG") << "automatic vacuum of table \"shop.public.carts\": index scans: 1, removed "
                                  << shop.between(900, 5'200) << " tuples";
     }},
    {hour_us, false,
     [](Shop& shop, TimeUs at) {
         shop.json(Service::Checkout, at, "info").message("hourly totals written, ", shop.nextOrder, " orders so far");
     }},
    {hour_us, false,
     [](Shop& shop, TimeUs at) {
         shop.json(Service::Payments, at, "info")
             .message("settlement batch closed, ", shop.between(180, 900), " payments");
     }},
    {hour_us, false,
     [](Shop& shop, TimeUs at) {
         shop.inventory(at, "INFO ") << "price list reloaded, " << shop.between(3'990, 4'010) << " skus";
     }},
    {hour_us, false,
     [](Shop& shop, TimeUs at) {
         shop.postgres(at, "LOG") << "duration: " << Decimal{shop.latency_ms(Service::Postgres, 2'400.0, 0.2), 3}
                                  << " ms  statement: REFRESH MATERIALIZED VIEW hourly_sales";
     }},
}};

struct Occasional {
    double perRequest;
    void (*write)(Shop&, TimeUs);
};

void collectGarbage(Shop& shop, TimeUs at)
{
    shop.json(shop.happens(0.5) ? Service::Checkout : Service::Payments, at, "info")
        .message("gc pause ", shop.between(3, 48), " ms");
}

void logStackTrace(Shop& shop, TimeUs at)
{
    shop.inventory(at, "ERROR") << "price feed rejected: unexpected value in column 7 of line "
                                << shop.between(2, 3'900)
                                << "\n    at shop.inventory.feed.Reader.number(Reader.java:118)"
                                << "\n    at shop.inventory.feed.Reader.row(Reader.java:74)"
                                << "\n    at shop.inventory.feed.Job.run(Job.java:41)";
}

void violateConstraint(Shop& shop, TimeUs at)
{
    shop.postgres(at, "ERROR") << "duplicate key value violates unique constraint \"carts_token_key\"";
    shop.postgres(at + 1, "STATEMENT") << "INSERT INTO carts (id, token) VALUES ($1, $2)";
}

void connectClient(Shop& shop, TimeUs at)
{
    shop.postgres(at, "LOG") << "connection received: host=10.20.3." << shop.between(11, 40)
                             << " port=" << shop.between(32'768, 60'999);
    shop.postgres(afterMs(at, 3.0), "LOG") << "connection authorized: user=orders database=shop";
}

constexpr std::array<Occasional, 22> occasionals = {{
    {0.0040, collectGarbage},
    {0.0060,
     [](Shop& shop, TimeUs at) {
         shop.json(Service::Checkout, at, "info").message("cart ", Hex{shop.random(), 8}, " abandoned");
     }},
    {0.0030,
     [](Shop& shop, TimeUs at) {
         shop.json(Service::Checkout, at, "warn").message("coupon SPRING", shop.between(10, 40), " rejected: expired");
     }},
    {0.0025,
     [](Shop& shop, TimeUs at) {
         shop.json(Service::Checkout, at, "warn")
             .message("validation failed for cart ", Hex{shop.random(), 8}, ": postcode missing");
     }},
    {0.0008,
     [](Shop& shop, TimeUs at) {
         shop.json(Service::Checkout, at, "error")
             .message("template engine: no translation for key checkout.note.", shop.between(1, 9));
     }},
    {0.0150,
     [](Shop& shop, TimeUs at) {
         shop.json(Service::Payments, at, "debug")
             .message("tls handshake with 192.0.2.", shop.between(16, 31), " done")
             .field("latency_ms", Decimal{8.0 + 30.0 * shop.random.uniform(), 1});
     }},
    {0.0030,
     [](Shop& shop, TimeUs at) {
         shop.json(Service::Payments, at, "info").message("refund re_", Hex{shop.random(), 10}, " sent");
     }},
    {0.0020,
     [](Shop& shop, TimeUs at) {
         shop.json(Service::Payments, at, "warn")
             .message("retrying capture in ", shop.between(200, 900), " ms (attempt 2)");
     }},
    {0.0009,
     [](Shop& shop, TimeUs at) {
         shop.json(Service::Payments, at, "error")
             .message("acquirer-", shop.between(1, 2), " answered 502, payment postponed");
     }},
    {0.0040, [](Shop& shop, TimeUs at) { shop.inventory(at, "INFO ") << "gc pause " << shop.between(4, 60) << " ms"; }},
    {0.0050,
     [](Shop& shop, TimeUs at) {
         shop.inventory(at, "WARN ") << "low stock of SKU-" << shop.between(1'000, 4'999) << ": " << shop.between(1, 9)
                                     << " left";
     }},
    {0.0030,
     [](Shop& shop, TimeUs at) {
         shop.inventory(at, "INFO ") << "restock of SKU-" << shop.between(1'000, 4'999) << " by "
                                     << shop.between(10, 400) << " from warehouse W" << shop.between(1, 4);
     }},
    {0.0050,
     [](Shop& shop, TimeUs at) {
         shop.inventory(at, "INFO ") << "reservation released for order " << shop.nextOrder - shop.between(40, 400);
     }},
    {0.0003, logStackTrace},
    {0.0060, connectClient},
    {0.0055,
     [](Shop& shop, TimeUs at) {
         shop.postgres(at, "LOG") << "disconnection: session time: 0:" << Zeros{shop.between(1, 59), 2} << ':'
                                  << Zeros{shop.between(0, 59), 2} << '.' << Zeros{shop.between(0, 999), 3}
                                  << " user=orders database=shop";
     }},
    {0.0015,
     [](Shop& shop, TimeUs at) {
         shop.postgres(at, "LOG")
             << "duration: " << Decimal{shop.latency_ms(Service::Postgres, 1'300.0, 0.25), 3}
             << " ms  statement: SELECT count(*) FROM orders WHERE created_at > now() - interval '1 day'";
     }},
    {0.0006, violateConstraint},
    {0.0008,
     [](Shop& shop, TimeUs at) {
         shop.postgres(at, "LOG") << "temporary file: path \"base/pgsql_tmp/pgsql_tmp" << shop.between(21'000, 22'900)
                                  << ".0\", size " << shop.between(1'000'000, 90'000'000);
     }},
    {0.0007,
     [](Shop& shop, TimeUs at) {
         shop.access(at, {.visitor = someVisitor(shop, at),
                          .method = "GET",
                          .path = "/v1/catalog/lamps?page=1",
                          .status = 502,
                          .bytes = 150,
                          .seconds = 0.003});
     }},
    {0.0020,
     [](Shop& shop, TimeUs at) {
         shop.access(at, {.visitor = someVisitor(shop, at),
                          .method = "POST",
                          .path = "/v1/cart",
                          .status = 499,
                          .bytes = 0,
                          .seconds = 1.0 + shop.random.uniform()});
     }},
    {0.0012,
     [](Shop& shop, TimeUs at) {
         shop.access(at, {.visitor = someVisitor(shop, at),
                          .method = "POST",
                          .path = "/v1/login",
                          .status = 429,
                          .bytes = 60,
                          .seconds = 0.001});
     }},
}};

constexpr double occasionalTotal()
{
    double total = 0.0;
    for (const auto& line : occasionals)
        total += line.perRequest;
    return total;
}

/// The nightly dump: each table in turn.
void backupSecond(Shop& shop, TimeUs at_us)
{
    constexpr std::array<std::string_view, 12> tables = {"carts",       "coupons",  "customers", "orders",
                                                         "order_lines", "payments", "prices",    "products",
                                                         "refunds",     "reviews",  "sessions",  "stock"};
    const auto sinceStart = at_us % day_us - 3 * hour_us;
    if (sinceStart == 0)
        shop.postgres(at_us, "LOG") << "connection authorized: user=backup database=shop application_name=pg_dump";
    if (sinceStart % (2 * minute_us) == 110 * second_us)
        shop.postgres(at_us, "LOG") << "duration: " << Decimal{90'000.0 + 19'000.0 * shop.random.uniform(), 3}
                                    << " ms  statement: COPY public."
                                    << tables[static_cast<std::size_t>(sinceStart / (2 * minute_us)) % tables.size()]
                                    << " TO stdout";
    if (sinceStart == 24 * minute_us + 58 * second_us)
        shop.postgres(at_us, "LOG") << "disconnection: session time: 0:24:58.204 user=backup database=shop";
}
} // namespace

Background::Background(const Schedule& schedule, std::uint64_t rows)
{
    const auto minutes = static_cast<double>(schedule.span.end - schedule.span.start) / static_cast<double>(minute_us);
    const double thinning = std::max(1.0, 500.0 / (static_cast<double>(rows) / minutes));
    for (std::size_t i = 0; i < periodics.size(); ++i) {
        const auto& line = periodics[i];
        const auto every = static_cast<double>(line.every_us) * (line.thinned ? thinning : 1.0);
        m_every.push_back(static_cast<DurationUs>(std::round(every / second_us)) * second_us);
        m_due.push_back(schedule.span.start + static_cast<DurationUs>(3 + 2 * i) * second_us + 211'003);
    }
}

void Background::second(Shop& shop, TimeUs at_us)
{
    for (std::size_t i = 0; i < periodics.size(); ++i) {
        if (m_due[i] >= at_us + second_us)
            continue;
        periodics[i].write(shop, m_due[i] + static_cast<DurationUs>(shop.random.below(400'000)));
        m_due[i] += m_every[i];
    }
    if (shop.now.backup)
        backupSecond(shop, at_us);
    for (const auto& deploy : shop.schedule.deploys)
        if (deploy.at_us == at_us)
            restart(shop, deploy.service, at_us, deploy.version);
}

void Background::nowAndThen(Shop& shop, TimeUs at_us)
{
    constexpr double total = occasionalTotal();
    double u = shop.random.uniform();
    if (u >= total)
        return;
    for (const auto& line : occasionals) {
        if (u < line.perRequest)
            return line.write(shop, at_us);
        u -= line.perRequest;
    }
}

void restart(Shop& shop, Service service, TimeUs at_us, std::string_view version)
{
    const auto stopped = at_us + 1'500'000;
    const auto started = at_us + 7 * second_us;
    const auto name = serviceName(service);
    if (service == Service::Inventory) {
        shop.inventory(at_us, "INFO ") << "shutting down, draining " << shop.between(1, 9) << " requests";
        shop.inventory(started, "INFO ") << "starting " << name << ' ' << version;
        shop.inventory(started + second_us, "INFO ") << "listening on 0.0.0.0:8080";
    } else if (service == Service::Checkout || service == Service::Payments) {
        shop.json(service, at_us, "info").message("shutting down, draining ", shop.between(1, 9), " requests");
        shop.json(service, started, "info").message("starting ", name, ' ', version);
        shop.json(service, started + second_us, "info").message("listening on 0.0.0.0:8080");
    }
    shop.log(service).beSilent({.start = stopped, .end = started});
}

} // namespace faultline::scenarios
