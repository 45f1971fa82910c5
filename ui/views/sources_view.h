// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/models/selection.h"
#include <QStandardItemModel>
#include <QWidget>

class QMenu;
class QTableView;

namespace faultline::ui
{

/// Where the bytes came from: each file with its records; what was detected and what was rejected stands in the tip.
/// The context menu reads a file again as another format.
class SourcesView : public QWidget
{
    Q_OBJECT
public:
    explicit SourcesView(Selection* selection, QWidget* parent = nullptr);
    /// While a job runs no file can be read again, and the menu says so.
    void setBusy(bool busy) { m_busy = busy; }

signals:
    void captionChanged(const QString& caption);
    /// The person wants the file with this path read as this format; "" = detect it.
    void formatWanted(const QString& path, const QString& format);

private:
    void refresh();
    void showMenu(const QPoint& place);
    void addFormats(QMenu& menu, std::size_t source);

    Selection* m_selection;
    QStandardItemModel m_model;
    QTableView* m_table = nullptr;
    bool m_busy = false;
};

} // namespace faultline::ui
