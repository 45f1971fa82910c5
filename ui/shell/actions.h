// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <QList>
#include <QObject>

class QAction;
class QMenuBar;

namespace faultline::ui
{

/// Every command of the window, once: menus, tool bar, docks and the shortcut sheet take them from here.
class Actions : public QObject
{
    Q_OBJECT
public:
    explicit Actions(QObject* parent);

    QAction *open, *openFolder, *browse, *save, *saveAs, *exportScores, *exportReport, *quit;
    QAction* copy;
    QAction *zoomIn, *zoomOut, *zoomAll, *back, *forward, *picture;
    QAction *themeSystem, *themeLight, *themeDark;
    QAction *previousEpisode, *nextEpisode, *clearChoice;
    QAction *analyze, *resetThreshold, *cancel;
    QAction *shortcuts, *about;

    /// Icons in the colours of the theme in use.
    void tintIcons();
    [[nodiscard]] const QList<QAction*>& all() const { return m_all; }

private:
    QAction* add(const char* name, const QString& text, const QList<QKeySequence>& keys = {},
                 const char* icon = nullptr);
    void addFileActions();
    void addViewActions();
    void addWorkActions();
    QList<QAction*> m_all;
};

} // namespace faultline::ui
