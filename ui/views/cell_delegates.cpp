// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/views/cell_delegates.h"
#include "ui/models/explanation_models.h"
#include "ui/models/text_format.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"
#include <QHeaderView>
#include <QPainter>
#include <QTableView>
#include <algorithm>

namespace faultline::ui
{

CellDelegate::CellDelegate(CellFormat format, QObject* parent) : QStyledItemDelegate(parent), m_format(format) {}

bool CellDelegate::isNumber() const
{
    return m_format != CellFormat::Text && m_format != CellFormat::Name && m_format != CellFormat::Caption;
}

QString CellDelegate::displayText(const QVariant& value, const QLocale&) const
{
    if (!value.isValid())
        return {};
    switch (m_format) {
    case CellFormat::Count:
        return countText(value.toULongLong());
    case CellFormat::Measure:
        return measureText(value.toDouble());
    case CellFormat::Score:
        return scoreText(value.toDouble());
    case CellFormat::Share:
        return shareText(value.toDouble());
    case CellFormat::Onset:
        return value.toLongLong() < day_us ? countText(value.toULongLong()) : shortOnsetText(value.toLongLong());
    case CellFormat::Lasts:
        return shortDurationText(value.toLongLong());
    case CellFormat::Text:
    case CellFormat::Name:
    case CellFormat::Caption:
    case CellFormat::Range:
        break;
    }
    return value.toString();
}

void CellDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    option->state.setFlag(QStyle::State_HasFocus, false); // the view draws one ring for all
    if (isNumber()) {
        option->font = monoFont(11);
        option->displayAlignment = Qt::AlignRight | Qt::AlignVCenter;
    } else {
        option->displayAlignment = Qt::AlignLeft | Qt::AlignVCenter;
    }
    option->textElideMode = m_format == CellFormat::Name ? Qt::ElideMiddle : Qt::ElideRight;
}

void CellDelegate::paintBackground(QPainter* painter, const QStyleOptionViewItem& option)
{
    const auto& theme = Theme::current();
    if (option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(option.rect, theme.sel);
    else if (option.state.testFlag(QStyle::State_MouseOver))
        painter->fillRect(option.rect, theme.hover);
}

void CellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    paintBackground(painter, cell);
    const auto& theme = Theme::current();
    painter->save();
    painter->setFont(cell.font);
    const bool quiet = m_format == CellFormat::Caption || m_format == CellFormat::Range;
    painter->setPen(cell.state.testFlag(QStyle::State_Selected) ? theme.selText : quiet ? theme.muted : theme.text);
    const QRect area = cell.rect.adjusted(dp(6), 0, -dp(6), 0);
    painter->drawText(area, static_cast<int>(cell.displayAlignment) | Qt::TextSingleLine,
                      painter->fontMetrics().elidedText(cell.text, cell.textElideMode, area.width()));
    painter->restore();
}

ShareBarDelegate::ShareBarDelegate(Look look, QObject* parent) : CellDelegate(CellFormat::Share, parent), m_look(look)
{
}

void ShareBarDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const auto& theme = Theme::current();
    const double share = std::clamp(index.data().toDouble(), 0.0, 1.0);
    if (m_look == Look::BarUnderNumber) {
        const QRectF area = QRectF(option.rect).adjusted(dp(4), dp(3), -dp(4), -dp(3));
        painter->fillRect(area, theme.surprise[0]);
        painter->fillRect(QRectF(area.left(), area.top(), area.width() * share, area.height()), theme.surprise[1]);
        CellDelegate::paint(painter, option, index);
        return;
    }
    paintBackground(painter, option);
    // The largest fills nine tenths, so that small differences show.
    double largest = 0.0;
    for (int row = 0; row < index.model()->rowCount(); ++row)
        largest = std::max(largest, index.sibling(row, index.column()).data().toDouble());
    const double length = largest > 0.0 ? share / largest * 0.9 : 0.0;
    const QRectF area(option.rect.left() + dp(4), option.rect.center().y() - dp(3), option.rect.width() - dp(8), dp(7));
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme.sunken);
    painter->drawRoundedRect(area, dp(2), dp(2));
    painter->setBrush(theme.surprise[3]);
    painter->drawRoundedRect(QRectF(area.left(), area.top(), std::max(area.width() * length, 2.0), area.height()),
                             dp(2), dp(2));
    painter->restore();
}

ChangeBadgeDelegate::ChangeBadgeDelegate(QObject* parent) : CellDelegate(CellFormat::Text, parent) {}

void ChangeBadgeDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    paintBackground(painter, option);
    const auto kind = static_cast<explain::TemplateChangeKind>(index.data(TemplateChangeModel::KindRole).toInt());
    const auto style = kind == explain::TemplateChangeKind::New    ? BadgeStyle::Outlined
                       : kind == explain::TemplateChangeKind::Gone ? BadgeStyle::Dashed
                                                                   : BadgeStyle::Filled;
    paintBadge(painter, {option.rect.left(), option.rect.center().y() - dp(7)}, index.data().toString(), style);
}

void styleTable(QTableView* table)
{
    table->setShowGrid(false);
    table->setFrameShape(QFrame::NoFrame);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setTabKeyNavigation(false); // Tab goes on to the next part of the window
    table->setMouseTracking(true);
    table->setWordWrap(false);
    table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->verticalHeader()->hide();
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setMinimumSectionSize(dp(18));
    table->verticalHeader()->setDefaultSectionSize(dp(22));
    table->horizontalHeader()->setFixedHeight(dp(24));
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setFont(interfaceFont(11));
    table->horizontalHeader()->setMinimumSectionSize(dp(24));
}

void fitTableHeight(QTableView* table)
{
    const int head = table->horizontalHeader()->isHidden() ? 0 : table->horizontalHeader()->height();
    table->setFixedHeight(head + table->model()->rowCount() * table->verticalHeader()->defaultSectionSize() + 2);
}

} // namespace faultline::ui
