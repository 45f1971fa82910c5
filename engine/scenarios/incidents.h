// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/scenarios/shop.h"

namespace faultline::scenarios
{

/// Lines that only the injected anomalies write. What they change in ordinary traffic is said by conditionsAt().
class Incidents
{
public:
    /// Tells the logs when to be silent and when their clocks are wrong.
    static void prepare(Shop& shop);
    /// Lines of one second; none when the schedule has no anomalies.
    void second(Shop& shop, TimeUs at_us);

private:
    void guessPasswords(Shop& shop, TimeUs at_us);
    void complainOfCertificate(Shop& shop, TimeUs at_us);
    void outage(Shop& shop, TimeUs at_us);

    TimeUs m_nextComplaint = 0;
    TimeUs m_nextBreaker = 0;
};

} // namespace faultline::scenarios
