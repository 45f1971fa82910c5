// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/ranking.h"
#include "engine/detectors/series/series_math.h"
#include "engine/ensemble/event_rank.h"
#include <algorithm>
#include <numbers>

namespace faultline::pipeline
{

namespace
{
/// Of series without one, as in the TSB-AD benchmark.
constexpr double usualPeriod = 125.0;

/// Each entity's period in units, from the first column that measures something.
std::vector<double> periodsOf(const features::FeatureTable& table)
{
    const auto measures = [](const features::Column& column) {
        return column.role == features::ColumnRole::Value || column.role == features::ColumnRole::Count;
    };
    const auto column = std::find_if(table.columns.begin(), table.columns.end(), measures);
    std::vector<double> periods(std::max<std::size_t>(1, table.entities.size()), usualPeriod);
    if (column == table.columns.end())
        return periods;
    std::vector<std::vector<double>> series(periods.size());
    for (std::size_t unit = 0; unit < table.units(); ++unit)
        series[table.entity[unit]].push_back(table.row(unit)[static_cast<std::size_t>(column - table.columns.begin())]);
    for (std::size_t e = 0; e < series.size(); ++e)
        if (const auto period = detectors::dominantPeriod(detectors::withoutGaps(series[e])); period > 0)
            periods[e] = static_cast<double>(period);
    return periods;
}
} // namespace

std::vector<double> eventRanks(const AnalysisResult& result)
{
    std::vector<double> mean(result.table.units());
    double weights = 0.0;
    for (const auto& run : result.detectors) {
        if (!run.failure.empty() || run.role != detectors::EvidenceRole::Average || !(run.weight > 0.0))
            continue;
        const auto surprise = detectors::tailSurprise(run.raw);
        for (std::size_t i = 0; i < mean.size(); ++i)
            mean[i] += run.weight * surprise[i];
        weights += run.weight;
    }
    if (weights == 0.0)
        return {};
    for (auto& value : mean)
        value /= weights * std::numbers::ln10;
    return ensemble::rankEvents(result.table, mean, periodsOf(result.table));
}

} // namespace faultline::pipeline
