// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/random_feature_boundary.h"
#include "engine/core/random.h"
#include "engine/detectors/dense_io.h"
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

namespace
{
using Index = Eigen::Index;
constexpr float leastSpread = 1e-9F; ///< robust standard deviations; less is rounding
constexpr float farthest = 1e3F;     ///< standard deviations; beyond it every kernel is 0
constexpr std::size_t steps = 300;
constexpr double closeEnough = 1e-4; ///< duality gap as a share of the squared length

/// The units with the `wanted` least values (ties: the earlier).
std::vector<std::uint32_t> leastOf(const std::vector<float>& values, std::size_t wanted)
{
    std::vector<std::uint32_t> order(values.size());
    std::iota(order.begin(), order.end(), 0U);
    std::nth_element(
        order.begin(), order.begin() + static_cast<std::ptrdiff_t>(wanted - 1), order.end(),
        [&](std::uint32_t a, std::uint32_t b) { return values[a] != values[b] ? values[a] < values[b] : a < b; });
    order.resize(wanted);
    std::sort(order.begin(), order.end());
    return order;
}
} // namespace

const DetectorSpec& RandomFeatureBoundary::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "random_feature_boundary",
        .title = "One-class boundary",
        .help = "Finds units outside a smooth boundary around the training units, of any shape. Best where most of the "
                "training data is normal.",
        .paper =
            "Schölkopf et al., Estimating the Support of a High-Dimensional Distribution, Neural Computation 2001; "
            "Rahimi and Recht, Random Features for Large-Scale Kernel Machines, NIPS 2007",
        .units = {UnitKind::Row, UnitKind::Window, UnitKind::Session},
        .parameters = {{.name = "outside",
                        .type = ParameterSpec::Type::Real,
                        .standard = 0.1,
                        .minimum = 0.001,
                        .maximum = 1.0,
                        .help = "Share of the training units that the boundary leaves outside."},
                       {.name = "gamma",
                        .type = ParameterSpec::Type::Real,
                        .standard = 0.0,
                        .minimum = 0.0,
                        .maximum = 1e4,
                        .help = "How closely the boundary follows the units, 1 / squared width of the kernel; 0 takes "
                                "the median distance of units for the width."},
                       {.name = "features",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{256},
                        .minimum = 8,
                        .maximum = 4096,
                        .unit = "features",
                        .help = "Random features; more follow the kernel more closely, time grows in proportion."},
                       {.name = "samples",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{4096},
                        .minimum = 2,
                        .maximum = 50'000,
                        .unit = "units",
                        .help = "How many training units the boundary is fitted to, an even sample."}},
        .family = DetectorFamily::Projection};
    return spec;
}

RandomFeatureBoundary::RandomFeatureBoundary(Parameters parameters, std::uint64_t seed)
    : ConfiguredDetector(describe(), std::move(parameters)), m_seed(deriveSeed(seed, "random_feature_boundary"))
{
}

CostEstimate RandomFeatureBoundary::cost(const WorkSize& work) const
{
    const auto wanted = static_cast<double>(count("features")), columns = static_cast<double>(work.columns);
    const auto sampled = static_cast<double>(std::min(work.trainingUnits, count("samples")));
    const auto scored = static_cast<double>(work.scoredUnits);
    return {.seconds = wanted * ((sampled + scored) * (2e-9 + 4e-10 * columns) + sampled * 4e-10 * steps),
            .bytes = 4.0 * wanted * (sampled + columns) + 4.0 * sampled * columns + 8.0 * scored};
}

Eigen::VectorXf RandomFeatureBoundary::standardise(const features::Matrix& cells, std::size_t unit) const
{
    Eigen::VectorXd row(m_mean.size());
    m_columns.read(cells, unit, row.data());
    return ((row.cast<float>() - m_mean).cwiseQuotient(m_spread)).cwiseMax(-farthest).cwiseMin(farthest);
}

/// One unit at a time, so that rounding does not depend on who is scored with it.
Eigen::VectorXf RandomFeatureBoundary::featuresOf(const Eigen::VectorXf& row) const
{
    const float scale = std::sqrt(2.0F / static_cast<float>(m_phases.size()));
    Eigen::VectorXf angles = m_phases;
    angles.noalias() += m_frequencies * row;
    return scale * angles.array().cos();
}

void RandomFeatureBoundary::learnScaling(const Eigen::MatrixXf& rows)
{
    m_mean = rows.cast<double>().rowwise().mean().cast<float>();
    m_spread = (rows.colwise() - m_mean).cast<double>().array().square().rowwise().mean().sqrt().cast<float>();
    for (auto& spread : m_spread)
        spread = spread < leastSpread ? 1.0F : spread;
}

