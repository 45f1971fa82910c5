// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/ar_residual.h"
#include "engine/detectors/series/series_math.h"
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace faultline::detectors
{

namespace
{
constexpr double ridge = 1e-2, clip = 3.0;
constexpr int passes = 2;

/// Ridge coefficients for rows [values[i .. i + order), 1] -> values[i + order], weighted.
Eigen::VectorXd coefficientsOf(const std::vector<double>& values, std::size_t order, const std::vector<double>& weights,
                               JobContext& job)
{
    const auto width = static_cast<Eigen::Index>(order) + 1;
    Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(width, width);
    Eigen::VectorXd right = Eigen::VectorXd::Zero(width), row = Eigen::VectorXd::Ones(width);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (i % 1024 == 0 && job.stopRequested())
            break;
        row.head(width - 1) = Eigen::Map<const Eigen::VectorXd>(values.data() + i, width - 1);
        gram.selfadjointView<Eigen::Lower>().rankUpdate(row, weights[i]);
        right += weights[i] * values[i + order] * row;
    }
    gram.diagonal().array() += ridge * gram.trace() / static_cast<double>(width);
    return gram.selfadjointView<Eigen::Lower>().ldlt().solve(right);
}

/// |residual| of each row from those before it, in order; the first `order` rows get the median of the others.
std::vector<double> residualsOf(const std::vector<double>& values, std::size_t order, JobContext& job)
{
    const auto count = values.size() - order;
    std::vector<double> weights(count, 1.0), residuals(count);
    for (int pass = 0; pass < passes && !job.stopRequested(); ++pass) {
        const auto c = coefficientsOf(values, order, weights, job);
        for (std::size_t i = 0; i < count; ++i)
            residuals[i] =
                values[i + order] - c[static_cast<Eigen::Index>(order)] -
                c.head(static_cast<Eigen::Index>(order))
                    .dot(Eigen::Map<const Eigen::VectorXd>(values.data() + i, static_cast<Eigen::Index>(order)));
        const auto spread = robustSpread(residuals);
        for (std::size_t i = 0; i < count; ++i)
            weights[i] = std::min(1.0, clip * spread.scale / std::max(std::abs(residuals[i] - spread.centre), 1e-12));
    }
    for (auto& r : residuals)
        r = std::abs(r);
    std::vector<double> out(order, robustSpread(residuals).centre);
    out.insert(out.end(), residuals.begin(), residuals.end());
    return out;
}
} // namespace

const DetectorSpec& ArResidual::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "ar_residual",
        .title = "Autoregression, both ways",
        .help =
            "Finds values that neither the rows before nor the rows after would foretell. Outliers do not spoil the "
            "fit.",
        .paper =
            "Chang, Tiao and Chen, Estimation of Time Series Parameters in the Presence of Outliers, Technometrics "
            "1988",
        .units = {UnitKind::Row, UnitKind::Window},
        .parameters = {{.name = "order",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{16},
                        .minimum = 1,
                        .maximum = 200,
                        .unit = "rows",
                        .help = "How many neighbouring rows foretell a value."}},
        .family = DetectorFamily::Series,
        .context = ScoreContext::Series,
        .live = LiveForm::None};
    return spec;
}

ArResidual::ArResidual(Parameters parameters, std::uint64_t /*seed*/)
    : ColumnDetector(describe(), std::move(parameters))
{
}

double ArResidual::secondsFor(double rows) const
{
    const auto order = static_cast<double>(count("order") + 1);
    return 1e-5 + 4e-9 * rows * order * order;
}

std::vector<double> ArResidual::scoreColumn(const Column& column, JobContext& job) const
{
    const auto order = count("order");
    auto values = column.values;
    const double centre = robustSpread(values).centre;
    for (auto& v : values)
        v -= centre;
    if (values.size() < 4 * order) {
        for (auto& v : values)
            v = std::abs(v);
        return values;
    }
    const auto forward = residualsOf(values, order, job);
    std::reverse(values.begin(), values.end());
    const auto backward = residualsOf(values, order, job);
    std::vector<double> out(values.size());
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = 0.5 * (forward[i] + backward[out.size() - 1 - i]);
    return out;
}

} // namespace faultline::detectors
