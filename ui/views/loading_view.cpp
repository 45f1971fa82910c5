// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/views/loading_view.h"
#include "ui/models/text_format.h"
#include "ui/theme/theme.h"
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace faultline::ui
{

LoadingView::LoadingView(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("loadingView"));
    setProperty("surface", true);
    setAttribute(Qt::WA_StyledBackground);
    m_what = new QLabel(this);
    m_what->setFont(interfaceFont(15, QFont::DemiBold));
    m_what->setTextFormat(Qt::PlainText);
    m_bar = new QProgressBar(this);
    m_bar->setTextVisible(false);
    m_bar->setRange(0, 1000);
    m_bar->setFixedWidth(dp(420));
    m_stage = new QLabel(this);
    m_stage->setProperty("muted", true);
    m_left = new QLabel(this);
    m_left->setFont(monoFont(11));
    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setObjectName(QStringLiteral("loadingCancel"));
    connect(cancel, &QPushButton::clicked, this, &LoadingView::cancelWanted);

    auto* words = new QHBoxLayout;
    words->addWidget(m_stage);
    words->addStretch();
    words->addWidget(m_left);
    auto* column = new QVBoxLayout;
    column->setSpacing(dp(8));
    column->addStretch(2);
    column->addWidget(m_what);
    column->addWidget(m_bar);
    column->addLayout(words);
    column->addSpacing(dp(8));
    column->addWidget(cancel, 0, Qt::AlignLeft);
    column->addStretch(3);
    auto* layout = new QHBoxLayout(this);
    layout->addStretch();
    layout->addLayout(column);
    layout->addStretch();
}

void LoadingView::begin(const QString& what)
{
    m_what->setText(what);
    m_bar->setValue(0);
    m_stage->setText(tr("starting"));
    m_left->clear();
}

void LoadingView::showProgress(const JobStatus& status)
{
    m_bar->setValue(static_cast<int>(status.fraction * 1000.0));
    m_stage->setText(status.stage);
    m_left->setText(timeLeftText(status.secondsLeft));
}

} // namespace faultline::ui
