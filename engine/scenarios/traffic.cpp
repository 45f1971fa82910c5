// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/scenarios/traffic.h"
#include <algorithm>
#include <array>
#include <string>

namespace faultline::scenarios
{

namespace
{
constexpr std::array<std::string_view, 5> agents = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:135.0) Gecko/20100101 Firefox/135.0",
    "ShopApp/7.12 (Android 15)"};
constexpr std::array<std::string_view, 8> categories = {"lamps",   "chairs",  "desks",  "rugs",
                                                        "shelves", "mirrors", "plants", "tea"};
constexpr std::array<std::string_view, 6> words = {"oak", "walnut", "linen", "brass", "round", "small"};

template <std::size_t N>
std::string_view oneOf(Shop& shop, const std::array<std::string_view, N>& choices)
{
    return choices[shop.random.below(N)];
}

/// A path made of parts, in a buffer that lives until the next call. Here and in JsonLine::message() at most one part
/// may draw a random number: compilers differ in the order in which they evaluate arguments.
template <class... Parts>
std::string_view path(const Parts&... parts)
{
    thread_local std::string text;
    text.clear();
    LineWriter out(text);
    (out << ... << parts);
    return text;
}

struct Call {
    std::string_view method = "GET";
    std::string_view path;
    unsigned status = 200;
    double median_ms = 20.0; ///< at the gateway, without what waits elsewhere
    std::uint64_t bytes = 900;
};

/// Logs the call at the gateway once it is answered; returns how long it took.
double answer(Shop& shop, TimeUs at_us, const Call& call, double waited_ms = 0.0)
{
    const double took_ms = waited_ms + shop.latency_ms(Service::Gateway, call.median_ms, 0.45);
    const auto bytes = call.bytes / 2 + shop.random.below(call.bytes);
    shop.access(afterMs(at_us, took_ms), {.visitor = someVisitor(shop, at_us),
                                          .method = call.method,
                                          .path = call.path,
                                          .status = call.status,
                                          .bytes = bytes,
                                          .seconds = took_ms / 1000.0});
    return took_ms;
}

/// A call that checkout or the catalogue makes to inventory; with retries and time-outs. Returns how long it took.
template <class Write>
double callInventory(Shop& shop, TimeUs at_us, double median_ms, Write write)
{
    double waited_ms = 0.0;
    for (unsigned attempt = 1;; ++attempt) {
        const double took_ms = shop.latency_ms(Service::Inventory, median_ms, 0.45);
        ++shop.requestsThisMinute[Service::Inventory];
        write(afterMs(at_us, waited_ms + took_ms), took_ms);
        waited_ms += took_ms;
        if (attempt == 4 || !shop.happens(shop.now.inventoryRetry))
            return waited_ms;
        const auto pause_ms = 100U << attempt;
        shop.json(Service::Checkout, afterMs(at_us, waited_ms), "warn")
            .message("retrying inventory in ", pause_ms, " ms (attempt ", attempt + 1, ")");
        waited_ms += pause_ms;
    }
}

