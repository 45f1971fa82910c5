// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/window_knn.h"
#include "engine/detectors/series/nearest_rows.h"
#include "engine/detectors/series/series_math.h"
#include "engine/detectors/series/series_scaling.h"
#include <algorithm>
#include <cmath>

namespace faultline::detectors
{

namespace
{
const std::vector<std::size_t> severalLengths{8, 32, 96};

std::vector<ParameterSpec> parameterSpecs()
{
    return {{.name = "window",
             .type = ParameterSpec::Type::Integer,
             .standard = std::int64_t{0},
             .minimum = 0,
             .maximum = 2000,
             .unit = "rows",
             .help = "Length of the windows; 0 = 8, 32 and 96 together (8 and 32 for several columns)."},
            {.name = "neighbours",
             .type = ParameterSpec::Type::Integer,
             .standard = std::int64_t{3},
             .minimum = 1,
             .maximum = 32,
             .help = "How many of the nearest windows count."},
            {.name = "references",
             .type = ParameterSpec::Type::Integer,
             .standard = std::int64_t{3000},
             .minimum = 10,
             .maximum = 100'000,
             .unit = "windows",
             .help = "How many windows, drawn evenly, others are compared with."}};
}

/// From the squares of the k nearest to one number, over those that were found.
template <class Term>
double meanOfFound(const float* squares, std::size_t k, Term term)
{
    double sum = 0.0, found = 0.0;
    for (std::size_t j = 0; j < k && std::isfinite(squares[j]); ++j) {
        sum += term(static_cast<double>(squares[j]));
        found += 1.0;
    }
    return found > 0.0 ? sum / found : 0.0;
}

/// Four block means around each row of each column, side by side, halved as a window of four counts as one.
std::vector<float> blockMeans(const std::vector<std::vector<double>>& columns, std::size_t rows, std::size_t window)
{
    const auto block = std::max<std::size_t>(1, window / 4);
    const auto width = 4 * columns.size();
    std::vector<float> out(rows * width);
    for (std::size_t c = 0; c < columns.size(); ++c) {
        const auto means = movingAverage(columns[c], block);
        for (std::size_t part = 0; part < 4; ++part) {
            const auto offset =
                static_cast<std::ptrdiff_t>((static_cast<double>(part) - 1.5) * static_cast<double>(block));
            for (std::size_t i = 0; i < rows; ++i) {
                const auto at = std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(i) + offset, 0,
                                                           static_cast<std::ptrdiff_t>(rows) - 1);
                out[i * width + part * columns.size() + c] =
                    static_cast<float>(means[static_cast<std::size_t>(at)] / 2.0);
            }
        }
    }
    return out;
}
} // namespace

const DetectorSpec& WindowKnn::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "window_knn",
        .title = "Nearest windows",
        .help = "Finds stretches of a series unlike all its other stretches in shape and height. Several lengths are "
                "looked "
                "at together.",
        .paper = "Angiulli and Pizzuti, Fast Outlier Detection in High Dimensional Spaces, PKDD 2002",
        .units = {UnitKind::Row, UnitKind::Window},
        .parameters = parameterSpecs(),
        .family = DetectorFamily::Series,
        .context = ScoreContext::Series,
        .live = LiveForm::None};
    return spec;
}

WindowKnn::WindowKnn(Parameters parameters, std::uint64_t seed)
    : SeriesDetector(describe(), std::move(parameters)), m_seed(seed)
{
}

double WindowKnn::secondsFor(double rows) const
{
    const double length = count("window") == 0 ? 136.0 : static_cast<double>(count("window"));
    return 1e-5 + 1e-10 * rows * std::min(rows, static_cast<double>(count("references"))) * length;
}

std::vector<double> WindowKnn::windowsOf(const std::vector<double>& column, std::size_t window, JobContext& job) const
{
    const auto rows = column.size();
    const auto length = std::min(window, std::max<std::size_t>(4, rows / 8));
    if (rows < 3 * length + 3)
        return std::vector<double>(rows, 0.0);
    const std::vector<float> values(column.begin(), column.end());
    const PointView points{.values = values.data(), .dimensions = length, .count = rows - length + 1};
    const auto k = count("neighbours");
    const auto squares = nearestSquares(
        points,
        {.neighbours = k, .exclusion = length, .references = evenPositions(points.count, count("references"), m_seed)},
        job);
    std::vector<double> scores(points.count);
    for (std::size_t i = 0; i < points.count; ++i)
        scores[i] =
            std::sqrt(meanOfFound(&squares[i * k], k, [](double s) { return s; }) / static_cast<double>(length));
    return atCentres(scores, length, rows);
}

std::vector<double> WindowKnn::rowsOf(const SeriesBlock& block, std::size_t window, JobContext& job) const
{
    const auto means = blockMeans(block.columns, block.rows(), window);
    const auto width = 4 * block.columns.size();
    const PointView points{.values = means.data(), .stride = width, .dimensions = width, .count = block.rows()};
    const auto known = block.reference > 0 ? block.reference : block.rows();
    const auto k = count("neighbours");
    const auto squares = nearestSquares(points,
                                        {.neighbours = k,
                                         .exclusion = block.reference > 0 ? 0 : window + 1,
                                         .first = block.reference,
                                         .references = evenPositions(known, count("references"), m_seed)},
                                        job);
    std::vector<double> scores(squares.size() / k);
    for (std::size_t i = 0; i < scores.size(); ++i)
        scores[i] = meanOfFound(&squares[i * k], k, [](double s) { return std::sqrt(s); });
    return scores;
}

Result<std::vector<double>> WindowKnn::scoreBlock(const SeriesBlock& block, JobContext& job) const
{
    const bool isOne = block.columns.size() == 1;
    SeriesBlock scaled{.columns = {}, .time = block.time, .reference = block.reference};
    if (isOne) {
        auto values = standardised(block.columns[0]);
        if (values.empty())
            return std::vector<double>(block.rows(), 0.0);
        scaled.columns.push_back(std::move(values));
    } else {
        scaled.columns = compressedByReference(block);
    }
    const auto scoresOf = [&](std::size_t window) {
        return isOne ? windowsOf(scaled.columns[0], window, job) : rowsOf(scaled, window, job);
    };
    if (count("window") > 0) {
        auto scores = scoresOf(count("window"));
        return job.stopRequested() ? Result<std::vector<double>>(cancelled()) : scores;
    }
    std::vector<double> mean;
    const auto lengths = isOne ? severalLengths.size() : severalLengths.size() - 1;
    for (std::size_t l = 0; l < lengths; ++l) {
        auto scores = scoresOf(severalLengths[l]);
        if (job.stopRequested())
            return cancelled();
        scores.erase(scores.begin(), scores.end() - static_cast<std::ptrdiff_t>(block.rows() - block.reference));
        const auto surprise = tailSurprise(scores);
        mean.resize(surprise.size(), 0.0);
        for (std::size_t i = 0; i < mean.size(); ++i)
            mean[i] += surprise[i] / static_cast<double>(lengths);
    }
    return mean;
}

} // namespace faultline::detectors
