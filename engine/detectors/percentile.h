// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/configured_detector.h"
#include <memory>
#include <vector>

namespace faultline::detectors
{

/// How extreme a unit's values are among the training values of their columns, whatever the columns' distributions.
///
/// Measures: per column the two-sided tail p = 2 min(above, below), each (values beyond + half the ties + 1/2) / (n +
/// 1), as -log10 p; beyond the training range log10(1 + distance / (5-95 % range)) is added, so that further out is
/// more. The score is the mean of the `largest` largest. Values are read as the table holds them; a value counts as
/// moved towards the median by the column's noise floor (given, or 1e-9 of its magnitude), so rounding on a flat
/// column is nothing. Novelty columns count upwards only, Phase columns not at all, missing values as 0.
///
/// Range [0, about log10(n) + 300]. A column keeps at most 4,096 order statistics (32 kB). Fit O(cells log units),
/// score O(cells log 4096). Deterministic. The half added to the counts stands for the unit itself, so training units
/// need no care.
///
/// Paper: Li et al., "ECOD: Unsupervised outlier detection using empirical cumulative distribution functions", TKDE
/// 2022. There all columns are summed and the side is chosen by skewness.
class Percentile final : public ConfiguredDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    Percentile(Parameters parameters, std::uint64_t seed);

    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) override;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const override;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const override;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const override;
    void save(TensorBundle& bundle, const std::string& prefix) const override;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) override;

private:
    struct ColumnModel {
        std::uint8_t role = 0;
        double count = 0.0; ///< finite training values
        double noise = 0.0, median = 0.0, range = 1.0;
        std::vector<double> knots;           ///< distinct ascending values
        std::vector<double> below, notAbove; ///< training values < knot, <= knot
    };
    [[nodiscard]] static ColumnModel learnColumn(const features::FeatureTable& table, std::size_t column);
    [[nodiscard]] static double withoutNoise(const ColumnModel& model, double value);
    [[nodiscard]] static double surprise(const ColumnModel& model, double value);
    void surprises(const features::FeatureTable& table, std::size_t unit, std::vector<double>& out) const;
    [[nodiscard]] static bool isSound(const ColumnModel& model);

    std::vector<ColumnModel> m_columns;
};

} // namespace faultline::detectors
