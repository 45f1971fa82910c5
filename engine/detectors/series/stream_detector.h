// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/configured_detector.h"
#include "engine/detectors/series/column_stream.h"
#include <map>
#include <memory>

namespace faultline::detectors
{

/// What the causal series detectors share: one ColumnStream for each entity and each Value, Count or Share column.
///
/// update() is the method: each unit from those before it, in O(1) amortised rows and bounded memory, saved and
/// restored to the last bit. A unit's score is the largest of its columns' surprises less ln(columns), so that more
/// columns make no more alarms. fit() runs through a table and keeps where it ended; score() goes on from there without
/// learning for good, and scores the very table that was fitted from a fresh start.
///
/// Memory: `memory` values for each of the first 64 entities, 2,000 for further ones; those beyond 4,096 score 0.
/// explain() replays up to 3,000 units before the one in question, fewer with many columns.
class StreamDetector : public ConfiguredDetector
{
public:
    using ConfiguredDetector::ConfiguredDetector;
    [[nodiscard]] Result<void> fit(const DetectorInput& training, JobContext& job) final;
    [[nodiscard]] Result<std::vector<double>> score(const DetectorInput& input, const ScoreOptions& options,
                                                    JobContext& job) const final;
    [[nodiscard]] std::vector<Contribution> explain(const DetectorInput& input, std::size_t unit) const final;
    [[nodiscard]] double update(const DetectorInput& input, std::size_t unit) final;
    [[nodiscard]] CostEstimate cost(const WorkSize& work) const final;
    void save(TensorBundle& bundle, const std::string& prefix) const final;
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix) final;

protected:
    /// A fresh stream that keeps `memory` values.
    [[nodiscard]] virtual std::unique_ptr<ColumnStream> makeStream(std::size_t memory) const = 0;
    [[nodiscard]] virtual std::size_t memory() const { return 30'000; } ///< values kept of a column
    [[nodiscard]] virtual double secondsPerValue() const = 0;

private:
    struct Entity {
        std::string name;
        std::vector<std::unique_ptr<ColumnStream>> columns; ///< of followed(); empty beyond the limit
    };
    struct Run; ///< units of one entity
    void learnShape(const features::FeatureTable& table);
    [[nodiscard]] std::vector<std::size_t> followed() const; ///< indices of the columns that count
    [[nodiscard]] std::vector<std::unique_ptr<ColumnStream>> makeColumns(std::size_t entity) const;
    [[nodiscard]] Entity& entityOf(const std::string& name);
    [[nodiscard]] std::vector<Run> runsOf(const features::FeatureTable& table, bool fresh) const;
    void follow(Run& run, const features::FeatureTable& table, JobContext& job, std::vector<double>& scores) const;

    std::vector<std::uint8_t> m_roles; ///< features::ColumnRole per column
    bool m_hasShape = false;
    std::vector<Entity> m_entities;
    std::map<std::string, std::size_t> m_index; ///< into m_entities, by name
};

} // namespace faultline::detectors
