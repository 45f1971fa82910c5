// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/shell/dock.h"
#include "ui/theme/theme.h"
#include <QAction>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace faultline::ui
{

Dock::Dock(const QString& title, const char* name, QWidget* content, QWidget* parent) : QDockWidget(title, parent)
{
    setObjectName(QLatin1String(name));
    setFeatures(QDockWidget::DockWidgetMovable | QDockWidget::DockWidgetClosable);
    setWidget(content);
    auto* bar = new QFrame(this);
    bar->setProperty("dockTitle", true);
    bar->setFixedHeight(dp(28));
    auto* label = new QLabel(title, bar);
    label->setFont(interfaceFont(12, QFont::DemiBold));
    m_caption = new QLabel(bar);
    m_caption->setProperty("muted", true);
    m_caption->setFont(interfaceFont(11));
    m_caption->setTextFormat(Qt::PlainText);
    m_bar = new QHBoxLayout(bar);
    m_bar->setContentsMargins(dp(10), 0, dp(4), 0);
    m_bar->setSpacing(dp(8));
    m_bar->addStrut(dp(28)); // a dock takes its title's height from the size hint alone
    m_bar->addWidget(label);
    m_bar->addWidget(m_caption);
    m_bar->addStretch();
    setTitleBarWidget(bar);
}

void Dock::setCaption(const QString& caption)
{
    m_caption->setText(caption);
}

void Dock::addTitleAction(QAction* action)
{
    auto* button = new QToolButton(titleBarWidget());
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setToolButtonStyle(action->icon().isNull() ? Qt::ToolButtonTextOnly : Qt::ToolButtonIconOnly);
    m_bar->addWidget(button);
}

} // namespace faultline::ui
