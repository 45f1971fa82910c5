// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/random.h"
#include "engine/detectors/value_columns.h"

namespace faultline::detectors
{

/// How few units the half-spaces around a unit held lately.
///
/// Measures: `trees` random trees halve a working range again and again, `depth` times, without looking at data. Each
/// node counts the units of the last complete window; a unit's mass in a tree is the count of the deepest node on its
/// way that held a tenth of a window or less, times 2^level. The score is depth + log2(window) - log2(1 + mean mass),
/// which ranks as the paper's score does, turned round. Columns are standardised values z as 1/2 + z / (4 + 2 |z|), so
/// that a range that nobody knows beforehand fits. Missing counts as typical, Phase columns do not count.
///
/// Batch: the counts of all training units, scaled to a window; training units leave themselves out. Live: update()
/// scores a unit by the last complete window of `window` units and counts it for the next; before the first is complete
/// all score 0.
///
/// Range [0, depth + log2(window)]. Deterministic for a seed, whatever the threads. Explained by path: where a split
/// more than halves the units, the surplus log2 is credited to its column.
///
/// Cost: O(trees depth) a unit, more than 300,000 updates a second for 25 trees of depth 10; trees 2^(depth + 1) 16
/// bytes.
///
/// Errors: an empty table; no column that counts; other columns than were learned.
///
/// Paper: Tan, Ting and Liu, "Fast anomaly detection for streaming data", IJCAI 2011. Differs: the squeezed range, the
/// logarithm.
class HalfSpaceTrees final : public ConfiguredDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    HalfSpaceTrees(Parameters parameters, std::uint64_t seed);

    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) override;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const override;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const override;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const override;
    [[nodiscard]] double update(const DetectorInput& input, std::size_t unit) override;
    void save(TensorBundle& bundle, const std::string& prefix) const override;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) override;

private:
    struct Split {
        std::uint32_t column = 0;
        float middle = 0.0F;
    };
    /// The part of the space that a node stands for.
    struct Range {
        std::vector<double> low, high;
    };
    static void halve(std::span<Split> splits, std::size_t node, Range& range, Random& random);
    [[nodiscard]] std::size_t nodesPerTree() const { return (std::size_t{2} << count("depth")) - 1; }
    void growTrees();
    void squeeze(const features::Matrix& standardised, std::size_t unit, float* out) const;
    [[nodiscard]] std::size_t childOf(std::size_t tree, std::size_t node, const float* row) const;
    [[nodiscard]] double scoreOf(const float* row, float own) const;
    void addMass(const float* row, std::vector<float>& mass) const;

    std::uint64_t m_seed;
    ValueColumns m_columns;
    std::vector<Split> m_splits; ///< trees x inner nodes, complete binary trees; made from the seed
    std::vector<float> m_mass;   ///< trees x nodes: units of the window that scores are taken from
    std::vector<float> m_latest; ///< the same of the window that is being filled
    std::uint64_t m_filled = 0;  ///< units in it
    float m_own = 0.0F;          ///< what a training unit adds to the nodes on its way
    bool m_isReady = false;      ///< a window is complete
    std::vector<float> m_row;    ///< scratch of update()
};

} // namespace faultline::detectors
