// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/core/time.h"
#include "engine/records/record_table.h"
#include <cstdint>
#include <vector>

namespace faultline::pipeline
{

/// Records by time: an order over all sources, and counts per level for any stretch of time at any zoom.
/// Cost: 4 bytes a record, 24 bytes a bucket (at most 65,536 buckets). Immutable once built; thread-safe.
class Timeline
{
public:
    [[nodiscard]] static Result<Timeline> build(const records::RecordTable& table, JobContext& job);

    [[nodiscard]] TimeUs start() const { return m_start; } ///< first record; noTime when no record has a time
    [[nodiscard]] TimeUs end() const { return m_end; }     ///< last record
    /// Indices of all records that have a time, earliest first (equal times: table order).
    [[nodiscard]] const std::vector<std::uint32_t>& order() const { return m_order; }
    /// Position in order() of the first record at or after `time`.
    [[nodiscard]] std::size_t lowerBound(TimeUs time) const;
    /// Counts per level in each of `buckets` equal stretches of [from, to). O(buckets + what lies between bucket
    /// borders).
    [[nodiscard]] std::vector<records::LevelCounts> counts(TimeUs from, TimeUs to, std::size_t buckets) const;

private:
    const records::RecordTable* m_table = nullptr;
    TimeUs m_start = noTime, m_end = noTime;
    std::vector<std::uint32_t> m_order;
    DurationUs m_bucket_us = 1;
    std::vector<records::LevelCounts> m_cumulative; ///< counts of all records before each base bucket, modulo 2^32
};

} // namespace faultline::pipeline
