// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/reference_units.h"

namespace faultline::detectors
{

/// How much thinner a unit's surroundings are than those of its neighbours.
///
/// Measures: the local outlier factor, mean reachability density of the `neighbours` nearest references divided by the
/// unit's own, in standardised columns; about 1 within a cluster of any density, larger outside. A density is 1 / (mean
/// reachability distance + 1e-10), as in scikit-learn, so more than k equal units have the density 1e10. Training units
/// are compared with the other references (outlier detection); new ones with all (novelty detection).
///
/// References: at most `references` training units, a seeded even sample. Fewer references than k: all of them count.
/// Missing counts as typical, Phase columns do not count.
///
/// Range [0, 1e17]. Deterministic for a seed, whatever the threads and the processor. Explained by the squared
/// differences to the nearest references, column by column.
///
/// Cost: 8 d + 56 bytes a reference, and 16 k more while fitting unless that exceeds 1 GiB, when neighbours are
/// searched three times instead; searches as knn does.
///
/// Errors: fewer than 2 units; no column that counts; other columns than were learned.
///
/// Paper: Breunig, Kriegel, Ng and Sander, "LOF: Identifying density-based local outliers", SIGMOD 2000. Differs:
/// exactly k neighbours, also when more are equally far (ties: the earlier unit).
class Lof final : public ConfiguredDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    Lof(Parameters parameters, std::uint64_t seed);

    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) override;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const override;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const override;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const override;
    void save(TensorBundle& bundle, const std::string& prefix) const override;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) override;

private:
    class NeighbourLists;
    [[nodiscard]] double densityOf(std::span<const NeighbourIndex::Neighbour> nearest) const;
    [[nodiscard]] double factorOf(std::span<const NeighbourIndex::Neighbour> nearest, double density) const;

    std::uint64_t m_seed;
    ReferenceUnits m_references;
    std::vector<double> m_reach;   ///< per reference: distance to its k-th neighbour
    std::vector<double> m_density; ///< per reference: local reachability density
    std::vector<double> m_factor;  ///< per reference: its own outlier factor among the others
};

} // namespace faultline::detectors
