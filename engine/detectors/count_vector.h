// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/configured_detector.h"
#include "engine/detectors/template_vector.h"

namespace faultline::detectors
{

/// How far a unit's message counts lie from the nearest that are normal.
///
/// Measures: the least distance within which at least `reference_share` of the training units lie (1 unit when the
/// share is 0). A vector that repeats among the training units counts as often as it occurs, so a kind of anomaly that
/// repeats is not taken as normal until it makes up that share. Distance of two units: over the templates, |log2(1 +
/// a) - log2(1 + b)| times
///   -ln P(present)  where only this unit holds the template (its idf),
///   -ln P(absent)   where only the reference holds it (a missing routine message weighs as much as an unseen one),
///   1               where both do,
/// with P the share of training units that hold it, (held + 1/2) / (units + 1).
///
/// reference_share: with anomalies in the training data it must exceed the share of any one kind of them. On HDFS
/// sessions 1.5 to 10 % give the same ranking (average precision .92 to .93), 3 % flags at evt:1e-3 with F1 .95
/// (between .82 and .95 on random halves from 2.5 to 7 %). When the training data is known to be normal set 0, the
/// nearest unit: average precision .99 instead of .95 there, F1 .98 instead of .96.
///
/// Range [0, about 1e4]. Deterministic. Fit O(units log distinct); score O(distinct * references * templates a unit),
/// equal vectors are scored once; 8 bytes an entry. At most `references` distinct vectors are kept, the most frequent
/// first. Training units leave themselves out. No other unit: score 0.
///
/// Errors: units without template counts.
///
/// Paper: Landauer, Skopik and Wurzenberger, FSE 2024 (event count vectors with idf). Differs: logarithmic counts,
/// absence weighed like presence, k-th instead of first neighbour.
class CountVector final : public ConfiguredDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    CountVector(Parameters parameters, std::uint64_t seed);

    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) override;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const override;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const override;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const override;
    void save(TensorBundle& bundle, const std::string& prefix) const override;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) override;

private:
    struct Reference {
        TemplateVector vector;
        std::uint32_t units = 0; ///< training units that are equal to it
    };
    struct Deciding {
        double distance = 0.0;
        const Reference* reference = nullptr; ///< the one at that distance
    };
    [[nodiscard]] double presence(std::uint32_t templateId) const;
    [[nodiscard]] double cost(const TemplateLevel& mine, const TemplateLevel& theirs) const;
    [[nodiscard]] double distance(const TemplateVector& unit, const TemplateVector& reference) const;
    [[nodiscard]] Deciding decide(const TemplateVector& unit, bool leavesItselfOut) const;
    void learnWeights();

    std::vector<Reference> m_references;    ///< most frequent first
    std::vector<std::uint32_t> m_holders;   ///< per template: training units that hold it
    std::uint32_t m_units = 0;              ///< training units
    std::vector<float> m_present, m_absent; ///< -ln P per template, from the two above
};

} // namespace faultline::detectors
