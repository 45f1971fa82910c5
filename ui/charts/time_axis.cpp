// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/charts/time_axis.h"
#include "ui/models/text_format.h"
#include <algorithm>
#include <array>
#include <cmath>

namespace faultline::ui
{
namespace
{

constexpr std::array<DurationUs, 24> clockSteps = {
    1 * second_us, 2 * second_us, 5 * second_us, 10 * second_us, 15 * second_us, 30 * second_us,
    1 * minute_us, 2 * minute_us, 5 * minute_us, 10 * minute_us, 15 * minute_us, 30 * minute_us,
    1 * hour_us,   2 * hour_us,   3 * hour_us,   6 * hour_us,    12 * hour_us,   1 * day_us,
    2 * day_us,    7 * day_us,    14 * day_us,   28 * day_us,    91 * day_us,    364 * day_us};

DurationUs oneTwoFive(double length)
{
    DurationUs power = 1;
    while (static_cast<double>(power) * 10.0 <= length && power < DurationUs{100'000'000'000'000'000})
        power *= 10;
    for (const DurationUs factor : {1, 2, 5, 10})
        if (static_cast<double>(power * factor) >= length)
            return power * factor;
    return power * 10;
}

QString tickLabel(TimeUs at, DurationUs step, AxisKind kind)
{
    if (kind == AxisKind::Position)
        return countText(static_cast<std::uint64_t>(std::max<TimeUs>(at, 0)));
    if (step >= day_us || floorTo(at, day_us) == at)
        return dayText(at);
    return step >= minute_us ? clockText(at).left(5) : step >= second_us ? clockText(at) : clockTextMs(at);
}

} // namespace

TimeUs floorTo(TimeUs time, DurationUs step)
{
    const TimeUs rest = time % step;
    return rest < 0 ? time - rest - step : time - rest;
}

DurationUs roundLength(double length, AxisKind kind)
{
    if (kind == AxisKind::Position || length <= 500'000.0)
        return oneTwoFive(length);
    for (const DurationUs step : clockSteps)
        if (static_cast<double>(step) >= length)
            return step;
    return oneTwoFive(length / static_cast<double>(day_us)) * day_us;
}

TimeAxis::TimeAxis(AxisKind kind, AxisSpan span, double left, double width)
    : m_kind(kind), m_span(span), m_left(left), m_width(std::max(width, 1.0))
{
    if (m_span.empty())
        m_span.to = m_span.from + 1;
}

double TimeAxis::xAt(TimeUs time) const
{
    return m_left + static_cast<double>(time - m_span.from) / static_cast<double>(m_span.length()) * m_width;
}

TimeUs TimeAxis::timeAt(double x) const
{
    return m_span.from + static_cast<TimeUs>(std::floor((x - m_left) / m_width * static_cast<double>(m_span.length())));
}

DurationUs TimeAxis::bucket(double minimumPixels) const
{
    return roundLength(minimumPixels / m_width * static_cast<double>(m_span.length()), m_kind);
}

std::vector<AxisTick> TimeAxis::ticks(double minimumPixels) const
{
    const DurationUs step = bucket(minimumPixels);
    std::vector<AxisTick> out;
    for (TimeUs at = floorTo(m_span.from + step - 1, step); at <= m_span.to; at += step)
        out.push_back({at, tickLabel(at, step, m_kind)});
    return out;
}

AxisSpan TimeAxis::zoomed(double factor, TimeUs anchor, AxisSpan limits, DurationUs shortest) const
{
    const double longest = static_cast<double>(limits.length());
    const double length = std::clamp(static_cast<double>(m_span.length()) * factor,
                                     std::min(static_cast<double>(shortest), longest), longest);
    const double share = static_cast<double>(anchor - m_span.from) / static_cast<double>(m_span.length());
    AxisSpan out;
    out.from = anchor - static_cast<TimeUs>(std::llround(share * length));
    out.to = out.from + static_cast<TimeUs>(std::llround(length));
    return TimeAxis(m_kind, out, m_left, m_width).panned(0, limits);
}

AxisSpan TimeAxis::panned(DurationUs by, AxisSpan limits) const
{
    const DurationUs length = std::min(m_span.length(), limits.length());
    const TimeUs from = std::clamp(m_span.from + by, limits.from, limits.to - length);
    return {from, from + length};
}

} // namespace faultline::ui
