// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/same_phase.h"
#include "engine/detectors/series/seasons.h"
#include "engine/detectors/series/series_math.h"
#include <cmath>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t cyclesEachWay = 7, fewestCycles = 4;

std::size_t cycleOf(std::span<const TimeUs> time, std::size_t period)
{
    std::size_t out = 0;
    for (const auto season : seasonsOf(time, period))
        if (fewestCycles * season <= time.size())
            out = season;
    return out;
}

/// The value less the median at its phase in the cycles around it.
double departure(const std::vector<double>& values, std::size_t i, std::size_t cycle, std::vector<double>& others)
{
    others.clear();
    for (std::size_t k = 1; k <= cyclesEachWay; ++k) {
        if (i >= k * cycle)
            others.push_back(values[i - k * cycle]);
        if (i + k * cycle < values.size())
            others.push_back(values[i + k * cycle]);
    }
    return values[i] - quantileOf(others, 0.5);
}
} // namespace

const DetectorSpec& SamePhase::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "same_phase",
        .title = "Same phase of other cycles",
        .help = "Finds values unlike those at the same time of other days or weeks, before and after.",
        .paper = "Hochenbaum et al., Automatic Anomaly Detection in the Cloud Via Statistical Learning, 2017",
        .units = {UnitKind::Row, UnitKind::Window},
        .parameters = {{.name = "season",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{0},
                        .minimum = 0,
                        .maximum = 200'000,
                        .unit = "rows",
                        .help = "Length of the cycle; 0 = week or day by the clock, or the period of the data."}},
        .family = DetectorFamily::Series,
        .context = ScoreContext::Series,
        .live = LiveForm::None};
    return spec;
}

SamePhase::SamePhase(Parameters parameters, std::uint64_t /*seed*/) : ColumnDetector(describe(), std::move(parameters))
{
}

std::vector<double> SamePhase::scoreColumn(const Column& column, JobContext& job) const
{
    const auto& values = column.values;
    const auto cycle = count("season") > 0 ? count("season") : cycleOf(column.time, period());
    std::vector<double> out(values.size(), 0.0), others;
    if (cycle == 0 || 2 * cycle > values.size())
        return out;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i % 4096 == 0 && job.stopRequested())
            return out;
        out[i] = departure(values, i, cycle, others);
    }
    const auto spread = robustSpread(out);
    for (auto& d : out)
        d = std::abs(d - spread.centre) / spread.scale;
    return out;
}

} // namespace faultline::detectors
