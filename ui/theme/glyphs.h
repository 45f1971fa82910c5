// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <QIcon>
#include <QPixmap>
#include <QPointF>
#include <QRectF>
#include <QString>

class QPainter;

namespace faultline::ui
{

/// The level's shape (dot, ring, triangle, square, octagon) around a centre: severity is never told by colour alone.
/// `level` counts as records::Level does.
void paintLevelShape(QPainter& painter, QPointF centre, std::size_t level);

enum class BadgeStyle { Outlined, Filled, Dashed };
/// A small rounded label; returns its width, which is all it does when `painter` is null.
int paintBadge(QPainter* painter, QPoint topLeft, const QString& text, BadgeStyle style);

/// 45 degree hatch that says "absent" (no records), with its outline.
void paintSilence(QPainter& painter, const QRectF& area);

/// 2 px ring just inside `area`, for whatever has the keyboard.
void paintFocusRing(QPainter& painter, const QRect& area);

/// An icon of resources/icons tinted with the theme in use; empty when there is no such file.
[[nodiscard]] QIcon themedIcon(const QString& name);

} // namespace faultline::ui
