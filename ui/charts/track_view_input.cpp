// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
// Mouse and keyboard of the track view.
#include "ui/charts/axis_tracks.h"
#include "ui/charts/lanes_track.h"
#include "ui/charts/score_track.h"
#include "ui/charts/track_view.h"
#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace faultline::ui
{

void TrackView::zoomBy(double factor)
{
    if (!m_selection->hasData())
        return;
    const auto now = axis();
    TimeUs anchor = m_hover != noTime ? m_hover : m_selection->cursor();
    if (anchor == noTime || !now.span().contains(anchor))
        anchor = now.span().from + now.span().length() / 2;
    m_selection->setView(now.zoomed(factor, anchor, m_selection->limits(), m_selection->shortestView()));
}

void TrackView::wheelEvent(QWheelEvent* event)
{
    if (!m_selection->hasData())
        return;
    const auto now = axis();
    const QPointF position = event->position();
    const QPoint delta = event->angleDelta();
    const bool sideways = std::abs(delta.x()) > std::abs(delta.y()) || event->modifiers().testFlag(Qt::ShiftModifier);
    if (position.x() < now.left() && verticalScrollBar()->maximum() > 0) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    if (sideways) {
        const int amount = delta.x() != 0 ? delta.x() : delta.y();
        const double share = -amount / 120.0 * 0.1;
        m_selection->setView(now.panned(static_cast<DurationUs>(share * static_cast<double>(now.span().length())),
                                        m_selection->limits()));
    } else {
        const double x = std::clamp(position.x(), now.left(), now.right());
        m_selection->setView(now.zoomed(std::pow(0.8, delta.y() / 120.0), now.timeAt(x), m_selection->limits(),
                                        m_selection->shortestView()));
    }
    event->accept();
}

TrackView::Drag TrackView::dragAt(const QPoint& position, Qt::KeyboardModifiers modifiers) const
{
    const auto* row = rowAt(position.y());
    if (row == nullptr || !m_selection->hasData())
        return Drag::None;
    const auto now = axis();
    const bool inPlot = position.x() >= now.left() && position.x() < now.right();
    if (dynamic_cast<const CaseTrack*>(row->track.get()) != nullptr)
        return inPlot ? Drag::CaseBar : Drag::None;
    if (dynamic_cast<const ScoreTrack*>(row->track.get()) != nullptr) {
        const int lineY = thresholdLineY();
        const int grab = inPlot ? dp(4) : dp(12);
        if (position.x() >= now.left() && std::abs(position.y() - lineY) <= grab)
            return Drag::Threshold;
    }
    if (!inPlot)
        return Drag::None;
    return modifiers.testFlag(Qt::ShiftModifier) ? Drag::Pan : Drag::Brush;
}

void TrackView::mousePressEvent(QMouseEvent* event)
{
    if (!m_selection->hasData())
        return;
    m_pressed = event->position().toPoint();
    m_pressedView = m_selection->view();
    m_moved = false;
    if (event->button() == Qt::MiddleButton)
        m_drag = Drag::Pan;
    else if (event->button() == Qt::LeftButton)
        m_drag = dragAt(m_pressed, event->modifiers());
    if (m_drag == Drag::CaseBar)
        dragTo(m_pressed);
}

void TrackView::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_selection->hasData())
        return;
    const QPoint position = event->position().toPoint();
    const auto now = axis();
    const bool inPlot = position.x() >= now.left() && position.x() < now.right();
    m_hover = inPlot ? now.timeAt(event->position().x()) : noTime;
    if (m_drag == Drag::None)
        updateMouseShape(position, event->modifiers());
    else if (m_moved || (position - m_pressed).manhattanLength() >= QApplication::startDragDistance() / 2)
        dragTo(position);
    viewport()->update();
}

void TrackView::dragTo(const QPoint& position)
{
    m_moved = true;
    const auto now = axis();
    const auto* row = rowAt(m_pressed.y());
    switch (m_drag) {
    case Drag::Brush: {
        const double a = std::clamp<double>(m_pressed.x(), now.left(), now.right());
        const double b = std::clamp<double>(position.x(), now.left(), now.right());
        m_selection->chooseSpan({now.timeAt(std::min(a, b)), now.timeAt(std::max(a, b))});
        break;
    }
    case Drag::Pan: {
        const double perPixel = static_cast<double>(m_pressedView.length()) / now.width();
        const TimeAxis then(now.kind(), m_pressedView, now.left(), now.width());
        m_selection->setView(
            then.panned(static_cast<DurationUs>((m_pressed.x() - position.x()) * perPixel), m_selection->limits()));
        break;
    }
    case Drag::Threshold:
        if (row != nullptr)
            m_selection->setThreshold(
                ScoreTrack::scoreAtY(position.y(), areaOf(*row, row->top - verticalScrollBar()->value()), context()));
        break;
    case Drag::CaseBar: {
        if (row == nullptr)
            break;
        const auto whole = CaseTrack::axisOf(areaOf(*row, row->top - verticalScrollBar()->value()), context());
        const auto view = m_selection->view();
        const TimeUs from = whole.timeAt(position.x()) - view.length() / 2;
        m_selection->setView(now.panned(from - view.from, m_selection->limits()));
        break;
    }
    case Drag::None:
        break;
    }
}

