// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/charts/axis_tracks.h"
#include "ui/models/text_format.h"
#include <QFontMetrics>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace faultline::ui
{
namespace
{

QString cursorText(const TrackContext& context)
{
    if (context.axis.kind() == AxisKind::Position)
        return countText(static_cast<std::uint64_t>(std::max<TimeUs>(context.cursor, 0)));
    return context.axis.span().length() < 5 * minute_us ? clockTextMs(context.cursor) : clockText(context.cursor);
}

QString lengthText(const TrackContext& context)
{
    if (context.axis.kind() == AxisKind::Position)
        return countText(static_cast<std::uint64_t>(context.data.whole.length()));
    const double days = static_cast<double>(context.data.whole.length()) / static_cast<double>(day_us);
    return days >= 2.0 ? QObject::tr("%1 days").arg(days, 0, 'f', days < 100.0 ? 1 : 0)
                       : durationText(context.data.whole.length());
}

} // namespace

QString CaseTrack::name() const
{
    return QObject::tr("Case");
}

int CaseTrack::height(const TrackContext&) const
{
    return dp(30);
}

TimeAxis CaseTrack::axisOf(const TrackArea& area, const TrackContext& context)
{
    return {context.axis.kind(), context.selection.limits(), static_cast<double>(area.plot.left()),
            static_cast<double>(area.plot.width())};
}

void CaseTrack::paint(QPainter& painter, const TrackArea& area, const TrackContext& context) const
{
    painter.setFont(interfaceFont(11));
    painter.setPen(context.theme.muted);
    painter.drawText(area.gutter.adjusted(dp(10), 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, name());
    painter.setFont(monoFont(11));
    painter.drawText(area.readout.adjusted(0, 0, -dp(6), 0), Qt::AlignRight | Qt::AlignVCenter, lengthText(context));

    const auto axis = axisOf(area, context);
    const QRect well = area.plot.adjusted(0, dp(4), 0, -dp(4));
    painter.fillRect(well, context.theme.sunken);
    painter.setFont(interfaceFont(10));
    for (const auto& tick : axis.ticks(dp(96))) {
        const double x = crisp(axis.xAt(tick.at));
        painter.setPen(context.theme.field);
        painter.drawLine(QPointF(x, well.top()), QPointF(x, well.bottom()));
        painter.setPen(context.theme.muted);
        if (x + dp(4) + painter.fontMetrics().horizontalAdvance(tick.label) < well.right())
            painter.drawText(QRectF(x + dp(4), well.top(), dp(90), dp(14)), Qt::AlignLeft | Qt::AlignVCenter,
                             tick.label);
    }
    const double threshold = context.selection.threshold();
    std::vector<QRectF> quiet, flagged;
    for (const auto& [x, value] : columnsOf(context.data.all, context.data.all.score, axis)) {
        const bool over = value.max >= static_cast<float>(threshold);
        // Flagged marks keep a height that is seen; the rest is background, at most a third.
        const double share = std::min(value.max / std::max(threshold * 2.0, 1.0), 1.0);
        const double height = over ? dp(6) + share * dp(5) : share * dp(7);
        (over ? flagged : quiet).emplace_back(x, well.bottom() + 1 - height, over ? 2.0 : 1.0, height);
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(context.theme.field);
    painter.drawRects(quiet.data(), static_cast<int>(quiet.size()));
    painter.setBrush(context.theme.surprise[3]);
    painter.drawRects(flagged.data(), static_cast<int>(flagged.size()));
}

void CaseTrack::paintReadout(QPainter& painter, const TrackArea& area, const TrackContext& context) const
{
    const auto axis = axisOf(area, context);
    const auto view = context.axis.span();
    const double left = axis.xAt(view.from), right = std::max(axis.xAt(view.to), left + dp(6));
    QColor fill = context.theme.accent;
    fill.setAlphaF(0.12F);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(context.theme.accent, 1.5));
    painter.setBrush(fill);
    painter.drawRoundedRect(QRectF(left + 0.5, area.plot.top() + dp(3), right - left - 1.0, area.plot.height() - dp(6)),
                            dp(3), dp(3));
    painter.restore();
}

QString AxisTrack::name() const
{
    return QObject::tr("Time axis");
}

int AxisTrack::height(const TrackContext&) const
{
    return dp(22);
}

void AxisTrack::paint(QPainter& painter, const TrackArea& area, const TrackContext& context) const
{
    painter.setFont(interfaceFont(11));
    painter.setPen(context.theme.muted);
    painter.drawText(area.gutter.adjusted(dp(10), 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                     context.axis.kind() == AxisKind::Time ? QObject::tr("Time (UTC)") : QObject::tr("Row"));
    painter.setFont(monoFont(11));
    const QFontMetrics metrics(painter.font());
    for (const auto& tick : context.axis.ticks(dp(100))) {
        const double x = context.axis.xAt(tick.at);
        const double width = metrics.horizontalAdvance(tick.label);
        const double left = std::clamp(x - width / 2, context.axis.left(), context.axis.right() - width);
        painter.drawText(QRectF(left, area.plot.top(), width + 2, area.plot.height() - dp(3)),
                         Qt::AlignLeft | Qt::AlignVCenter, tick.label);
        painter.drawLine(QPointF(crisp(x), area.plot.bottom() - dp(2)), QPointF(crisp(x), area.plot.bottom()));
    }
}

void AxisTrack::paintReadout(QPainter& painter, const TrackArea& area, const TrackContext& context) const
{
    if (context.cursor == noTime || !context.axis.span().contains(context.cursor))
        return;
    const QString text = cursorText(context);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(monoFont(11, QFont::DemiBold));
    const double width = painter.fontMetrics().horizontalAdvance(text) + dp(14);
    const double x =
        std::clamp(context.axis.xAt(context.cursor) - width / 2, context.axis.left(), context.axis.right() - width);
    const QRectF capsule(x, area.plot.top() + dp(2), width, area.plot.height() - dp(4));
    painter.setPen(Qt::NoPen);
    painter.setBrush(context.theme.accent);
    painter.drawRoundedRect(capsule, dp(3), dp(3));
    painter.setPen(context.theme.onAccent);
    painter.drawText(capsule, Qt::AlignCenter, text);
    painter.restore();
}

QString AxisTrack::readout(const TrackContext& context) const
{
    return context.cursor == noTime ? QString() : cursorText(context);
}

} // namespace faultline::ui
