// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/cut_tree.h"
#include "engine/detectors/value_columns.h"
#include <deque>

namespace faultline::detectors
{

/// How much a unit would change the random trees of those before it.
///
/// Measures: collusive displacement: the largest number of units, per unit moved along, that a subtree holding the unit
/// would push down, averaged over `trees` robust random cut trees of `samples` units each, in standardised columns. The
/// expectation over the cuts of an insertion is taken in place of one draw. Missing counts as typical, Phase columns do
/// not count.
///
/// Batch: each tree holds an even sample of the training units; those leave themselves out of the trees that hold them.
/// Live: update() scores a unit, then it joins each tree with the chance that keeps a tree a sample of the last
/// `memory` units; the tree's oldest leaves. The first unit scores 0.
///
/// Range [0, samples]. Deterministic for a seed, whatever the threads. Explained by the columns in which cuts would
/// part the unit from the others.
///
/// Cost: O(trees d log samples) a unit, more than 50,000 updates a second for 40 trees of 256 units in one column; 32
/// (d
/// + 3) bytes a sampled unit.
///
/// Errors: an empty table; no column that counts; other columns than were learned.
///
/// Paper: Guha, Mishra, Roy and Schrijvers, "Robust random cut forest based anomaly detection on streams", ICML 2016.
/// Differs: the expectation above; the oldest of a tree's sample leaves, not a random one.
class Rrcf final : public ConfiguredDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    Rrcf(Parameters parameters, std::uint64_t seed);

    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) override;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const override;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const override;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const override;
    [[nodiscard]] double update(const DetectorInput& input, std::size_t unit) override;
    void save(TensorBundle& bundle, const std::string& prefix) const override;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) override;

private:
    static constexpr std::uint32_t noSource = 0xffffffff;
    struct Member {
        std::uint32_t leaf = 0;
        std::uint32_t source = noSource; ///< training unit
    };
    struct SampledTree {
        CutTree tree;
        std::deque<Member> members; ///< oldest first
    };
    void join(SampledTree& sampled, std::span<const double> point, std::uint32_t source, Random& random) const;
    [[nodiscard]] double displacement(const SampledTree& sampled, std::span<const double> point,
                                      std::uint32_t self) const;
    [[nodiscard]] static Result<SampledTree> readTree(const DetectorSpec& spec, const TensorBundle& bundle,
                                                      const std::string& prefix, std::size_t dimensions,
                                                      std::size_t capacity);

    std::uint64_t m_seed;
    ValueColumns m_columns;
    std::uint64_t m_seen = 0; ///< units learned from
    std::vector<SampledTree> m_trees;
    std::vector<double> m_point; ///< scratch of update()
};

} // namespace faultline::detectors
