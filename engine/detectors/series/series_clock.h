// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstdint>
#include <span>

namespace faultline::detectors
{

/// What the first rows of a series say of its pace: known before anything is scored.
struct SeriesClock {
    std::int64_t rowsPerDay = 288;
    std::int64_t slots = 1; ///< of the day for comparisons by time of day: at most 96; 1 = too few rows a day
    double magnitude = 0.0; ///< mean absolute value

    /// From the median of the positive steps between rows; five minutes where there is none.
    [[nodiscard]] static SeriesClock of(std::span<const double> values, std::span<const std::int64_t> seconds);
    [[nodiscard]] bool hasTimeOfDay() const { return slots > 1; }
    /// Whether rows a day are few enough to compare a stretch with the same phase of earlier days.
    [[nodiscard]] bool hasPhases() const { return hasTimeOfDay() && rowsPerDay <= 2000; }
    [[nodiscard]] std::size_t slotOf(std::int64_t second) const;

    template <class Self, class Archive>
    static void fields(Self& self, Archive& archive)
    {
        archive(self.rowsPerDay, self.slots, self.magnitude);
    }
    [[nodiscard]] bool isSound() const;
};

} // namespace faultline::detectors
