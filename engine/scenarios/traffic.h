// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/scenarios/shop.h"

namespace faultline::scenarios
{

/// One request of a customer (or a machine) at this instant and every line it causes in all services.
void handleRequest(Shop& shop, TimeUs at_us);
/// POST /v1/checkout: reserves stock, charges, stores the order; the request that fails in the outage.
void handleCheckout(Shop& shop, TimeUs at_us);

/// Customer of a request: an address of 198.18.0.0/15 (set apart for tests by RFC 2544); some customers come often.
[[nodiscard]] std::uint32_t someClient(Shop& shop);
[[nodiscard]] std::string_view someAgent(Shop& shop);

} // namespace faultline::scenarios
