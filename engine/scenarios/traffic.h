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

/// One of the customers who are in the shop at this time, with an address of 198.18.0.0/15 (set apart for tests by RFC
/// 2544). A visit lasts eight minutes and a dozen requests.
[[nodiscard]] Visitor someVisitor(Shop& shop, TimeUs at_us);

} // namespace faultline::scenarios
