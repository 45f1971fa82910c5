// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/hbos.h"
#include <algorithm>
#include <cmath>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

namespace
{
constexpr double leastRange = 1e-9;   ///< robust standard deviations; less is rounding
constexpr double toleratedBins = 0.5; ///< outside the histogram
} // namespace

const DetectorSpec& Hbos::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "hbos",
        .title = "Histograms",
        .help = "Finds units whose values fall where few others do, also between two usual ranges. It looks at each "
                "column alone and is the fastest of all.",
        .paper = "Goldstein and Dengel, Histogram-Based Outlier Score (HBOS): A Fast Unsupervised Anomaly Detection "
                 "Algorithm, KI 2012",
        .units = {UnitKind::Row, UnitKind::Window, UnitKind::Session},
        .parameters = {{.name = "bins",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{0},
                        .minimum = 0,
                        .maximum = 10'000,
                        .unit = "bins",
                        .help = "Bins of each column; 0 takes the square root of the units, from 5 to 50."},
                       {.name = "floor",
                        .type = ParameterSpec::Type::Real,
                        .standard = 0.1,
                        .minimum = 1e-9,
                        .maximum = 1.0,
                        .help = "Added to every density: how surprising an empty bin can be at most."}},
        .family = DetectorFamily::Statistics};
    return spec;
}

Hbos::Hbos(Parameters parameters, std::uint64_t /*seed*/) : ConfiguredDetector(describe(), std::move(parameters)) {}

CostEstimate Hbos::cost(const WorkSize& work) const
{
    const auto columns = static_cast<double>(work.columns);
    const auto learned = static_cast<double>(work.trainingUnits), scored = static_cast<double>(work.scoredUnits);
    return {.seconds = 1e-8 * columns * (2.0 * learned + scored) + 1e-7, .bytes = 800.0 * columns + 8.0 * scored};
}

double Hbos::Histogram::edge(std::size_t i) const
{
    return i == surprise.size() ? high : low + static_cast<double>(i) * width;
}

std::size_t Hbos::Histogram::binOf(double value) const
{
    const auto last = surprise.size() - 1;
    auto bin = std::min(last, static_cast<std::size_t>(std::max(0.0, (value - low) / width)));
    while (bin > 0 && value < edge(bin)) // the division may round across an edge
        --bin;
    while (bin < last && value >= edge(bin + 1))
        ++bin;
    return bin;
}

double Hbos::Histogram::at(double value) const
{
    if (value < low - toleratedBins * width || value > high + toleratedBins * width)
        return most;
    return surprise[binOf(std::clamp(value, low, high))];
}

bool Hbos::learnColumn(const features::Matrix& standardised, std::size_t column, JobContext& job)
{
    const auto units = static_cast<std::size_t>(standardised.rows());
    const auto c = static_cast<Eigen::Index>(m_columns.ofTableAt(column));
    const auto valueOf = [&](std::size_t unit) {
        return boundedCell(standardised(static_cast<Eigen::Index>(unit), c));
    };
    double low = valueOf(0), high = low;
    for (std::size_t unit = 1; unit < units && job.advance(0); ++unit) {
        low = std::min(low, valueOf(unit));
        high = std::max(high, valueOf(unit));
    }
    auto bins = count("bins");
    if (bins == 0)
        bins = static_cast<std::size_t>(std::clamp(std::sqrt(static_cast<double>(units)), 5.0, 50.0));
    const double margin = high - low < leastRange ? 1.5 : 0.0;
    if (margin > 0.0)
        bins = 3; // the value's own and an empty one on either side
    auto& histogram = m_histograms[column];
    histogram = {.low = low - margin, .high = high + margin, .surprise = std::vector<double>(bins, 0.0)};
    histogram.width = (histogram.high - histogram.low) / static_cast<double>(bins);
    for (std::size_t unit = 0; unit < units && job.advance(0); ++unit)
        histogram.surprise[histogram.binOf(valueOf(unit))] += 1.0;
    for (std::size_t bin = 0; bin < bins; ++bin) {
        const double width = histogram.edge(bin + 1) - histogram.edge(bin);
        const double density = histogram.surprise[bin] / static_cast<double>(units) / width;
        histogram.surprise[bin] = -std::log2(density + real("floor"));
    }
    const auto [least, most] = std::minmax_element(histogram.surprise.begin(), histogram.surprise.end());
    histogram.least = *least;
    histogram.most = *most;
    return !job.stopRequested();
}