void catalog(Shop& shop, TimeUs at_us)
{
    double waited_ms = 0.0;
    if (shop.happens(0.35)) {
        waited_ms = callInventory(shop, at_us, 11.0, [&](TimeUs done_us, double took_ms) {
            shop.inventory(done_us, "DEBUG")
                << "lookup of " << shop.between(8, 24) << " skus took " << Decimal{took_ms, 1} << " ms";
        });
    }
    if (shop.happens(0.20))
        shop.statement(at_us, 6.0, "SELECT sku, title, price FROM products WHERE category = $1 ORDER BY rank LIMIT 24");
    const auto category = oneOf(shop, categories);
    answer(shop, at_us,
           {.path = path("/v1/catalog/", category, "?page=", shop.fewItems()), .median_ms = 24.0, .bytes = 18'000},
           waited_ms);
}

void product(Shop& shop, TimeUs at_us)
{
    const auto sku = shop.between(1'000, 4'999);
    double waited_ms = 0.0;
    if (shop.happens(0.35)) {
        waited_ms = callInventory(shop, at_us, 7.0, [&](TimeUs done_us, double took_ms) {
            shop.inventory(done_us, "INFO ") << "stock level of SKU-" << sku << " is " << shop.between(0, 240) << " ("
                                             << Decimal{took_ms, 1} << " ms)";
        });
    }
    if (shop.schedule.deployed(Service::Inventory, at_us) && shop.happens(0.06))
        shop.inventory(at_us, "INFO ") << "substitute SKU-" << shop.between(1'000, 4'999) << " offered for SKU-" << sku;
    if (shop.schedule.deployed(Service::Gateway, at_us) && shop.happens(0.25))
        answer(shop, at_us, {.path = path("/v1/reviews/SKU-", sku), .median_ms = 18.0, .bytes = 2'400});
    const bool missing = shop.happens(0.012);
    answer(shop, at_us,
           {.path = path("/v1/products/SKU-", sku),
            .status = missing ? 404U : 200U,
            .median_ms = 16.0,
            .bytes = missing ? 150U : 5'200U},
           waited_ms);
}

void searchProducts(Shop& shop, TimeUs at_us)
{
    if (shop.happens(0.30))
        shop.statement(at_us, 14.0, "SELECT sku, title FROM products WHERE words @@ plainto_tsquery($1) LIMIT 20");
    const auto word = oneOf(shop, words);
    answer(shop, at_us,
           {.path = path("/v1/search?q=", word, '+', oneOf(shop, categories)), .median_ms = 42.0, .bytes = 9'000});
}

void staticFile(Shop& shop, TimeUs at_us)
{
    const bool cached = shop.happens(0.55);
    answer(shop, at_us,
           {.path = shop.happens(0.5) ? "/static/app.5f1c02.js" : "/static/site.9ab3e1.css",
            .status = cached ? 304U : 200U,
            .median_ms = 2.0,
            .bytes = cached ? 2U : 61'000U});
}

void changeCart(Shop& shop, TimeUs at_us)
{
    const Hex cart{shop.random(), 8};
    double waited_ms = shop.latency_ms(Service::Checkout, 9.0, 0.4);
    ++shop.requestsThisMinute[Service::Checkout];
    if (shop.happens(0.18)) {
        shop.json(Service::Checkout, afterMs(at_us, waited_ms), "info")
            .message("item removed from cart ", cart)
            .field("latency_ms", Decimal{waited_ms, 1});
        answer(shop, at_us,
               {.method = "DELETE", .path = path("/v1/cart/", cart), .status = 204, .median_ms = 3.0, .bytes = 2},
               waited_ms);
        return;
    }
    if (shop.happens(0.5)) {
        const auto sku = shop.between(1'000, 4'999);
        waited_ms += callInventory(shop, at_us, 7.0, [&](TimeUs done_us, double) {
            shop.inventory(done_us, "INFO ")
                << "stock check for SKU-" << sku << " ok, " << shop.between(1, 240) << " left";
        });
    }
    if (shop.happens(0.25))
        shop.statement(at_us, 2.2, "UPDATE carts SET items = $1, updated_at = now() WHERE id = $2");
    shop.json(Service::Checkout, afterMs(at_us, waited_ms), "info")
        .message("cart ", cart, " updated, ", shop.fewItems(), " items")
        .field("latency_ms", Decimal{waited_ms, 1});
    answer(shop, at_us, {.method = "POST", .path = "/v1/cart", .median_ms = 4.0, .bytes = 420}, waited_ms);
}

void signIn(Shop& shop, TimeUs at_us)
{
    const double waited_ms = shop.latency_ms(Service::Checkout, 62.0, 0.3);
    const bool refused = shop.happens(0.07);
    ++shop.requestsThisMinute[Service::Checkout];
    if (refused)
        shop.json(Service::Checkout, afterMs(at_us, waited_ms), "info")
            .message("sign-in refused for user ", shop.between(10'000, 99'999), ": wrong password");
    else
        shop.json(Service::Checkout, afterMs(at_us, waited_ms), "info")
            .message("session ", Hex{shop.random(), 8}, " started")
            .field("latency_ms", Decimal{waited_ms, 1});
    answer(shop, at_us,
           {.method = "POST", .path = "/v1/login", .status = refused ? 401U : 200U, .median_ms = 3.0, .bytes = 310},
           waited_ms);
}

void orderStatus(Shop& shop, TimeUs at_us)
{
    const auto order = shop.nextOrder - 1 - shop.random.below(shop.nextOrder / 20);
    double waited_ms = shop.latency_ms(Service::Checkout, 5.0, 0.4);
    ++shop.requestsThisMinute[Service::Checkout];
    const bool hit = shop.happens(0.7);
    shop.json(Service::Checkout, at_us, "debug").message(hit ? "cache hit order:" : "cache miss order:", order);
    if (!hit) {
        shop.statement(at_us, 3.1, "SELECT id, state, total FROM orders WHERE id = $1");
        waited_ms += 4.0;
    }
    answer(shop, at_us, {.path = path("/v1/orders/", order), .median_ms = 5.0, .bytes = 760}, waited_ms);
}

void webhook(Shop& shop, TimeUs at_us)
{
    const Hex event{shop.random(), 10};
    ++shop.requestsThisMinute[Service::Payments];
    shop.json(Service::Payments, at_us, "info")
        .message("webhook evt_", event, " received from acquirer-", shop.between(1, 2));
    answer(shop, at_us,
           {.method = "POST", .path = "/v1/webhooks/payments", .status = 202, .median_ms = 9.0, .bytes = 40});
}

void stranger(Shop& shop, TimeUs at_us)
{
    constexpr std::array<std::string_view, 6> probes = {"/robots.txt", "/favicon.ico", "/wp-login.php",
                                                        "/.env",       "/sitemap.xml", "/admin/"};
    shop.access(at_us, {.visitor = {0xCB007100U + static_cast<std::uint32_t>(shop.random.below(64)), // 203.0.113.0/26
                                    "Mozilla/5.0 (compatible; indexer/2.1)"},
                        .method = "GET",
                        .path = oneOf(shop, probes),
                        .status = shop.happens(0.3) ? 200U : 404U,
                        .bytes = shop.between(90, 400),
                        .seconds = 0.001});
}
} // namespace

Visitor someVisitor(Shop& shop, TimeUs at_us)
{
    constexpr DurationUs visit_us = 8 * minute_us;
    const auto present = std::max<std::uint64_t>(6, static_cast<std::uint64_t>(40.0 * shop.requestsPerSecond));
    const auto place = shop.random.below(present);
    const auto visit = static_cast<std::uint64_t>((at_us + static_cast<DurationUs>(place) * 37 * second_us) / visit_us);
    const auto person = deriveSeed(visit, "visitor", place);
    const double skewed = static_cast<double>(person >> 11) * 0x1.0p-53; // some customers come often
    return {.address = 0xC6120000U + static_cast<std::uint32_t>(skewed * skewed * 131'072.0),
            .agent = agents[person % agents.size()]};
}

void handleRequest(Shop& shop, TimeUs at_us)
{
    struct Share {
        double upTo;
        void (*handle)(Shop&, TimeUs);
    };
    constexpr std::array<Share, 10> shares = {{{0.26, catalog},
                                               {0.46, product},
                                               {0.54, searchProducts},
                                               {0.60, staticFile},
                                               {0.73, changeCart},
                                               {0.78, signIn},
                                               {0.83, orderStatus},
                                               {0.975, handleCheckout},
                                               {0.993, webhook},
                                               {1.0, stranger}}};
    const double u = shop.random.uniform();
    for (const auto& share : shares)
        if (u < share.upTo)
            return share.handle(shop, at_us);
}

} // namespace faultline::scenarios
