// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/value_columns.h"

namespace faultline::detectors
{

/// How empty the bins of a unit's values are, column by column.
///
/// Measures: the sum over the columns of -log2(density + `floor`), with the density of the equally wide bin that holds
/// the standardised value, as in PyOD. A value up to half a bin outside the histogram belongs to its last bin, one
/// farther out to the emptiest bin. `bins` 0: the square root of the training units, 5 to 50. A column that varies by
/// less than 1e-9 has three bins of width 1, with all units in the middle one. Missing counts as typical, Phase columns
/// do not count. Training units are not left out: a bin's density is that of all.
///
/// Range about [-45 d, 45 d]. Deterministic. Explained by how far each column's term exceeds the least it can be.
///
/// Cost: O(units d) to fit, O(units d log bins) to score; 16 d bins bytes.
///
/// Errors: an empty table; no column that counts; other columns than were learned.
///
/// Paper: Goldstein and Dengel, "Histogram-based outlier score (HBOS): A fast unsupervised anomaly detection
/// algorithm", KI 2012.
class Hbos final : public ConfiguredDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    Hbos(Parameters parameters, std::uint64_t seed);

    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) override;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const override;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const override;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const override;
    void save(TensorBundle& bundle, const std::string& prefix) const override;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) override;

private:
    struct Histogram {
        double low = 0.0, width = 1.0; ///< of the first bin; of each bin
        double high = 1.0;             ///< end of the last bin
        std::vector<double> surprise;  ///< per bin: -log2(density + floor)
        double least = 0.0, most = 0.0;

        [[nodiscard]] double edge(std::size_t i) const;
        [[nodiscard]] std::size_t binOf(double value) const; ///< value within [low, high]
        [[nodiscard]] double at(double value) const;
    };
    /// False when it was stopped.
    [[nodiscard]] bool learnColumn(const features::Matrix& standardised, std::size_t column, JobContext& job);

    ValueColumns m_columns;
    std::vector<Histogram> m_histograms; ///< per column
};

} // namespace faultline::detectors
