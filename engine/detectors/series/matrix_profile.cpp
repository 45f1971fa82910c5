// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/matrix_profile.h"
#include "engine/detectors/series/series_math.h"
#include "engine/detectors/series/window_correlation.h"
#include <algorithm>

namespace faultline::detectors
{

const DetectorSpec& MatrixProfile::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "matrix_profile",
        .title = "Matrix profile",
        .help = "Finds stretches whose shape, whatever its height, comes nowhere else in the series.",
        .paper = "Yeh et al., Matrix Profile I, ICDM 2016; Zimmerman et al., Matrix Profile XIV, SoCC 2019",
        .units = {UnitKind::Row, UnitKind::Window},
        .parameters = {{.name = "window",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{0},
                        .minimum = 0,
                        .maximum = 5000,
                        .unit = "rows",
                        .help = "Length of the windows, at least 4; 0 = the period of the data, or 100 where there is "
                                "none."},
                       {.name = "side",
                        .type = ParameterSpec::Type::Choice,
                        .standard = std::string("both"),
                        .choices = {"both", "left"},
                        .help = "Neighbours anywhere, or only earlier ones (causal)."}},
        .family = DetectorFamily::Series,
        .context = ScoreContext::Series,
        .live = LiveForm::None};
    return spec;
}

MatrixProfile::MatrixProfile(Parameters parameters, std::uint64_t /*seed*/)
    : ColumnDetector(describe(), std::move(parameters))
{
}

std::vector<double> MatrixProfile::scoreColumn(const Column& column, JobContext& job) const
{
    constexpr std::size_t shortest = 4, usual = 100;
    const auto rows = column.values.size();
    const auto window = std::max(shortest, count("window") > 0 ? count("window") : period() > 0 ? period() : usual);
    if (rows < 2 * window)
        return std::vector<double>(rows, 0.0);
    const bool left = choice("side") == "left";
    auto profile =
        matrixProfile(column.values, {.window = window, .exclusion = (window + 3) / 4, .leftOnly = left}, job);
    if (!left)
        return atCentres(profile, window, rows);
    profile.insert(profile.begin(), window - 1, 0.0);
    return profile;
}

} // namespace faultline::detectors
