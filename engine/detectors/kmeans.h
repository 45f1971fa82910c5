// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/value_columns.h"

namespace faultline::detectors
{

/// How far a unit lies from the nearest of a few typical units.
///
/// Measures: Euclidean distance to the nearest of `clusters` centres in standardised columns, divided by the square
/// root of the number of columns. Centres: k-means++ then Lloyd's steps until no unit changes its cluster, at most
/// `steps`, on at most 50,000 training units (an even sample). Fewer distinct units than clusters: as many centres as
/// there are distinct units. Missing counts as typical, Phase columns do not count.
///
/// Training units leave themselves out: a unit's own centre is taken without it, and one that is a cluster of its own
/// is measured from the next centre (0 when there is none).
///
/// Range [0, 2e6]. Deterministic for a seed, whatever the threads. Explained by the squared differences to the centre.
///
/// Cost: O(units clusters d) a step; 8 d bytes a sampled unit while fitting.
///
/// Errors: an empty table; no column that counts; other columns than were learned.
///
/// Papers: Lloyd, "Least squares quantization in PCM", 1982; Arthur and Vassilvitskii, "k-means++: The advantages of
/// careful seeding", SODA 2007.
class KMeans final : public ConfiguredDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    KMeans(Parameters parameters, std::uint64_t seed);

    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) override;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const override;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const override;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const override;
    void save(TensorBundle& bundle, const std::string& prefix) const override;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) override;

private:
    struct Nearest {
        std::size_t cluster = 0;
        double squared = 0.0;
    };
    [[nodiscard]] Nearest nearestTo(const double* row) const;
    [[nodiscard]] double withoutItself(const double* row, std::size_t ownCluster) const;
    /// k-means++; false when it was stopped.
    [[nodiscard]] bool chooseCentres(const std::vector<double>& rows, JobContext& job);
    /// One of Lloyd's steps; false when no unit changed its cluster or it was stopped.
    [[nodiscard]] bool moveCentres(const std::vector<double>& rows, JobContext& job);

    std::uint64_t m_seed;
    ValueColumns m_columns;
    std::vector<double> m_centres;        ///< clusters x columns
    std::vector<double> m_members;        ///< per cluster: how many of the sampled units
    std::vector<std::uint32_t> m_sampled; ///< training units that the centres are made of, ascending
    std::vector<std::uint32_t> m_cluster; ///< per sampled unit
};

} // namespace faultline::detectors
