// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/views/match_map.h"
#include "ui/theme/theme.h"
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <utility>

namespace faultline::ui
{

MatchMap::MatchMap(LogModel* model, QWidget* parent) : QWidget(parent), m_model(model)
{
    setObjectName(QStringLiteral("matchMap"));
    setFixedWidth(dp(12));
    setToolTip(tr("Warnings, errors and evidence in the whole log; click to go there"));
    connect(model, &LogModel::modelReset, this, qOverload<>(&QWidget::update));
}

void MatchMap::setEvidenceRows(std::vector<std::size_t> rows)
{
    m_evidenceRows = std::move(rows);
    update();
}

void MatchMap::paintEvent(QPaintEvent*)
{
    const auto& theme = Theme::current();
    QPainter painter(this);
    painter.fillRect(rect(), theme.raised);
    painter.fillRect(QRect(0, 0, 1, height()), theme.border);
    const auto& slice = m_model->slice();
    if (!slice || slice->rows() == 0)
        return;
    const double cell = static_cast<double>(height()) / static_cast<double>(LogSlice::mapCells);
    for (std::size_t i = 0; i < LogSlice::mapCells; ++i)
        if (const auto level = slice->map()[i].level; level > 0)
            painter.fillRect(
                QRectF(dp(5), static_cast<double>(i) * cell, width() - dp(6), std::max(1.0, std::min(cell, 2.0))),
                theme.levelMark[level]);
    for (const auto row : m_evidenceRows) {
        const double y = static_cast<double>(row) / static_cast<double>(slice->rows()) * height();
        painter.fillRect(QRectF(1, y, dp(4), 2.0), theme.model);
    }
}

void MatchMap::mousePressEvent(QMouseEvent* event)
{
    const auto& slice = m_model->slice();
    if (!slice || slice->rows() == 0)
        return;
    const double share = std::clamp(event->position().y() / height(), 0.0, 1.0);
    emit rowChosen(
        static_cast<int>(std::min(share * static_cast<double>(slice->rows()), static_cast<double>(slice->rows() - 1))));
}

} // namespace faultline::ui
