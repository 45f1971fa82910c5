// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/seasonal_decomposition.h"
#include "engine/detectors/series/seasons.h"
#include "engine/detectors/series/series_math.h"
#include <algorithm>
#include <cmath>

namespace faultline::detectors
{

namespace
{
/// The median of the rows of each class and phase, as the season's part of each row.
std::vector<double> seasonalPart(const std::vector<double>& values, std::size_t season, const std::vector<bool>& apart)
{
    std::vector<std::vector<double>> groups(2 * season);
    const auto groupOf = [&](std::size_t i) { return 2 * (i % season) + (apart.empty() || !apart[i] ? 0U : 1U); };
    for (std::size_t i = 0; i < values.size(); ++i)
        groups[groupOf(i)].push_back(values[i]);
    std::vector<double> medians;
    for (auto& group : groups)
        medians.push_back(group.empty() ? 0.0 : robustSpread(group).centre);
    std::vector<double> out(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        out[i] = medians[groupOf(i)];
    return out;
}

void subtract(std::vector<double>& from, const std::vector<double>& part)
{
    for (std::size_t i = 0; i < from.size(); ++i)
        from[i] -= part[i];
}
} // namespace

const DetectorSpec& SeasonalDecomposition::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "seasonal_decomposition",
        .title = "Trend and seasons taken away",
        .help =
            "Finds values that neither the trend nor the time of the day or week explains. Weekends are judged apart "
            "from weekdays.",
        .paper =
            "Cleveland et al., STL: A Seasonal-Trend Decomposition Procedure Based on Loess, J. Official Statistics "
            "1990",
        .units = {UnitKind::Row, UnitKind::Window},
        .parameters = {{.name = "season",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{0},
                        .minimum = 0,
                        .maximum = 200'000,
                        .unit = "rows",
                        .help = "Length of the season; 0 = day and week by the clock, or the period of the data."}},
        .family = DetectorFamily::Series,
        .context = ScoreContext::Series,
        .live = LiveForm::None};
    return spec;
}

SeasonalDecomposition::SeasonalDecomposition(Parameters parameters, std::uint64_t /*seed*/)
    : ColumnDetector(describe(), std::move(parameters))
{
}

std::vector<double> SeasonalDecomposition::scoreColumn(const Column& column, JobContext& job) const
{
    constexpr double cut = 3.0;
    const auto& values = column.values;
    auto seasons = seasonsOf(column.time, period());
    if (const auto given = count("season"); given > 0)
        seasons =
            given >= 2 && 2 * given <= values.size() ? std::vector<std::size_t>{given} : std::vector<std::size_t>{};
    const bool clocked = count("season") == 0 && seasons.size() == 2; // a day and a week
    const auto apart = clocked ? weekends(column.time) : std::vector<bool>{};
    const auto trendRows =
        std::min(values.size(), seasons.empty() ? std::max<std::size_t>(3, values.size() / 10) : seasons.back());
    std::vector<double> residual = values, smooth = values, seasonal(values.size(), 0.0);
    for (int pass = 0; pass < 2 && !job.stopRequested(); ++pass) {
        subtract(smooth, seasonal);
        const auto trend = movingAverage(smooth, trendRows);
        residual = values;
        subtract(residual, trend);
        for (std::size_t s = 0; s < seasons.size(); ++s)
            subtract(residual, seasonalPart(residual, seasons[s], s == 0 ? apart : std::vector<bool>{}));
        const auto spread = robustSpread(residual);
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double kept =
                std::clamp(residual[i], spread.centre - cut * spread.scale, spread.centre + cut * spread.scale);
            seasonal[i] = values[i] - trend[i] - residual[i];
            smooth[i] = trend[i] + seasonal[i] + kept;
        }
    }
    const auto spread = robustSpread(residual);
    for (auto& r : residual)
        r = std::abs(r - spread.centre) / spread.scale;
    return residual;
}

} // namespace faultline::detectors
