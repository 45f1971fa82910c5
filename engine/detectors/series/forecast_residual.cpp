// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/forecast_residual.h"
#include "engine/detectors/series/holt_winters.h"
#include "engine/detectors/series/series_math.h"
#include "engine/detectors/series/series_scaling.h"
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace faultline::detectors
{

namespace
{
constexpr double ridge = 1e-2, smallestDeviation = 0.05, largestResidual = 20.0;
constexpr Eigen::Index chunk = 512;
constexpr std::size_t widestRegression = 1'000; // terms; with more columns fewer rows before are looked at
using Columns = std::vector<std::vector<double>>;

/// Rows [first, first + count) as what foretells them: the rows 1, 2, ... lags before, column by column, and a one.
Eigen::MatrixXd predictors(const Columns& columns, Eigen::Index lags, Eigen::Index first, Eigen::Index count)
{
    const auto width = static_cast<Eigen::Index>(columns.size());
    Eigen::MatrixXd out(count, lags * width + 1);
    for (Eigen::Index lag = 0; lag < lags; ++lag)
        for (Eigen::Index c = 0; c < width; ++c)
            out.col(lag * width + c) =
                Eigen::Map<const Eigen::VectorXd>(columns[static_cast<std::size_t>(c)].data() + first - 1 - lag, count);
    out.col(lags * width).setOnes();
    return out;
}

Eigen::MatrixXd targets(const Columns& columns, Eigen::Index first, Eigen::Index count)
{
    Eigen::MatrixXd out(count, static_cast<Eigen::Index>(columns.size()));
    for (std::size_t c = 0; c < columns.size(); ++c)
        out.col(static_cast<Eigen::Index>(c)) = Eigen::Map<const Eigen::VectorXd>(columns[c].data() + first, count);
    return out;
}

/// Residuals of all rows, the first `lags` zero; fitted on the first `known` rows.
Columns regressionResiduals(const Columns& columns, std::size_t lagCount, std::size_t known, JobContext& job)
{
    const auto lags = static_cast<Eigen::Index>(lagCount), rows = static_cast<Eigen::Index>(columns[0].size());
    const auto fitted = static_cast<Eigen::Index>(known), width = static_cast<Eigen::Index>(columns.size());
    Columns out(columns.size(), std::vector<double>(columns[0].size(), 0.0));
    if (fitted < 2 * lags + 2)
        return out;
    Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(lags * width + 1, lags * width + 1);
    Eigen::MatrixXd right = Eigen::MatrixXd::Zero(lags * width + 1, width);
    for (auto first = lags; first < fitted && !job.stopRequested(); first += chunk) {
        const auto count = std::min(chunk, fitted - first);
        const auto from = predictors(columns, lags, first, count);
        gram.noalias() += from.transpose() * from;
        right.noalias() += from.transpose() * targets(columns, first, count);
    }
    gram.diagonal().array() += ridge * static_cast<double>(fitted - lags);
    const Eigen::MatrixXd coefficients = gram.ldlt().solve(right);
    for (auto first = lags; first < rows && !job.stopRequested(); first += chunk) {
        const auto count = std::min(chunk, rows - first);
        const Eigen::MatrixXd left =
            targets(columns, first, count) - predictors(columns, lags, first, count) * coefficients;
        for (Eigen::Index c = 0; c < width; ++c)
            Eigen::Map<Eigen::VectorXd>(out[static_cast<std::size_t>(c)].data() + first, count) = left.col(c);
    }
    return out;
}

/// Root mean square over columns of the residuals by their deviation on rows [first, known).
std::vector<double> joined(const Columns& residuals, std::size_t first, std::size_t known)
{
    const auto rows = residuals[0].size();
    std::vector<double> out(rows, 0.0);
    for (const auto& column : residuals) {
        const double deviation =
            known > first
                ? std::max(meanSpread(std::span(column).subspan(first, known - first)).scale, smallestDeviation)
                : 1.0;
        for (std::size_t i = first; i < rows; ++i)
            out[i] += std::pow(std::min(std::abs(column[i]) / deviation, largestResidual), 2);
    }
    for (auto& score : out)
        score = std::sqrt(score / static_cast<double>(residuals.size()));
    return out;
}
} // namespace

const DetectorSpec& ForecastResidual::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "forecast_residual",
        .title = "Forecast of the next row",
        .help =
            "Finds rows that a forecast from the rows before misses. All columns foretell each column, or each follows "
            "its own level, trend and season.",
        .paper = "Luetkepohl, New Introduction to Multiple Time Series Analysis, 2005; Winters, Forecasting Sales by "
                 "Exponentially Weighted Moving Averages, Management Science 1960",
        .units = {UnitKind::Row, UnitKind::Window},
        .parameters = {{.name = "method",
                        .type = ParameterSpec::Type::Choice,
                        .standard = std::string("regression"),
                        .choices = {"regression", "holt_winters"},
                        .help =
                            "A linear regression on the last rows of all columns, or exponential smoothing of each."},
                       {.name = "lags",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{3},
                        .minimum = 1,
                        .maximum = 50,
                        .unit = "rows",
                        .help = "How many rows before a row the regression looks at."},
                       {.name = "season",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{0},
                        .minimum = 0,
                        .maximum = 20'000,
                        .unit = "rows",
                        .help = "Length of the season in Holt-Winters; 0 = the period of the data."}},
        .family = DetectorFamily::Series,
        .context = ScoreContext::Series,
        .live = LiveForm::None};
    return spec;
}

ForecastResidual::ForecastResidual(Parameters parameters, std::uint64_t /*seed*/)
    : SeriesDetector(describe(), std::move(parameters))
{
}

double ForecastResidual::secondsFor(double rows) const
{
    return 1e-5 + rows * (choice("method") == "regression" ? 2e-8 * static_cast<double>(count("lags")) : 4e-7);
}

Result<std::vector<double>> ForecastResidual::scoreBlock(const SeriesBlock& block, JobContext& job) const
{
    const auto columns = compressedByReference(block);
    const auto known = block.reference > 0 ? block.reference : block.rows();
    std::vector<double> scores;
    if (choice("method") == "regression") {
        const auto lags = std::clamp<std::size_t>(widestRegression / columns.size(), 1, count("lags"));
        scores = joined(regressionResiduals(columns, lags, known, job), std::min(lags, known), known);
    } else {
        const auto season = count("season") > 0 ? count("season") : period();
        Columns residuals;
        for (const auto& column : columns)
            if (!job.stopRequested())
                residuals.push_back(holtWintersResiduals(column, season, known));
        if (residuals.size() == columns.size())
            scores = joined(residuals, std::min(holtWintersStart(season, known), known), known);
    }
    return job.stopRequested() ? Result<std::vector<double>>(cancelled()) : scores;
}

} // namespace faultline::detectors
