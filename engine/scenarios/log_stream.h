// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include "engine/scenarios/line_writer.h"
#include "engine/scenarios/output_file.h"
#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace faultline::scenarios
{

struct TimeSpan {
    TimeUs start = 0, end = 0; ///< [start, end)
    [[nodiscard]] bool contains(TimeUs time_us) const { return time_us >= start && time_us < end; }
};

/// The clock of one service is wrong for a while.
struct ClockShift {
    TimeSpan span;
    DurationUs by_us = 0;
};

/// One service's log. A request writes lines that lie seconds apart, so lines wait in one bucket per second until that
/// second is flushed, and are then written in the order of their times. Memory: the lines of `horizon` seconds.
class LogStream
{
public:
    static constexpr std::int64_t horizon_s = 32;

    explicit LogStream(OutputFile file) : m_file(std::move(file)) {}

    /// Starts a record at this instant, which lies in [last flushed second + 1 s, + horizon); later instants are moved
    /// to its end. The line end is added when it is flushed. Records in a silent span are swallowed.
    [[nodiscard]] LineWriter record(TimeUs at_us);
    /// The instant that the service's own clock shows: what belongs into the text of a record.
    [[nodiscard]] TimeUs shown(TimeUs at_us) const;
    /// Writes the records of all seconds before `second`.
    void flushBefore(std::int64_t second);

    void beSilent(TimeSpan span) { m_silences.push_back(span); }
    void shiftClock(ClockShift shift) { m_shifts.push_back(shift); }
    void startAt(std::int64_t second) { m_nextSecond = second; }

    [[nodiscard]] std::uint64_t records() const { return m_records; }
    [[nodiscard]] OutputFile& file() { return m_file; }

private:
    struct Pending {
        TimeUs at_us = 0;
        std::uint32_t begin = 0, end = 0;
    };
    struct Bucket {
        std::string text;
        std::vector<Pending> pending;
    };
    void write(Bucket& bucket);

    OutputFile m_file;
    std::array<Bucket, horizon_s> m_buckets;
    std::int64_t m_nextSecond = 0;
    std::vector<TimeSpan> m_silences;
    std::vector<ClockShift> m_shifts;
    std::string m_swallowed;
    std::uint64_t m_records = 0;
};

} // namespace faultline::scenarios
