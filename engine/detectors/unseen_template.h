// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/configured_detector.h"

namespace faultline::detectors
{

/// Messages of a kind that no other unit of the training data holds.
///
/// Measures: sum of log2(1 + records) over the unit's templates that no training unit holds (a training unit leaves
/// itself out); one such record scores 1, and a doubling adds about 1. 0 is normal, so most scores tie. One unseen
/// template is evidence on its own (role Either): averaged with detectors that cannot see it, it would drown.
///
/// Range [0, about 128 per template]. Deterministic. Fit and score O(sparse entries); 4 bytes a template.
///
/// Errors: units without template counts.
///
/// Paper: Landauer, Skopik and Wurzenberger, "A critical review of common log data sets used for evaluation of
/// sequence-based anomaly detection techniques", FSE 2024 ("new event types").
class UnseenTemplate final : public ConfiguredDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    UnseenTemplate(Parameters parameters, std::uint64_t seed);

    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) override;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const override;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const override;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const override;
    [[nodiscard]] bool learnsIncrementally() const override { return true; }
    void learn(const DetectorInput& input, std::size_t unit) override;
    void save(TensorBundle& bundle, const std::string& prefix) const override;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) override;

private:
    [[nodiscard]] std::uint32_t holders(std::uint32_t templateId) const;
    std::vector<std::uint32_t> m_holders; ///< per template: training units that hold it
};

} // namespace faultline::detectors
