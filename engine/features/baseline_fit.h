// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/baseline.h"
#include "engine/features/daily_rhythm.h"
#include <cstdint>
#include <span>
#include <vector>

namespace faultline::features
{

/// The units of a training table that a baseline learns from, by entity.
struct BaselineSample {
    std::vector<std::uint32_t> entities;           ///< table's indices of those with values of their own
    std::vector<std::vector<std::uint32_t>> units; ///< of all entities together, then of each in `entities`
    double slotMiddle = 0.5;
    bool timed = false;        ///< spans three days, and every unit has a time
    bool weekends = false;     ///< spans two weeks
    std::vector<DayTime> time; ///< per unit of the table, when timed
};

/// The middle of a window, the start of any other unit.
[[nodiscard]] TimeUs momentOf(const FeatureTable& table, std::size_t unit);

[[nodiscard]] BaselineSample drawSample(const FeatureTable& table);

/// One column of a baseline: per entity (pooled first) the value for any time, then one per slot.
struct ColumnBaseline {
    DailyRhythm rhythm;
    std::vector<Baseline::Typical> values;
};
[[nodiscard]] ColumnBaseline fitColumn(const FeatureTable& table, const BaselineSample& sample, std::size_t column);

} // namespace faultline::features
