// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/shell/error_bar.h"
#include "ui/theme/theme.h"
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace faultline::ui
{

ErrorBar::ErrorBar(QWidget* parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("errorBar"));
    setProperty("errorBar", true);
    m_text = new QLabel(this);
    m_text->setObjectName(QStringLiteral("errorText"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* close = new QToolButton(this);
    close->setObjectName(QStringLiteral("errorClose"));
    close->setText(tr("Dismiss"));
    close->setFocusPolicy(Qt::StrongFocus);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(dp(12), dp(5), dp(8), dp(5));
    layout->addWidget(m_text, 1);
    layout->addWidget(close);
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    hide();
}

void ErrorBar::say(const QString& message)
{
    m_text->setText(message);
    setVisible(!message.isEmpty());
}

QString ErrorBar::message() const
{
    return isHidden() ? QString() : m_text->text();
}

} // namespace faultline::ui
