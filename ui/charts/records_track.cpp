// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/charts/records_track.h"
#include "ui/models/text_format.h"
#include "ui/theme/glyphs.h"
#include <QPainter>
#include <algorithm>
#include <array>
#include <numeric>

namespace faultline::ui
{
namespace
{

using records::LevelCounts;

std::uint64_t total(const LevelCounts& counts)
{
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

LevelCounts countsAt(const TrackContext& context)
{
    if (context.cursor == noTime || !context.data.hasRecords())
        return {};
    const DurationUs bucket = recordBucket(context.axis);
    const TimeUs from = floorTo(context.cursor, bucket);
    return context.data.result->timeline->counts(from, from + bucket, 1).front();
}

/// Stacked bars: level after level, so that each colour is one drawRects call.
void paintBars(QPainter& painter, const QRect& plot, const TrackContext& context,
               const std::vector<LevelCounts>& counts, TimeUs from, DurationUs bucket, double top)
{
    std::array<std::vector<QRectF>, records::levelCount> rects;
    const double perRecord = (plot.height() - dp(10)) / top;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const TimeUs start = from + static_cast<TimeUs>(i) * bucket;
        const double left = std::round(context.axis.xAt(start));
        const double right = std::round(context.axis.xAt(start + bucket)) - 1.0;
        double base = plot.bottom() + 1.0;
        for (std::size_t level = 0; level < records::levelCount; ++level) {
            if (counts[i][level] == 0)
                continue;
            const double height = counts[i][level] * perRecord;
            rects[level].emplace_back(left, base - height, std::max(right - left, 1.0), height);
            base -= height;
        }
    }
    painter.setPen(Qt::NoPen);
    for (std::size_t level = 0; level < records::levelCount; ++level) {
        painter.setBrush(context.theme.levelMark[level]);
        painter.drawRects(rects[level].data(), static_cast<int>(rects[level].size()));
    }
}

} // namespace

DurationUs recordBucket(const TimeAxis& axis)
{
    return axis.bucket(dp(5));
}

QString RecordsTrack::name() const
{
    return QObject::tr("Records");
}

int RecordsTrack::height(const TrackContext& context) const
{
    return context.data.axis == AxisKind::Time ? dp(84) : 0;
}

void RecordsTrack::paint(QPainter& painter, const TrackArea& area, const TrackContext& context) const
{
    const DurationUs bucket = recordBucket(context.axis);
    paintGutterTitle(painter, area.gutter, name(), {QObject::tr("per %1").arg(durationText(bucket))}, context.theme);
    if (!context.data.hasRecords()) {
        painter.setFont(interfaceFont(11));
        painter.setPen(context.theme.muted);
        painter.drawText(
            area.plot, Qt::AlignCenter,
            QObject::tr("The sources of this case have not been read again, so records cannot be counted."));
        return;
    }
    const auto view = context.axis.span();
    const TimeUs from = floorTo(view.from, bucket);
    const auto buckets = static_cast<std::size_t>((view.to - from + bucket - 1) / bucket);
    const auto counts =
        context.data.result->timeline->counts(from, from + static_cast<TimeUs>(buckets) * bucket, buckets);
    std::uint64_t highest = 1;
    for (const auto& c : counts)
        highest = std::max(highest, total(c));
    const double top = static_cast<double>(highest);
    for (const double tick : scaleTicks(top))
        if (tick > 0.0)
            paintScaleLine(painter, area, area.plot.bottom() + 1 - tick / top * (area.plot.height() - dp(10)),
                           measureText(tick), context.theme);
    painter.setClipRect(area.plot);
    paintBars(painter, area.plot, context, counts, from, bucket, top);
}

void RecordsTrack::paintReadout(QPainter& painter, const TrackArea& area, const TrackContext& context) const
{
    if (context.cursor == noTime || !context.data.hasRecords())
        return;
    const auto counts = countsAt(context);
    int y = area.readout.top() + dp(4);
    for (std::size_t level = records::levelCount; level-- > 0;) {
        const bool unlevelled = level == 0;
        if (unlevelled && (counts[0] == 0 || total(counts) != counts[0]))
            continue;
        const QRect line(area.readout.left(), y, area.readout.width(), dp(15));
        if (!unlevelled)
            paintLevelShape(painter, QPointF(line.left() + dp(12), line.center().y() + 0.5), level);
        paintReadoutLine(painter, line, countText(counts[level]), context.theme.text);
        y += dp(15);
    }
}

QString RecordsTrack::readout(const TrackContext& context) const
{
    const auto counts = countsAt(context);
    return QObject::tr("%1 records, %2 warn, %3 error, %4 fatal")
        .arg(countText(total(counts)), countText(counts[3]), countText(counts[4]), countText(counts[5]));
}

} // namespace faultline::ui
