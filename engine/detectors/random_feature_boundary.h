// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/value_columns.h"
#include <Eigen/Core>

namespace faultline::detectors
{

/// How far a unit lies outside a smooth boundary that holds all but a share of the training units.
///
/// Measures: (rho - w'f(x)) / |w|^2, 0 on the boundary and positive outside, of the one-class support vector machine
/// with the Gaussian kernel exp(-gamma |x - y|^2) on `features` random Fourier features f. w is the shortest vector of
/// the hull of the training units' features in which no unit weighs more than 1 / (outside * n); it is found by
/// Frank-Wolfe steps with exact line search (each a mean over the units that are least inside). rho leaves `outside` of
/// the units outside. Columns are standardised values, centred and divided by their standard deviation; those that do
/// not vary by 1e-9 keep their unit. `gamma` 0: 1 / the median squared distance of random pairs.
///
/// Training: at most `samples` units, an even sample; those leave themselves out (what they add to w is taken away).
/// Missing counts as typical, Phase columns do not count.
///
/// Range [-1e6, 1e6], in practice -1 to 3. Deterministic for a seed on one processor model, whatever the threads.
/// Explained by how much less outside the unit would be with the column at its mean.
///
/// Cost: O(samples features (d + steps)) to fit, O(features d) a unit; 4 features (samples + d) bytes while fitting.
///
/// Errors: an empty table; no column that counts; other columns than were learned.
///
/// Papers: Schölkopf et al., "Estimating the support of a high-dimensional distribution", 2001; Rahimi and Recht,
/// "Random features for large-scale kernel machines", NIPS 2007; Jaggi, "Revisiting Frank-Wolfe", ICML 2013.
class RandomFeatureBoundary final : public ConfiguredDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    RandomFeatureBoundary(Parameters parameters, std::uint64_t seed);

    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) override;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const override;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const override;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const override;
    void save(TensorBundle& bundle, const std::string& prefix) const override;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) override;

private:
    [[nodiscard]] Eigen::VectorXf standardise(const features::Matrix& cells, std::size_t unit) const;
    [[nodiscard]] Eigen::VectorXf featuresOf(const Eigen::VectorXf& row) const;
    [[nodiscard]] double outsideness(double inside) const { return (m_rho - inside) / m_squaredLength; }
    void learnScaling(const Eigen::MatrixXf& rows);
    void drawFeatures(const Eigen::MatrixXf& rows);
    /// Sets the weights; false when it was stopped.
    [[nodiscard]] bool solve(const Eigen::MatrixXf& features, JobContext& job);

    std::uint64_t m_seed;
    ValueColumns m_columns;
    Eigen::VectorXf m_mean, m_spread; ///< of the columns
    Eigen::MatrixXf m_frequencies;    ///< features x columns
    Eigen::VectorXf m_phases;         ///< features
    Eigen::VectorXf m_weights;        ///< features: w
    double m_rho = 0.0, m_squaredLength = 1.0;
    std::vector<std::uint32_t> m_sampled; ///< training units, ascending
    std::vector<float> m_share;           ///< per sampled unit: its part of w
};

} // namespace faultline::detectors
