// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <QDockWidget>

class QAction;
class QHBoxLayout;
class QLabel;

namespace faultline::ui
{

/// A dock whose title carries a caption ("episode 8 of 11") and buttons.
class Dock : public QDockWidget
{
    Q_OBJECT
public:
    Dock(const QString& title, const char* name, QWidget* content, QWidget* parent);
    void setCaption(const QString& caption);
    void addTitleAction(QAction* action);

private:
    QLabel* m_caption = nullptr;
    QHBoxLayout* m_bar = nullptr;
};

} // namespace faultline::ui
