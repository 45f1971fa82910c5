// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/core/tensor_bundle.h"
#include "engine/features/feature_table.h"
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace faultline::features
{

/// What is typical for each column of each entity, at each time of day when the data shows a daily rhythm.
///
/// Centre: median; spread: 1.4826 * median absolute deviation around the centre (1.2533 * mean absolute deviation when
/// more than half of the values are equal), never below the column's noise floor (given, or for counts and novelty
/// sqrt(centre + 1), or 1e-3 of the column's overall 5-95 % range, and 1e-9 of its magnitude: flat lines must not turn
/// rounding noise into alarms). An entity with fewer than 30 units is pulled towards the pooled value of its column
/// (weight n / (n + 30)); so is an entity that training did not hold, wholly. Novelty columns: centre 0.
///
/// Time-of-day slots of one hour (UTC) are used when the training span covers at least 3 days and slots explain a fifth
/// of a column's spread: the centres of even days predict odd days, and the other way round. From 2 weeks on weekdays
/// and weekends are apart, where that predicts better. Between the slots' middles centres are interpolated, where that
/// predicts better than steps. Slots with few units lean on their neighbours.
///
/// Quantiles are taken over at most about 100,000 units an entity, drawn by a fixed hash. The 1,000 entities with the
/// most units have values of their own. Cost: 4 doubles per entity, column and slot; fitting O(units * columns),
/// parallel over columns. Deterministic for any thread count.
class Baseline
{
public:
    struct Typical {
        double low = 0.0; ///< 10 % quantile of training values
        double centre = 0.0;
        double high = 0.0;   ///< 90 % quantile
        double spread = 1.0; ///< > 0
    };

    /// Numeric error for a table without units; Cancelled.
    [[nodiscard]] static Result<Baseline> fit(const FeatureTable& training, JobContext& job);
    [[nodiscard]] Typical typical(const FeatureTable& table, std::size_t unit, std::size_t column) const;
    /// (value - centre) / spread per cell; missing becomes 0, and so does a column that the baseline does not know;
    /// Phase columns pass unchanged; clipped to +-1e6.
    [[nodiscard]] Matrix standardise(const FeatureTable& table) const;
    void save(TensorBundle& bundle, const std::string& prefix) const;
    [[nodiscard]] static Result<Baseline> load(const TensorBundle& bundle, const std::string& prefix);

private:
    static constexpr std::uint32_t unknown = 0xffffffff;
    struct Place; // of a unit in the baseline: its entity and the slots around its time

    void index();
    [[nodiscard]] Place placeOf(const FeatureTable& table, std::size_t unit, std::uint32_t entityRow) const;
    [[nodiscard]] Typical typicalAt(const Place& place, std::uint32_t column) const;
    [[nodiscard]] std::uint32_t entityRow(const std::string& entity) const;
    [[nodiscard]] std::vector<std::uint32_t> matchColumns(const FeatureTable& table) const;

    std::vector<std::string> m_entities; ///< those with values of their own
    std::vector<std::string> m_columns;
    std::vector<std::uint8_t> m_rhythm; ///< per column: a DailyRhythm as bits
    double m_slotMiddle = 0.5;          ///< where in their hour units stand on average, 0..1
    /// Per column and entity (pooled first): the value for any time, then one per slot.
    std::vector<Typical> m_values;
    std::vector<std::size_t> m_begin; ///< per column: where in m_values it begins; made by index()
    std::unordered_map<std::string, std::uint32_t>
        m_rowOf; ///< entity -> its place after the pooled one; made by index()
};

} // namespace faultline::features
