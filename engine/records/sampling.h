// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/records/loader.h"
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace faultline::records
{

/// A stretch without records that is too long for the rhythm of the rest.
struct SamplingGap {
    TimeUs start = noTime;         ///< the last time before it
    TimeUs end = noTime;           ///< the first time behind it
    std::uint64_t missingRows = 0; ///< steps that have no record; 0 when the sampling is irregular
};

/// The rhythm of a series of times.
struct Sampling {
    static constexpr std::size_t maxGaps = 1'000;

    EntityId entity = 0;
    std::uint64_t records = 0;    ///< with a time
    std::uint64_t times = 0;      ///< different ones
    std::uint64_t duplicates = 0; ///< records that are not the first of their time
    DurationUs step_us = 0;       ///< median difference of successive times; 0 when there are fewer than two
    double stepShare = 0.0;       ///< of the differences, how many equal the step within 1 %
    bool regular = false;         ///< at least three times, and 90 % of the differences are the step or whole steps
    std::uint64_t gapCount = 0;
    std::uint64_t missingRows = 0; ///< over all gaps
    std::vector<SamplingGap> gaps; ///< in order of time, the first maxGaps of them
};

/// The sampling of times in any order. noTime is left out.
///
/// A gap of a regular series is longer than one and a half steps: less than that is jitter. Of an irregular one (a log)
/// it is longer than ten times the 95 % quantile of the differences: bursts and pauses are its nature. O(n log n) time,
/// 8 bytes a time.
[[nodiscard]] Sampling samplingOf(std::span<const TimeUs> times);

struct SamplingScope {
    std::optional<std::uint16_t> source; ///< index into RecordSet::reports; else all
    std::optional<EntityId> entity;      ///< else all together
};
[[nodiscard]] Sampling sampleRate(const RecordSet& set, const SamplingScope& scope = {});

/// Of each entity that has records, in the order of their ids. O(n log n) time, 8 bytes a record. Cancelled when the
/// job was stopped.
[[nodiscard]] Result<std::vector<Sampling>> sampleRates(const RecordSet& set, JobContext& job);

} // namespace faultline::records
