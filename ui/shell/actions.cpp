// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/shell/actions.h"
#include "ui/theme/glyphs.h"
#include <QAction>
#include <QActionGroup>
#include <QKeySequence>

namespace faultline::ui
{

Actions::Actions(QObject* parent) : QObject(parent)
{
    addFileActions();
    addViewActions();
    addWorkActions();
    tintIcons();
}

QAction* Actions::add(const char* name, const QString& text, const QList<QKeySequence>& keys, const char* icon)
{
    auto* action = new QAction(text, this);
    action->setObjectName(QLatin1String(name));
    action->setShortcuts(keys);
    if (icon != nullptr)
        action->setProperty("iconName", QLatin1String(icon));
    if (!keys.isEmpty()) {
        QString plain = text;
        plain.remove(QLatin1Char('&')).remove(QStringLiteral(" …")).remove(QStringLiteral("…"));
        action->setToolTip(QStringLiteral("%1 (%2)").arg(plain, keys.front().toString(QKeySequence::NativeText)));
    }
    m_all.append(action);
    return action;
}

void Actions::addFileActions()
{
    open = add("actionOpen", tr("&Open…"), {QKeySequence::Open}, "open");
    openFolder = add("actionOpenFolder", tr("Open &folder…"), {QKeySequence(tr("Ctrl+Shift+O"))}, "folder");
    browse = add("actionBrowse", tr("Open to &read only…"));
    browse->setToolTip(tr("Shows a log without scoring it"));
    save = add("actionSave", tr("&Save case"), {QKeySequence::Save}, "case");
    open->setIconText(tr("Open"));
    save->setIconText(tr("Save"));
    saveAs = add("actionSaveAs", tr("Save case &as…"), {QKeySequence(tr("Ctrl+Shift+S"))});
    exportScores = add("actionExportScores", tr("Export &scores as CSV…"));
    exportReport = add("actionExportReport", tr("Export &report as HTML…"), {QKeySequence(tr("Ctrl+E"))});
    quit = add("actionQuit", tr("&Quit"), {QKeySequence(tr("Ctrl+Q"))});
    copy = add("actionCopy", tr("&Copy records"));
}

void Actions::addViewActions()
{
    zoomIn = add("actionZoomIn", tr("Zoom &in"), {QKeySequence(tr("Ctrl++")), QKeySequence(tr("Ctrl+="))}, "zoom-in");
    zoomOut = add("actionZoomOut", tr("Zoom &out"), {QKeySequence(tr("Ctrl+-"))}, "zoom-out");
    zoomAll = add("actionZoomAll", tr("Show &all"), {QKeySequence(tr("Ctrl+0"))}, "zoom-fit");
    back = add("actionBack", tr("&Back to the view before"), {QKeySequence(tr("Alt+Left"))}, "back");
    forward = add("actionForward", tr("&Forward to the next view"), {QKeySequence(tr("Alt+Right"))}, "forward");
    picture = add("actionPicture", tr("Save tracks as &picture…"), {}, "image");
    themeSystem = add("actionThemeSystem", tr("Theme of the &system"));
    themeLight = add("actionThemeLight", tr("&Light theme"));
    themeDark = add("actionThemeDark", tr("&Dark theme"));
    auto* group = new QActionGroup(this);
    for (auto* action : {themeSystem, themeLight, themeDark}) {
        action->setCheckable(true);
        group->addAction(action);
    }
}

void Actions::addWorkActions()
{
    previousEpisode = add("actionPreviousEpisode", tr("&Previous episode"), {QKeySequence(tr("P"))}, "previous");
    nextEpisode = add("actionNextEpisode", tr("&Next episode"), {QKeySequence(tr("N"))}, "next");
    clearChoice = add("actionClearChoice", tr("&Choose nothing"));
    analyze = add("actionAnalyze", tr("&Score the records"));
    resetThreshold = add("actionResetThreshold", tr("Threshold of the &recipe"));
    cancel = add("actionCancel", tr("&Cancel what runs"), {QKeySequence(tr("Ctrl+."))}, "cancel");
    shortcuts = add("actionShortcuts", tr("&Shortcuts"), {QKeySequence(tr("F1"))});
    about = add("actionAbout", tr("&About Faultline"));
}

void Actions::tintIcons()
{
    for (auto* action : m_all)
        if (const auto icon = action->property("iconName"); icon.isValid())
            action->setIcon(themedIcon(icon.toString()));
}

} // namespace faultline::ui
