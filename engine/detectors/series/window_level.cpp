// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/window_level.h"
#include "engine/detectors/series/window_shape.h"

namespace faultline::detectors
{

namespace
{
constexpr std::size_t usualRows = 24, mostRows = 500;
}

const DetectorSpec& WindowLevel::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "window_level",
        .title = "Change between windows",
        .help = "Finds where a series changes its level, slope or spread from one window to the next.",
        .paper = "Basseville and Nikiforov, Detection of Abrupt Changes, 1993",
        .units = {UnitKind::Row, UnitKind::Window},
        .parameters =
            {{.name = "measure",
              .type = ParameterSpec::Type::Choice,
              .standard = std::string("level"),
              .choices = windowMeasureNames(),
              .help = "What is compared: the mean, the slope, or the standard deviation."},
             {.name = "rows",
              .type = ParameterSpec::Type::Integer,
              .standard = std::int64_t{0},
              .minimum = 0,
              .maximum = static_cast<double>(mostRows),
              .unit = "rows",
              .help = "Length of each window, at least 3; 0 = the period of the data, or 24 where there is none."}},
        .family = DetectorFamily::Series,
        .context = ScoreContext::Series,
        .live = LiveForm::None};
    return spec;
}

WindowLevel::WindowLevel(Parameters parameters, std::uint64_t /*seed*/)
    : ColumnDetector(describe(), std::move(parameters))
{
}

double WindowLevel::secondsFor(double rows) const
{
    return 1e-5 + 8e-9 * rows * static_cast<double>(std::max(count("rows"), usualRows));
}

std::vector<double> WindowLevel::scoreColumn(const Column& column, JobContext& job) const
{
    const auto measure = windowMeasureOf(choice("measure"));
    const auto wanted = count("rows") > 0 ? count("rows") : period() > 0 ? period() : usualRows;
    const auto rows = std::clamp<std::size_t>(wanted, 3, mostRows);
    const std::span<const double> values(column.values);
    std::vector<double> out(values.size(), 0.0);
    const double unit = measure == WindowMeasure::Slope ? static_cast<double>(rows) : 1.0;
    for (auto i = rows; i + rows <= values.size(); ++i) {
        if (i % 1024 == 0 && job.stopRequested())
            break;
        out[i] = unit * changeBetween(values.subspan(i - rows, rows), values.subspan(i, rows), measure, 1.0);
    }
    return out;
}

} // namespace faultline::detectors
