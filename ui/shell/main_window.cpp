// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/shell/main_window.h"
#include "ui/charts/track_view.h"
#include "ui/models/text_format.h"
#include "ui/shell/actions.h"
#include "ui/shell/dock.h"
#include "ui/shell/error_bar.h"
#include "ui/shell/status_line.h"
#include "ui/theme/theme.h"
#include "ui/views/entities_view.h"
#include "ui/views/episodes_view.h"
#include "ui/views/evidence_view.h"
#include "ui/views/inspector_view.h"
#include "ui/views/loading_view.h"
#include "ui/views/quality_view.h"
#include "ui/views/sources_view.h"
#include "ui/views/start_view.h"
#include "ui/views/timeline_view.h"
#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMenuBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <utility>

namespace faultline::ui
{

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent), m_follower(&m_selection)
{
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    setMinimumSize(dp(1100), dp(700));
    resize(dp(1600), dp(1000));
    m_actions = new Actions(this);
    buildViews();
    buildDocks();
    buildToolBar();
    buildMenus();
    wireSession();
    wireActions();
    wireViews();
    showStartPage();
    restoreGeometry(m_settings.geometry());
    updateActions();
    updateTitle();
}

MainWindow::~MainWindow() = default;

void MainWindow::buildViews()
{
    m_start = new StartView(this);
    m_timeline = new TimelineView(&m_selection, this);
    m_evidence = new EvidenceView(&m_selection, this);
    m_work = new QSplitter(Qt::Vertical, this);
    m_work->setObjectName(QStringLiteral("workSplitter"));
    m_work->setHandleWidth(dp(5));
    m_work->setChildrenCollapsible(false);
    m_work->addWidget(m_timeline);
    m_lower = new QTabWidget(this);
    m_lower->setObjectName(QStringLiteral("lowerTabs"));
    m_lower->setDocumentMode(true);
    auto* quality = new QualityView(&m_selection, this);
    m_lower->addTab(m_evidence, tr("Log"));
    const int page = m_lower->addTab(quality, tr("Data quality"));
    connect(quality, &QualityView::captionChanged, this, [this, page](const QString& caption) {
        m_lower->setTabText(page, caption.isEmpty() ? tr("Data quality") : tr("Data quality: %1").arg(caption));
    });
    m_work->addWidget(m_lower);
    m_work->setStretchFactor(1, 1);
    m_timeline->setMinimumHeight(dp(160));
    m_evidence->setMinimumHeight(dp(120));
    m_pages = new QStackedWidget(this);
    m_pages->addWidget(m_start);
    m_pages->addWidget(m_work);
    m_loading = new LoadingView(this);
    m_pages->addWidget(m_loading);
    m_error = new ErrorBar(this);
    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_error);
    layout->addWidget(m_pages, 1);
    setCentralWidget(centre);
    m_status = new StatusLine(&m_selection, this);
    setStatusBar(m_status);
    for (auto* action : {m_actions->zoomIn, m_actions->zoomOut, m_actions->zoomAll, m_actions->picture})
        m_timeline->addBarAction(action);
}

void MainWindow::buildDocks()
{
    auto* sources = new SourcesView(&m_selection, this);
    auto* entities = new EntitiesView(&m_selection, this);
    auto* episodes = new EpisodesView(&m_selection, this);
    auto* inspector = new InspectorView(&m_selection, this);
    m_sources = new Dock(tr("Sources"), "sourcesDock", sources, this);
    m_entities = new Dock(tr("Entities"), "entitiesDock", entities, this);
    m_episodes = new Dock(tr("Episodes"), "episodesDock", episodes, this);
    m_inspector = new Dock(tr("Inspector"), "inspectorDock", inspector, this);
    connect(sources, &SourcesView::captionChanged, m_sources, &Dock::setCaption);
    connect(sources, &SourcesView::formatWanted, this, &MainWindow::readAs);
    connect(&m_session, &AnalysisSession::busyChanged, sources, &SourcesView::setBusy);
    connect(entities, &EntitiesView::captionChanged, m_entities, &Dock::setCaption);
    connect(episodes, &EpisodesView::captionChanged, m_episodes, &Dock::setCaption);
    connect(inspector, &InspectorView::captionChanged, m_inspector, &Dock::setCaption);
    m_inspector->addTitleAction(m_actions->previousEpisode);
    m_inspector->addTitleAction(m_actions->nextEpisode);
    addDockWidget(Qt::LeftDockWidgetArea, m_sources);
    addDockWidget(Qt::LeftDockWidgetArea, m_entities);
    addDockWidget(Qt::LeftDockWidgetArea, m_episodes);
    addDockWidget(Qt::RightDockWidgetArea, m_inspector);
    for (auto* dock : {m_sources, m_entities, m_episodes, m_inspector}) {
        dock->setMinimumWidth(dp(220));
        dock->setMaximumWidth(dp(480));
    }
}

