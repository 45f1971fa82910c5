// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/charts/min_max_pyramid.h"
#include "ui/charts/time_axis.h"
#include <cstdint>
#include <utility>
#include <vector>

namespace faultline::ui
{

/// Units of one entity (or of all of them) along the axis, with a pyramid per thing that is drawn. Each unit covers the
/// axis from its start to the next one's start, but at most `cover`, so that a gap in the data stays a gap.
struct UnitSeries {
    std::vector<TimeUs> starts; ///< ascending
    std::vector<std::uint32_t>
        units; ///< index into the feature table; of several units at one start the one with the highest score
    DurationUs cover = 1;
    MinMaxPyramid score;
    std::vector<MinMaxPyramid> detectors; ///< surprise per detector
    MinMaxPyramid records;                ///< records per unit; empty when units are not windows
    bool silenceCounts = false;           ///< this entity usually speaks, so no records is worth saying

    /// Units [first, last) that touch [from, to).
    [[nodiscard]] std::pair<std::size_t, std::size_t> within(TimeUs from, TimeUs to) const;
    [[nodiscard]] MinMax scoreIn(TimeUs from, TimeUs to) const;
    [[nodiscard]] MinMax detectorIn(std::size_t detector, TimeUs from, TimeUs to) const;
    /// All units of [from, to) are without records, and that is unusual.
    [[nodiscard]] bool silentIn(TimeUs from, TimeUs to) const;
    /// The unit that covers `time`, as an index into units; -1 when none does.
    [[nodiscard]] std::ptrdiff_t at(TimeUs time) const;
};

/// One point per pixel column: the smallest and largest score there.
struct ColumnRange {
    int column = 0;
    MinMax value;
};
/// Reduces a pyramid to at most one min/max pair (two points) per pixel column of the axis; columns without units are
/// left out.
[[nodiscard]] std::vector<ColumnRange> columnsOf(const UnitSeries& series, const MinMaxPyramid& values,
                                                 const TimeAxis& axis);

} // namespace faultline::ui
