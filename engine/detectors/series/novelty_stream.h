// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/ordered_values.h"
#include "engine/detectors/series/recent_values.h"
#include "engine/detectors/series/stream_tail.h"

namespace faultline::detectors
{

/// How new a value is: the distance to its k-th nearest among all earlier values, in one dimension, as the surprise of
/// that distance among those of the past. It needs no scale and no shape of distribution, and a level seen k times is
/// not new. Keeps the last `memory` values and distances, about 60 bytes each. O(log memory) a value.
class NoveltyStream
{
public:
    struct Options {
        std::size_t neighbour = 3;
        std::size_t memory = 30'000;
        std::size_t exclusion = 1; ///< only values at least so many before count: for series that are smooth
    };
    NoveltyStream() : NoveltyStream(Options{}) {}
    explicit NoveltyStream(const Options& options);
    /// Surprise of a value in nats, 0 to 25, which is then learned. Distances below `noise` are none.
    [[nodiscard]] double push(double value, double noise);

    template <class Self, class Archive>
    static void fields(Self& self, Archive& archive)
    {
        archive(self.m_recent, self.m_tail, self.m_seen);
        self.rebuild();
    }
    [[nodiscard]] bool isSound() const;

private:
    void rebuild() const {} // what is written needs none
    void rebuild();         ///< the ordered values from the recent ones

    Options m_options;
    RecentValues m_recent;
    OrderedValues m_known;
    StreamTail m_tail;
    std::size_t m_seen = 0;
};

} // namespace faultline::detectors
