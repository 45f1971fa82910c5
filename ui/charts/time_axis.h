// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include <QString>
#include <vector>

namespace faultline::ui
{

/// What the horizontal axis counts: time in microseconds, or units one after the other when the data carries no time.
enum class AxisKind { Time, Position };

/// A stretch of the axis, [from, to).
struct AxisSpan {
    TimeUs from = 0, to = 0;
    [[nodiscard]] bool empty() const { return to <= from; }
    [[nodiscard]] DurationUs length() const { return to - from; }
    [[nodiscard]] bool contains(TimeUs t) const { return t >= from && t < to; }
    friend bool operator==(const AxisSpan&, const AxisSpan&) = default;
};

struct AxisTick {
    TimeUs at = 0;
    QString label;
};

/// Maps a stretch of time to pixels and back. A value: tracks get a copy.
class TimeAxis
{
public:
    TimeAxis() = default;
    TimeAxis(AxisKind kind, AxisSpan span, double left, double width);

    [[nodiscard]] AxisKind kind() const { return m_kind; }
    [[nodiscard]] AxisSpan span() const { return m_span; }
    [[nodiscard]] double left() const { return m_left; }
    [[nodiscard]] double width() const { return m_width; }
    [[nodiscard]] double right() const { return m_left + m_width; }
    [[nodiscard]] double xAt(TimeUs time) const;
    [[nodiscard]] TimeUs timeAt(double x) const;

    /// The smallest round stretch that is at least `minimumPixels` wide. Buckets are aligned to the epoch.
    [[nodiscard]] DurationUs bucket(double minimumPixels) const;
    /// Ticks at round places, at least `minimumPixels` apart.
    [[nodiscard]] std::vector<AxisTick> ticks(double minimumPixels) const;

    /// The span with `anchor` kept at its pixel and the length multiplied by `factor`, inside `limits`.
    [[nodiscard]] AxisSpan zoomed(double factor, TimeUs anchor, AxisSpan limits, DurationUs shortest) const;
    [[nodiscard]] AxisSpan panned(DurationUs by, AxisSpan limits) const;

private:
    AxisKind m_kind = AxisKind::Time;
    AxisSpan m_span{0, 1};
    double m_left = 0.0, m_width = 1.0;
};

/// Largest multiple of `step` at or before `time` (also before the epoch).
[[nodiscard]] TimeUs floorTo(TimeUs time, DurationUs step);
/// The smallest round length of the axis at or over `length`: 1-2-5 below a second and for positions, clock steps
/// above.
[[nodiscard]] DurationUs roundLength(double length, AxisKind kind);

} // namespace faultline::ui