void TrackView::mouseReleaseEvent(QMouseEvent* event)
{
    const bool clicked = !m_moved && event->button() == Qt::LeftButton && m_selection->hasData();
    const auto was = std::exchange(m_drag, Drag::None);
    if (clicked && was != Drag::CaseBar && was != Drag::Threshold)
        click(event->position().toPoint());
    updateMouseShape(event->position().toPoint(), event->modifiers());
}

void TrackView::click(const QPoint& position)
{
    const auto* row = rowAt(position.y());
    const auto now = axis();
    if (row == nullptr)
        return;
    const bool inPlot = position.x() >= now.left() && position.x() < now.right();
    const TimeUs time = now.timeAt(position.x());
    if (dynamic_cast<const LanesTrack*>(row->track.get()) != nullptr) {
        const auto area = areaOf(*row, row->top - verticalScrollBar()->value());
        const int entity = LanesTrack::entityAt(position.y(), area, context());
        if (const int episode = inPlot ? episodeAt(time, entity) : -1; episode >= 0) {
            m_selection->chooseEpisode(episode);
            return;
        }
        if (entity != allEntities)
            m_selection->chooseEntity(!inPlot && entity == m_selection->entity() ? allEntities : entity);
    }
    if (inPlot)
        m_selection->setCursor(time);
}

int TrackView::episodeAt(TimeUs time, int entity) const
{
    const auto& episodes = m_selection->episodes();
    const DurationUs slack =
        static_cast<DurationUs>(3.0 * static_cast<double>(axis().span().length()) / axis().width());
    for (std::size_t i = 0; i < episodes.size(); ++i) {
        if (entity != allEntities && static_cast<int>(episodes[i].entity) != entity)
            continue;
        const auto span = m_selection->data()->spanOf(episodes[i]);
        if (time >= span.from - slack && time < span.to + slack)
            return static_cast<int>(i);
    }
    return -1;
}

void TrackView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const auto now = axis();
    const QPoint position = event->position().toPoint();
    if (!m_selection->hasData() || event->button() != Qt::LeftButton || position.x() < now.left() ||
        position.x() >= now.right())
        return;
    if (const auto span = m_selection->span();
        !span.empty() && span.contains(now.timeAt(position.x())) && m_selection->chosenEpisode() < 0)
        m_selection->setView(span);
    else if (const int episode = episodeAt(now.timeAt(position.x()), m_selection->entity()); episode >= 0)
        m_selection->chooseEpisode(episode);
}

void TrackView::moveCursorBy(int cells)
{
    const DurationUs cell = cellLength(context());
    const auto limits = m_selection->limits();
    const auto view = m_selection->view();
    const TimeUs from = m_selection->cursor() != noTime ? m_selection->cursor() : view.from + view.length() / 2;
    const TimeUs to = std::clamp(from + cells * cell, limits.from, limits.to - 1);
    m_hover = noTime;
    m_selection->setCursor(to);
    if (!view.contains(to))
        m_selection->setView(axis().panned(to < view.from ? to - view.from : to - view.to + cell, limits));
}

void TrackView::keyPressEvent(QKeyEvent* event)
{
    if (!m_selection->hasData()) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    const auto now = axis();
    const auto pan = [&](double share) {
        m_selection->setView(now.panned(static_cast<DurationUs>(share * static_cast<double>(now.span().length())),
                                        m_selection->limits()));
    };
    const int direction = event->key() == Qt::Key_Left ? -1 : 1;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (event->modifiers().testFlag(Qt::ShiftModifier))
            moveCursorBy(direction);
        else
            pan(direction * 0.1);
        break;
    case Qt::Key_Up:
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(0.8);
        break;
    case Qt::Key_Down:
    case Qt::Key_Minus:
        zoomBy(1.25);
        break;
    case Qt::Key_Home:
        m_selection->setView(now.panned(m_selection->limits().from - now.span().from, m_selection->limits()));
        break;
    case Qt::Key_End:
        m_selection->setView(now.panned(m_selection->limits().to - now.span().to, m_selection->limits()));
        break;
    case Qt::Key_Escape:
        m_selection->chooseEpisode(-1);
        m_selection->chooseSpan({});
        break;
    default:
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    event->accept();
}

bool TrackView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::Leave && m_drag == Drag::None) {
        m_hover = noTime;
        viewport()->update();
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void TrackView::updateMouseShape(const QPoint& position, Qt::KeyboardModifiers modifiers)
{
    switch (dragAt(position, modifiers)) {
    case Drag::Threshold:
        viewport()->setCursor(Qt::SizeVerCursor);
        break;
    case Drag::CaseBar:
        viewport()->setCursor(Qt::PointingHandCursor);
        break;
    case Drag::Pan:
        viewport()->setCursor(Qt::OpenHandCursor);
        break;
    default:
        viewport()->setCursor(Qt::ArrowCursor);
    }
}

} // namespace faultline::ui
