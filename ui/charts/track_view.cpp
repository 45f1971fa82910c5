// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/charts/track_view.h"
#include "ui/charts/axis_tracks.h"
#include "ui/charts/lanes_track.h"
#include "ui/charts/records_track.h"
#include "ui/charts/score_track.h"
#include "ui/charts/strips_track.h"
#include "ui/theme/glyphs.h"
#include <QAccessible>
#include <QEvent>
#include <QFocusEvent>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>
#include <cmath>

namespace faultline::ui
{
namespace
{

int gutterWidth()
{
    return dp(116);
}

int readoutWidth()
{
    return dp(66);
}

} // namespace

TrackView::TrackView(Selection* selection, QWidget* parent) : QAbstractScrollArea(parent), m_selection(selection)
{
    setObjectName(QStringLiteral("trackView"));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Timeline"));
    const auto add = [this](auto track) { m_rows.push_back({std::move(track), 0, 0, {}, true}); };
    add(std::make_unique<CaseTrack>());
    add(std::make_unique<AxisTrack>());
    add(std::make_unique<RecordsTrack>());
    add(std::make_unique<LanesTrack>());
    add(std::make_unique<ScoreTrack>());
    add(std::make_unique<StripsTrack>());
    connectSelection();
}

TrackView::~TrackView() = default;

void TrackView::connectSelection()
{
    const auto stale = [this](unsigned what) { return [this, what] { markStale(what); }; };
    connect(m_selection, &Selection::dataChanged, this, [this] {
        m_hover = noTime;
        layOut();
        markStale(~0U);
    });
    connect(m_selection, &Selection::viewChanged, this, stale(OnView));
    connect(m_selection, &Selection::thresholdChanged, this, stale(OnThreshold));
    connect(m_selection, &Selection::episodesChanged, this, stale(OnEpisodes));
    connect(m_selection, &Selection::episodeChosen, this, stale(OnChoice));
    connect(m_selection, &Selection::entityChanged, this, [this] {
        layOut();
        markStale(OnEntity);
    });
    connect(m_selection, &Selection::spanChanged, this, stale(0));
    connect(m_selection, &Selection::cursorChanged, this, [this] {
        viewport()->update();
        describe();
    });
}

QSize TrackView::sizeHint() const
{
    return {dp(900), contentHeight()};
}

int TrackView::contentHeight() const
{
    return m_rows.empty() ? 0 : m_rows.back().top + m_rows.back().height;
}

TimeAxis TrackView::axis() const
{
    const auto kind = m_selection->hasData() ? m_selection->data()->axis : AxisKind::Time;
    const int width = viewport()->width() - gutterWidth() - readoutWidth();
    return {kind, m_selection->view(), static_cast<double>(gutterWidth()),
            static_cast<double>(std::max(width, dp(40)))};
}

TrackContext TrackView::context() const
{
    return {.theme = Theme::current(),
            .selection = *m_selection,
            .data = *m_selection->data(),
            .axis = axis(),
            .cursor = m_hover != noTime ? m_hover : m_selection->cursor()};
}

TrackArea TrackView::areaOf(const Row& row, int top) const
{
    // One line at the bottom of each row separates it from the next.
    const int height = row.height - 1, right = viewport()->width() - readoutWidth();
    return {QRect(0, top, gutterWidth(), height), QRect(gutterWidth(), top, right - gutterWidth(), height),
            QRect(right, top, readoutWidth(), height)};
}

const TrackView::Row* TrackView::rowAt(int y) const
{
    const int content = y + verticalScrollBar()->value();
    for (const auto& row : m_rows)
        if (content >= row.top && content < row.top + row.height)
            return &row;
    return nullptr;
}

QRect TrackView::trackRect(const QString& name) const
{
    for (const auto& row : m_rows)
        if (row.track->name() == name && row.height > 0)
            return {0, row.top - verticalScrollBar()->value(), viewport()->width(), row.height};
    return {};
}

int TrackView::thresholdLineY() const
{
    for (const auto& row : m_rows)
        if (dynamic_cast<const ScoreTrack*>(row.track.get()) != nullptr && row.height > 0)
            return static_cast<int>(
                ScoreTrack::thresholdY(areaOf(row, row.top - verticalScrollBar()->value()), context()));
    return -1;
}

QString TrackView::readout() const
{
    QStringList lines;
    if (m_selection->hasData())
        for (const auto& row : m_rows)
            if (const auto text = row.track->readout(context()); !text.isEmpty() && row.height > 0)
                lines << row.track->name() + QStringLiteral(": ") + text;
    return lines.join(QLatin1Char('\n'));
}

void TrackView::layOut()
{
    int y = 0;
    const int before = contentHeight();
    for (auto& row : m_rows) {
        const int inner = m_selection->hasData() ? row.track->height(context()) : 0;
        row.top = y;
        row.height = inner > 0 ? inner + 1 : 0;
        row.stale = true;
        y += row.height;
    }
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(dp(20));
    verticalScrollBar()->setRange(0, std::max(0, y - viewport()->height()));
    if (y != before)
        emit contentHeightChanged(y);
    viewport()->update();
}

void TrackView::markStale(unsigned changed)
{
    for (auto& row : m_rows)
        row.stale = row.stale || (row.track->dependencies() & changed) != 0;
    viewport()->update();
}

void TrackView::renderRow(Row& row, const TrackContext& paintContext)
{
    const double ratio = devicePixelRatioF();
    const QSize size(viewport()->width(), row.height);
    if (row.picture.size() != size * ratio) {
        row.picture = QPixmap(size * ratio);
        row.picture.setDevicePixelRatio(ratio);
    }
    const auto& theme = paintContext.theme;
    const auto area = areaOf(row, 0);
    row.picture.fill(theme.surface);
    QPainter painter(&row.picture);
    painter.fillRect(area.gutter, theme.raised);
    painter.fillRect(area.readout, theme.raised);
    painter.save();
    row.track->paint(painter, area, paintContext);
    painter.restore();
    painter.fillRect(QRect(0, row.height - 1, size.width(), 1), theme.border);
    painter.fillRect(QRect(area.gutter.right(), 0, 1, row.height), theme.border);
    painter.fillRect(QRect(area.readout.left(), 0, 1, row.height), theme.border);
    row.stale = false;
}

void TrackView::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), Theme::current().surface);
    if (!m_selection->hasData())
        return;
    const auto paintContext = context();
    const int scroll = verticalScrollBar()->value();
    for (auto& row : m_rows) {
        if (row.height == 0 || row.top - scroll > viewport()->height() || row.top + row.height < scroll)
            continue;
        if (row.stale)
            renderRow(row, paintContext);
        painter.drawPixmap(0, row.top - scroll, row.picture);
    }
    paintOverlay(painter, paintContext);
    if (m_ring)
        paintFocusRing(painter, viewport()->rect());
}

