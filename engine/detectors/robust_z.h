// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/configured_detector.h"

namespace faultline::detectors
{

/// How far a unit's columns lie from what the baseline calls typical.
///
/// Measures: excess e = sqrt(z^2 + 1) - 1 of each standardised value, so that a difference below the baseline's spread
/// (which is never below the noise floor) counts quadratically little and a large one as |z| - 1, without ties. The
/// score is the root mean square of the `largest` largest excesses: one wild column is enough, several odd ones say
/// more, and many quiet columns do not dilute. (5 ranked best on 24 public tables, mean ROC AUC .773 against .754 for
/// the maximum alone.) Phase columns do not count; of Novelty columns only the excess above 0 counts.
///
/// Range [0, 1e6]. Missing counts as typical. Deterministic; O(cells) time, no memory. Nothing is learned but the
/// column roles: the baseline has done it, so training units are scored as any other.
///
/// Paper: Iglewicz and Hoaglin, "How to detect and handle outliers", 1993 (median and MAD scores); the soft floor is
/// ours.
class RobustZ final : public ConfiguredDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    RobustZ(Parameters parameters, std::uint64_t seed);

    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) override;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const override;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const override;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const override;
    [[nodiscard]] bool learnsIncrementally() const override { return true; }
    void learn(const DetectorInput& /*input*/, std::size_t /*unit*/) override {
    } // the baseline learns, this keeps nothing
    void save(TensorBundle& bundle, const std::string& prefix) const override;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) override;

private:
    void excesses(const features::Matrix& standardised, std::size_t unit, std::vector<double>& out) const;
    std::vector<std::uint8_t> m_roles; ///< features::ColumnRole per column
};

} // namespace faultline::detectors
