// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/phase_profile.h"
#include "engine/detectors/series/phase_stream.h"

namespace faultline::detectors
{

namespace
{
class PhaseState
{
public:
    PhaseState(std::size_t partsOfDay, std::size_t memory) : m_partsOfDay(partsOfDay), m_memory(memory) {}
    void start(const SeriesClock& clock)
    {
        const auto rows = std::max<std::size_t>(2, static_cast<std::size_t>(clock.rowsPerDay) / m_partsOfDay);
        m_phase = PhaseStream(clock, rows, m_memory);
        m_history = RecentValues(PhaseStream::historyNeeded(clock, rows));
    }
    [[nodiscard]] double step(double value, std::int64_t /*second*/)
    {
        m_history.add(value);
        return m_phase.push(m_history, ++m_rows);
    }
    template <class Self, class Archive>
    static void fields(Self& self, Archive& archive)
    {
        archive(self.m_phase, self.m_history, self.m_rows);
    }
    [[nodiscard]] bool isSound() const { return m_phase.isSound() && m_history.isSound(m_rows); }

private:
    std::size_t m_partsOfDay, m_memory;
    PhaseStream m_phase;
    RecentValues m_history;
    std::size_t m_rows = 0;
};
} // namespace

const DetectorSpec& PhaseProfile::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "phase_profile",
        .title = "Same phase of earlier days",
        .help = "Finds hours that run unlike the same hours of the last 14 days. It learns as it goes and needs times.",
        .paper = "Hochenbaum et al., Automatic Anomaly Detection in the Cloud Via Statistical Learning, 2017 (seasonal "
                 "comparison); the shifted second-best day is ours",
        .units = {UnitKind::Row, UnitKind::Window},
        .parameters = {{.name = "parts_of_day",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{24},
                        .minimum = 1,
                        .maximum = 288,
                        .help = "The stretch compared is a day divided by this: 24 = the last hour, 6 = four hours."}},
        .family = DetectorFamily::Series,
        .context = ScoreContext::Series,
        .live = LiveForm::Stream,
        .selfCalibrated = true};
    return spec;
}

PhaseProfile::PhaseProfile(Parameters parameters, std::uint64_t /*seed*/)
    : StreamDetector(describe(), std::move(parameters))
{
}

std::unique_ptr<ColumnStream> PhaseProfile::makeStream(std::size_t memory) const
{
    return std::make_unique<StreamOf<PhaseState>>(PhaseState(count("parts_of_day"), memory));
}

} // namespace faultline::detectors
