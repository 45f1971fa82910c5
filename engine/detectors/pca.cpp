// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/pca.h"
#include "engine/detectors/dense_io.h"
#include "engine/detectors/moments.h"
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

namespace
{
constexpr double leastSpread = 1e-9; ///< robust standard deviations; less is rounding
using Index = Eigen::Index;
} // namespace

const DetectorSpec& Pca::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "pca",
        .title = "Principal components",
        .help = "Finds units whose columns do not move together as they usually do, also when each column alone looks "
                "ordinary.",
        .paper = "Shyu, Chen, Sarinnapakorn and Chang, A Novel Anomaly Detection Scheme Based on Principal Component "
                 "Classifier, ICDM Foundations Workshop 2003",
        .units = {UnitKind::Row, UnitKind::Window, UnitKind::Session},
        .parameters = {{.name = "share",
                        .type = ParameterSpec::Type::Real,
                        .standard = 0.9,
                        .minimum = 0.01,
                        .maximum = 0.9999,
                        .help = "Share of the variance that the kept components hold at least."},
                       {.name = "distance",
                        .type = ParameterSpec::Type::Choice,
                        .standard = std::string("residual"),
                        .choices = {"residual", "kept", "both"},
                        .help = "What is measured: what the kept components cannot reproduce, how extreme a unit is "
                                "along them, or both."}},
        .family = DetectorFamily::Projection};
    return spec;
}

Pca::Pca(Parameters parameters, std::uint64_t /*seed*/) : ConfiguredDetector(describe(), std::move(parameters)) {}

CostEstimate Pca::cost(const WorkSize& work) const
{
    const auto d = static_cast<double>(work.columns);
    const auto learned = static_cast<double>(work.trainingUnits), scored = static_cast<double>(work.scoredUnits);
    return {.seconds = 1e-9 * (learned * d * (d + 20.0) + scored * d * (d + 20.0)) + 1e-8 * d * d * d,
            .bytes = 8.0 * (40.0 * d * d + scored)};
}

Result<void> Pca::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 1); !checked)
        return checked;
    if (auto learned = m_columns.learn(*training.table); !learned)
        return learned;
    if (auto narrow = checkWidth(m_columns.size()); !narrow)
        return narrow;
    const auto read = [&](std::size_t unit, double* out) {
        m_columns.read(*training.standardised, unit, out);
        return true;
    };
    auto moments = momentsOf(training.table->units(), m_columns.size(), read, job);
    if (!moments)
        return tl::unexpected(moments.error());
    m_mean = moments->mean;
    const Eigen::MatrixXd covariance = moments->scatter / std::max(1.0, static_cast<double>(moments->count) - 1.0);
    m_spread = covariance.diagonal().cwiseSqrt();
    for (auto& spread : m_spread)
        spread = spread < leastSpread ? 1.0 : spread;
    const Eigen::VectorXd scale = m_spread.cwiseInverse();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(scale.asDiagonal() * covariance * scale.asDiagonal());
    keepComponents(solver.eigenvalues().reverse().cwiseMax(0.0), solver.eigenvectors().rowwise().reverse());
    if (job.stopRequested())
        return cancelled();
    return {};
}

void Pca::keepComponents(const Eigen::VectorXd& values, const Eigen::MatrixXd& vectors)
{
    const double total = values.sum();
    Index kept = 0;
    double sum = 0.0;
    // Directions without variance are rounding: the residual speaks for them.
    while (kept < values.size() && values[kept] > 1e-9 * total && sum <= real("share") * total)
        sum += values[kept++];
    m_components = vectors.leftCols(kept);
    m_variance = values.head(kept);
    const auto others = static_cast<double>(values.size() - kept);
    m_rest = others > 0.0 ? std::max((total - sum) / others, 1e-3) : 1.0;
}

