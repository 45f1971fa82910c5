// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/value_columns.h"

namespace faultline::detectors
{

/// How unusual a unit's values are among the last few hundred of their columns: robust z-score, percentile and
/// histogram for streams, in constant memory.
///
/// Measures, per column, among the last `window` standardised values s (n of them, kept sorted):
///   z           |x - median| / max(1.4826 median absolute deviation, 0.05);
///   percentile  -log10 of twice the smaller tail, (values beyond + half the ties + 1/2) / (n + 1), and beyond the
///   range
///               log10(1 + distance / max(range, 0.05)) more;
///   histogram   -log10 of (values within h + 1/2) / (n + 1), h = max(interquartile range / cube root of n, 0.05): the
///               bin of Freedman and Diaconis' width around the value.
/// The score is the mean of the `largest` largest. The 0.05 robust standard deviations of the baseline keep rounding on
/// a calm stretch from being news. Missing counts as typical, Phase columns do not count.
///
/// Batch: fit() keeps the last window of the training units; those leave themselves out of the counts. Live: update()
/// scores a unit by those before it, then keeps it; the first scores 0.
///
/// Range [0, 1e8]. Deterministic. Explained by the columns' own terms.
///
/// Cost: O(d (log window + window / 30)) an update, over a million a second for one column; 16 bytes a kept value.
///
/// Errors: an empty table; no column that counts; other columns than were learned.
///
/// Papers: Iglewicz and Hoaglin, "How to detect and handle outliers", 1993; Freedman and Diaconis, "On the histogram as
/// a density estimator", 1981.
class RunningStatistics final : public ConfiguredDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    RunningStatistics(Parameters parameters, std::uint64_t seed);

    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) override;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const override;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const override;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const override;
    [[nodiscard]] double update(const DetectorInput& input, std::size_t unit) override;
    void save(TensorBundle& bundle, const std::string& prefix) const override;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) override;

private:
    enum class Measure : std::uint8_t { Z, Percentile, Histogram };
    using Sorted = std::vector<double>;
    [[nodiscard]] double unusual(const Sorted& sorted, double value, double own) const;
    /// The mean of the `largest` largest; reorders the terms.
    [[nodiscard]] double summarise(std::vector<double>& terms) const;
    void keep(const double* row);

    std::size_t m_window, m_largest;
    Measure m_measure;
    ValueColumns m_columns;
    std::vector<double> m_recent;       ///< the last rows, a ring: window x columns at most
    std::size_t m_next = 0;             ///< row of the ring that is replaced next once full
    std::vector<Sorted> m_sorted;       ///< per column: the ring's values, ascending
    std::uint64_t m_seen = 0;           ///< units fitted; 0 once updated since
    std::vector<double> m_row, m_terms; ///< scratch of update()
};

} // namespace faultline::detectors
