// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace faultline::scenarios
{

/// The five services of the shop. The name is the stem of the log file and the value of the `service` field and column,
/// so that logs and metrics speak of the same entities.
enum class Service : std::uint8_t { Gateway, Checkout, Payments, Inventory, Postgres };
inline constexpr std::size_t serviceCount = 5;
inline constexpr std::array<Service, serviceCount> allServices = {
    Service::Gateway, Service::Checkout, Service::Payments, Service::Inventory, Service::Postgres};

[[nodiscard]] constexpr std::size_t indexOf(Service service)
{
    return static_cast<std::size_t>(service);
}

/// One value for each service.
template <class T>
struct PerService {
    std::array<T, serviceCount> values{};
    [[nodiscard]] T& operator[](Service service) { return values[indexOf(service)]; }
    [[nodiscard]] const T& operator[](Service service) const { return values[indexOf(service)]; }
};

[[nodiscard]] constexpr std::string_view serviceName(Service service)
{
    constexpr std::array<std::string_view, serviceCount> names = {"api-gateway", "checkout", "payments", "inventory",
                                                                  "postgres"};
    return names[indexOf(service)];
}

[[nodiscard]] constexpr std::string_view logFileName(Service service)
{
    constexpr std::array<std::string_view, serviceCount> names = {"api-gateway.log", "checkout.jsonl", "payments.jsonl",
                                                                  "inventory.log", "postgres.log"};
    return names[indexOf(service)];
}

} // namespace faultline::scenarios
