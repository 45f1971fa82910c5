// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/series_clock.h"
#include <cstddef>
#include <vector>

namespace faultline::detectors
{

/// A value less what is usual at its time of day: the median of the values in the same slot of the last 14 days (at
/// least the last 7 values). 0 while a slot holds fewer than two, or where rows are too far apart for slots. At most
/// 300 values a slot are kept; of denser series every so manieth row. O(values of a slot) a row.
class SeasonalSlots
{
public:
    SeasonalSlots() : m_slots(1) {}
    explicit SeasonalSlots(const SeriesClock& clock);
    /// The residual, from what came before; then the value is learned.
    [[nodiscard]] double residual(double value, std::int64_t second);

    template <class Self, class Archive>
    static void fields(Self& self, Archive& archive)
    {
        archive(self.m_slots, self.m_rows);
    }
    [[nodiscard]] bool isSound() const;

private:
    SeriesClock m_clock{.slots = 1};
    std::size_t m_perSlot = 1, m_stride = 1;
    std::vector<std::vector<double>> m_slots; ///< oldest first
    std::size_t m_rows = 0;
};

} // namespace faultline::detectors
