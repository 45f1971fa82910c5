// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/series_clock.h"
#include <algorithm>
#include <cmath>
#include <vector>

namespace faultline::detectors
{

namespace
{
constexpr std::int64_t secondsPerDay = 86'400, fewestRowsPerDay = 12, mostSlots = 96;
constexpr double usualStep = 300.0;
} // namespace

SeriesClock SeriesClock::of(std::span<const double> values, std::span<const std::int64_t> seconds)
{
    std::vector<double> steps;
    for (std::size_t i = 1; i < seconds.size(); ++i)
        if (seconds[i] > seconds[i - 1])
            steps.push_back(static_cast<double>(seconds[i]) - static_cast<double>(seconds[i - 1]));
    double step = usualStep;
    if (!steps.empty()) {
        std::sort(steps.begin(), steps.end());
        const auto half = steps.size() / 2;
        step = steps.size() % 2 == 1 ? steps[half] : 0.5 * (steps[half - 1] + steps[half]);
    }
    SeriesClock clock;
    clock.rowsPerDay = static_cast<std::int64_t>(std::nearbyint(static_cast<double>(secondsPerDay) / step));
    clock.slots = clock.rowsPerDay >= fewestRowsPerDay ? std::min(mostSlots, clock.rowsPerDay) : 1;
    for (const double v : values)
        clock.magnitude += std::abs(v);
    clock.magnitude /= static_cast<double>(std::max<std::size_t>(values.size(), 1));
    return clock;
}

std::size_t SeriesClock::slotOf(std::int64_t second) const
{
    const auto ofDay = (second % secondsPerDay + secondsPerDay) % secondsPerDay;
    return static_cast<std::size_t>(ofDay * slots / secondsPerDay);
}

bool SeriesClock::isSound() const
{
    return rowsPerDay >= 0 && rowsPerDay <= secondsPerDay * 2 && slots >= 1 && slots <= mostSlots &&
           (slots == 1 || slots <= rowsPerDay) && magnitude >= 0.0;
}

} // namespace faultline::detectors
