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
/// The context menu reads a file that stands alone again as another format.
class SourcesView : public QWidget
{
    Q_OBJECT
public:
    explicit SourcesView(Selection* selection, QWidget* parent = nullptr);

signals:
    void captionChanged(const QString& caption);
    /// The person wants the file read as this format; "" = detect it.
    void formatWanted(const QString& name);

private:
    void refresh();
    void showMenu(const QPoint& place);

    Selection* m_selection;
    QStandardItemModel m_model;
    QTableView* m_table = nullptr;
};

} // namespace faultline::ui
