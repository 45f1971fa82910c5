// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/polynomial_residual.h"
#include <Eigen/Dense>
#include <cmath>

namespace faultline::detectors
{

namespace
{
/// Weights of a window's rows in the polynomial's value at row `at`, which has none itself.
std::vector<double> weightsAt(std::size_t at, std::size_t length, std::size_t degree)
{
    const auto rows = static_cast<Eigen::Index>(length), terms = static_cast<Eigen::Index>(degree) + 1;
    const double half = 0.5 * static_cast<double>(length);
    Eigen::MatrixXd powers(rows, terms);
    for (Eigen::Index i = 0; i < rows; ++i) {
        const double t = (static_cast<double>(i) - static_cast<double>(at)) / half;
        double power = static_cast<std::size_t>(i) == at ? 0.0 : 1.0;
        for (Eigen::Index k = 0; k < terms; ++k, power *= t)
            powers(i, k) = power;
    }
    const Eigen::MatrixXd inverse = powers.completeOrthogonalDecomposition().pseudoInverse();
    std::vector<double> out(length);
    for (Eigen::Index i = 0; i < rows; ++i)
        out[static_cast<std::size_t>(i)] = inverse(0, i);
    return out;
}
} // namespace

const DetectorSpec& PolynomialResidual::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "polynomial_residual",
        .title = "Residual from a local polynomial",
        .help = "Finds values that do not lie on the smooth curve through their neighbours.",
        .paper = "Savitzky and Golay, Smoothing and Differentiation of Data, Analytical Chemistry 1964",
        .units = {UnitKind::Row, UnitKind::Window},
        .parameters = {{.name = "window",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{21},
                        .minimum = 5,
                        .maximum = 501,
                        .unit = "rows",
                        .help = "How many rows around a value the curve goes through; an even number counts one more."},
                       {.name = "degree",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{3},
                        .minimum = 0,
                        .maximum = 3,
                        .help = "Of the polynomial: 0 a level, 1 a line, 3 a curve that may turn twice."}},
        .family = DetectorFamily::Series,
        .context = ScoreContext::Series,
        .live = LiveForm::None};
    return spec;
}

PolynomialResidual::PolynomialResidual(Parameters parameters, std::uint64_t /*seed*/)
    : ColumnDetector(describe(), std::move(parameters))
{
}

double PolynomialResidual::secondsFor(double rows) const
{
    return 1e-5 + 1e-9 * rows * static_cast<double>(count("window"));
}

std::vector<double> PolynomialResidual::scoreColumn(const Column& column, JobContext& job) const
{
    const auto length = count("window") | 1U, half = length / 2;
    const auto rows = column.values.size();
    std::vector<double> out(rows, 0.0);
    if (rows < length)
        return out;
    const auto centred = weightsAt(half, length, count("degree"));
    for (std::size_t i = 0; i < rows; ++i) {
        if (i % 4096 == 0 && job.stopRequested())
            break;
        const auto first = std::min(i > half ? i - half : 0, rows - length);
        const bool isCentred = i - first == half;
        const auto weights = isCentred ? std::vector<double>{} : weightsAt(i - first, length, count("degree"));
        const auto& used = isCentred ? centred : weights;
        double expected = 0.0;
        for (std::size_t t = 0; t < length; ++t)
            expected += used[t] * column.values[first + t];
        out[i] = std::abs(column.values[i] - expected);
    }
    return out;
}

} // namespace faultline::detectors
