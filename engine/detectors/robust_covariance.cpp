// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/robust_covariance.h"
#include "engine/detectors/dense_io.h"
#include "engine/detectors/moments.h"
#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

namespace
{
constexpr double leastSpread = 1e-9; ///< robust standard deviations; less is rounding
using Index = Eigen::Index;

/// The quantile between order statistics, by linear interpolation; reorders the values.
double quantileOf(std::vector<double>& values, double q)
{
    const double place = q * static_cast<double>(values.size() - 1);
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(values.begin(), at, values.end());
    const double low = *at, part = place - std::floor(place);
    return part > 0.0 ? low + part * (*std::min_element(at + 1, values.end()) - low) : low;
}

double standardDeviation(const std::vector<double>& values)
{
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    double sum = 0.0;
    for (const double v : values)
        sum += (v - mean) * (v - mean);
    return std::sqrt(sum / n);
}

/// Which units have the `kept` least distances (ties: the earlier).
std::vector<std::uint8_t> nearestUnits(const std::vector<double>& distance, std::size_t kept)
{
    std::vector<std::uint32_t> order(distance.size());
    std::iota(order.begin(), order.end(), 0U);
    std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept - 1), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) {
                         return distance[a] != distance[b] ? distance[a] < distance[b] : a < b;
                     });
    std::vector<std::uint8_t> isNear(distance.size(), 0);
    for (std::size_t i = 0; i < kept; ++i)
        isNear[order[i]] = 1;
    return isNear;
}
} // namespace

const DetectorSpec& RobustCovariance::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "robust_covariance",
        .title = "Robust covariance",
        .help =
            "Finds units far from the bulk in the directions in which the bulk is narrow. Anomalies in the training "
            "data hardly widen the bulk.",
        .paper = "Rousseeuw and Van Driessen, A Fast Algorithm for the Minimum Covariance Determinant Estimator, "
                 "Technometrics 1999",
        .units = {UnitKind::Row, UnitKind::Window, UnitKind::Session},
        .parameters = {{.name = "share",
                        .type = ParameterSpec::Type::Real,
                        .standard = 0.75,
                        .minimum = 0.5,
                        .maximum = 1.0,
                        .help = "Share of the training units that make the bulk; the others may be anomalies."},
                       {.name = "ridge",
                        .type = ParameterSpec::Type::Real,
                        .standard = 0.01,
                        .minimum = 0.0,
                        .maximum = 10.0,
                        .help = "Added to every variance, times the mean variance: more trusts correlations less."},
                       {.name = "steps",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{10},
                        .minimum = 1,
                        .maximum = 100,
                        .unit = "steps",
                        .help = "Concentration steps; the bulk seldom changes after ten."},
                       {.name = "clip",
                        .type = ParameterSpec::Type::Real,
                        .standard = 20.0,
                        .minimum = 1.0,
                        .maximum = 1e6,
                        .unit = "robust standard deviations",
                        .help = "Values farther than this from the median count as this far."}},
        .family = DetectorFamily::Projection};
    return spec;
}

RobustCovariance::RobustCovariance(Parameters parameters, std::uint64_t /*seed*/)
    : ConfiguredDetector(describe(), std::move(parameters))
{
}

CostEstimate RobustCovariance::cost(const WorkSize& work) const
{
    const auto d = static_cast<double>(work.columns), steps = static_cast<double>(count("steps"));
    const auto learned = static_cast<double>(work.trainingUnits), scored = static_cast<double>(work.scoredUnits);
    return {.seconds = 1e-9 * (steps * learned * (d * d + 20.0 * d) + scored * d * (d + 10.0) + steps * d * d * d),
            .bytes = 8.0 * (learned * (d + 2.0) + scored + 40.0 * d * d)};
}

void RobustCovariance::learnScaling(const features::Matrix& standardised, JobContext& job)
{
    const auto d = m_columns.size();
    m_middle.resize(static_cast<Index>(d));
    m_spread.resize(static_cast<Index>(d));
    tbb::parallel_for(std::size_t{0}, d, [&](std::size_t column) {
        if (!job.advance(0))
            return;
        const auto c = static_cast<Index>(m_columns.ofTableAt(column));
        std::vector<double> values(static_cast<std::size_t>(standardised.rows()));
        for (Index i = 0; i < standardised.rows(); ++i)
            values[static_cast<std::size_t>(i)] = boundedCell(standardised(i, c));
        const double deviation = standardDeviation(values);
        const double width = quantileOf(values, 0.75) - quantileOf(values, 0.25);
        const double spread = std::max(width / 1.349, 0.1 * deviation);
        m_spread[static_cast<Index>(column)] = spread < leastSpread ? 1.0 : spread;
        m_middle[static_cast<Index>(column)] = quantileOf(values, 0.5);
    });
}

void RobustCovariance::read(const features::Matrix& standardised, std::size_t unit, double* out) const
{
    m_columns.read(standardised, unit, out);
    const double clip = real("clip");
    for (std::size_t c = 0; c < m_columns.size(); ++c)
        out[c] = std::clamp((out[c] - m_middle[static_cast<Index>(c)]) / m_spread[static_cast<Index>(c)], -clip, clip);
}

double RobustCovariance::squaredDistance(const Eigen::VectorXd& row) const
{
    return (m_whitening.triangularView<Eigen::Lower>() * (row - m_mean)).squaredNorm();
}

