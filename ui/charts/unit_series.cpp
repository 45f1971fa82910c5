// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/charts/unit_series.h"
#include <algorithm>
#include <cmath>

namespace faultline::ui
{

std::pair<std::size_t, std::size_t> UnitSeries::within(TimeUs from, TimeUs to) const
{
    const auto begin = starts.begin();
    auto first = std::lower_bound(begin, starts.end(), from);
    // The unit before may reach into the stretch.
    if (first != begin && *std::prev(first) + cover > from)
        --first;
    const auto last = std::lower_bound(first, starts.end(), to);
    return {static_cast<std::size_t>(first - begin), static_cast<std::size_t>(last - begin)};
}

MinMax UnitSeries::scoreIn(TimeUs from, TimeUs to) const
{
    const auto [first, last] = within(from, to);
    return score.range(first, last);
}

MinMax UnitSeries::detectorIn(std::size_t detector, TimeUs from, TimeUs to) const
{
    const auto [first, last] = within(from, to);
    return detectors[detector].range(first, last);
}

bool UnitSeries::silentIn(TimeUs from, TimeUs to) const
{
    if (!silenceCounts)
        return false;
    const auto [first, last] = within(from, to);
    const auto count = records.range(first, last);
    return !count.empty() && count.max <= 0.0F;
}

std::ptrdiff_t UnitSeries::at(TimeUs time) const
{
    const auto next = std::upper_bound(starts.begin(), starts.end(), time);
    if (next == starts.begin() || *std::prev(next) + cover <= time)
        return -1;
    return next - starts.begin() - 1;
}

std::vector<ColumnRange> columnsOf(const UnitSeries& series, const MinMaxPyramid& values, const TimeAxis& axis)
{
    std::vector<ColumnRange> out;
    const int first = static_cast<int>(std::floor(axis.left()));
    const int last = static_cast<int>(std::ceil(axis.right()));
    for (int x = first; x < last; ++x) {
        const auto [begin, end] = series.within(axis.timeAt(x), std::max(axis.timeAt(x + 1), axis.timeAt(x) + 1));
        const auto value = values.range(begin, end);
        if (!value.empty())
            out.push_back({x, value});
    }
    return out;
}

} // namespace faultline::ui
