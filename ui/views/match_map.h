// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/models/log_model.h"
#include <QWidget>

namespace faultline::ui
{

/// Beside the log's scroll bar: where in the whole slice warnings, errors and evidence are. A click goes there.
class MatchMap : public QWidget
{
    Q_OBJECT
public:
    explicit MatchMap(LogModel* model, QWidget* parent = nullptr);
    /// Rows of evidence, found by the worker that made the slice.
    void setEvidenceRows(std::vector<std::size_t> rows);

signals:
    void rowChosen(int row);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    LogModel* m_model;
    std::vector<std::size_t> m_evidenceRows;
};

} // namespace faultline::ui
