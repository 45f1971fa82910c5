// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/live_surprise.h"
#include "engine/detectors/series/surprise_stream.h"
#include <cmath>

namespace faultline::detectors
{

namespace
{
struct AlarmRate {
    double surprise, nats; ///< of a SurpriseStream; -ln of the rate of alarms as high on clean series
};
/// Mean over 30,000 rows each of six kinds of clean noise, rounded; 6.0 is a thousandth.
const std::array<AlarmRate, 8>& alarmRates()
{
    static const std::array<AlarmRate, 8> rates{{{0.0, 0.0},
                                                 {4.5, -std::log(4e-3)},
                                                 {5.0, -std::log(2.5e-3)},
                                                 {6.0, -std::log(1e-3)},
                                                 {7.0, -std::log(4.5e-4)},
                                                 {8.0, -std::log(2e-4)},
                                                 {9.0, -std::log(1e-4)},
                                                 {10.0, -std::log(5e-5)}}};
    return rates;
}

/// Straight lines between the rows of a rising table, the last one going on.
double between(double x, double AlarmRate::*from, double AlarmRate::*to)
{
    const auto& rates = alarmRates();
    std::size_t i = 1;
    while (i + 1 < rates.size() && x > rates[i].*from)
        ++i;
    const auto &low = rates[i - 1], &high = rates[i];
    if (x == high.*from) // exactly, so that a threshold given as a rate meets its surprise
        return high.*to;
    return low.*to + (x - low.*from) / (high.*from - low.*from) * (high.*to - low.*to);
}

struct AlarmState {
    SurpriseStream stream;
    void start(const SeriesClock& clock) { stream.start(clock); }
    double step(double value, std::int64_t second)
    {
        return LiveSurprise::calibrated(stream.push(value, second).alarm);
    }
    template <class Self, class Archive>
    static void fields(Self& self, Archive& archive)
    {
        archive(self.stream);
    }
    [[nodiscard]] bool isSound() const { return stream.isSound(); }
};

std::vector<ParameterSpec> parameterSpecs()
{
    return {{.name = "views",
             .type = ParameterSpec::Type::Choice,
             .standard = std::string("shape"),
             .choices = {"shape", "scaled"},
             .help = "What is looked at beside the value and its time of day: how long it departs and how rough it is, "
                     "or the value and its step on a logarithmic scale."},
            {.name = "alarm_rate",
             .type = ParameterSpec::Type::Real,
             .standard = 1e-3,
             .minimum = 1e-8,
             .maximum = 0.1,
             .help = "False alarms per clean row from which an alarm holds back others for 12 rows."},
            {.name = "memory",
             .type = ParameterSpec::Type::Integer,
             .standard = std::int64_t{30'000},
             .minimum = 200,
             .maximum = 1'000'000,
             .unit = "rows",
             .help = "How many past values of a column are remembered."}};
}
} // namespace

const DetectorSpec& LiveSurprise::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "live_surprise",
        .title = "Live surprise of a metric",
        .help =
            "Judges each value of a metric by those before it: its level, the time of day, how rough and how regular "
            "the series is. It learns as it goes and needs no training.",
        .paper = "Angiulli and Pizzuti, Fast Outlier Detection in High Dimensional Spaces, PKDD 2002 (k-th neighbour); "
                 "Siffer et al., Anomaly Detection in Streams with Extreme Value Theory, KDD 2017 (tails)",
        .units = {UnitKind::Row, UnitKind::Window},
        .parameters = parameterSpecs(),
        .family = DetectorFamily::Series,
        .context = ScoreContext::Series,
        .live = LiveForm::Stream,
        .selfCalibrated = true};
    return spec;
}

LiveSurprise::LiveSurprise(Parameters parameters, std::uint64_t /*seed*/)
    : StreamDetector(describe(), std::move(parameters))
{
}

double LiveSurprise::calibrated(double surprise)
{
    return between(surprise, &AlarmRate::surprise, &AlarmRate::nats);
}

double LiveSurprise::surpriseOf(double calibrated)
{
    return between(calibrated, &AlarmRate::nats, &AlarmRate::surprise);
}

std::unique_ptr<ColumnStream> LiveSurprise::makeStream(std::size_t memory) const
{
    using Views = SurpriseStream::Views;
    return std::make_unique<StreamOf<AlarmState>>(
        AlarmState{SurpriseStream({.views = choice("views") == "shape" ? Views::Shape : Views::Scaled,
                                   .memory = memory,
                                   .alarmFrom = surpriseOf(-std::log(real("alarm_rate")))})});
}

} // namespace faultline::detectors