void Pca::take(const features::Matrix& standardised, std::size_t unit, Parts& parts) const
{
    parts.z.resize(m_mean.size());
    m_columns.read(standardised, unit, parts.z.data());
    parts.z = (parts.z - m_mean).cwiseQuotient(m_spread);
    parts.scores.noalias() = m_components.transpose() * parts.z;
    parts.residual = parts.z;
    parts.residual.noalias() -= m_components * parts.scores;
}

Result<std::vector<double>> Pca::score(const DetectorInput& input, const ScoreOptions& /*options*/,
                                       JobContext& job) const
{
    if (auto checked = checkInput(input, m_columns.ofTable(), 0); !checked)
        return tl::unexpected(checked.error());
    std::vector<double> scores(input.table->units(), 0.0);
    const bool takesResidual = choice("distance") != "kept", takesKept = choice("distance") != "residual";
    const double rest = takesKept ? m_rest : 1.0;
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, scores.size(), 256), [&](const auto& range) {
        Parts parts;
        for (auto unit = range.begin(); unit != range.end() && job.advance(); ++unit) {
            take(*input.standardised, unit, parts);
            const double residual = takesResidual ? parts.residual.squaredNorm() / rest : 0.0;
            const double kept = takesKept ? parts.scores.cwiseAbs2().cwiseQuotient(m_variance).sum() : 0.0;
            scores[unit] = std::sqrt(residual + kept);
        }
    });
    if (job.stopRequested())
        return cancelled();
    return scores;
}

std::vector<Contribution> Pca::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!checkInput(input, m_columns.ofTable(), unit + 1))
        return {};
    Parts parts;
    take(*input.standardised, unit, parts);
    Eigen::VectorXd weights = Eigen::VectorXd::Zero(parts.z.size());
    if (choice("distance") != "kept")
        weights += parts.residual.cwiseAbs2() / (choice("distance") == "both" ? m_rest : 1.0);
    if (choice("distance") != "residual")
        weights += parts.z.cwiseProduct(m_components * parts.scores.cwiseQuotient(m_variance)).cwiseMax(0.0);
    return m_columns.shares({weights.data(), static_cast<std::size_t>(weights.size())});
}

void Pca::save(TensorBundle& bundle, const std::string& prefix) const
{
    m_columns.save(bundle, prefix);
    putDense(bundle, prefix + "/mean", m_mean);
    putDense(bundle, prefix + "/spread", m_spread);
    putDense(bundle, prefix + "/components", m_components);
    putDense(bundle, prefix + "/variance", m_variance);
    bundle.put(prefix + "/rest", std::vector<double>{m_rest});
}

Result<void> Pca::load(const TensorBundle& bundle, const std::string& prefix)
{
    ValueColumns columns;
    if (auto loaded = columns.load(spec(), bundle, prefix); !loaded)
        return loaded;
    const auto variance = bundle.vector<double>(prefix + "/variance");
    if (!variance)
        return tl::unexpected(variance.error());
    const auto mean = bundle.vector<double>(prefix + "/mean", columns.size());
    const auto spread = bundle.vector<double>(prefix + "/spread", columns.size());
    const auto components = bundle.vector<double>(prefix + "/components", columns.size() * variance->size());
    const auto rest = bundle.vector<double>(prefix + "/rest", 1);
    if (!mean || !spread || !components || !rest)
        return tl::unexpected(!mean         ? mean.error()
                              : !spread     ? spread.error()
                              : !components ? components.error()
                                            : rest.error());
    if (columns.size() > mostDimensions || !allWithin(*mean, -1e6, 1e6) || !allWithin(*spread, leastSpread, 1e7) ||
        !allWithin(*components, -1.1, 1.1) || !allWithin(*variance, 1e-12, 1e6) || !allWithin(*rest, 1e-12, 1e6))
        return damagedModel(spec());
    m_columns = std::move(columns);
    m_mean = denseVector(*mean);
    m_spread = denseVector(*spread);
    m_variance = denseVector(*variance);
    m_components =
        Eigen::Map<const Eigen::MatrixXd>(components->data(), m_mean.size(), static_cast<Index>(variance->size()));
    m_rest = rest->front();
    return {};
}

} // namespace faultline::detectors
