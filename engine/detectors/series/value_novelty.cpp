// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/value_novelty.h"
#include "engine/detectors/series/novelty_stream.h"
#include "engine/detectors/series/seasonal_slots.h"
#include <cmath>

namespace faultline::detectors
{

namespace
{
enum class Transform : std::uint8_t { Raw, Log, Difference, Seasonal };

class NoveltyState
{
public:
    NoveltyState(Transform transform, const NoveltyStream::Options& options)
        : m_transform(transform), m_novelty(options)
    {
    }
    void start(const SeriesClock& clock)
    {
        m_clock = clock;
        m_slots = SeasonalSlots(clock);
    }
    [[nodiscard]] double step(double value, std::int64_t second)
    {
        constexpr double relativeNoise = 1e-9;
        const double noise = relativeNoise * std::abs(value);
        switch (m_transform) {
        case Transform::Raw:
            break;
        case Transform::Log:
            return m_novelty.push(std::asinh(value / (0.1 * m_clock.magnitude + 1e-12)), relativeNoise);
        case Transform::Difference: {
            const double change = m_isFirst ? 0.0 : value - m_last;
            m_isFirst = false;
            m_last = value;
            return m_novelty.push(change, noise);
        }
        case Transform::Seasonal:
            return m_novelty.push(m_slots.residual(value, second), noise);
        }
        return m_novelty.push(value, noise);
    }
    template <class Self, class Archive>
    static void fields(Self& self, Archive& archive)
    {
        archive(self.m_novelty, self.m_slots, self.m_last, self.m_isFirst);
    }
    [[nodiscard]] bool isSound() const { return m_novelty.isSound() && m_slots.isSound(); }

private:
    Transform m_transform;
    SeriesClock m_clock;
    SeasonalSlots m_slots;
    NoveltyStream m_novelty;
    double m_last = 0.0;
    bool m_isFirst = true;
};

std::vector<ParameterSpec> parameterSpecs()
{
    return {{.name = "transform",
             .type = ParameterSpec::Type::Choice,
             .standard = std::string("raw"),
             .choices = {"raw", "log", "difference", "seasonal"},
             .help =
                 "What is compared: the value, its logarithm, its change, or its distance from the usual at this time "
                 "of day."},
            {.name = "neighbour",
             .type = ParameterSpec::Type::Integer,
             .standard = std::int64_t{3},
             .minimum = 1,
             .maximum = 100,
             .help = "Distance to which of the nearest earlier values; a level seen so often is no longer new."},
            {.name = "memory",
             .type = ParameterSpec::Type::Integer,
             .standard = std::int64_t{30'000},
             .minimum = 200,
             .maximum = 1'000'000,
             .unit = "rows",
             .help = "How many past values of a column are remembered."}};
}
} // namespace

const DetectorSpec& ValueNovelty::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "value_novelty",
        .title = "Novelty of a value",
        .help =
            "Finds values unlike any that the series had before, whatever their distribution. It learns as it goes.",
        .paper = "Angiulli and Pizzuti, Fast Outlier Detection in High Dimensional Spaces, PKDD 2002",
        .units = {UnitKind::Row, UnitKind::Window},
        .parameters = parameterSpecs(),
        .family = DetectorFamily::Series,
        .context = ScoreContext::Series,
        .live = LiveForm::Stream,
        .selfCalibrated = true};
    return spec;
}

ValueNovelty::ValueNovelty(Parameters parameters, std::uint64_t /*seed*/)
    : StreamDetector(describe(), std::move(parameters))
{
}

std::unique_ptr<ColumnStream> ValueNovelty::makeStream(std::size_t memory) const
{
    const auto& name = choice("transform");
    const auto transform = name == "log"          ? Transform::Log
                           : name == "difference" ? Transform::Difference
                           : name == "seasonal"   ? Transform::Seasonal
                                                  : Transform::Raw;
    return std::make_unique<StreamOf<NoveltyState>>(
        NoveltyState(transform, {.neighbour = count("neighbour"), .memory = memory}));
}

} // namespace faultline::detectors
