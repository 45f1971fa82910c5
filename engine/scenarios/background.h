// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/scenarios/shop.h"
#include <cstdint>
#include <vector>

namespace faultline::scenarios
{

/// What services log of themselves: health checks, garbage collection, checkpoints, jobs, deploys, the backup, and the
/// small warnings and errors of any normal day.
class Background
{
public:
    explicit Background(const Schedule& schedule, std::uint64_t rows);

    /// Lines of one second that come by the clock.
    void second(Shop& shop, TimeUs at_us);
    /// Lines that come now and then with traffic; called once for each request.
    static void nowAndThen(Shop& shop, TimeUs at_us);

private:
    std::vector<TimeUs> m_due; ///< next time of each periodic line
    std::vector<DurationUs> m_every;
};

/// A service stops and starts again in the given version: the lines of a deploy.
void restart(Shop& shop, Service service, TimeUs at_us, std::string_view version);

} // namespace faultline::scenarios
