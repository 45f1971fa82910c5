// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/line_layout.h"
#include <limits>
#include <map>
#include <string_view>
#include <vector>

namespace faultline::records
{

using Lines = std::vector<std::string_view>;

/// How the lines of a sample fare under a layout.
struct Tally {
    std::size_t lines = 0, continuation = 0, timed = 0, complete = 0, whole = 0, withZone = 0, withoutYear = 0;
    std::size_t indented = 0; ///< of those with a time
    TimeUs earliest = std::numeric_limits<TimeUs>::max(), latest = noTime;
    std::map<TimeShape, std::size_t> shapes;
    std::string_view firstTime; ///< the text of the first time, for describing its spelling

    [[nodiscard]] std::size_t judged() const { return lines - continuation; }
    /// Of the lines that are not continuations; 0 when all are.
    [[nodiscard]] double share(std::size_t count) const
    {
        return judged() == 0 ? 0.0 : static_cast<double>(count) / static_cast<double>(judged());
    }
    [[nodiscard]] TimeShape usualShape() const;
};

/// What decided between day and month first.
enum class DayOrder : std::uint8_t {
    NotAsked, ///< no such dates
    Range,    ///< only this order reads all of them
    Span,     ///< both do; in this one the times lie closer together
    Assumed,  ///< both do equally well: day first
};

/// A layout with the reading of ambiguous dates that fits the sample best.
struct Fit {
    LineLayout layout;
    TimestampOptions time{.assumedYear = 2000};
    Tally tally{};
    DayOrder dayOrder = DayOrder::NotAsked;
    double confidence = 0.0; ///< share of the lines that parse completely
};

[[nodiscard]] Tally tallyOf(const LineLayout& layout, const Lines& lines, const TimestampOptions& options);

/// 03/12/2026 may be March or December. The reading under which most lines have a time wins, then the one under which
/// they span the least time, then day before month. The confidence is 0 when under 5% of the lines have the time that
/// the layout asks for, or when hardly any shows what the layout has behind its core.
[[nodiscard]] Fit fitOf(const LineLayout& layout, const Lines& lines);

} // namespace faultline::records
