// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/models/episode_table_model.h"
#include <QWidget>

class QLabel;
class QTableView;

namespace faultline::ui
{

/// The table of episodes; choosing a row moves everything else to it.
class EpisodesView : public QWidget
{
    Q_OBJECT
public:
    explicit EpisodesView(Selection* selection, QWidget* parent = nullptr);

    [[nodiscard]] EpisodeTableModel* model() { return &m_model; }

signals:
    /// How many there are, for the dock's title.
    void captionChanged(const QString& caption);

private:
    void refresh();
    void followSelection();
    void chooseRow(const QModelIndex& current);

    Selection* m_selection;
    EpisodeTableModel m_model;
    QTableView* m_table = nullptr;
    QLabel* m_empty = nullptr;
    bool m_following = false; ///< the table is being moved to what was chosen elsewhere
};

} // namespace faultline::ui
