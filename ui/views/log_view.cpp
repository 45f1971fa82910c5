// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/views/log_view.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"
#include <QFocusEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>
#include <array>
#include <utility>

namespace faultline::ui
{
namespace
{

int rowHeight()
{
    return dp(21);
}

int headHeight()
{
    return dp(24);
}

/// JetBrains Mono draws != and -> as ligatures, which a log must not; other scripts need the shaping that this switches
/// off.
QFont messageFont(const QString& text)
{
    QFont font = monoFont(11);
    const bool ascii = std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() < 128; });
    font.setStyleStrategy(ascii ? QFont::PreferNoShaping : QFont::PreferDefault);
    return font;
}

} // namespace

LogView::LogView(LogModel* model, QWidget* parent) : QAbstractScrollArea(parent), m_model(model)
{
    setObjectName(QStringLiteral("logView"));
    setAccessibleName(tr("Log"));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    connect(model, &LogModel::modelReset, this, &LogView::resetRows);
    connect(model, &LogModel::dataChanged, viewport(), qOverload<>(&QWidget::update));
}

int LogView::firstVisibleRow() const
{
    return verticalScrollBar()->value();
}

int LogView::visibleRows() const
{
    return std::max(1, (viewport()->height() - headHeight()) / rowHeight());
}

std::pair<int, int> LogView::selectedRows() const
{
    return std::minmax(m_current, m_anchor < 0 ? m_current : m_anchor);
}

void LogView::setEmptyText(const QString& text)
{
    m_emptyText = text;
    viewport()->update();
}

void LogView::resetRows()
{
    m_current = m_anchor = m_hovered = -1;
    updateScrollBar();
    viewport()->update();
}

void LogView::updateScrollBar()
{
    verticalScrollBar()->setPageStep(visibleRows());
    verticalScrollBar()->setRange(0, std::max(0, m_model->rowCount() - visibleRows()));
}

void LogView::showRow(int row)
{
    if (row < 0 || row >= m_model->rowCount())
        return;
    m_current = m_anchor = row;
    const int first = firstVisibleRow();
    if (row < first || row >= first + visibleRows())
        verticalScrollBar()->setValue(row - visibleRows() / 2);
    viewport()->update();
}

void LogView::choose(int row, bool extend)
{
    if (m_model->rowCount() == 0)
        return;
    m_current = std::clamp(row, 0, m_model->rowCount() - 1);
    if (!extend)
        m_anchor = m_current;
    ensureVisible(m_current);
    viewport()->update();
    emit rowChosen(m_current);
}

void LogView::ensureVisible(int row)
{
    const int first = firstVisibleRow();
    if (row < first)
        verticalScrollBar()->setValue(row);
    else if (row >= first + visibleRows())
        verticalScrollBar()->setValue(row - visibleRows() + 1);
}

int LogView::rowAt(int y) const
{
    if (y < headHeight())
        return -1;
    const int row = firstVisibleRow() + (y - headHeight()) / rowHeight();
    return row < m_model->rowCount() ? row : -1;
}

int LogView::columnWidth(int column) const
{
    switch (column) {
    case LogModel::Time: {
        const bool dated = m_model->rowCount() > 0 && m_model->index(0, LogModel::Time).data().toString().size() > 14;
        return dp(dated ? 152 : 106);
    }
    case LogModel::Level:
        return dp(64);
    case LogModel::Entity:
        return dp(112);
    case LogModel::Template:
        return dp(92);
    default:
        return std::max(dp(100), viewport()->width() - columnLeft(LogModel::Message) - dp(8));
    }
}

int LogView::columnLeft(int column) const
{
    int left = dp(26);
    for (int c = 0; c < column; ++c)
        left += columnWidth(c);
    return left;
}

void LogView::paintHeader(QPainter& painter) const
{
    const auto& theme = Theme::current();
    painter.fillRect(QRect(0, 0, viewport()->width(), headHeight()), theme.surface);
    painter.fillRect(QRect(0, headHeight() - 1, viewport()->width(), 1), theme.border);
    painter.setFont(interfaceFont(11));
    painter.setPen(theme.muted);
    for (int column = 0; column < LogModel::ColumnCount; ++column)
        painter.drawText(QRect(columnLeft(column), 0, columnWidth(column), headHeight() - 1),
                         Qt::AlignLeft | Qt::AlignVCenter, m_model->headerData(column, Qt::Horizontal).toString());
}

void LogView::paintMessage(QPainter& painter, const QModelIndex& index, QRect area, const QColor& colour) const
{
    if (index.data(LogModel::NewTemplateRole).toBool())
        area.setLeft(area.left() +
                     paintBadge(&painter, {area.left(), area.center().y() - dp(7)}, tr("NEW"), BadgeStyle::Outlined) +
                     dp(6));
    const QString text = index.data().toString();
    painter.setFont(messageFont(text));
    painter.setPen(colour);
    painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(text, Qt::ElideRight, area.width()));
}

