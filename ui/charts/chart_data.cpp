// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/charts/chart_data.h"
#include "engine/pipeline/analysis.h"
#include "ui/models/text_format.h"
#include <algorithm>
#include <limits>
#include <numeric>
#include <span>

namespace faultline::ui
{
namespace
{

using pipeline::AnalysisResult;

AxisKind axisOf(const AnalysisResult& result)
{
    if (!result.isScored())
        return result.timeline && result.timeline->start() != noTime ? AxisKind::Time : AxisKind::Position;
    const auto& table = result.table;
    const bool timed = std::any_of(table.start.begin(), table.start.end(), [](TimeUs t) { return t != noTime; });
    return timed ? AxisKind::Time : AxisKind::Position;
}

TimeUs startOn(AxisKind axis, const features::FeatureTable& table, std::size_t unit)
{
    return axis == AxisKind::Time ? table.start[unit] : static_cast<TimeUs>(unit);
}

/// Length of a unit: the window's, or for rows and sessions the usual distance between one and the next, three times
/// over, so that an evenly sampled metric has no gaps.
DurationUs coverOf(const features::FeatureTable& table, AxisKind axis, const std::vector<TimeUs>& starts)
{
    if (axis == AxisKind::Position)
        return 1;
    if (table.kind == features::UnitKind::Window && table.units() > 0)
        return std::max<DurationUs>(table.end[0] - table.start[0], 1);
    if (table.kind == features::UnitKind::Session || starts.size() < 2)
        return 1;
    std::vector<DurationUs> gaps;
    const std::size_t stride = std::max<std::size_t>(1, starts.size() / 4096);
    for (std::size_t i = stride; i < starts.size(); i += stride)
        gaps.push_back(starts[i] - starts[i - 1]);
    const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
    std::nth_element(gaps.begin(), middle, gaps.end());
    return std::max<DurationUs>(*middle * 3, 1);
}

int recordsColumn(const features::FeatureTable& table)
{
    if (table.kind != features::UnitKind::Window)
        return -1;
    for (std::size_t c = 0; c < table.columns.size(); ++c)
        if (table.columns[c].name == "records")
            return static_cast<int>(c);
    return -1;
}

/// Fills the pyramids of a series whose units and starts are known.
void fillSeries(UnitSeries& series, const AnalysisResult& result, AxisKind axis)
{
    const auto& table = result.table;
    const auto gather = [&](auto valueOf) {
        std::vector<float> values(series.units.size());
        std::transform(series.units.begin(), series.units.end(), values.begin(),
                       [&](std::uint32_t unit) { return static_cast<float>(valueOf(unit)); });
        return values;
    };
    series.cover = coverOf(table, axis, series.starts);
    series.score = MinMaxPyramid(gather([&](std::uint32_t u) { return result.score[u]; }));
    for (const auto& run : result.detectors) {
        const bool ran = run.surprise.size() == table.units();
        series.detectors.emplace_back(ran ? gather([&](std::uint32_t u) { return run.surprise[u]; })
                                          : std::vector<float>{});
    }
    if (const int column = recordsColumn(table); column >= 0) {
        // The last window may reach beyond the data: that it holds nothing says nothing.
        const TimeUs last = result.timeline ? result.timeline->end() : noTime;
        auto counts = gather([&](std::uint32_t u) {
            const bool cut = last != noTime && table.end[u] > last + 1;
            return cut ? std::numeric_limits<double>::quiet_NaN() : table.values(u, column);
        });
        const auto silent = std::count_if(counts.begin(), counts.end(), [](float n) { return n <= 0.0F; });
        series.silenceCounts = static_cast<std::size_t>(silent) * 2 < counts.size();
        series.records = MinMaxPyramid(std::move(counts));
    }
}

/// One series per entity out of the units in axis order.
std::vector<UnitSeries> splitByEntity(const AnalysisResult& result, AxisKind axis, std::span<const std::uint32_t> order)
{
    std::vector<UnitSeries> out(std::max<std::size_t>(result.table.entities.size(), 1));
    for (const auto unit : order) {
        auto& series = out[result.table.entity[unit]];
        series.units.push_back(unit);
        series.starts.push_back(startOn(axis, result.table, unit));
    }
    for (auto& series : out)
        fillSeries(series, result, axis);
    return out;
}

/// The highest of all units that start together. Detectors take their own highest, whichever unit that was.
UnitSeries mergeAll(const AnalysisResult& result, AxisKind axis, std::span<const std::uint32_t> order)
{
    UnitSeries out;
    std::vector<std::vector<float>> surprise(result.detectors.size());
    for (const auto unit : order) {
        const TimeUs start = startOn(axis, result.table, unit);
        const bool fresh = out.starts.empty() || out.starts.back() != start;
        if (fresh) {
            out.starts.push_back(start);
            out.units.push_back(unit);
        } else if (result.score[unit] > result.score[out.units.back()]) {
            out.units.back() = unit;
        }
        for (std::size_t d = 0; d < surprise.size(); ++d) {
            if (result.detectors[d].surprise.size() != result.table.units())
                continue;
            const float value = result.detectors[d].surprise[unit];
            if (fresh)
                surprise[d].push_back(value);
            else
                surprise[d].back() = std::max(surprise[d].back(), value);
        }
    }
    fillSeries(out, result, axis);
    for (std::size_t d = 0; d < surprise.size(); ++d)
        out.detectors[d] = MinMaxPyramid(std::move(surprise[d]));
    out.silenceCounts = false;
    out.records = MinMaxPyramid();
    return out;
}

AxisSpan wholeOf(const ChartData& data)
{
    AxisSpan out{std::numeric_limits<TimeUs>::max(), std::numeric_limits<TimeUs>::min()};
    if (!data.all.starts.empty()) {
        out.from = data.all.starts.front();
        out.to = data.all.starts.back() + std::min(data.all.cover, data.unitLength);
    }
    const auto& timeline = data.result->timeline;
    if (data.axis == AxisKind::Time && timeline && timeline->start() != noTime) {
        out.from = std::min(out.from, timeline->start());
        out.to = std::max(out.to, timeline->end() + 1);
    }
    if (out.empty() && data.axis == AxisKind::Position && data.hasRecords())
        return {0, std::max<TimeUs>(static_cast<TimeUs>(data.result->records->table.size()), 1)};
    return out.empty() ? AxisSpan{0, 1} : out;
}

} // namespace

Result<ChartDataPtr> ChartData::build(std::shared_ptr<const AnalysisResult> result, JobContext& job)
{
    auto data = std::make_shared<ChartData>();
    data->result = std::move(result);
    const auto& run = *data->result;
    const auto& table = run.table;
    data->axis = axisOf(run);

    std::vector<std::uint32_t> order;
    order.reserve(table.units());
    for (std::size_t unit = 0; unit < table.units(); ++unit)
        if (data->axis == AxisKind::Position || table.start[unit] != noTime)
            order.push_back(static_cast<std::uint32_t>(unit));
    if (data->axis == AxisKind::Time)
        std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return table.start[a] < table.start[b]; });
    if (job.stopRequested())
        return cancelled();
    data->entity = splitByEntity(run, data->axis, order);
    if (job.stopRequested())
        return cancelled();
    data->all = mergeAll(run, data->axis, order);

    for (std::size_t e = 0; e < data->entity.size(); ++e) {
        const auto& name = e < table.entities.size() ? table.entities[e] : std::string();
        data->entityNames.push_back(name.empty() ? QStringLiteral("all records") : safeText(name));
        data->entityPeak.push_back(data->entity[e].score.whole().max);
        if (!data->entity[e].units.empty())
            data->ranked.push_back(static_cast<int>(e));
    }
    std::stable_sort(data->ranked.begin(), data->ranked.end(), [&](int a, int b) {
        return data->entityPeak[static_cast<std::size_t>(a)] > data->entityPeak[static_cast<std::size_t>(b)];
    });
    data->unitLength =
        table.kind == features::UnitKind::Window ? data->all.cover : std::max<DurationUs>(data->all.cover / 3, 1);
    data->whole = wholeOf(*data);
    return ChartDataPtr(std::move(data));
}

const UnitSeries& ChartData::series(int entityOrAll) const
{
    const auto index = static_cast<std::size_t>(entityOrAll);
    return entityOrAll >= 0 && index < entity.size() ? entity[index] : all;
}

TimeUs ChartData::startOf(std::size_t unit) const
{
    return startOn(axis, result->table, unit);
}

TimeUs ChartData::endOf(std::size_t unit) const
{
    const TimeUs start = startOf(unit);
    if (axis == AxisKind::Position)
        return start + 1;
    return std::max(result->table.end[unit], start + (result->table.kind == features::UnitKind::Row ? unitLength : 1));
}

AxisSpan ChartData::spanOf(const decisions::Episode& episode) const
{
    return {startOf(episode.firstUnit), std::max(endOf(episode.lastUnit), startOf(episode.firstUnit) + 1)};
}

bool ChartData::hasRecords() const
{
    return result->records != nullptr && result->timeline != nullptr;
}

} // namespace faultline::ui
