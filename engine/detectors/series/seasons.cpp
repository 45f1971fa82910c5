// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/seasons.h"
#include <algorithm>
#include <cmath>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t fewestRowsOfDay = 12, mostRowsOfDay = 20'000, days = 7;
}

std::size_t rowsOfDay(std::span<const TimeUs> time)
{
    if (time.size() < 2 || time.front() == noTime || time.back() == noTime)
        return 0;
    std::vector<TimeUs> steps;
    for (std::size_t i = 1; i < time.size(); ++i) {
        if (time[i] == noTime || time[i] < time[i - 1])
            return 0;
        steps.push_back(time[i] - time[i - 1]);
    }
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    const auto step = *middle;
    const auto even =
        std::count_if(steps.begin(), steps.end(), [&](TimeUs s) { return 10 * std::abs(s - step) <= step; });
    if (step <= 0 || even * 10 < static_cast<std::ptrdiff_t>(steps.size()) * 9)
        return 0;
    return static_cast<std::size_t>(std::llround(static_cast<double>(day_us) / static_cast<double>(step)));
}

std::vector<std::size_t> seasonsOf(std::span<const TimeUs> time, std::size_t period)
{
    std::vector<std::size_t> out;
    const auto day = rowsOfDay(time);
    if (day >= fewestRowsOfDay && day <= mostRowsOfDay) {
        if (2 * day <= time.size())
            out.push_back(day);
        if (2 * days * day <= time.size())
            out.push_back(days * day);
    }
    if (out.empty() && period >= 2 && 2 * period <= time.size())
        out.push_back(period);
    return out;
}

std::vector<bool> weekends(std::span<const TimeUs> time)
{
    std::vector<bool> out(time.size(), false);
    if (std::find(time.begin(), time.end(), noTime) != time.end())
        return out;
    for (std::size_t i = 0; i < time.size(); ++i)
        out[i] = weekday(time[i]) >= 5;
    return out;
}

} // namespace faultline::detectors
