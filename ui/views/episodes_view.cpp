// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/views/episodes_view.h"
#include "ui/models/text_format.h"
#include "ui/theme/theme.h"
#include "ui/views/cell_delegates.h"
#include <QHeaderView>
#include <QLabel>
#include <QScopedValueRollback>
#include <QTableView>
#include <QVBoxLayout>

namespace faultline::ui
{

EpisodesView::EpisodesView(Selection* selection, QWidget* parent) : QWidget(parent), m_selection(selection)
{
    setObjectName(QStringLiteral("episodesView"));
    setProperty("surface", true);
    m_table = new QTableView(this);
    m_table->setObjectName(QStringLiteral("episodesTable"));
    m_table->setAccessibleName(tr("Episodes"));
    m_table->setModel(&m_model);
    styleTable(m_table);
    m_table->setItemDelegateForColumn(EpisodeTableModel::Number, new CellDelegate(CellFormat::Count, this));
    m_table->setItemDelegateForColumn(EpisodeTableModel::Onset, new CellDelegate(CellFormat::Onset, this));
    m_table->setItemDelegateForColumn(EpisodeTableModel::Lasts, new CellDelegate(CellFormat::Lasts, this));
    m_table->setItemDelegateForColumn(EpisodeTableModel::Entity, new CellDelegate(CellFormat::Name, this));
    m_table->setItemDelegateForColumn(EpisodeTableModel::Score, new CellDelegate(CellFormat::Score, this));
    m_table->setItemDelegateForColumn(EpisodeTableModel::What, new CellDelegate(CellFormat::Text, this));
    auto* header = m_table->horizontalHeader();
    header->resizeSection(EpisodeTableModel::Number, dp(28));
    header->resizeSection(EpisodeTableModel::Onset, dp(92));
    header->resizeSection(EpisodeTableModel::Lasts, dp(56));
    header->resizeSection(EpisodeTableModel::Entity, dp(84));
    header->resizeSection(EpisodeTableModel::Score, dp(44));
    header->resizeSection(EpisodeTableModel::What, dp(300));
    header->setStretchLastSection(true);
    header->setSortIndicatorShown(false);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(EpisodeTableModel::Number, Qt::AscendingOrder);

    m_empty = new QLabel(this);
    m_empty->setObjectName(QStringLiteral("episodesEmpty"));
    m_empty->setProperty("muted", true);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setMargin(dp(12));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table);
    layout->addWidget(m_empty, 1);

    connect(selection, &Selection::dataChanged, this, &EpisodesView::refresh);
    connect(selection, &Selection::episodesChanged, this, &EpisodesView::refresh);
    connect(selection, &Selection::episodeChosen, this, &EpisodesView::followSelection);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &EpisodesView::chooseRow);
    connect(m_table, &QTableView::clicked, this, &EpisodesView::chooseRow);
    refresh();
}

void EpisodesView::refresh()
{
    const QScopedValueRollback guard(m_following, true);
    m_model.setEpisodes(m_selection->data(), m_selection->episodes());
    const bool any = m_model.rowCount() > 0;
    m_table->setVisible(any);
    m_empty->setVisible(!any);
    if (!m_selection->hasData())
        m_empty->clear();
    else if (!m_selection->data()->result->isScored())
        m_empty->setText(tr("The records are not scored yet."));
    else
        m_empty->setText(
            tr("Nothing is over the threshold of %1. Drag the line in the score track down to see more.")
                .arg(thresholdText(m_selection->threshold())));
    const auto total = m_model.total();
    emit captionChanged(
        total > EpisodeTableModel::mostRows
            ? tr("%1, the %2 highest shown").arg(countText(total), countText(EpisodeTableModel::mostRows))
            : countText(total));
    followSelection();
}

void EpisodesView::followSelection()
{
    const QScopedValueRollback guard(m_following, true);
    const int row = m_model.rowOf(m_selection->chosenEpisode());
    if (row < 0)
        m_table->selectionModel()->clear();
    else if (m_table->currentIndex().row() != row)
        m_table->setCurrentIndex(
            m_model.index(row, m_table->currentIndex().isValid() ? m_table->currentIndex().column() : 0));
}

void EpisodesView::chooseRow(const QModelIndex& current)
{
    if (m_following || !current.isValid())
        return;
    m_selection->chooseEpisode(m_model.episodeAt(current.row()));
}

} // namespace faultline::ui
