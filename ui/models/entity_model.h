// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/models/selection.h"
#include <QAbstractTableModel>

namespace faultline::ui
{

/// All entities and their highest score in view; the first row stands for all of them together.
class EntityModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Strip, Score, ColumnCount };
    enum Role { EntityRole = Qt::UserRole };
    explicit EntityModel(Selection* selection, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] int entityAt(int row) const;
    [[nodiscard]] int rowOf(int entity) const;

private:
    void viewChanged();
    Selection* m_selection;
    std::vector<int> m_entities; ///< per row
};

} // namespace faultline::ui
