// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/charts/strips_track.h"
#include "engine/pipeline/analysis.h"
#include "ui/models/text_format.h"
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace faultline::ui
{
namespace
{

constexpr double fullHeight = 8.0; ///< decades of surprise that fill a strip

QRect stripRect(const QRect& part, std::size_t strip)
{
    return {part.left(), part.top() + dp(5) + static_cast<int>(strip) * dp(17), part.width(), dp(17)};
}

/// Surprise of a detector in the cell under the cursor.
MinMax atCursor(const TrackContext& context, std::size_t detector)
{
    const DurationUs cell = cellLength(context);
    const TimeUs from = floorTo(context.cursor, cell);
    return context.data.series(context.selection.entity()).detectorIn(detector, from, from + cell);
}

void paintStrip(QPainter& painter, const QRect& strip, const UnitSeries& series, std::size_t detector,
                const TrackContext& context)
{
    const DurationUs cell = cellLength(context);
    const double threshold = context.selection.threshold();
    std::vector<QRectF> quiet, raised, over;
    const auto view = context.axis.span();
    for (TimeUs at = floorTo(view.from, cell); at < view.to; at += cell) {
        const auto value = series.detectorIn(detector, at, at + cell);
        if (value.empty())
            continue;
        const double left = std::round(context.axis.xAt(at)), right = std::round(context.axis.xAt(at + cell)) - 1.0;
        const double height = std::max(1.0, std::min(value.max / fullHeight, 1.0) * (strip.height() - dp(4)));
        auto& rects = value.max >= static_cast<float>(threshold) ? over : value.max >= 2.4F ? raised : quiet;
        rects.emplace_back(left, strip.bottom() - height, std::max(right - left, 1.0), height);
    }
    painter.setPen(Qt::NoPen);
    const auto fill = [&](const QColor& colour, const std::vector<QRectF>& rects) {
        painter.setBrush(colour);
        painter.drawRects(rects.data(), static_cast<int>(rects.size()));
    };
    fill(context.theme.field, quiet);
    fill(context.theme.surprise[2], raised);
    fill(context.theme.surprise[3], over);
}

} // namespace

QString StripsTrack::name() const
{
    return QObject::tr("Detectors");
}

int StripsTrack::height(const TrackContext& context) const
{
    if (!context.data.result->isScored())
        return 0;
    return static_cast<int>(context.data.result->detectors.size()) * dp(17) + dp(10);
}

void StripsTrack::paint(QPainter& painter, const TrackArea& area, const TrackContext& context) const
{
    const auto& detectors = context.data.result->detectors;
    const auto& series = context.data.series(context.selection.entity());
    for (std::size_t i = 0; i < detectors.size(); ++i) {
        const QRect label = stripRect(area.gutter, i);
        painter.setFont(interfaceFont(11));
        painter.setPen(detectors[i].failure.empty() ? context.theme.text2 : context.theme.disabled);
        const int width = label.width() - dp(16);
        painter.drawText(
            label.adjusted(dp(10), 0, -dp(6), 0), Qt::AlignLeft | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(QString::fromStdString(detectors[i].name), Qt::ElideRight, width));
        const QRect strip = stripRect(area.plot, i);
        painter.save();
        painter.setClipRect(strip);
        if (!detectors[i].failure.empty()) {
            painter.setPen(context.theme.muted);
            const QString why = QObject::tr("did not run: %1").arg(safeText(detectors[i].failure));
            painter.drawText(strip.adjusted(dp(5), 0, -dp(5), 0), Qt::AlignLeft | Qt::AlignVCenter,
                             painter.fontMetrics().elidedText(why, Qt::ElideRight, strip.width() - dp(10)));
        } else {
            paintStrip(painter, strip, series, i, context);
        }
        painter.restore();
    }
}

void StripsTrack::paintReadout(QPainter& painter, const TrackArea& area, const TrackContext& context) const
{
    if (context.cursor == noTime)
        return;
    for (std::size_t i = 0; i < context.data.result->detectors.size(); ++i) {
        const auto value = atCursor(context, i);
        const QString text = value.empty() ? QStringLiteral("–")
                                           : QStringLiteral("p ") + shortProbabilityText(std::pow(10.0, -value.max));
        paintReadoutLine(painter, stripRect(area.readout, i), text,
                         value.empty() || value.max < 2.4F ? context.theme.muted : context.theme.text);
    }
}

QString StripsTrack::readout(const TrackContext& context) const
{
    if (context.cursor == noTime)
        return {};
    QStringList parts;
    for (std::size_t i = 0; i < context.data.result->detectors.size(); ++i) {
        const auto value = atCursor(context, i);
        if (!value.empty())
            parts << QString::fromStdString(context.data.result->detectors[i].name) + QStringLiteral(" p ") +
                         probabilityText(std::pow(10.0, -value.max));
    }
    return parts.join(QStringLiteral(", "));
}

} // namespace faultline::ui
