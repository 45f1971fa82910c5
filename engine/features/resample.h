// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/records/loader.h"
#include <cstdint>
#include <functional>

namespace faultline::features
{

/// FeatureOptions and recipes: how metric rows are put on an even grid before units are made.
struct ResampleOptions {
    enum class Value : std::uint8_t { Mean, Sum, Last, Maximum };
    enum class Gap : std::uint8_t { Missing, Hold, Linear };
    DurationUs every_us = 0; ///< 0: not at all; automatic: the median step between an entity's rows
    Value with = Value::Mean;
    Gap gaps = Gap::Missing;

    static constexpr DurationUs automatic = -1;
    [[nodiscard]] bool wanted() const { return every_us != 0; }
};

/// The records with each entity's metric rows on a grid of steps aligned to the epoch, from its first step to its last,
/// entity after entity in time order. A row stands at the beginning of its step and holds the mean, sum, last or
/// largest of the values in it. A step without rows is a row too: its values are missing, or held from the step before,
/// or on the line between the steps around it (which looks ahead). Text position, source, flags and label of a row are
/// those of the last row in its step, of a gap those of the row before it; `chooseLabel` picks among two labels of one
/// step. Log records, and rows without a time, follow unchanged. Entities, templates and sources stay.
///
/// Config error when there is no metric row with a time, no two rows of an entity differ in time (automatic), or over
/// 20 million rows would result. O(n log n) at most, O(n) for rows in time order.
[[nodiscard]] Result<records::RecordSet>
resample(const records::RecordSet& records, const ResampleOptions& options,
         const std::function<const std::string&(const std::string&, const std::string&)>& chooseLabel, JobContext& job);

} // namespace faultline::features
