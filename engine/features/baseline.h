// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/core/tensor_bundle.h"
#include "engine/features/feature_table.h"
#include <string>
#include <vector>

namespace faultline::features
{

/// What is typical for each column of each entity, at each time of day when the data shows a daily rhythm.
///
/// Centre: median; spread: 1.4826 * median absolute deviation around the centre, never below the column's noise floor (given,
/// or for counts sqrt(centre + 1), or 1e-3 of the column's overall 5-95 % range, or 1e-9 of its magnitude: flat lines must not
/// turn rounding noise into alarms). An entity with fewer than 30 units is pulled towards the pooled value of its column
/// (weight n / (n + 30)). Time-of-day slots of one hour are used when the training span covers at least 3 days and slots
/// explain a fifth of a column's spread; weekdays and weekends are apart from 2 weeks on. Novelty columns: centre 0.
/// Cost: 5 doubles per entity, column and slot.
class Baseline
{
public:
    struct Typical {
        double low = 0.0;    ///< 10 % quantile of training values
        double centre = 0.0;
        double high = 0.0;   ///< 90 % quantile
        double spread = 1.0; ///< > 0
    };

    [[nodiscard]] static Result<Baseline> fit(const FeatureTable& training, JobContext& job);
    [[nodiscard]] Typical typical(const FeatureTable& table, std::size_t unit, std::size_t column) const;
    /// (value - centre) / spread per cell; missing becomes 0; Phase columns pass unchanged; clipped to +-1e6.
    [[nodiscard]] Matrix standardise(const FeatureTable& table) const;
    void save(TensorBundle& bundle, const std::string& prefix) const;
    [[nodiscard]] static Result<Baseline> load(const TensorBundle& bundle, const std::string& prefix);

private:
    struct Slot {
        float low, centre, high, spread;
    };
    std::vector<std::string> m_entities;
    std::vector<std::string> m_columns;
    std::vector<std::uint8_t> m_seasonal; ///< per column: 0 none, 1 hour of day, 2 hour of day by weekday/weekend
    std::vector<double> m_values;         ///< the implementation's packing of Typical
};

} // namespace faultline::features
