// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/daily_rhythm.h"
#include "engine/features/quantile.h"
#include <array>
#include <cmath>

namespace faultline::features
{

DayTime dayTimeOf(TimeUs time)
{
    const auto day = time / day_us - (time % day_us < 0 ? 1 : 0);
    const auto inDay = time - day * day_us;
    const auto sinceMonday = ((day + 3) % 7 + 7) % 7; // 1970-01-01 was a Thursday
    return {.day = day, .hour = static_cast<double>(inDay) / static_cast<double>(hour_us), .weekend = sinceMonday >= 5};
}

std::size_t slotOf(const DayTime& time, DailyRhythm rhythm)
{
    const auto hour = std::min(static_cast<std::size_t>(time.hour), hoursPerDay - 1);
    return hour + (rhythm.weekendsApart && time.weekend ? hoursPerDay : 0);
}

std::size_t slotBefore(std::size_t slot)
{
    return slot % hoursPerDay == 0 ? slot + hoursPerDay - 1 : slot - 1;
}

std::size_t slotAfter(std::size_t slot)
{
    return slot % hoursPerDay == hoursPerDay - 1 ? slot + 1 - hoursPerDay : slot + 1;
}

SlotMix slotsAt(const DayTime& time, DailyRhythm rhythm, double middle)
{
    const auto slot = slotOf(time, rhythm);
    if (!rhythm.interpolated)
        return {.first = slot, .second = slot};
    const double past = time.hour - static_cast<double>(slot % hoursPerDay) - middle; // hours since the slot's middle
    if (past >= 0.0)
        return {.first = slot, .second = slotAfter(slot), .share = past};
    return {.first = slot, .second = slotBefore(slot), .share = -past};
}

std::vector<double> slotCentres(std::span<const TimedValue> values, DailyRhythm rhythm, double fallback)
{
    std::vector<std::vector<double>> members(rhythm.slots());
    for (const auto& [value, time] : values)
        members[slotOf(time, rhythm)].push_back(value);
    std::vector<double> medians(members.size(), fallback), weights(members.size(), 0.0);
    for (std::size_t s = 0; s < members.size(); ++s)
        if (!members[s].empty()) {
            weights[s] = static_cast<double>(members[s].size());
            medians[s] = quantile(members[s], 0.5);
        }
    std::vector<double> centres(members.size(), fallback);
    for (std::size_t s = 0; s < members.size(); ++s) {
        // Of three values a slot, neighbours make two fifths, of seven a fifth, of thirty hardly anything: the step of
        // a nightly job stays sharp where there is enough to see it.
        const double lean = 0.5 / (1.0 + weights[s] * weights[s] / 16.0);
        double sum = weights[s] * medians[s], weight = weights[s];
        for (const auto neighbour : {slotBefore(s), slotAfter(s)}) {
            sum += lean * weights[neighbour] * medians[neighbour];
            weight += lean * weights[neighbour];
        }
        if (weight > 0.0)
            centres[s] = sum / weight;
    }
    return centres;
}

namespace
{
struct Width {
    double median = 0.0, mean = 0.0; ///< of the absolute deviations
};

Width widthOf(std::vector<double>& deviations)
{
    Width width;
    for (auto& deviation : deviations) {
        deviation = std::abs(deviation);
        width.mean += deviation / static_cast<double>(deviations.size());
    }
    width.median = quantile(deviations, 0.5);
    return width;
}
} // namespace

double unexplainedSpread(std::span<const TimedValue> values, DailyRhythm rhythm, double middle, double centre)
{
    if (values.empty())
        return 1.0;
    std::array<std::vector<TimedValue>, 2> halves;
    std::vector<double> deviations;
    for (const auto& each : values) {
        halves[each.time.day & 1].push_back(each);
        deviations.push_back(each.value - centre);
    }
    const auto whole = widthOf(deviations);
    deviations.clear();
    for (const std::size_t half : {0U, 1U}) {
        const auto centres = slotCentres(halves[1 - half], rhythm, centre);
        for (const auto& [value, time] : halves[half])
            deviations.push_back(value - slotsAt(time, rhythm, middle).of(centres));
    }
    const auto left = widthOf(deviations);
    return std::min(whole.median > 0.0 ? left.median / whole.median : 1.0,
                    whole.mean > 0.0 ? left.mean / whole.mean : 1.0);
}

} // namespace faultline::features