Result<void> Hbos::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 1); !checked)
        return checked;
    if (auto learned = m_columns.learn(*training.table); !learned)
        return learned;
    m_histograms.assign(m_columns.size(), {});
    tbb::parallel_for(std::size_t{0}, m_columns.size(),
                      [&](std::size_t c) { (void)learnColumn(*training.standardised, c, job); });
    if (job.stopRequested())
        return cancelled();
    return {};
}

Result<std::vector<double>> Hbos::score(const DetectorInput& input, const ScoreOptions& /*options*/,
                                        JobContext& job) const
{
    if (auto checked = checkInput(input, m_columns.ofTable(), 0); !checked)
        return tl::unexpected(checked.error());
    std::vector<double> scores(input.table->units(), 0.0);
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, scores.size(), 1024), [&](const auto& range) {
        std::vector<double> row(m_columns.size());
        for (auto unit = range.begin(); unit != range.end() && job.advance(); ++unit) {
            m_columns.read(*input.standardised, unit, row.data());
            for (std::size_t c = 0; c < row.size(); ++c)
                scores[unit] += m_histograms[c].at(row[c]);
        }
    });
    if (job.stopRequested())
        return cancelled();
    return scores;
}

std::vector<Contribution> Hbos::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!checkInput(input, m_columns.ofTable(), unit + 1))
        return {};
    std::vector<double> row(m_columns.size());
    m_columns.read(*input.standardised, unit, row.data());
    for (std::size_t c = 0; c < row.size(); ++c)
        row[c] = m_histograms[c].at(row[c]) - m_histograms[c].least;
    return m_columns.shares(row);
}

void Hbos::save(TensorBundle& bundle, const std::string& prefix) const
{
    std::vector<std::uint32_t> bins;
    std::vector<double> bounds, surprise;
    for (const auto& histogram : m_histograms) {
        bins.push_back(static_cast<std::uint32_t>(histogram.surprise.size()));
        bounds.insert(bounds.end(), {histogram.low, histogram.high});
        surprise.insert(surprise.end(), histogram.surprise.begin(), histogram.surprise.end());
    }
    m_columns.save(bundle, prefix);
    bundle.put(prefix + "/bins", bins);
    bundle.put(prefix + "/bounds", bounds);
    bundle.put(prefix + "/surprise", surprise);
}

Result<void> Hbos::load(const TensorBundle& bundle, const std::string& prefix)
{
    ValueColumns columns;
    if (auto loaded = columns.load(spec(), bundle, prefix); !loaded)
        return loaded;
    const auto bins = bundle.vector<std::uint32_t>(prefix + "/bins", columns.size());
    const auto bounds = bundle.vector<double>(prefix + "/bounds", 2 * columns.size());
    const auto surprise = bundle.vector<double>(prefix + "/surprise");
    if (!bins || !bounds || !surprise)
        return tl::unexpected(!bins ? bins.error() : !bounds ? bounds.error() : surprise.error());
    if (!allWithin(*bounds, -2e6, 2e6) || !allWithin(*surprise, -100.0, 100.0))
        return damagedModel(spec());
    std::vector<Histogram> histograms;
    auto from = surprise->begin();
    for (std::size_t c = 0; c < columns.size(); ++c) {
        const std::ptrdiff_t size = (*bins)[c];
        const double low = (*bounds)[2 * c], high = (*bounds)[2 * c + 1];
        if (size == 0 || size > surprise->end() - from || !(high - low >= leastRange))
            return damagedModel(spec());
        histograms.push_back({.low = low,
                              .width = (high - low) / static_cast<double>(size),
                              .high = high,
                              .surprise = {from, from + size},
                              .least = *std::min_element(from, from + size),
                              .most = *std::max_element(from, from + size)});
        from += size;
    }
    m_columns = std::move(columns);
    m_histograms = std::move(histograms);
    return {};
}

} // namespace faultline::detectors