Result<void> RobustCovariance::concentrate(const features::Matrix& rows, std::vector<double>& distance, JobContext& job)
{
    const auto units = static_cast<std::size_t>(rows.rows()), d = m_columns.size();
    const auto share = static_cast<std::size_t>(real("share") * static_cast<double>(units));
    const auto isNear = nearestUnits(distance, std::max({share, std::min(units, d + 2), std::size_t{1}}));
    const auto read = [&](std::size_t unit, double* out) {
        if (isNear[unit] != 0)
            std::copy_n(rows.data() + unit * d, d, out);
        return isNear[unit] != 0;
    };
    auto moments = momentsOf(units, d, read, job);
    if (!moments)
        return tl::unexpected(moments.error());
    Eigen::MatrixXd covariance = moments->scatter / static_cast<double>(moments->count);
    covariance.diagonal().array() += real("ridge") * covariance.trace() / static_cast<double>(d) + 1e-9;
    const Eigen::LLT<Eigen::MatrixXd> factor(covariance);
    if (factor.info() != Eigen::Success)
        return fail({ErrorCode::Numeric, "the columns depend on one another too closely", {}, "give a larger ridge"});
    m_mean = std::move(moments->mean);
    m_whitening = Eigen::MatrixXd::Identity(m_mean.size(), m_mean.size());
    factor.matrixL().solveInPlace(m_whitening);
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, units, 256), [&](const auto& range) {
        for (auto unit = range.begin(); unit != range.end() && !job.stopRequested(); ++unit)
            distance[unit] = squaredDistance(rows.row(static_cast<Index>(unit)).transpose());
    });
    if (job.stopRequested())
        return cancelled();
    return {};
}

Result<void> RobustCovariance::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 1); !checked)
        return checked;
    if (auto learned = m_columns.learn(*training.table); !learned)
        return learned;
    if (auto narrow = checkWidth(m_columns.size()); !narrow)
        return narrow;
    learnScaling(*training.standardised, job);
    const auto units = training.table->units();
    features::Matrix rows(static_cast<Index>(units), static_cast<Index>(m_columns.size()));
    std::vector<double> distance(units);
    for (std::size_t unit = 0; unit < units; ++unit) {
        if (!job.advance())
            return cancelled();
        read(*training.standardised, unit, rows.data() + unit * m_columns.size());
        distance[unit] = rows.row(static_cast<Index>(unit)).squaredNorm();
    }
    for (std::size_t step = 0; step < count("steps"); ++step)
        if (auto done = concentrate(rows, distance, job); !done)
            return done;
    return {};
}

Result<std::vector<double>> RobustCovariance::score(const DetectorInput& input, const ScoreOptions& /*options*/,
                                                    JobContext& job) const
{
    if (auto checked = checkInput(input, m_columns.ofTable(), 0); !checked)
        return tl::unexpected(checked.error());
    std::vector<double> scores(input.table->units(), 0.0);
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, scores.size(), 256), [&](const auto& range) {
        Eigen::VectorXd row(m_mean.size());
        for (auto unit = range.begin(); unit != range.end() && job.advance(); ++unit) {
            read(*input.standardised, unit, row.data());
            scores[unit] = std::sqrt(squaredDistance(row));
        }
    });
    if (job.stopRequested())
        return cancelled();
    return scores;
}

std::vector<Contribution> RobustCovariance::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!checkInput(input, m_columns.ofTable(), unit + 1))
        return {};
    Eigen::VectorXd row(m_mean.size());
    read(*input.standardised, unit, row.data());
    row -= m_mean;
    const auto triangle = m_whitening.triangularView<Eigen::Lower>();
    const Eigen::VectorXd whitened = triangle * row;
    const Eigen::VectorXd weights = row.cwiseProduct(triangle.transpose() * whitened).cwiseMax(0.0);
    return m_columns.shares({weights.data(), static_cast<std::size_t>(weights.size())});
}

void RobustCovariance::save(TensorBundle& bundle, const std::string& prefix) const
{
    m_columns.save(bundle, prefix);
    putDense(bundle, prefix + "/middle", m_middle);
    putDense(bundle, prefix + "/spread", m_spread);
    putDense(bundle, prefix + "/mean", m_mean);
    putDense(bundle, prefix + "/whitening", m_whitening);
}

Result<void> RobustCovariance::load(const TensorBundle& bundle, const std::string& prefix)
{
    ValueColumns columns;
    if (auto loaded = columns.load(spec(), bundle, prefix); !loaded)
        return loaded;
    const auto d = columns.size();
    if (d > mostDimensions)
        return damagedModel(spec());
    const auto middle = bundle.vector<double>(prefix + "/middle", d);
    const auto spread = bundle.vector<double>(prefix + "/spread", d);
    const auto mean = bundle.vector<double>(prefix + "/mean", d);
    const auto whitening = bundle.vector<double>(prefix + "/whitening", d * d);
    if (!middle || !spread || !mean || !whitening)
        return tl::unexpected(!middle   ? middle.error()
                              : !spread ? spread.error()
                              : !mean   ? mean.error()
                                        : whitening.error());
    if (!allWithin(*middle, -1e6, 1e6) || !allWithin(*spread, leastSpread, 1e7) || !allWithin(*mean, -1e6, 1e6) ||
        !allWithin(*whitening, -1e12, 1e12))
        return damagedModel(spec());
    m_columns = std::move(columns);
    m_middle = denseVector(*middle);
    m_spread = denseVector(*spread);
    m_mean = denseVector(*mean);
    m_whitening = Eigen::Map<const Eigen::MatrixXd>(whitening->data(), m_mean.size(), m_mean.size());
    return {};
}

} // namespace faultline::detectors
