// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/models/entity_model.h"
#include "ui/views/cell_delegates.h"
#include <QWidget>

class QTableView;

namespace faultline::ui
{

/// Entities, the one with the highest score first, each with a strip of its scores over the view.
class EntitiesView : public QWidget
{
    Q_OBJECT
public:
    explicit EntitiesView(Selection* selection, QWidget* parent = nullptr);

signals:
    void captionChanged(const QString& caption);

private:
    void followSelection();

    Selection* m_selection;
    EntityModel m_model;
    QTableView* m_table = nullptr;
    bool m_following = false;
};

/// Paints the highest surprise per cell of one entity over the view.
class SurpriseStripDelegate : public CellDelegate
{
    Q_OBJECT
public:
    SurpriseStripDelegate(Selection* selection, QObject* parent);
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    Selection* m_selection;
};

/// A score in the model's colour once it is over the threshold.
class ScoreDelegate : public CellDelegate
{
    Q_OBJECT
public:
    ScoreDelegate(Selection* selection, QObject* parent);
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    Selection* m_selection;
};

} // namespace faultline::ui
