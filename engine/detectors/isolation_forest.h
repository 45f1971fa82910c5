// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/configured_detector.h"
#include "engine/detectors/isolation_trees.h"

namespace faultline::detectors
{

/// How few random cuts part a unit from the others.
///
/// Measures: mean depth E at which a unit is alone in `trees` random trees, each grown on `samples` units drawn
/// without replacement; score 2^(-E / c(samples)), in (0, 1): about .5 for typical units, towards 1 for lone ones.
/// Splits are axis-parallel; with `extension` e > 0 each cuts e + 1 random columns at once, aslant.
///
/// Values: the table's own (`raw`), moved to the column's median and scaled by a power of two, which changes no split
/// but keeps any range within float; or the baseline's standardised ones (`standardised`), for tables of many
/// entities. Missing counts as the median. Phase columns take part (what is usual at night differs from noon) but are
/// never given as a reason.
///
/// A column that is constant in training is never split: a value never seen there goes unnoticed, see unseen_template.
///
/// Explanation: along a unit's path each split's surplus, log2(rows before / rows after) - 1 where positive, is
/// credited to its column (path-based, in the spirit of local DIFFI: Carletti et al. 2023, which weights by inverse
/// depth); that of an oblique split to its columns by their part in the sum.
///
/// Cost: trees * samples * 12 bytes * 2; scoring trees * log2(samples) steps a unit: a million units of 10 columns
/// in 0.3 s on two cores with AVX-512 (up to 32 columns and 256 samples), about 1 s without. Deterministic for a seed,
/// whatever the threads and the processor. Training units are not left out: a tree holds each with a chance of samples
/// / n only (as in the paper).
///
/// Errors: fewer than 2 units; no columns; other columns than were learned.
///
/// Papers: Liu, Ting and Zhou, "Isolation forest", ICDM 2008. Differs: a column that is constant within a node is drawn
/// again. Hariri, Carrasco Kind and Brunner, "Extended isolation forest", TKDE 2021. Differs: the cut lies between the
/// extremes of the node's rows, so neither side is empty, and columns are weighed by their range there.
class IsolationForest final : public ConfiguredDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    IsolationForest(Parameters parameters, std::uint64_t seed);

    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) override;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const override;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const override;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const override;
    void save(TensorBundle& bundle, const std::string& prefix) const override;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) override;

private:
    [[nodiscard]] const features::Matrix& valuesOf(const DetectorInput& input) const;
    void learnScaling(const features::FeatureTable& table, const features::Matrix& values);
    void setFactors();
    void toFloats(const features::Matrix& values, std::size_t unit, float* out) const;
    [[nodiscard]] std::size_t termsFor(std::size_t columns) const;
    void giveCredit(std::size_t split, const std::vector<float>& row, double surplus,
                    std::vector<double>& credit) const;
    [[nodiscard]] Result<void> readPlanes(const TensorBundle& bundle, const std::string& prefix, std::size_t terms,
                                          IsolationTrees& trees) const;
    [[nodiscard]] Result<void> checkTrees(const IsolationTrees& trees, std::size_t columns) const;

    std::uint64_t m_seed;
    std::size_t m_sampled = 0; ///< units a tree was grown on
    std::vector<double> m_centre;
    std::vector<std::int32_t> m_exponent; ///< values are scaled by 2^-exponent
    std::vector<double> m_factor;         ///< 2^-exponent
    std::vector<std::uint8_t> m_isPhase;
    IsolationTrees m_trees;
};

} // namespace faultline::detectors
