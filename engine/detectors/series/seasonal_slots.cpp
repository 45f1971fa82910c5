// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/seasonal_slots.h"
#include <algorithm>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t days = 14, fewestPerSlot = 7, mostPerSlot = 300, fewestForMedian = 2;
}

SeasonalSlots::SeasonalSlots(const SeriesClock& clock) : m_clock(clock)
{
    const auto slots = static_cast<std::size_t>(clock.slots);
    const auto wanted = days * static_cast<std::size_t>(clock.rowsPerDay) / slots;
    m_stride = (wanted + mostPerSlot - 1) / mostPerSlot;
    m_stride = std::max<std::size_t>(m_stride, 1);
    m_perSlot = std::max(fewestPerSlot, wanted / m_stride);
    m_slots.resize(slots);
}

double SeasonalSlots::residual(double value, std::int64_t second)
{
    if (!m_clock.hasTimeOfDay())
        return 0.0;
    auto& slot = m_slots[m_clock.slotOf(second)];
    double out = 0.0;
    if (slot.size() >= fewestForMedian) {
        auto sorted = slot;
        const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
        std::nth_element(sorted.begin(), middle, sorted.end());
        out = value - *middle;
    }
    if (m_rows++ % m_stride != 0)
        return out;
    slot.push_back(value);
    if (slot.size() > m_perSlot)
        slot.erase(slot.begin());
    return out;
}

bool SeasonalSlots::isSound() const
{
    return m_slots.size() == static_cast<std::size_t>(m_clock.slots) &&
           std::all_of(m_slots.begin(), m_slots.end(), [&](const auto& slot) { return slot.size() <= m_perSlot; });
}

} // namespace faultline::detectors
