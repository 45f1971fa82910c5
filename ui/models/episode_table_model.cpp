// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/models/episode_table_model.h"
#include "ui/models/text_format.h"
#include <algorithm>
#include <numeric>
#include <utility>

namespace faultline::ui
{

EpisodeTableModel::EpisodeTableModel(QObject* parent) : QAbstractTableModel(parent) {}

int EpisodeTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int EpisodeTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant EpisodeTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const int number = m_rows[static_cast<std::size_t>(index.row())];
    const auto& episode = m_episodes[static_cast<std::size_t>(number)];
    const QString& entity = m_data->entityNames[episode.entity];
    if (role == Qt::ToolTipRole)
        return QStringLiteral("<qt>%1</qt>").arg(titleOf(episode).toHtmlEscaped());
    if (role != Qt::DisplayRole)
        return {};
    const auto span = m_data->spanOf(episode);
    switch (static_cast<Column>(index.column())) {
    case Number:
        return number + 1;
    case Onset:
        return QVariant::fromValue<qlonglong>(span.from);
    case Lasts:
        return QVariant::fromValue<qlonglong>(span.length());
    case Entity:
        return entity;
    case Score:
        return episode.score;
    case What:
        return titleOf(episode);
    case ColumnCount:
        break;
    }
    return {};
}

QVariant EpisodeTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == Entity || section == What ? Qt::AlignLeft | Qt::AlignVCenter
                                                             : Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Number:
        return tr("#");
    case Onset:
        return tr("Onset");
    case Lasts:
        return tr("Lasts");
    case Entity:
        return tr("Entity");
    case Score:
        return tr("Score");
    case What:
        return tr("What");
    case ColumnCount:
        break;
    }
    return {};
}

void EpisodeTableModel::sort(int column, Qt::SortOrder order)
{
    m_column = column;
    m_order = order;
    emit layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const auto before = persistentIndexList();
    std::vector<int> episodes;
    for (const auto& index : before)
        episodes.push_back(episodeAt(index.row()));
    arrange();
    for (qsizetype i = 0; i < before.size(); ++i)
        changePersistentIndex(before[i], index(rowOf(episodes[static_cast<std::size_t>(i)]), before[i].column()));
    emit layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

void EpisodeTableModel::setEpisodes(ChartDataPtr data, Selection::Episodes episodes)
{
    beginResetModel();
    if (data != m_data) {
        m_titles.clear();
        for (std::size_t i = 0; data && i < data->result->explanations.size() && i < data->result->episodes.size(); ++i)
            m_titles.insert(data->result->episodes[i].peakUnit, static_cast<int>(i));
    }
    m_data = std::move(data);
    m_episodes = m_data ? std::move(episodes) : Selection::Episodes{};
    m_rows.resize(m_episodes.size());
    std::iota(m_rows.begin(), m_rows.end(), 0);
    if (m_rows.size() > mostRows) {
        std::nth_element(m_rows.begin(), m_rows.begin() + mostRows, m_rows.end(), [this](int a, int b) {
            return m_episodes[static_cast<std::size_t>(a)].score > m_episodes[static_cast<std::size_t>(b)].score;
        });
        m_rows.resize(mostRows);
    }
    arrange();
    endResetModel();
}

void EpisodeTableModel::arrange()
{
    const auto less = [this](int a, int b) {
        const auto& x = m_episodes[static_cast<std::size_t>(a)];
        const auto& y = m_episodes[static_cast<std::size_t>(b)];
        switch (m_column) {
        case Lasts:
            return m_data->spanOf(x).length() < m_data->spanOf(y).length();
        case Entity:
            return m_data->entityNames[x.entity] < m_data->entityNames[y.entity];
        case Score:
            return x.score < y.score;
        case What:
            return titleOf(x) < titleOf(y);
        default:
            return a < b; // episodes come in order of onset
        }
    };
    std::sort(m_rows.begin(), m_rows.end());
    std::stable_sort(m_rows.begin(), m_rows.end(),
                     [&](int a, int b) { return m_order == Qt::AscendingOrder ? less(a, b) : less(b, a); });
}

QString EpisodeTableModel::titleOf(const decisions::Episode& episode) const
{
    const auto known = m_titles.find(episode.peakUnit);
    return known == m_titles.end() ? QString()
                                   : safeText(m_data->result->explanations[static_cast<std::size_t>(*known)].title);
}

int EpisodeTableModel::episodeAt(int row) const
{
    return row >= 0 && row < static_cast<int>(m_rows.size()) ? m_rows[static_cast<std::size_t>(row)] : -1;
}

int EpisodeTableModel::rowOf(int episode) const
{
    const auto found = std::find(m_rows.begin(), m_rows.end(), episode);
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

} // namespace faultline::ui