void LogView::paintRow(QPainter& painter, int row, const QRect& area) const
{
    const auto& theme = Theme::current();
    const auto [first, last] = selectedRows();
    const bool chosen = row >= first && row <= last;
    if (chosen)
        painter.fillRect(area, theme.sel);
    else if (row == m_hovered)
        painter.fillRect(area, theme.hover);
    const auto cell = [&](int column) { return m_model->index(row, column); };
    const auto rect = [&](int column) {
        return QRect(columnLeft(column), area.top(), columnWidth(column) - dp(8), area.height());
    };
    const QColor ink = chosen ? theme.selText : theme.text;
    if (cell(0).data(LogModel::EvidenceRole).toBool())
        painter.fillRect(QRect(0, area.top(), dp(3), area.height()), theme.model);
    if (row == m_current) {
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.accent);
        const QPointF tip(dp(16), area.center().y() + 0.5);
        const std::array points = {tip, tip + QPointF(-dp(6), -dp(4)), tip + QPointF(-dp(6), dp(4))};
        painter.drawPolygon(points.data(), static_cast<int>(points.size()));
        painter.restore();
    }
    painter.setFont(monoFont(11));
    painter.setPen(ink);
    painter.drawText(rect(LogModel::Time), Qt::AlignLeft | Qt::AlignVCenter, cell(LogModel::Time).data().toString());

    const auto level = static_cast<std::size_t>(cell(0).data(LogModel::LevelRole).toInt());
    if (level > 0) {
        paintLevelShape(painter, QPointF(columnLeft(LogModel::Level) + dp(5), area.center().y() + 0.5), level);
        painter.setFont(interfaceFont(11, level >= 4 ? QFont::DemiBold : QFont::Normal));
        painter.setPen(theme.levelText[std::min<std::size_t>(level, 5)]);
        painter.drawText(rect(LogModel::Level).adjusted(dp(14), 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         cell(LogModel::Level).data().toString());
    }
    painter.setFont(interfaceFont(11));
    painter.setPen(ink);
    painter.drawText(rect(LogModel::Entity), Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(cell(LogModel::Entity).data().toString(), Qt::ElideMiddle,
                                                      rect(LogModel::Entity).width()));
    painter.setFont(monoFont(11));
    painter.setPen(chosen ? theme.selText : theme.muted);
    painter.drawText(rect(LogModel::Template), Qt::AlignLeft | Qt::AlignVCenter,
                     cell(LogModel::Template).data().toString());
    paintMessage(painter, cell(LogModel::Message), rect(LogModel::Message).adjusted(0, 0, dp(8), 0), ink);
}

void LogView::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    const auto& theme = Theme::current();
    painter.fillRect(viewport()->rect(), theme.surface);
    const int rows = m_model->rowCount();
    for (int row = firstVisibleRow(); row < rows; ++row) {
        const QRect area(0, headHeight() + (row - firstVisibleRow()) * rowHeight(), viewport()->width(), rowHeight());
        if (area.top() > viewport()->height())
            break;
        paintRow(painter, row, area);
    }
    paintHeader(painter);
    if (rows == 0) {
        painter.setFont(interfaceFont());
        painter.setPen(theme.muted);
        painter.drawText(viewport()->rect().adjusted(dp(16), headHeight(), -dp(16), 0),
                         Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    }
    if (m_ring)
        paintFocusRing(painter, viewport()->rect());
}

void LogView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateScrollBar();
}

void LogView::scrollContentsBy(int, int)
{
    viewport()->update();
}

void LogView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        if (const int row = rowAt(event->position().toPoint().y()); row >= 0)
            choose(row, event->modifiers().testFlag(Qt::ShiftModifier));
}

void LogView::mouseMoveEvent(QMouseEvent* event)
{
    const int row = rowAt(event->position().toPoint().y());
    if (event->buttons().testFlag(Qt::LeftButton) && row >= 0 && row != m_current)
        choose(row, true);
    if (std::exchange(m_hovered, row) != row)
        viewport()->update();
}

void LogView::keyPressEvent(QKeyEvent* event)
{
    const bool extend = event->modifiers().testFlag(Qt::ShiftModifier);
    const int from = m_current >= 0 ? m_current : firstVisibleRow();
    if (event->matches(QKeySequence::Copy)) {
        emit copyRequested();
        return;
    }
    switch (event->key()) {
    case Qt::Key_Up:
        choose(from - 1, extend);
        break;
    case Qt::Key_Down:
        choose(m_current >= 0 ? from + 1 : from, extend);
        break;
    case Qt::Key_PageUp:
        choose(from - visibleRows(), extend);
        break;
    case Qt::Key_PageDown:
        choose(from + visibleRows(), extend);
        break;
    case Qt::Key_Home:
        choose(0, extend);
        break;
    case Qt::Key_End:
        choose(m_model->rowCount() - 1, extend);
        break;
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

bool LogView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::Leave && std::exchange(m_hovered, -1) != -1)
        viewport()->update();
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int row = rowAt(help->pos().y());
        if (row < 0) {
            QToolTip::hideText();
            return true;
        }
        // Plain text on purpose: what a log says is never run as markup.
        const QString text = m_model->index(row, LogModel::Message).data().toString().left(1200);
        QToolTip::showText(help->globalPos(), QStringLiteral("<qt>%1</qt>").arg(text.toHtmlEscaped()), viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void LogView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        updateScrollBar();
        viewport()->update();
    }
}

void LogView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    m_ring = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    viewport()->update();
}

void LogView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    m_ring = false;
    viewport()->update();
}

} // namespace faultline::ui
