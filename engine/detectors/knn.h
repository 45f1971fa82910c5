// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/configured_detector.h"
#include "engine/detectors/neighbour_index.h"

namespace faultline::detectors
{

/// How far a unit lies from the most similar units that are known.
///
/// Measures: Euclidean distance to the nearest `neighbours` reference units in standardised columns, as the `distance`
/// choice says: `largest` (to the k-th), `mean` or `median` of the k; divided by the square root of the number of
/// columns, so a score reads as robust standard deviations. Columns weigh the same and are not squeezed: on 24 public
/// tables clipping at 20 or asinh cost .05 of mean ROC AUC (.751 against .802 at k = 20). Several alike anomalies hide
/// one another unless k exceeds their number. Phase columns do not count (the baseline knows the time of day); missing
/// counts as typical.
///
/// References: at most `references` training units, a seeded even sample (one from each of that many equal stretches);
/// with one column up to 30,000. learn() adds units, the last 30,000 are kept. Fewer references than k: all of them
/// count; none: score 0.
///
/// Range [0, 2e6]. Deterministic for a seed.
///
/// Cost: 4 (d + 1) bytes a reference; a unit O(references * d), about 10 us for 5,000 x 10; with one column O(log
/// references + k). Training units leave themselves out. Exact search.
///
/// Errors: an empty table; no column that counts; other columns than were learned.
///
/// Paper: Ramaswamy, Rastogi and Shim, "Efficient algorithms for mining outliers from large data sets", SIGMOD 2000;
/// mean: Angiulli and Pizzuti, PKDD 2002.
class Knn final : public ConfiguredDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    Knn(Parameters parameters, std::uint64_t seed);

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
    void toFloats(const features::Matrix& standardised, std::size_t unit, std::vector<float>& out) const;
    [[nodiscard]] double summarise(const std::vector<NeighbourIndex::Neighbour>& nearest) const;

    std::uint64_t m_seed;
    std::uint32_t m_columnCount = 0;      ///< of the table
    std::vector<std::uint32_t> m_columns; ///< those that count
    NeighbourIndex m_index;
};

} // namespace faultline::detectors
