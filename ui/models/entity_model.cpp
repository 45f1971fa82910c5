// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/models/entity_model.h"
#include <algorithm>
#include <limits>

namespace faultline::ui
{

EntityModel::EntityModel(Selection* selection, QObject* parent) : QAbstractTableModel(parent), m_selection(selection)
{
    connect(selection, &Selection::dataChanged, this, [this] {
        beginResetModel();
        m_entities.clear();
        if (m_selection->hasData()) {
            m_entities = m_selection->data()->ranked;
            if (m_entities.size() > 1)
                m_entities.insert(m_entities.begin(), allEntities);
        }
        endResetModel();
    });
    connect(selection, &Selection::viewChanged, this, &EntityModel::viewChanged);
    connect(selection, &Selection::thresholdChanged, this, &EntityModel::viewChanged);
}

int EntityModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entities.size());
}

QVariant EntityModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const int entity = entityAt(index.row());
    if (role == EntityRole)
        return entity;
    const auto& shown = *m_selection->data();
    const QString name =
        entity == allEntities ? tr("All entities") : shown.entityNames[static_cast<std::size_t>(entity)];
    if (role == Qt::ToolTipRole)
        return QStringLiteral("<qt>%1</qt>").arg(name.toHtmlEscaped());
    if (role != Qt::DisplayRole)
        return {};
    if (index.column() == Name)
        return name;
    if (index.column() == Score) {
        const auto view = m_selection->view();
        const auto value = shown.series(entity).scoreIn(view.from, view.to);
        return value.empty() ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(value.max);
    }
    return {};
}

int EntityModel::entityAt(int row) const
{
    return row >= 0 && row < static_cast<int>(m_entities.size()) ? m_entities[static_cast<std::size_t>(row)]
                                                                 : allEntities;
}

int EntityModel::rowOf(int entity) const
{
    const auto found = std::find(m_entities.begin(), m_entities.end(), entity);
    return found == m_entities.end() ? -1 : static_cast<int>(found - m_entities.begin());
}

void EntityModel::viewChanged()
{
    if (rowCount() > 0)
        emit dataChanged(index(0, Strip), index(rowCount() - 1, Score));
}

} // namespace faultline::ui
