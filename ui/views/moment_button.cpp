// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/views/moment_button.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"
#include <QPainter>

namespace faultline::ui
{

MomentButton::MomentButton(const QString& caption, QWidget* parent) : QAbstractButton(parent), m_caption(caption)
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void MomentButton::setMoment(const QString& moment, const QString& tip)
{
    setText(moment);
    setToolTip(tip);
    setAccessibleName(m_caption + QLatin1Char(' ') + tip);
    update();
}

QSize MomentButton::sizeHint() const
{
    return {dp(92), dp(44)};
}

void MomentButton::paintEvent(QPaintEvent*)
{
    const auto& theme = Theme::current();
    QPainter painter(this);
    if (underMouse())
        painter.fillRect(rect(), theme.hover);
    painter.setFont(interfaceFont(11));
    painter.setPen(theme.muted);
    painter.drawText(QRect(dp(10), dp(5), width() - dp(12), dp(16)), Qt::AlignLeft | Qt::AlignVCenter, m_caption);
    painter.setFont(monoFont(13));
    painter.setPen(theme.text);
    painter.drawText(QRect(dp(10), dp(21), width() - dp(12), dp(18)), Qt::AlignLeft | Qt::AlignVCenter, text());
    if (hasFocus())
        paintFocusRing(painter, rect());
}

} // namespace faultline::ui
