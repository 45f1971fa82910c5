// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/models/log_model.h"
#include <QAbstractScrollArea>

namespace faultline::ui
{

/// Shows a LogModel of any length: only the rows in sight are asked for and painted (an item view would keep a header
/// entry for each of ten million rows). Evidence has a bar at the left, the current row a caret.
class LogView : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit LogView(LogModel* model, QWidget* parent = nullptr);

    [[nodiscard]] LogModel* model() const { return m_model; }
    [[nodiscard]] int currentRow() const { return m_current; }
    [[nodiscard]] int firstVisibleRow() const;
    [[nodiscard]] int visibleRows() const;
    /// Rows [first, last] that are selected; both -1 when none is.
    [[nodiscard]] std::pair<int, int> selectedRows() const;
    /// Makes a row current without telling anyone, and brings it into the middle when it is out of sight.
    void showRow(int row);
    void setEmptyText(const QString& text);

signals:
    /// The person chose a row.
    void rowChosen(int row);
    void copyRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void resetRows();
    void updateScrollBar();
    void choose(int row, bool extend);
    void ensureVisible(int row);
    [[nodiscard]] int rowAt(int y) const;
    [[nodiscard]] int columnLeft(int column) const;
    [[nodiscard]] int columnWidth(int column) const;
    void paintHeader(QPainter& painter) const;
    void paintRow(QPainter& painter, int row, const QRect& area) const;
    void paintMessage(QPainter& painter, const QModelIndex& index, QRect area, const QColor& colour) const;

    LogModel* m_model;
    int m_current = -1, m_anchor = -1, m_hovered = -1;
    bool m_ring = false; ///< the keyboard came here by Tab
    QString m_emptyText;
};

} // namespace faultline::ui