void RandomFeatureBoundary::drawFeatures(const Eigen::MatrixXf& rows)
{
    Random random(m_seed);
    double gamma = real("gamma");
    if (gamma == 0.0) {
        std::vector<double> squared;
        for (std::size_t i = 0; i < 1000; ++i) {
            const auto a = static_cast<Index>(random.below(static_cast<std::uint64_t>(rows.cols())));
            const auto b = static_cast<Index>(random.below(static_cast<std::uint64_t>(rows.cols())));
            squared.push_back(static_cast<double>((rows.col(a) - rows.col(b)).squaredNorm()));
        }
        std::nth_element(squared.begin(), squared.begin() + 500, squared.end());
        gamma = squared[500] > 0.0 ? 1.0 / squared[500] : 1.0;
    }
    const double width = std::min(std::sqrt(2.0 * gamma), 1e6);
    m_frequencies.resize(static_cast<Index>(count("features")), rows.rows());
    m_phases.resize(m_frequencies.rows());
    for (Index f = 0; f < m_frequencies.rows(); ++f) {
        for (Index c = 0; c < m_frequencies.cols(); ++c)
            m_frequencies(f, c) = static_cast<float>(width * random.normal());
        m_phases[f] = static_cast<float>(2.0 * std::numbers::pi * random.uniform());
    }
}

bool RandomFeatureBoundary::solve(const Eigen::MatrixXf& features, JobContext& job)
{
    const auto units = static_cast<std::size_t>(features.cols());
    const auto least = std::max<std::size_t>(1, static_cast<std::size_t>(real("outside") * static_cast<double>(units)));
    m_share.assign(units, 1.0F / static_cast<float>(units));
    m_weights = features.rowwise().mean();
    std::vector<float> inside(units);
    const auto project = [&] {
        tbb::parallel_for(tbb::blocked_range<std::size_t>(0, units, 256), [&](const auto& range) {
            for (auto i = range.begin(); i != range.end() && job.advance(0); ++i)
                inside[i] = features.col(static_cast<Index>(i)).dot(m_weights);
        });
        return !job.stopRequested();
    };
    for (std::size_t step = 0; step < steps; ++step) {
        if (!project())
            return false;
        const auto toward = leastOf(inside, least);
        Eigen::VectorXf vertex = Eigen::VectorXf::Zero(m_weights.size());
        for (const auto unit : toward)
            vertex += features.col(unit);
        vertex /= static_cast<float>(least);
        const Eigen::VectorXf gap = m_weights - vertex;
        const double falls = static_cast<double>(m_weights.dot(gap));
        if (falls <= closeEnough * static_cast<double>(m_weights.squaredNorm()))
            break;
        const auto part = static_cast<float>(std::clamp(falls / static_cast<double>(gap.squaredNorm()), 0.0, 1.0));
        m_weights -= part * gap;
        for (auto& share : m_share)
            share *= 1.0F - part;
        for (const auto unit : toward)
            m_share[unit] += part / static_cast<float>(least);
    }
    if (!project())
        return false;
    m_squaredLength = std::max(1e-6, static_cast<double>(m_weights.squaredNorm()));
    std::nth_element(inside.begin(), inside.begin() + static_cast<std::ptrdiff_t>(least - 1), inside.end());
    m_rho = static_cast<double>(inside[least - 1]);
    return true;
}

Result<void> RandomFeatureBoundary::fit(const DetectorInput& training, JobContext& job)
{
    if (auto checked = checkInput(training, -1, 1); !checked)
        return checked;
    if (auto learned = m_columns.learn(*training.table); !learned)
        return learned;
    m_sampled = evenSample(training.table->units(), count("samples"), m_seed);
    const auto d = static_cast<Index>(m_columns.size()), units = static_cast<Index>(m_sampled.size());
    m_mean = Eigen::VectorXf::Zero(d);
    m_spread = Eigen::VectorXf::Ones(d);
    Eigen::MatrixXf rows(d, units);
    Eigen::VectorXd row(d);
    for (Index i = 0; i < units; ++i) {
        if (!job.advance())
            return cancelled();
        m_columns.read(*training.standardised, m_sampled[static_cast<std::size_t>(i)], row.data());
        rows.col(i) = row.cast<float>();
    }
    learnScaling(rows);
    for (Index i = 0; i < units && job.advance(0); ++i)
        rows.col(i) = standardise(*training.standardised, m_sampled[static_cast<std::size_t>(i)]);
    drawFeatures(rows);
    Eigen::MatrixXf features(m_phases.size(), units);
    tbb::parallel_for(tbb::blocked_range<Index>(0, units, 64), [&](const auto& range) {
        for (auto i = range.begin(); i != range.end() && job.advance(0); ++i)
            features.col(i) = featuresOf(rows.col(i));
    });
    if (job.stopRequested() || !solve(features, job))
        return cancelled();
    return {};
}

