// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/window_change.h"
#include "engine/detectors/series/growing_scale.h"
#include "engine/detectors/series/recent_values.h"
#include "engine/detectors/series/stream_tail.h"
#include "engine/detectors/series/window_shape.h"
#include <cmath>

namespace faultline::detectors
{

namespace
{
class ChangeState
{
public:
    ChangeState(WindowMeasure measure, std::size_t rows, std::size_t memory)
        : m_measure(measure), m_rows(rows), m_recent(2 * rows), m_scale(memory), m_tail(memory)
    {
    }
    void start(const SeriesClock& /*clock*/) {}
    [[nodiscard]] double step(double value, std::int64_t /*second*/)
    {
        ++m_seen;
        m_recent.add(value);
        m_scale.add(value);
        const auto both = m_recent.last(2 * m_rows);
        double change = 0.0;
        if (both.size() == 2 * m_rows)
            change = changeBetween(both.first(m_rows), both.last(m_rows), m_measure, m_scale.value());
        return m_tail.push(change < 1e-9 * std::abs(value) ? 0.0 : change);
    }
    template <class Self, class Archive>
    static void fields(Self& self, Archive& archive)
    {
        archive(self.m_recent, self.m_scale, self.m_tail, self.m_seen);
    }
    [[nodiscard]] bool isSound() const { return m_recent.isSound(m_seen) && m_scale.isSound() && m_tail.isSound(); }

private:
    WindowMeasure m_measure;
    std::size_t m_rows;
    RecentValues m_recent;
    GrowingScale m_scale;
    StreamTail m_tail;
    std::size_t m_seen = 0;
};
} // namespace

const DetectorSpec& WindowChange::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "window_change",
        .title = "Change between windows, live",
        .help = "Finds where the last rows differ in level, slope or spread from as many before. It learns as it goes.",
        .paper = "Basseville and Nikiforov, Detection of Abrupt Changes, 1993",
        .units = {UnitKind::Row, UnitKind::Window},
        .parameters = {{.name = "measure",
                        .type = ParameterSpec::Type::Choice,
                        .standard = std::string("level"),
                        .choices = windowMeasureNames(),
                        .help = "What is compared: the mean, the slope, or the standard deviation."},
                       {.name = "rows",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{24},
                        .minimum = 3,
                        .maximum = 2000,
                        .unit = "rows",
                        .help = "Length of each of the two windows."}},
        .family = DetectorFamily::Series,
        .context = ScoreContext::Series,
        .live = LiveForm::Stream,
        .selfCalibrated = true};
    return spec;
}

WindowChange::WindowChange(Parameters parameters, std::uint64_t /*seed*/)
    : StreamDetector(describe(), std::move(parameters))
{
}

double WindowChange::secondsPerValue() const
{
    return 5e-7 + 4e-9 * static_cast<double>(count("rows"));
}

std::unique_ptr<ColumnStream> WindowChange::makeStream(std::size_t memory) const
{
    return std::make_unique<StreamOf<ChangeState>>(
        ChangeState(windowMeasureOf(choice("measure")), count("rows"), memory));
}

} // namespace faultline::detectors
