// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"
#include <QFile>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QPainter>
#include <QPainterPath>
#include <QPolygonF>
#include <QSvgRenderer>
#include <array>

namespace faultline::ui
{

void paintLevelShape(QPainter& painter, QPointF centre, std::size_t level)
{
    const QColor colour = Theme::current().levelMark[std::min<std::size_t>(level, 5)];
    const double u = dp(8) / 8.0;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(centre);
    painter.scale(u, u);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    switch (level) {
    case 2:
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colour, 1.4));
        painter.drawEllipse(QPointF(0, 0), 3.0, 3.0);
        break;
    case 3: {
        const std::array points = {QPointF(0, -3.8), QPointF(4.2, 3.4), QPointF(-4.2, 3.4)};
        painter.drawPolygon(points.data(), static_cast<int>(points.size()));
        break;
    }
    case 4:
        painter.drawRect(QRectF(-3.5, -3.5, 7, 7));
        break;
    case 5: {
        QPolygonF octagon;
        for (const auto& p : {QPointF(-1.9, -4.5), QPointF(1.9, -4.5), QPointF(4.5, -1.9), QPointF(4.5, 1.9),
                              QPointF(1.9, 4.5), QPointF(-1.9, 4.5), QPointF(-4.5, 1.9), QPointF(-4.5, -1.9)})
            octagon << p;
        painter.drawPolygon(octagon);
        painter.setPen(QPen(Theme::current().surface, 1.3));
        painter.drawLine(QPointF(-1.9, -1.9), QPointF(1.9, 1.9));
        painter.drawLine(QPointF(-1.9, 1.9), QPointF(1.9, -1.9));
        break;
    }
    default:
        painter.drawEllipse(QPointF(0, 0), 1.6, 1.6);
    }
    painter.restore();
}

int paintBadge(QPainter* painter, QPoint topLeft, const QString& text, BadgeStyle style)
{
    const QFont font = interfaceFont(10, QFont::DemiBold);
    const int width = QFontMetrics(font).horizontalAdvance(text) + dp(9);
    if (painter == nullptr)
        return width;
    const auto& theme = Theme::current();
    const QRectF box = QRectF(topLeft, QSizeF(width, dp(15))).adjusted(0.5, 0.5, -0.5, -0.5);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QColor ink = style == BadgeStyle::Dashed ? theme.muted : theme.model;
    QPen pen(ink, 1.0);
    if (style == BadgeStyle::Dashed)
        pen.setDashPattern({2.5, 2.0});
    painter->setPen(style == BadgeStyle::Filled ? QPen(Qt::NoPen) : pen);
    painter->setBrush(style == BadgeStyle::Filled ? QBrush(theme.modelFill) : QBrush(Qt::NoBrush));
    painter->drawRoundedRect(box, dp(3), dp(3));
    painter->setPen(ink);
    painter->setFont(font);
    painter->drawText(box, Qt::AlignCenter, text);
    painter->restore();
    return width;
}

void paintSilence(QPainter& painter, const QRectF& area)
{
    const auto& theme = Theme::current();
    painter.save();
    painter.fillRect(area, theme.surface);
    painter.setClipRect(area);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.control, 1.0));
    const double step = dp(5);
    const double first = std::floor((area.left() - area.height()) / step) * step;
    for (double x = first; x < area.right(); x += step)
        painter.drawLine(QPointF(x, area.bottom()), QPointF(x + area.height(), area.top()));
    painter.restore();
}

void paintFocusRing(QPainter& painter, const QRect& area)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(Theme::current().focus, 2));
    painter.drawRect(area.adjusted(1, 1, -1, -1));
    painter.restore();
}

namespace
{

QPixmap tinted(QSvgRenderer& svg, const QColor& colour, int size, double ratio)
{
    QPixmap pixmap(QSize(size, size) * ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    svg.render(&painter);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(pixmap.rect(), colour);
    painter.end();
    pixmap.setDevicePixelRatio(ratio);
    return pixmap;
}

} // namespace

QIcon themedIcon(const QString& name)
{
    QSvgRenderer svg(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!svg.isValid())
        return {};
    const auto& theme = Theme::current();
    QIcon icon;
    for (const int size : {dp(16), dp(24), dp(32)}) {
        for (const double ratio : {1.0, qApp->devicePixelRatio()}) {
            icon.addPixmap(tinted(svg, theme.text2, size, ratio), QIcon::Normal, QIcon::Off);
            icon.addPixmap(tinted(svg, theme.disabled, size, ratio), QIcon::Disabled, QIcon::Off);
            icon.addPixmap(tinted(svg, theme.onAccent, size, ratio), QIcon::Normal, QIcon::On);
        }
    }
    return icon;
}

} // namespace faultline::ui