Result<std::vector<double>> RandomFeatureBoundary::score(const DetectorInput& input, const ScoreOptions& options,
                                                         JobContext& job) const
{
    if (auto checked = checkInput(input, m_columns.ofTable(), 0); !checked)
        return tl::unexpected(checked.error());
    std::vector<double> scores(input.table->units(), 0.0);
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, scores.size(), 64), [&](const auto& range) {
        for (auto unit = range.begin(); unit != range.end() && job.advance(); ++unit) {
            const auto features = featuresOf(standardise(*input.standardised, unit));
            auto inside = static_cast<double>(m_weights.dot(features));
            const auto known = std::lower_bound(m_sampled.begin(), m_sampled.end(), unit);
            if (options.isTrainingData && known != m_sampled.end() && *known == unit) {
                const auto share = static_cast<double>(m_share[static_cast<std::size_t>(known - m_sampled.begin())]);
                inside = share < 1.0 ? (inside - share * static_cast<double>(features.squaredNorm())) / (1.0 - share)
                                     : m_rho;
            }
            scores[unit] = std::clamp(outsideness(inside), -1e6, 1e6);
        }
    });
    if (job.stopRequested())
        return cancelled();
    return scores;
}

std::vector<Contribution> RandomFeatureBoundary::explain(const DetectorInput& input, std::size_t unit) const
{
    if (!checkInput(input, m_columns.ofTable(), unit + 1))
        return {};
    const auto row = standardise(*input.standardised, unit);
    const double inside = static_cast<double>(m_weights.dot(featuresOf(row)));
    std::vector<double> weights(m_columns.size());
    for (Index c = 0; c < row.size(); ++c) {
        Eigen::VectorXf usual = row;
        usual[c] = 0.0F;
        weights[static_cast<std::size_t>(c)] = static_cast<double>(m_weights.dot(featuresOf(usual))) - inside;
    }
    return m_columns.shares(weights);
}

void RandomFeatureBoundary::save(TensorBundle& bundle, const std::string& prefix) const
{
    m_columns.save(bundle, prefix);
    putDense(bundle, prefix + "/mean", m_mean);
    putDense(bundle, prefix + "/spread", m_spread);
    putDense(bundle, prefix + "/frequencies", m_frequencies);
    putDense(bundle, prefix + "/phases", m_phases);
    putDense(bundle, prefix + "/weights", m_weights);
    putDense(bundle, prefix + "/share", m_share);
    putDense(bundle, prefix + "/sampled", m_sampled);
    bundle.put(prefix + "/boundary", std::vector<double>{m_rho, m_squaredLength});
}

Result<void> RandomFeatureBoundary::load(const TensorBundle& bundle, const std::string& prefix)
{
    ValueColumns columns;
    if (auto loaded = columns.load(spec(), bundle, prefix); !loaded)
        return loaded;
    const auto d = columns.size(), wanted = count("features");
    const auto mean = bundle.vector<float>(prefix + "/mean", d), spread = bundle.vector<float>(prefix + "/spread", d);
    const auto frequencies = bundle.vector<float>(prefix + "/frequencies", d * wanted);
    const auto phases = bundle.vector<float>(prefix + "/phases", wanted);
    const auto weights = bundle.vector<float>(prefix + "/weights", wanted);
    if (!mean || !spread || !frequencies || !phases || !weights)
        return tl::unexpected(!mean          ? mean.error()
                              : !spread      ? spread.error()
                              : !frequencies ? frequencies.error()
                              : !phases      ? phases.error()
                                             : weights.error());
    auto sampled = bundle.vector<std::uint32_t>(prefix + "/sampled");
    if (!sampled)
        return tl::unexpected(sampled.error());
    auto share = bundle.vector<float>(prefix + "/share", sampled->size());
    const auto boundary = bundle.vector<double>(prefix + "/boundary", 2);
    if (!share || !boundary)
        return tl::unexpected(!share ? share.error() : boundary.error());
    const auto within = [](const std::vector<float>& values, float low, float high) {
        return std::all_of(values.begin(), values.end(), [&](float v) { return v >= low && v <= high; });
    };
    if (!within(*mean, -1e6F, 1e6F) || !within(*spread, leastSpread, 1e7F) || !within(*frequencies, -1e8F, 1e8F) ||
        !within(*phases, 0.0F, 7.0F) || !within(*weights, -2.0F, 2.0F) || !within(*share, 0.0F, 1.0F) ||
        !allWithin(*boundary, -2.0, 2.0) || (*boundary)[1] < 1e-6)
        return damagedModel(spec());
    m_columns = std::move(columns);
    m_mean = denseVector(*mean);
    m_spread = denseVector(*spread);
    m_phases = denseVector(*phases);
    m_weights = denseVector(*weights);
    m_frequencies = Eigen::Map<const Eigen::MatrixXf>(frequencies->data(), m_phases.size(), m_mean.size());
    m_sampled = std::move(*sampled);
    m_share = std::move(*share);
    m_rho = boundary->front();
    m_squaredLength = boundary->back();
    return {};
}

} // namespace faultline::detectors