void MainWindow::buildMenus()
{
    const auto fill = [this](const QString& title, const QList<QAction*>& actions) {
        auto* menu = menuBar()->addMenu(title);
        for (auto* action : actions)
            action != nullptr ? menu->addAction(action) : static_cast<void>(menu->addSeparator());
        return menu;
    };
    auto& a = *m_actions;
    fill(tr("&File"), {a.open, a.openFolder, a.browse, nullptr, a.save, a.saveAs, nullptr, a.exportScores,
                       a.exportReport, nullptr, a.quit});
    fill(tr("&Edit"), {a.copy, a.clearChoice});
    auto* view = fill(tr("&View"), {a.zoomIn, a.zoomOut, a.zoomAll, nullptr, a.picture, nullptr, a.themeSystem,
                                    a.themeLight, a.themeDark, nullptr});
    for (auto* dock : {m_sources, m_entities, m_episodes, m_inspector})
        view->addAction(dock->toggleViewAction());
    fill(tr("&Go"), {a.back, a.forward, nullptr, a.previousEpisode, a.nextEpisode});
    fill(tr("&Analyse"), {a.analyze, a.resetThreshold, a.cancel});
    fill(tr("&Help"), {a.shortcuts, a.about});
    m_fileTitle = new QLabel(this);
    m_fileTitle->setObjectName(QStringLiteral("fileTitle"));
    m_fileTitle->setFont(interfaceFont(12, QFont::DemiBold));
    m_fileTitle->setContentsMargins(0, 0, dp(12), 0);
    m_fileTitle->setMinimumHeight(dp(26));
    m_fileTitle->setAlignment(Qt::AlignVCenter);
    menuBar()->setCornerWidget(m_fileTitle);
}

void MainWindow::buildToolBar()
{
    auto* bar = addToolBar(tr("Tools"));
    bar->setObjectName(QStringLiteral("toolBar"));
    bar->setMovable(false);
    bar->setIconSize({dp(16), dp(16)});
    bar->setFixedHeight(dp(40));
    auto& a = *m_actions;
    const auto add = [bar](QAction* action, Qt::ToolButtonStyle style) {
        auto* button = new QToolButton(bar);
        button->setDefaultAction(action);
        button->setToolButtonStyle(style);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setAccessibleName(action->text());
        bar->addWidget(button);
    };
    add(a.open, Qt::ToolButtonTextBesideIcon);
    add(a.save, Qt::ToolButtonTextBesideIcon);
    bar->addSeparator();
    add(a.back, Qt::ToolButtonIconOnly);
    add(a.forward, Qt::ToolButtonIconOnly);
    bar->addSeparator();
    add(a.previousEpisode, Qt::ToolButtonIconOnly);
    const auto addLabel = [bar](QLabel* label) {
        label->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
        label->setAlignment(Qt::AlignVCenter);
        bar->addWidget(label);
    };
    addLabel(new QLabel(tr("Episode"), bar));
    add(a.nextEpisode, Qt::ToolButtonIconOnly);
    auto* space = new QWidget(bar);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    m_recipe = new QLabel(bar);
    m_recipe->setObjectName(QStringLiteral("recipeLabel"));
    m_recipe->setContentsMargins(0, 0, dp(6), 0);
    addLabel(m_recipe);
}