void TrackView::paintOverlay(QPainter& painter, const TrackContext& paintContext)
{
    const auto& theme = paintContext.theme;
    const auto& axis = paintContext.axis;
    const int scroll = verticalScrollBar()->value();
    const int top = m_rows[1].top + m_rows[1].height - scroll; // below the case bar and the axis
    const int bottom = std::min(contentHeight() - scroll, viewport()->height());
    painter.setClipRect(QRect(gutterWidth(), 0, static_cast<int>(axis.width()), bottom));
    if (const auto span = m_selection->span(); !span.empty()) {
        const double left = std::max(axis.xAt(span.from), axis.left() - 2),
                     right = std::min(axis.xAt(span.to), axis.right() + 2);
        QColor fill = theme.accent;
        fill.setAlphaF(theme.dark ? 0.12F : 0.08F);
        painter.fillRect(QRectF(left, top, right - left, bottom - top), fill);
        fill.setAlphaF(0.55F);
        painter.setPen(QPen(fill, 1));
        painter.drawLine(QPointF(crisp(left), top), QPointF(crisp(left), bottom));
        painter.drawLine(QPointF(crisp(right), top), QPointF(crisp(right), bottom));
    }
    if (paintContext.cursor != noTime && axis.span().contains(paintContext.cursor)) {
        painter.setPen(QPen(theme.accent, 1));
        const double x = crisp(axis.xAt(paintContext.cursor));
        painter.drawLine(QPointF(x, top), QPointF(x, bottom));
    }
    painter.setClipping(false);
    for (const auto& row : m_rows)
        if (row.height > 0)
            row.track->paintReadout(painter, areaOf(row, row.top - scroll), paintContext);
}

void TrackView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

void TrackView::scrollContentsBy(int, int)
{
    viewport()->update();
}

void TrackView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange ||
        event->type() == QEvent::StyleChange)
        layOut();
}

void TrackView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    m_ring = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    viewport()->update();
}

void TrackView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    m_ring = false;
    viewport()->update();
}

void TrackView::describe()
{
    setAccessibleDescription(readout());
}

} // namespace faultline::ui
