// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/code_length.h"
#include "engine/detectors/series/context_mixture.h"
#include "engine/detectors/series/novelty_stream.h"

namespace faultline::detectors
{

namespace
{
constexpr std::size_t mostOrder = 6;

class CodeState
{
public:
    CodeState(std::vector<ContextMixture> mixtures, std::size_t memory)
        : m_mixtures(std::move(mixtures)), m_novelty({.memory = memory, .exclusion = 12})
    {
    }
    void start(const SeriesClock& /*clock*/) {}
    [[nodiscard]] double step(double value, std::int64_t /*second*/)
    {
        double length = 0.0;
        for (auto& mixture : m_mixtures)
            length += mixture.push(value);
        length /= static_cast<double>(m_mixtures.size());
        m_mean += 2.0 / 13.0 * (length - m_mean);
        return m_novelty.push(m_mean, 1e-9);
    }
    template <class Self, class Archive>
    static void fields(Self& self, Archive& archive)
    {
        for (auto& mixture : self.m_mixtures)
            archive(mixture);
        archive(self.m_novelty, self.m_mean);
    }
    [[nodiscard]] bool isSound() const
    {
        for (const auto& mixture : m_mixtures)
            if (!mixture.isSound())
                return false;
        return m_novelty.isSound();
    }

private:
    std::vector<ContextMixture> m_mixtures;
    NoveltyStream m_novelty;
    double m_mean = 0.0;
};
} // namespace

const DetectorSpec& CodeLength::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "code_length",
        .title = "Code length of a series",
        .help = "Finds stretches in which a series stops following its habits, as a compressor that learned them would "
                "notice. It learns as it goes.",
        .paper = "Cleary and Witten, Data Compression Using Adaptive Coding and Partial String Matching, IEEE Trans. "
                 "Comm. 1984",
        .units = {UnitKind::Row, UnitKind::Window},
        .parameters = {{.name = "bins",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{20},
                        .minimum = 4,
                        .maximum = 20,
                        .help = "Quantile bins of the first quantiser."},
                       {.name = "order",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{2},
                        .minimum = 0,
                        .maximum = static_cast<double>(mostOrder),
                        .help = "Longest context of the first quantiser, in values."},
                       {.name = "quantisers",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{3},
                        .minimum = 1,
                        .maximum = 3,
                        .help = "How many quantisers are averaged."}},
        .family = DetectorFamily::Series,
        .context = ScoreContext::Series,
        .live = LiveForm::Stream,
        .selfCalibrated = true};
    return spec;
}

CodeLength::CodeLength(Parameters parameters, std::uint64_t /*seed*/)
    : StreamDetector(describe(), std::move(parameters))
{
}

double CodeLength::secondsPerValue() const
{
    return 1e-6 + 4e-7 * static_cast<double>(count("quantisers") * (1 + count("order")));
}

std::unique_ptr<ColumnStream> CodeLength::makeStream(std::size_t memory) const
{
    std::vector<ContextMixture> mixtures;
    for (std::size_t q = 0; q < count("quantisers"); ++q)
        mixtures.emplace_back(ContextMixture::Options{.bins = std::max<std::size_t>(2, count("bins") >> q),
                                                      .order = std::min(mostOrder, count("order") + 2 * q),
                                                      .memory = memory});
    return std::make_unique<StreamOf<CodeState>>(CodeState(std::move(mixtures), memory));
}

} // namespace faultline::detectors