void MainWindow::wireSession()
{
    connect(&m_session, &AnalysisSession::busyChanged, this, [this](bool busy, const QString& what) {
        m_status->setBusy(busy, what);
        if (!m_selection.hasData()) {
            m_loading->begin(what);
            m_pages->setCurrentWidget(busy ? static_cast<QWidget*>(m_loading) : m_start);
        }
        updateActions();
    });
    connect(&m_session, &AnalysisSession::progressed, m_status, &StatusLine::showProgress);
    connect(&m_session, &AnalysisSession::progressed, m_loading, &LoadingView::showProgress);
    connect(m_status, &StatusLine::cancelWanted, &m_session, &AnalysisSession::cancel);
    connect(m_loading, &LoadingView::cancelWanted, &m_session, &AnalysisSession::cancel);
    connect(&m_session, &AnalysisSession::earlyReady, this, &MainWindow::showEarly);
    connect(&m_session, &AnalysisSession::resultReady, this, &MainWindow::showResult);
    connect(&m_session, &AnalysisSession::recordsReady, this, [this] { m_selection.replaceData(m_session.data()); });
    connect(&m_session, &AnalysisSession::failed, m_error, &ErrorBar::say);
    connect(&m_session, &AnalysisSession::noticed, m_error, &ErrorBar::say);
    connect(&m_session, &AnalysisSession::stopped, this, [this] {
        const bool scored = m_selection.hasData() && m_selection.data()->result->isScored();
        m_status->say(scored                  ? tr("Stopped. The result before is still here.")
                      : m_selection.hasData() ? tr("Stopped. What had been read is here, not scored.")
                                              : tr("Stopped."));
    });
    connect(&m_session, &AnalysisSession::exported, this,
            [this](const QString& path) { m_status->say(tr("Written: %1").arg(path)); });
    connect(&m_session, &AnalysisSession::caseSaved, this, [this](const QString& path) {
        m_status->say(tr("Saved: %1").arg(path));
        rememberCase(path);
        updateTitle();
    });
}

void MainWindow::wireViews()
{
    connect(&m_selection, &Selection::historyChanged, this, [this](bool canGoBack, bool canGoForward) {
        m_actions->back->setEnabled(canGoBack);
        m_actions->forward->setEnabled(canGoForward);
    });
    connect(&m_selection, &Selection::episodesChanged, this, &MainWindow::updateActions);
    connect(&m_selection, &Selection::thresholdChanged, this, &MainWindow::updateActions);
    connect(m_timeline->tracks(), &TrackView::contentHeightChanged, this, &MainWindow::fitTimeline);
    connect(m_work, &QSplitter::splitterMoved, this, [this] { m_splitByHand = true; });
    connect(m_start, &StartView::openFilesWanted, m_actions->open, &QAction::trigger);
    connect(m_start, &StartView::openFolderWanted, m_actions->openFolder, &QAction::trigger);
    connect(m_start, &StartView::demoWanted, this, &MainWindow::openDemo);
    connect(m_start, &StartView::caseChosen, this, [this](const QString& path) { open({path}); });
}

/// The log as far as it has been read, while the rest goes on.
void MainWindow::showEarly()
{
    showData();
    foldDocks();
    fitTimeline();
    updateActions();
    updateTitle();
}

/// A person who has zoomed in while the log was read wants to stay there.
void MainWindow::showData()
{
    const auto view = m_selection.view();
    const bool moved = m_selection.hasData() && !m_selection.data()->result->isScored() && view != m_selection.limits();
    m_selection.setData(m_session.data());
    if (moved)
        m_selection.setView(view);
    m_pages->setCurrentWidget(m_work);
    for (auto* dock : {m_sources, m_entities, m_episodes, m_inspector})
        dock->show();
    if (!m_arranged)
        arrangeDocks(); // once more with the scores: only then are there entities and episodes to make room for
    m_arranged = m_arranged || m_selection.data()->result->isScored();
}

