// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/sub_pca.h"
#include "engine/detectors/series/series_math.h"
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace faultline::detectors
{

namespace
{
constexpr Eigen::Index block = 1024;
using Windows = Eigen::Map<const Eigen::MatrixXd, 0, Eigen::OuterStride<1>>; // column i = the window from row i

Windows windowsOf(const std::vector<double>& values, std::size_t length)
{
    return {values.data(), static_cast<Eigen::Index>(length), static_cast<Eigen::Index>(values.size() - length + 1),
            Eigen::OuterStride<1>()};
}

struct Components {
    Eigen::VectorXd mean, variance; ///< variances falling
    Eigen::MatrixXd axes;           ///< columns
};

Components componentsOf(const Windows& windows, JobContext& job)
{
    Components out;
    out.mean = windows.rowwise().mean();
    Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(windows.rows(), windows.rows());
    for (Eigen::Index first = 0; first < windows.cols() && !job.stopRequested(); first += block) {
        const auto count = std::min(block, windows.cols() - first);
        const Eigen::MatrixXd centred = windows.middleCols(first, count).colwise() - out.mean;
        covariance.noalias() += centred * centred.transpose();
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance / static_cast<double>(windows.cols()));
    out.variance = solver.eigenvalues().reverse().cwiseMax(0.0);
    out.axes = solver.eigenvectors().rowwise().reverse();
    return out;
}

/// What the square of each component counts.
Eigen::VectorXd weightsOf(const Components& components, bool residual)
{
    const auto& variance = components.variance;
    if (!residual)
        return (variance.array() + 0.01 * variance.mean()).inverse();
    constexpr double kept = 0.9;
    Eigen::VectorXd weights = Eigen::VectorXd::Ones(variance.size());
    double sum = 0.0;
    for (Eigen::Index i = 0; i + 1 < variance.size(); ++i) {
        weights[i] = 0.0;
        sum += variance[i];
        if (sum >= kept * variance.sum())
            break;
    }
    return weights;
}
} // namespace

const DetectorSpec& SubPca::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "sub_pca",
        .title = "Principal components of windows",
        .help =
            "Finds stretches of a series that its usual shapes cannot make up. Windows are compared by their principal "
            "components.",
        .paper = "Aggarwal, Outlier Analysis, 2017; Liu and Paparrizos, The Elephant in the Room: TSB-AD, NeurIPS 2024",
        .units = {UnitKind::Row, UnitKind::Window},
        .parameters = {{.name = "window",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{32},
                        .minimum = 0,
                        .maximum = 250,
                        .unit = "rows",
                        .help = "Length of the windows; 0 = the period of the data, or 32 where there is none."},
                       {.name = "measure",
                        .type = ParameterSpec::Type::Choice,
                        .standard = std::string("t2"),
                        .choices = {"t2", "residual"},
                        .help = "Distance along all components by their variance, or what the main ones leave over."}},
        .family = DetectorFamily::Series,
        .context = ScoreContext::Series,
        .live = LiveForm::None};
    return spec;
}

SubPca::SubPca(Parameters parameters, std::uint64_t /*seed*/) : ColumnDetector(describe(), std::move(parameters)) {}

double SubPca::secondsFor(double rows) const
{
    const double length = static_cast<double>(std::max<std::size_t>(count("window"), 32));
    return 1e-5 + 2e-9 * rows * length * length + 1e-8 * length * length * length;
}

std::vector<double> SubPca::scoreColumn(const Column& column, JobContext& job) const
{
    const auto rows = column.values.size();
    const auto wanted = count("window") > 0 ? count("window") : period() > 0 ? period() : 32;
    const auto length = std::min(wanted, std::max<std::size_t>(4, rows / 8));
    if (rows < 2 * length + 4)
        return std::vector<double>(rows, 0.0);
    const auto windows = windowsOf(column.values, length);
    const auto components = componentsOf(windows, job);
    const auto weights = weightsOf(components, choice("measure") == "residual");
    std::vector<double> scores;
    for (Eigen::Index first = 0; first < windows.cols() && !job.stopRequested(); first += block) {
        const auto counted = std::min(block, windows.cols() - first);
        const Eigen::MatrixXd centred = windows.middleCols(first, counted).colwise() - components.mean;
        const Eigen::MatrixXd along = components.axes.transpose() * centred;
        const Eigen::RowVectorXd squares = weights.transpose() * along.cwiseAbs2();
        for (const double s : squares)
            scores.push_back(std::sqrt(std::max(s, 0.0)));
    }
    return atCentres(scores, length, rows);
}

} // namespace faultline::detectors
