// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/charts/track.h"
#include <QFontMetrics>
#include <QPainter>
#include <cmath>

namespace faultline::ui
{

void paintGutterTitle(QPainter& painter, const QRect& gutter, const QString& title, const QStringList& captions,
                      const Theme& theme)
{
    const int left = gutter.left() + dp(10), width = gutter.width() - dp(14), line = dp(15);
    int y = gutter.top() + dp(6);
    painter.setFont(interfaceFont(12, QFont::DemiBold));
    painter.setPen(theme.text);
    painter.drawText(QRect(left, y, width, line), Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(title, Qt::ElideRight, width));
    painter.setFont(interfaceFont(11));
    painter.setPen(theme.muted);
    for (const auto& caption : captions) {
        y += line;
        painter.drawText(QRect(left, y, width - dp(26), line), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(caption, Qt::ElideRight, width - dp(26)));
    }
}

void paintScaleLine(QPainter& painter, const TrackArea& area, double y, const QString& label, const Theme& theme)
{
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(theme.grid, 1));
    painter.drawLine(QPointF(area.plot.left(), crisp(y)), QPointF(area.plot.right(), crisp(y)));
    painter.setPen(theme.muted);
    painter.setFont(monoFont(11));
    const double labelY = std::min(y - dp(8), static_cast<double>(area.plot.bottom() - dp(14)));
    if (labelY < area.plot.top() + dp(18)) // the title stands there
        return;
    const QRectF box(area.gutter.left(), labelY, area.gutter.width() - dp(6), dp(16));
    painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter, label);
}

void paintReadoutLine(QPainter& painter, const QRect& line, const QString& text, const QColor& colour, int weight)
{
    painter.setFont(monoFont(11, weight));
    painter.setPen(colour);
    painter.drawText(line.adjusted(0, 0, -dp(6), 0), Qt::AlignRight | Qt::AlignVCenter, text);
}

double crisp(double v)
{
    return std::floor(v) + 0.5;
}

std::vector<double> scaleTicks(double top)
{
    if (!(top > 0.0))
        return {0.0};
    const double power = std::pow(10.0, std::floor(std::log10(top / 2.0)));
    const double share = top / 2.0 / power;
    const double step = (share >= 5.0 ? 5.0 : share >= 4.0 ? 4.0 : share >= 2.0 ? 2.0 : 1.0) * power;
    std::vector<double> out;
    for (double v = 0.0; v <= top * 1.0001 && out.size() < 4; v += step)
        out.push_back(v);
    return out;
}

DurationUs cellLength(const TrackContext& context)
{
    const DurationUs bucket = context.axis.bucket(dp(5));
    if (context.data.unitLength <= bucket)
        return bucket;
    const bool windows = context.data.result->table.kind == features::UnitKind::Window;
    return windows ? context.data.unitLength : bucket;
}

} // namespace faultline::ui
