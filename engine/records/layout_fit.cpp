// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/layout_fit.h"
#include "engine/records/header_match.h"
#include "engine/records/text_sample.h"
#include <algorithm>
#include <array>

namespace faultline::records
{

namespace
{

constexpr double leastTimedShare = 0.05; // under this, times in the lines are chance and each line is a record
constexpr double leastWholeShare = 0.3;  // of what stands behind the core, to know a program by it

bool readsDayMonthYear(const LineLayout& layout)
{
    return std::any_of(layout.parts.begin(), layout.parts.end(), [](const HeaderPart& part) {
        const auto& shapes = part.shapes;
        return std::find(shapes.begin(), shapes.end(), TimeShape::DayMonthYear) != shapes.end() ||
               (part.kind == PartKind::FoundTime && shapes.empty());
    });
}

DurationUs spanOf(const Tally& tally)
{
    return tally.timed == 0 ? 0 : tally.latest - tally.earliest;
}

/// Tries the other orders of day, month and two-digit year.
void settleDayOrder(Fit& fit, const Lines& lines)
{
    constexpr TimestampOptions dayFirst{.assumedYear = 2000, .dayFirst = true, .shortYearFirst = false};
    constexpr TimestampOptions monthFirst{.assumedYear = 2000, .dayFirst = false, .shortYearFirst = false};
    std::vector<Tally> tallies{std::move(fit.tally)};
    std::size_t best = 0;
    for (const auto& options : {dayFirst, monthFirst}) {
        tallies.push_back(tallyOf(fit.layout, lines, options));
        const auto& now = tallies.back();
        const auto& then = tallies[best];
        if (now.timed > then.timed || (now.timed == then.timed && spanOf(now) < spanOf(then))) {
            best = tallies.size() - 1;
            fit.time = options;
        }
    }
    const auto& chosen = tallies[best];
    if (chosen.shapes.contains(TimeShape::DayMonthYear)) {
        fit.dayOrder = DayOrder::Range;
        for (const auto& other : tallies) {
            const bool rival = other.timed == chosen.timed && other.earliest != chosen.earliest;
            if (rival)
                fit.dayOrder =
                    spanOf(other) == spanOf(chosen) ? DayOrder::Assumed : std::max(fit.dayOrder, DayOrder::Span);
        }
    }
    fit.tally = std::move(tallies[best]);
}

} // namespace

TimeShape Tally::usualShape() const
{
    const auto most =
        std::max_element(shapes.begin(), shapes.end(), [](auto& a, auto& b) { return a.second < b.second; });
    return most == shapes.end() ? TimeShape::IsoDateTime : most->first;
}

Tally tallyOf(const LineLayout& layout, const Lines& lines, const TimestampOptions& options)
{
    Tally tally{.lines = lines.size()};
    const bool timed = layout.hasTime();
    const auto timePart = static_cast<std::size_t>(std::max(0, layout.partIndex("time")));
    LineMatch match;
    bool messageOpen = false; // the line before was all header: its message stands in this one
    for (const auto line : lines) {
        matchLine(layout, line, options, match);
        const bool goesOn = !match.complete && (messageOpen || looksLikeContinuation(line));
        messageOpen = match.whole && match.messageBegin == line.size();
        tally.complete += match.complete ? 1U : 0U;
        tally.whole += match.whole ? 1U : 0U;
        if (!match.hasTime()) {
            tally.continuation += goesOn && (timed || layout.headed) ? 1U : 0U;
            continue;
        }
        ++tally.timed;
        ++tally.shapes[match.shape];
        tally.withZone += match.time.hasZone ? 1U : 0U;
        tally.withoutYear += match.time.hasYear ? 0 : 1;
        tally.indented += header::isBlank(line.front()) ? 1U : 0U;
        tally.earliest = std::min(tally.earliest, match.time.time_us);
        tally.latest = std::max(tally.latest, match.time.time_us);
        if (tally.firstTime.empty())
            tally.firstTime =
                line.substr(match.parts[timePart].begin, match.parts[timePart].end - match.parts[timePart].begin);
    }
    return tally;
}

Fit fitOf(const LineLayout& layout, const Lines& lines)
{
    Fit fit{.layout = layout};
    fit.tally = tallyOf(layout, lines, fit.time);
    if (readsDayMonthYear(layout))
        settleDayOrder(fit, lines);
    fit.confidence = fit.tally.share(fit.tally.complete);
    const bool hardlyTimed = layout.hasTime() && fit.tally.share(fit.tally.timed) < leastTimedShare;
    const bool hardlyWhole = layout.core > 0 && static_cast<double>(fit.tally.whole) <
                                                    leastWholeShare * static_cast<double>(fit.tally.complete);
    if (hardlyTimed || hardlyWhole)
        fit.confidence = 0.0;
    return fit;
}

} // namespace faultline::records
