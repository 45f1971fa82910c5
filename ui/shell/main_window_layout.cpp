// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
// How the window shares out its room.
#include "ui/charts/track_view.h"
#include "ui/shell/dock.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"
#include "ui/views/timeline_view.h"
#include <QSplitter>
#include <QStackedWidget>
#include <QTimer>
#include <algorithm>

namespace faultline::ui
{

/// Sources and entities as high as they need, within reason; episodes get the rest.
void MainWindow::arrangeDocks()
{
    if (const auto saved = m_settings.layout(); !saved.isEmpty() && QMainWindow::restoreState(saved))
        return;
    const auto& shown = *m_session.data();
    const int files = static_cast<int>(std::min<std::size_t>(shown.result->inputs.size(), 7)) + 1;
    const int entities = static_cast<int>(std::min<std::size_t>(shown.ranked.size(), 9)) + 2;
    resizeDocks({m_sources, m_inspector}, {dp(294), dp(372)}, Qt::Horizontal);
    // Qt shares out what is there in proportion, so the last one must ask for the rest and no more.
    const int sources = dp(28 + 22 * files), lanes = dp(28 + 24 * entities);
    const int rest = std::max(dp(160), m_work->height() - sources - lanes);
    resizeDocks({m_sources, m_entities, m_episodes}, {sources, lanes, rest}, Qt::Vertical);
}

void MainWindow::fitTimeline()
{
    if (m_splitByHand || m_pages->currentWidget() != m_work)
        return;
    const int all = m_work->height(), wanted = std::min(m_timeline->sizeHint().height(), all * 2 / 3);
    m_work->setSizes({wanted, all - wanted});
}

void MainWindow::foldDocks()
{
    const bool narrow = width() < dp(1280);
    if (narrow == m_folded || !m_selection.hasData())
        return;
    m_folded = narrow;
    if (narrow) {
        tabifyDockWidget(m_episodes, m_inspector);
        m_inspector->raise();
    } else {
        addDockWidget(Qt::RightDockWidgetArea, m_inspector);
        resizeDocks({m_inspector}, {dp(372)}, Qt::Horizontal);
    }
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    foldDocks();
    QTimer::singleShot(0, this, &MainWindow::fitTimeline); // the splitter gets its size after this event
}

} // namespace faultline::ui
