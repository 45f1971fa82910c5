// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace faultline::features
{

inline constexpr std::size_t hoursPerDay = 24;

/// How a column depends on the time of day.
struct DailyRhythm {
    bool hourly = false;        ///< one slot an hour
    bool weekendsApart = false; ///< and another 24 for Saturday and Sunday
    bool interpolated = false;  ///< values move from slot middle to slot middle; else they are steps

    [[nodiscard]] std::size_t slots() const { return hourly ? (weekendsApart ? 2 : 1) * hoursPerDay : 0; }
    [[nodiscard]] std::uint8_t bits() const
    {
        return static_cast<std::uint8_t>((hourly ? 1 : 0) | (weekendsApart ? 2 : 0) | (interpolated ? 4 : 0));
    }
    [[nodiscard]] static DailyRhythm fromBits(std::uint8_t bits)
    {
        return {.hourly = (bits & 1) != 0, .weekendsApart = (bits & 2) != 0, .interpolated = (bits & 4) != 0};
    }
};

/// A moment as the slots see it.
struct DayTime {
    std::int64_t day = 0; ///< since 1970-01-01
    double hour = 0.0;    ///< [0, 24)
    bool weekend = false;
};
[[nodiscard]] DayTime dayTimeOf(TimeUs time);

/// The two slots whose values mix at a moment; `share` is the second one's.
struct SlotMix {
    std::size_t first = 0, second = 0;
    double share = 0.0;
    [[nodiscard]] double of(std::span<const double> slots) const
    {
        return slots[first] + share * (slots[second] - slots[first]);
    }
};
/// `middle`: where in its hour a slot's value stands, 0..1.
[[nodiscard]] SlotMix slotsAt(const DayTime& time, DailyRhythm rhythm, double middle);
/// The slot that holds a moment.
[[nodiscard]] std::size_t slotOf(const DayTime& time, DailyRhythm rhythm);
/// The slots an hour earlier and later, in the same half of the week.
[[nodiscard]] std::size_t slotBefore(std::size_t slot);
[[nodiscard]] std::size_t slotAfter(std::size_t slot);

struct TimedValue {
    double value = 0.0;
    DayTime time;
};

/// The median of each slot, leaning on its neighbours the more the fewer values it has; `fallback` where there are none
/// nearby.
[[nodiscard]] std::vector<double> slotCentres(std::span<const TimedValue> values, DailyRhythm rhythm, double fallback);

/// How much of the spread around `centre` is left when the slots of even days predict odd days and the other way round:
/// about 1 when there is no rhythm, near 0 when it says nearly all. Spread is the median or the mean absolute
/// deviation, whichever shrinks more: a job of one hour a day does not touch the median. 1 for a column without spread.
[[nodiscard]] double unexplainedSpread(std::span<const TimedValue> values, DailyRhythm rhythm, double middle,
                                       double centre);

} // namespace faultline::features
