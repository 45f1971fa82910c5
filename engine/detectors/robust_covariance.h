// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/value_columns.h"
#include <Eigen/Core>

namespace faultline::detectors
{

/// How far a unit lies from the bulk of the others, measured in the bulk's own directions and widths.
///
/// Measures: the Mahalanobis distance to the mean and covariance of the `share` of the training units that lie nearest
/// to one another, found by concentration steps. Columns are first divided by a robust spread (interquartile range /
/// 1.349, at least a tenth of the standard deviation, 1 where they do not vary by 1e-9) around their median and clipped
/// at +-`clip`, so that one wild column does not outweigh all others; `ridge` times the mean variance is added to every
/// variance, so that columns that say the same do not blow up. Anomalies among the training units hardly move the
/// result unless they start within the bulk, so units are not left out. Missing counts as typical, Phase columns do not
/// count.
///
/// Range [0, 1e8]. Deterministic, whatever the threads. Explained by the positive part of each column's term in the sum
/// (x - mean)_j (precision (x - mean))_j.
///
/// Cost: O(steps units d^2 + steps d^3) to fit, O(units d^2) to score; 8 (d + 2) bytes a training unit while fitting.
///
/// Errors: an empty table; no column that counts, or more than 500; other columns than were learned.
///
/// Paper: Rousseeuw and Van Driessen, "A fast algorithm for the minimum covariance determinant estimator", 1999.
/// Differs: one start, the units nearest to the medians; a ridge; no consistency factor, which ranks nothing anew.
class RobustCovariance final : public ConfiguredDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    RobustCovariance(Parameters parameters, std::uint64_t seed);

    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) override;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const override;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const override;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const override;
    void save(TensorBundle& bundle, const std::string& prefix) const override;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) override;

private:
    void learnScaling(const features::Matrix& standardised, JobContext& job);
    void read(const features::Matrix& standardised, std::size_t unit, double* out) const;
    /// Mean and precision of the `kept` rows nearest by `distance`, and all rows' new distances.
    [[nodiscard]] Result<void> concentrate(const features::Matrix& rows, std::vector<double>& distance,
                                           JobContext& job);
    [[nodiscard]] double squaredDistance(const Eigen::VectorXd& row) const;

    ValueColumns m_columns;
    Eigen::VectorXd m_middle, m_spread; ///< of the columns
    Eigen::VectorXd m_mean;             ///< of the bulk
    Eigen::MatrixXd m_whitening;        ///< lower triangle W with W'W the precision
};

} // namespace faultline::detectors
