// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/value_columns.h"

namespace faultline::detectors
{

/// How far out a unit's values lie in their columns, all columns added up.
///
/// Measures: the sum over the columns of max(-ln P(X <= x), -ln P(X >= x)), with the probabilities taken from the
/// training values and, for a new unit, itself. Missing counts as typical, Phase columns do not count. What differs
/// from `percentile`: every column counts, not the most extreme few; beyond the training range all is equally far.
///
/// Differs from the paper and PyOD: there new units are added to the training units all together, so that scores depend
/// on company; here each is added alone. A column whose skewness is exactly 0 counts both tails there.
///
/// Up to 16,384 distinct values a column are kept as they are; of more, the outermost 4,096 on each side and an even
/// sample of the ranks between.
///
/// Range [0, d ln(n + 1)]. Deterministic. Explained by the columns' own terms.
///
/// Cost: O(d n log n) to fit, O(units d log n) to score; 24 bytes a kept value.
///
/// Errors: an empty table; no column that counts; other columns than were learned.
///
/// Paper: Li et al., "ECOD: Unsupervised outlier detection using empirical cumulative distribution functions", TKDE
/// 2022.
class Ecod final : public ConfiguredDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    Ecod(Parameters parameters, std::uint64_t seed);

    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) override;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const override;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const override;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const override;
    void save(TensorBundle& bundle, const std::string& prefix) const override;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) override;

private:
    /// The distribution of a column's training values.
    struct Distribution {
        std::vector<double> knots;           ///< distinct, ascending
        std::vector<double> below, notAbove; ///< training values < knot, <= knot
        /// -ln of the smaller tail; `added` is 1 for a value that the training values do not hold.
        [[nodiscard]] double surprise(double value, double units, double added) const;
    };
    static void learnColumn(std::vector<double> values, Distribution& out);
    void surprises(const DetectorInput& input, std::size_t unit, double added, std::vector<double>& out) const;
    [[nodiscard]] static bool isSound(const Distribution& column, double units);

    ValueColumns m_columns;
    double m_units = 0.0;                      ///< in training
    std::vector<Distribution> m_distributions; ///< per column
};

} // namespace faultline::detectors
