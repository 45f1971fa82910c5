// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/ensemble/event_rank.h"
#include "engine/detectors/series/series_math.h"
#include <algorithm>
#include <cassert>
#include <cmath>

namespace faultline::ensemble
{

namespace
{
constexpr double neighbourhoodShare = 0.7;
constexpr double lengthShare = 0.03, longestShare = 0.1, widestUnits = 500.0;

using Series = std::vector<std::uint32_t>;

std::vector<Series> seriesOf(const features::FeatureTable& table)
{
    std::vector<Series> series(std::max<std::size_t>(1, table.entities.size()));
    for (std::size_t unit = 0; unit < table.units(); ++unit)
        series[table.entity[unit]].push_back(static_cast<std::uint32_t>(unit));
    return series;
}

/// Root of the mean square over `width` units around each; the first and last value go on beyond the ends.
void smooth(const Series& units, std::span<const double> surprise, std::size_t width, std::vector<double>& out)
{
    const auto count = static_cast<std::ptrdiff_t>(units.size());
    const auto left = static_cast<std::ptrdiff_t>(width / 2), right = static_cast<std::ptrdiff_t>(width) - left - 1;
    const auto square = [&](std::ptrdiff_t i) {
        const double s = surprise[units[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(i, 0, count - 1))]];
        return s * s;
    };
    double sum = 0.0;
    for (std::ptrdiff_t i = -left; i <= right; ++i)
        sum += square(i);
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        out[units[static_cast<std::size_t>(i)]] = std::sqrt(std::max(0.0, sum) / static_cast<double>(width));
        sum += square(i + right + 1) - square(i - left);
    }
}
} // namespace

std::vector<double> rankEvents(const features::FeatureTable& table, std::span<const double> surprise,
                               std::span<const double> period)
{
    assert(surprise.size() == table.units());
    std::vector<double> rank(surprise.begin(), surprise.end()), smoothed(surprise.size());
    const double spread = detectors::meanSpread(surprise).scale;
    if (!(spread > 0.0))
        return rank;
    const auto series = seriesOf(table);
    const auto widen = [&](auto widthOf) {
        for (std::size_t e = 0; e < series.size(); ++e)
            if (!series[e].empty())
                smooth(series[e], surprise, static_cast<std::size_t>(std::max(1.0, std::round(widthOf(e)))), smoothed);
        const double scale = detectors::meanSpread(smoothed).scale;
        for (std::size_t i = 0; scale > 0.0 && i < rank.size(); ++i)
            rank[i] = std::max(rank[i], neighbourhoodShare * smoothed[i] * spread / scale);
    };
    const auto length = [&](std::size_t e) { return static_cast<double>(series[e].size()); };
    widen([&](std::size_t e) { return std::min(e < period.size() ? period[e] : 0.0, longestShare * length(e)); });
    widen([&](std::size_t e) { return std::min(lengthShare * length(e), widestUnits); });
    return rank;
}

} // namespace faultline::ensemble
