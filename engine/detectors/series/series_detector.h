// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/configured_detector.h"
#include <memory>
#include <vector>

namespace faultline::detectors
{

/// The rows of one entity in table order: those of training data given apart, if any, then those to be scored.
struct SeriesBlock {
    std::vector<std::vector<double>> columns; ///< Value, Count and Share columns as they are, without gaps
    std::vector<TimeUs> time;                 ///< noTime when unknown
    std::size_t reference = 0;                ///< the first so many rows are the training data
    [[nodiscard]] std::size_t rows() const { return time.size(); }
};

/// What the batch series detectors share. Each entity's units, in table order, are one series for each Value, Count and
/// Share column; a unit's score depends on its neighbours in the scored table. Training data that was given apart is
/// kept (the last 100,000 rows of an entity, 16 million values in all, by entity name) and stands in front as
/// reference. The very table that was fitted is scored without one.
///
/// Missing values lie on the line between their neighbours; a column that does not vary scores 0. Columns are joined by
/// the root of their mean square. explain() says what each column alone scores, from up to 1,000 rows around the unit.
/// The period is the median over the training columns of that of their autocorrelation (dominantPeriod), 0 without one.
class SeriesDetector : public ConfiguredDetector
{
public:
    using ConfiguredDetector::ConfiguredDetector;
    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) override;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const final;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const final;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const final;
    void save(TensorBundle& bundle, const std::string& prefix) const final;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) final;
    /// Rows of the period found in the training data, 0 when there is none.
    [[nodiscard]] std::size_t period() const { return m_period; }

protected:
    /// A score for each row of the block, or for those from block.reference on; finite, >= 0. Called for blocks of at
    /// least one row and one column, from several threads.
    [[nodiscard]] virtual Result<std::vector<double>> scoreBlock(const SeriesBlock& block, JobContext& job) const = 0;
    /// Of `rows` rows of one column on one core.
    [[nodiscard]] virtual double secondsFor(double rows) const = 0;

private:
    struct Part {
        std::string entity;
        SeriesBlock block;
    };
    void learnPeriod();
    [[nodiscard]] std::vector<std::size_t> followed() const;
    [[nodiscard]] SeriesBlock blockOf(const features::FeatureTable& table, const std::vector<std::size_t>& units,
                                      const SeriesBlock* reference) const;

    std::vector<std::uint8_t> m_roles; ///< features::ColumnRole per column
    std::vector<Part> m_training;
    std::size_t m_period = 0;
};

/// A series detector that looks at each column by itself.
class ColumnDetector : public SeriesDetector
{
public:
    using SeriesDetector::SeriesDetector;

protected:
    struct Column {
        std::vector<double> values; ///< standardised over all rows (mean 0, deviation 1)
        const std::vector<TimeUs>& time;
        std::size_t reference = 0;
    };
    /// A score for each row. Never called for a column that does not vary.
    [[nodiscard]] virtual std::vector<double> scoreColumn(const Column& column, JobContext& job) const = 0;
    [[nodiscard]] Result<std::vector<double>> scoreBlock(const SeriesBlock& block, JobContext& job) const final;
};

} // namespace faultline::detectors