void MainWindow::showResult(const pipeline::CaseState* state)
{
    m_error->say({});
    showData();
    const auto& run = *m_session.data()->result;
    m_recipe->setText(tr("Recipe <b>%1</b>&nbsp;&nbsp;&nbsp;UTC").arg(safeText(run.recipe.name).toHtmlEscaped()));
    m_recipe->setToolTip(QStringLiteral("<qt>%1</qt>").arg(safeText(run.recipeReason).toHtmlEscaped()));
    m_status->say(
        state != nullptr
            ? tr("Opened.")
            : tr("Done in %1 s. Nothing left this machine.").arg(run.seconds, 0, 'f', run.seconds < 10.0 ? 1 : 0));
    if (state != nullptr) {
        restoreState(*state);
        rememberCase(m_session.casePath());
    }
    foldDocks();
    fitTimeline();
    updateActions();
    updateTitle();
    m_timeline->tracks()->setFocus();
}

void MainWindow::restoreState(const pipeline::CaseState& state)
{
    if (state.threshold > 0.0)
        m_selection.setThreshold(state.threshold);
    if (state.viewFrom != noTime && state.viewTo > state.viewFrom)
        m_selection.setView({state.viewFrom, state.viewTo});
    if (!state.layout.empty())
        QMainWindow::restoreState(QByteArray::fromBase64(QByteArray::fromStdString(state.layout)));
}

pipeline::CaseState MainWindow::currentState() const
{
    return {.threshold = m_selection.threshold(),
            .viewFrom = m_selection.view().from,
            .viewTo = m_selection.view().to,
            .layout = saveState().toBase64().toStdString()};
}

void MainWindow::updateActions()
{
    const bool has = m_selection.hasData(), idle = !m_session.busy(), episodes = !m_selection.episodes().empty();
    const bool scored = has && m_selection.data()->result->isScored();
    auto& a = *m_actions;
    for (auto* action : {a.save, a.saveAs, a.exportScores, a.exportReport})
        action->setEnabled(scored && idle);
    a.analyze->setEnabled(has && !scored && idle);
    for (auto* action : {a.zoomIn, a.zoomOut, a.zoomAll, a.picture, a.copy, a.clearChoice})
        action->setEnabled(has);
    a.previousEpisode->setEnabled(has && episodes);
    a.nextEpisode->setEnabled(has && episodes);
    a.resetThreshold->setEnabled(scored && m_selection.threshold() != m_selection.data()->result->threshold.value);
    a.cancel->setEnabled(!idle);
    if (!has) {
        a.back->setEnabled(false);
        a.forward->setEnabled(false);
    }
}

void MainWindow::updateTitle()
{
    QString name;
    if (!m_session.casePath().isEmpty())
        name = QFileInfo(m_session.casePath()).fileName();
    else if (m_selection.hasData())
        name = tr("not saved as a case yet");
    m_fileTitle->setText(name);
    m_fileTitle->adjustSize();
    menuBar()->setCornerWidget(m_fileTitle); // makes room for the new text
    setWindowTitle(name.isEmpty() ? QStringLiteral("Faultline") : name + QStringLiteral(" – Faultline"));
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_session.cancel();
    m_settings.setWindow(saveGeometry(), saveState());
    QMainWindow::closeEvent(event);
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    auto* app = qobject_cast<QApplication*>(QApplication::instance());
    if (event->type() != QEvent::ApplicationPaletteChange || m_settingTheme ||
        m_settings.theme() != ThemeChoice::System)
        return;
    m_settingTheme = true; // asking the desktop sets the palette, which announces itself again
    const bool changed = systemSchemeChanged(*app);
    m_settingTheme = false;
    if (changed)
        setTheme(ThemeChoice::System);
}

void MainWindow::setTheme(ThemeChoice choice)
{
    m_settingTheme = true;
    m_settings.setTheme(choice);
    applyTheme(*qobject_cast<QApplication*>(QApplication::instance()), choice);
    m_actions->tintIcons();
    m_selection.replaceData(m_selection.data()); // rich text carries colours of its own
    m_settingTheme = false;
}

} // namespace faultline::ui
