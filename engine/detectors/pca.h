// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/value_columns.h"
#include <Eigen/Core>

namespace faultline::detectors
{

/// How badly a unit fits the way in which the columns usually move together.
///
/// Measures, with z the columns centred and divided by their standard deviation (n - 1), l the eigenvalues of their
/// correlation matrix, largest first, and t = V'z over the fewest components whose shares of variance exceed `share`:
///   residual  |z - V t|, what the kept components cannot reproduce;
///   kept      sqrt(sum t_j^2 / l_j), how extreme the unit is along them (Hotelling's T);
///   both      sqrt(residual^2 / mean of the other eigenvalues + kept^2), the Mahalanobis distance of probabilistic
///   PCA.
/// A column that does not vary in training (below 1e-9 robust standard deviations) keeps its unit: a value never seen
/// there is all residual. Missing counts as typical, Phase columns do not count. Training units are not left out: one
/// among n moves the components by about 1 / n.
///
/// Range [0, 1e17]. Deterministic, whatever the threads. Explained by the squared residual of each column, and for
/// `kept` by the positive part of z_j times the gradient of the distance.
///
/// Cost: O(units d^2 + d^3) to fit, O(units d k) to score; 8 d (k + 2) bytes.
///
/// Errors: an empty table; no column that counts, or more than 500; other columns than were learned.
///
/// Papers: Shyu, Chen, Sarinnapakorn and Chang, "A novel anomaly detection scheme based on principal component
/// classifier", 2003; Tipping and Bishop, "Probabilistic principal component analysis", 1999.
class Pca final : public ConfiguredDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    Pca(Parameters parameters, std::uint64_t seed);

    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) override;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const override;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const override;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const override;
    void save(TensorBundle& bundle, const std::string& prefix) const override;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) override;

private:
    struct Parts {
        Eigen::VectorXd z, scores, residual;
    };
    void take(const features::Matrix& standardised, std::size_t unit, Parts& parts) const;
    void keepComponents(const Eigen::VectorXd& values, const Eigen::MatrixXd& vectors);

    ValueColumns m_columns;
    Eigen::VectorXd m_mean, m_spread; ///< of the columns
    Eigen::MatrixXd m_components;     ///< columns x kept
    Eigen::VectorXd m_variance;       ///< of the kept components, > 0
    double m_rest = 1.0;              ///< mean variance of the others, > 0
};

} // namespace faultline::detectors
