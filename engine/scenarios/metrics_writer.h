// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/random.h"
#include "engine/scenarios/output_file.h"
#include "engine/scenarios/shop.h"

namespace faultline::scenarios
{

/// metrics.csv: one row for each service and minute, at the minute's start.
class MetricsWriter
{
public:
    MetricsWriter(OutputFile file, std::uint64_t seed);
    /// Also starts the next minute's request counts.
    void minute(Shop& shop, TimeUs start_us);
    [[nodiscard]] OutputFile& file() { return m_file; }

private:
    void row(Shop& shop, TimeUs start_us, Service service);

    OutputFile m_file;
    Random m_random;
    PerService<double> m_wander; ///< slow random changes, standard deviation 1
    ClockText m_clock;
    std::string m_line;
};

} // namespace faultline::scenarios
