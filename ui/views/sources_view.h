// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/models/selection.h"
#include <QStandardItemModel>
#include <QWidget>

class QTableView;

namespace faultline::ui
{

/// Where the bytes came from: each file with its records; what was detected and what was rejected stands in the tip.
class SourcesView : public QWidget
{
    Q_OBJECT
public:
    explicit SourcesView(Selection* selection, QWidget* parent = nullptr);

signals:
    void captionChanged(const QString& caption);

private:
    void refresh();

    Selection* m_selection;
    QStandardItemModel m_model;
    QTableView* m_table = nullptr;
};

} // namespace faultline::ui
