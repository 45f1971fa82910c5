// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/models/selection.h"
#include <QAbstractTableModel>
#include <QHash>
#include <vector>

namespace faultline::ui
{

/// Episodes as rows, sorted by any column. Holds the 2,000 with the highest score: a low threshold makes hundreds of
/// thousands, and nobody reads them in a table. total() says how many there are.
class EpisodeTableModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Number, Score, Onset, Entity, Lasts, What, ColumnCount };
    enum Role { FlaggedScoreRole = Qt::UserRole };
    static constexpr std::size_t mostRows = 2000;

    explicit EpisodeTableModel(QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

    void setEpisodes(ChartDataPtr data, Selection::Episodes episodes);
    [[nodiscard]] std::size_t total() const { return m_episodes.size(); }
    /// Index of a row's episode in the selection's list, and back (-1 when it is not shown).
    [[nodiscard]] int episodeAt(int row) const;
    [[nodiscard]] int rowOf(int episode) const;

private:
    void arrange();
    [[nodiscard]] QString titleOf(const decisions::Episode& episode) const;

    ChartDataPtr m_data;
    Selection::Episodes m_episodes;
    std::vector<int> m_rows;      ///< episode per row
    QHash<quint64, int> m_titles; ///< peak unit -> explanation of the result
    int m_column = Number;
    Qt::SortOrder m_order = Qt::AscendingOrder;
};

} // namespace faultline::ui
