// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/recent_values.h"
#include "engine/detectors/series/series_clock.h"
#include "engine/detectors/series/stream_tail.h"

namespace faultline::detectors
{

/// How unlike the same phase of earlier days the last hours are: the root mean square distance of the last m rows to
/// those of each of the last 14 days, shifted by up to half an hour either way, the second best of the days; as the
/// surprise of that distance among those of the past. Series of 12 to 2,000 rows a day; else 0. O(days m) a row.
class PhaseStream
{
public:
    PhaseStream() = default;
    /// `rows`: the length of the stretch compared.
    PhaseStream(const SeriesClock& clock, std::size_t rows, std::size_t memory);
    /// Surprise in nats from the newest values of `history`, which must keep historyNeeded() of them; `seen` is how
    /// many ever came.
    [[nodiscard]] double push(const RecentValues& history, std::size_t seen);
    /// Values that phases of so many rows look back on.
    [[nodiscard]] static std::size_t historyNeeded(const SeriesClock& clock, std::size_t rows);

    template <class Self, class Archive>
    static void fields(Self& self, Archive& archive)
    {
        archive(self.m_tail);
    }
    [[nodiscard]] bool isSound() const { return m_tail.isSound(); }

private:
    [[nodiscard]] double distance(const RecentValues& history, std::size_t seen) const;
    [[nodiscard]] double bestOfDay(std::span<const double> all, std::size_t day) const;

    SeriesClock m_clock{.slots = 1};
    std::size_t m_rows = 1;
    StreamTail m_tail;
};

} // namespace faultline::detectors
