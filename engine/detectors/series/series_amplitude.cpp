// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/series_amplitude.h"
#include "engine/detectors/series/series_math.h"
#include <cmath>

namespace faultline::detectors
{

const DetectorSpec& SeriesAmplitude::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "series_amplitude",
        .title = "Height of a value",
        .help = "Finds values far from the median of their series, in robust deviations.",
        .paper =
            "Leys et al., Detecting Outliers: Do Not Use Standard Deviation Around the Mean, J. Exp. Soc. Psych. 2013",
        .units = {UnitKind::Row, UnitKind::Window},
        .parameters = {},
        .family = DetectorFamily::Series,
        .context = ScoreContext::Series,
        .live = LiveForm::None};
    return spec;
}

SeriesAmplitude::SeriesAmplitude(Parameters parameters, std::uint64_t /*seed*/)
    : ColumnDetector(describe(), std::move(parameters))
{
}

std::vector<double> SeriesAmplitude::scoreColumn(const Column& column, JobContext& /*job*/) const
{
    const auto spread = robustSpread(column.values);
    std::vector<double> out;
    for (const double v : column.values)
        out.push_back(std::abs(v - spread.centre) / spread.scale);
    return out;
}

} // namespace faultline::detectors
