// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/views/entities_view.h"
#include "ui/charts/lanes_track.h"
#include "ui/models/text_format.h"
#include "ui/theme/theme.h"
#include <QHeaderView>
#include <QPainter>
#include <QScopedValueRollback>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

namespace faultline::ui
{

EntitiesView::EntitiesView(Selection* selection, QWidget* parent)
    : QWidget(parent), m_selection(selection), m_model(selection)
{
    setObjectName(QStringLiteral("entitiesView"));
    m_table = new QTableView(this);
    m_table->setObjectName(QStringLiteral("entitiesTable"));
    m_table->setAccessibleName(tr("Entities"));
    m_table->setModel(&m_model);
    styleTable(m_table);
    m_table->horizontalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(dp(24));
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setItemDelegateForColumn(EntityModel::Name, new CellDelegate(CellFormat::Name, this));
    m_table->setItemDelegateForColumn(EntityModel::Strip, new SurpriseStripDelegate(selection, this));
    m_table->setItemDelegateForColumn(EntityModel::Score, new ScoreDelegate(selection, this));
    m_table->horizontalHeader()->setSectionResizeMode(EntityModel::Name, QHeaderView::Stretch);
    m_table->horizontalHeader()->resizeSection(EntityModel::Strip, dp(96));
    m_table->horizontalHeader()->resizeSection(EntityModel::Score, dp(46));
    m_table->horizontalHeader()->setSectionResizeMode(EntityModel::Strip, QHeaderView::Fixed);
    m_table->horizontalHeader()->setSectionResizeMode(EntityModel::Score, QHeaderView::Fixed);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table);

    connect(selection, &Selection::dataChanged, this, [this] {
        const auto count = m_selection->hasData() ? m_selection->data()->ranked.size() : 0;
        emit captionChanged(count > 0 ? tr("%1, highest score in view").arg(countText(count)) : QString());
        followSelection();
    });
    connect(selection, &Selection::entityChanged, this, &EntitiesView::followSelection);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                if (!m_following && current.isValid())
                    m_selection->chooseEntity(m_model.entityAt(current.row()));
            });
}

void EntitiesView::followSelection()
{
    const QScopedValueRollback guard(m_following, true);
    const int row = m_model.rowOf(m_selection->entity());
    if (row < 0)
        m_table->selectionModel()->clear();
    else
        m_table->setCurrentIndex(m_model.index(row, 0));
}

SurpriseStripDelegate::SurpriseStripDelegate(Selection* selection, QObject* parent)
    : CellDelegate(CellFormat::Text, parent), m_selection(selection)
{
}

void SurpriseStripDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    paintBackground(painter, option);
    const QRectF area = QRectF(option.rect).adjusted(dp(4), dp(6), -dp(4), -dp(6));
    const auto& shown = *m_selection->data();
    const TimeAxis axis(shown.axis, m_selection->view(), area.left(), area.width());
    const auto& series = shown.series(index.data(EntityModel::EntityRole).toInt());
    painter->fillRect(area, Theme::current().surprise[0]);
    // Two pixels a cell without gaps: a strip this small shows where, not how long.
    std::array<std::vector<QRectF>, 5> rects;
    const auto& ramp = Theme::current().surprise;
    for (double x = area.left(); x < area.right(); x += 2.0) {
        const auto value = series.scoreIn(axis.timeAt(x), axis.timeAt(x + 2.0));
        if (value.empty())
            continue;
        const auto colour = Theme::current().surpriseColor(value.max, m_selection->threshold());
        const auto step = static_cast<std::size_t>(std::find(ramp.begin(), ramp.end(), colour) - ramp.begin());
        rects[step].emplace_back(x, area.top(), 2.0, area.height());
    }
    painter->setPen(Qt::NoPen);
    for (std::size_t i = 1; i < rects.size(); ++i) {
        painter->setBrush(ramp[i]);
        painter->drawRects(rects[i].data(), static_cast<int>(rects[i].size()));
    }
}

ScoreDelegate::ScoreDelegate(Selection* selection, QObject* parent)
    : CellDelegate(CellFormat::Score, parent), m_selection(selection)
{
}

void ScoreDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    paintBackground(painter, option);
    const double score = index.data().toDouble();
    const auto& theme = Theme::current();
    painter->setFont(monoFont(11));
    painter->setPen(score >= m_selection->threshold()               ? theme.model
                    : option.state.testFlag(QStyle::State_Selected) ? theme.selText
                                                                    : theme.muted);
    painter->drawText(option.rect.adjusted(0, 0, -dp(8), 0), Qt::AlignRight | Qt::AlignVCenter, scoreText(score));
}

} // namespace faultline::ui
