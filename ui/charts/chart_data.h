// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/core/result.h"
#include "ui/charts/unit_series.h"
#include <QString>
#include <memory>
#include <vector>

namespace faultline::pipeline
{
struct AnalysisResult;
}
namespace faultline::decisions
{
struct Episode;
}

namespace faultline::ui
{

/// Entity that stands for all of them.
inline constexpr int allEntities = -1;

/// What the tracks draw of a result: series per entity, over all entities, and the stretch of the axis they cover.
/// Built in the worker right after the analysis, immutable after that.
struct ChartData {
    std::shared_ptr<const pipeline::AnalysisResult>
        result; // shared: views and their workers hold the same immutable result
    AxisKind axis = AxisKind::Time;
    AxisSpan whole;                 ///< everything there is, records and units
    DurationUs unitLength = 1;      ///< typical length of a unit on the axis
    UnitSeries all;                 ///< highest over the entities at each time
    std::vector<UnitSeries> entity; ///< per entity of the feature table
    std::vector<QString> entityNames;
    std::vector<float> entityPeak; ///< highest score per entity
    std::vector<int> ranked;       ///< entities that have units, highest score first

    /// Cancelled when the job was stopped. O(units * detectors).
    [[nodiscard]] static Result<std::shared_ptr<const ChartData>>
    build(std::shared_ptr<const pipeline::AnalysisResult> result, JobContext& job);
    [[nodiscard]] const UnitSeries& series(int entityOrAll) const;
    /// Where a unit stands on the axis.
    [[nodiscard]] TimeUs startOf(std::size_t unit) const;
    [[nodiscard]] TimeUs endOf(std::size_t unit) const;
    [[nodiscard]] AxisSpan spanOf(const decisions::Episode& episode) const;
    [[nodiscard]] bool hasRecords() const; ///< the log itself can be shown
};

using ChartDataPtr = std::shared_ptr<const ChartData>; // shared: tracks, docks and workers read one immutable value

} // namespace faultline::ui
