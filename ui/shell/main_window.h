// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/jobs/analysis_session.h"
#include "ui/jobs/episode_follower.h"
#include "ui/models/selection.h"
#include "ui/shell/settings.h"
#include <QMainWindow>

class QLabel;
class QSplitter;
class QStackedWidget;
class QTabWidget;

namespace faultline::ui
{

class Actions;
class Dock;
class ErrorBar;
class EvidenceView;
class LoadingView;
class StartView;
class StatusLine;
class TimelineView;

/// The one window. It makes the parts and wires them; what happens is in the session (engine jobs) and the selection
/// (what is looked at).
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    explicit MainWindow(QWidget* parent = nullptr);
    ~MainWindow() override;

    void open(const QStringList& paths);
    /// Shows files without scoring them.
    void browse(const QStringList& paths);
    /// Saves the result with threshold, view and layout as a case.
    void saveTo(const QString& path);
    [[nodiscard]] Selection* selection() { return &m_selection; }
    [[nodiscard]] AnalysisSession* session() { return &m_session; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void buildViews();
    void buildDocks();
    void buildMenus();
    void buildToolBar();
    void wireSession();
    void wireActions();
    void wireViews();
    void showStartPage();
    /// Reads what is shown again as this format; "" = detect it.
    void readAs(const QString& path, const QString& format);
    void showEarly();
    void showData();
    void showResult(const pipeline::CaseState* state);
    void restoreState(const pipeline::CaseState& state);
    [[nodiscard]] pipeline::CaseState currentState() const;
    void updateActions();
    void updateTitle();
    void arrangeDocks();
    void fitTimeline();
    void foldDocks();
    void setTheme(ThemeChoice choice);
    void askForFiles();
    void askForFilesToBrowse();
    void askForFolder();
    void openDemo();
    void save();
    void saveAs();
    void exportTo(const QString& title, const QString& suffix, const QString& filter,
                  void (AnalysisSession::*how)(const QString&));
    void savePicture();
    [[nodiscard]] QString suggestedName(const QString& suffix) const;
    void rememberCase(const QString& path);
    void showShortcuts();
    void showAbout();

    Settings m_settings;
    Selection m_selection;
    AnalysisSession m_session;
    EpisodeFollower m_follower;
    Actions* m_actions = nullptr;
    QStackedWidget* m_pages = nullptr;
    QSplitter* m_work = nullptr;
    QTabWidget* m_lower = nullptr;
    StartView* m_start = nullptr;
    LoadingView* m_loading = nullptr;
    TimelineView* m_timeline = nullptr;
    EvidenceView* m_evidence = nullptr;
    ErrorBar* m_error = nullptr;
    StatusLine* m_status = nullptr;
    Dock *m_sources = nullptr, *m_entities = nullptr, *m_episodes = nullptr, *m_inspector = nullptr;
    QLabel *m_recipe = nullptr, *m_fileTitle = nullptr;
    bool m_arranged = false;    ///< docks got their sizes with the first result
    bool m_folded = false;      ///< the inspector is a tab of the left docks because the window is narrow
    bool m_splitByHand = false; ///< the person moved the splitter: it stays where it is
    bool m_settingTheme = false;
};

} // namespace faultline::ui
