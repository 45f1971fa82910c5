// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
// What the window's commands do: dialogs, drops, cases, pictures.
#include "engine/pipeline/catalogue.h"
#include "ui/charts/track_view.h"
#include "ui/models/text_format.h"
#include "ui/shell/actions.h"
#include "ui/shell/error_bar.h"
#include "ui/shell/main_window.h"
#include "ui/shell/status_line.h"
#include "ui/views/evidence_view.h"
#include "ui/views/start_view.h"
#include "ui/views/timeline_view.h"
#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QMessageBox>
#include <QMimeData>
#include <QSplitter>
#include <QStackedWidget>
#include <QStandardPaths>
#include <filesystem>

namespace faultline::ui
{

void MainWindow::wireActions()
{
    auto& a = *m_actions;
    const auto on = [this](QAction* action, auto what) { connect(action, &QAction::triggered, this, what); };
    on(a.open, [this] { askForFiles(); });
    on(a.openFolder, [this] { askForFolder(); });
    on(a.browse, [this] { askForFilesToBrowse(); });
    on(a.save, [this] { save(); });
    on(a.saveAs, [this] { saveAs(); });
    on(a.exportScores, [this] {
        exportTo(tr("Export scores"), QStringLiteral(".csv"), tr("CSV (*.csv)"), &AnalysisSession::exportScores);
    });
    on(a.exportReport, [this] {
        exportTo(tr("Export report"), QStringLiteral(".html"), tr("HTML (*.html)"), &AnalysisSession::exportReport);
    });
    on(a.quit, [this] { close(); });
    on(a.copy, [this] { m_evidence->copySelected(); });
    on(a.zoomIn, [this] { m_timeline->tracks()->zoomIn(); });
    on(a.zoomOut, [this] { m_timeline->tracks()->zoomOut(); });
    on(a.zoomAll, [this] { m_selection.showAll(); });
    on(a.picture, [this] { savePicture(); });
    on(a.back, [this] { m_selection.goBack(); });
    on(a.forward, [this] { m_selection.goForward(); });
    on(a.previousEpisode, [this] { m_selection.stepEpisode(-1); });
    on(a.nextEpisode, [this] { m_selection.stepEpisode(1); });
    on(a.clearChoice, [this] {
        m_selection.chooseEpisode(-1);
        m_selection.chooseSpan({});
        m_selection.chooseEntity(allEntities);
    });
    on(a.analyze, [this] { m_session.analyzeShown(); });
    on(a.resetThreshold, [this] { m_selection.setThreshold(m_selection.data()->result->threshold.value); });
    on(a.cancel, [this] { m_session.cancel(); });
    on(a.themeSystem, [this] { setTheme(ThemeChoice::System); });
    on(a.themeLight, [this] { setTheme(ThemeChoice::Light); });
    on(a.themeDark, [this] { setTheme(ThemeChoice::Dark); });
    on(a.shortcuts, [this] { showShortcuts(); });
    on(a.about, [this] { showAbout(); });
    const auto choice = m_settings.theme();
    (choice == ThemeChoice::Light  ? a.themeLight
     : choice == ThemeChoice::Dark ? a.themeDark
                                   : a.themeSystem)
        ->setChecked(true);
}

void MainWindow::showStartPage()
{
    std::vector<StartEntry> entries;
    std::vector<std::string> paths;
    for (const auto& known : m_settings.recentCases()) {
        const bool today = known.opened.date() == QDate::currentDate();
        entries.push_back({known.path, known.summary,
                           known.opened.toString(today ? tr("'today' HH:mm") : QStringLiteral("d MMM yyyy")), false});
        paths.push_back(known.path.toStdString());
    }
    m_start->showRecent(entries);
    m_pages->setCurrentWidget(m_start);
    m_start->setFocus();
    for (const char* name : {"sourcesDock", "entitiesDock", "episodesDock", "inspectorDock"})
        findChild<QWidget*>(QLatin1String(name))->hide();
    // A share that is gone may take seconds to say so: asked in a worker.
    auto* job = new JobHandle(
        [this, paths = std::move(paths)](JobContext&) -> JobHandle::Deliver {
            QStringList missing;
            for (const auto& path : paths) {
                std::error_code code;
                if (!std::filesystem::exists(path, code))
                    missing << QString::fromStdString(path);
            }
            return [this, missing] { m_start->markMissing(missing); };
        },
        this);
    connect(job, &JobHandle::finished, job, &QObject::deleteLater);
}

void MainWindow::askForFiles()
{
    const auto files = QFileDialog::getOpenFileNames(this, tr("Open logs, metrics or a case"), m_settings.folder(),
                                                     tr("Everything that can be read (*);;Logs (*.log *.jsonl *.json "
                                                        "*.txt *.gz);;Tables (*.csv *.tsv *.gz);;Cases (*.faultline)"));
    if (files.isEmpty())
        return;
    m_settings.setFolder(QFileInfo(files.front()).absolutePath());
    open(files);
}

void MainWindow::open(const QStringList& paths)
{
    m_error->say({});
    m_session.open(paths);
}

void MainWindow::browse(const QStringList& paths)
{
    m_error->say({});
    m_session.browse(paths);
}

void MainWindow::readAs(const QString& path, const QString& format)
{
    auto parse = m_selection.data()->result->recipe.parse;
    const auto pattern = path.toStdString();
    std::erase_if(parse.formats, [&](const records::SourceFormat& each) { return each.pattern == pattern; });
    parse.formats.insert(parse.formats.begin(), {pattern, format.toStdString(), {}});
    m_error->say({});
    m_session.reread(parse);
}

void MainWindow::askForFilesToBrowse()
{
    const auto files = QFileDialog::getOpenFileNames(this, tr("Open to read only"), m_settings.folder());
    if (files.isEmpty())
        return;
    m_settings.setFolder(QFileInfo(files.front()).absolutePath());
    browse(files);
}

void MainWindow::askForFolder()
{
    const QString folder =
        QFileDialog::getExistingDirectory(this, tr("Open all files of a folder"), m_settings.folder());
    if (folder.isEmpty())
        return;
    m_settings.setFolder(folder);
    open({folder});
}

void MainWindow::openDemo()
{
    const auto folder =
        (QStandardPaths::writableLocation(QStandardPaths::CacheLocation) + QStringLiteral("/checkout-outage"))
            .toStdString();
    m_error->say({});
    m_session.openMade(tr("Making the demo incident"), [folder](JobContext& job) -> Result<std::vector<std::string>> {
        std::error_code code;
        std::filesystem::create_directories(folder, code);
        const auto made = pipeline::generate(
            "checkout-outage", {.outputFolder = folder, .rows = 100'000, .seed = 1, .anomalies = true}, job);
        if (!made)
            return fail(made.error());
        std::vector<std::string> inputs;
        for (const auto& file : made->files)
            if (!file.ends_with("labels.csv")) // the answers
                inputs.push_back(file);
        return inputs;
    });
}

void MainWindow::save()
{
    if (m_session.casePath().isEmpty())
        saveAs();
    else
        saveTo(m_session.casePath());
}

void MainWindow::saveTo(const QString& path)
{
    m_session.saveCase(path, currentState());
}

QString MainWindow::suggestedName(const QString& suffix) const
{
    QString base = QStringLiteral("analysis");
    if (!m_session.casePath().isEmpty())
        base = QFileInfo(m_session.casePath()).completeBaseName();
    else if (m_selection.hasData() && !m_selection.data()->result->inputs.empty())
        base = QFileInfo(QString::fromStdString(m_selection.data()->result->inputs.front())).baseName();
    return QFileInfo(m_settings.folder(), base + suffix).filePath();
}

void MainWindow::saveAs()
{
    QString path = QFileDialog::getSaveFileName(this, tr("Save case"), suggestedName(QStringLiteral(".faultline")),
                                                tr("Cases (*.faultline)"));
    if (path.isEmpty())
        return;
    if (!path.endsWith(QLatin1String(".faultline")))
        path += QStringLiteral(".faultline");
    m_settings.setFolder(QFileInfo(path).absolutePath());
    saveTo(path);
}

void MainWindow::exportTo(const QString& title, const QString& suffix, const QString& filter,
                          void (AnalysisSession::*how)(const QString&))
{
    const QString path = QFileDialog::getSaveFileName(this, title, suggestedName(suffix), filter);
    if (!path.isEmpty())
        (m_session.*how)(path);
}

void MainWindow::savePicture()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Save picture"), suggestedName(QStringLiteral(".png")),
                                                      tr("PNG (*.png)"));
    if (path.isEmpty())
        return;
    if (m_timeline->grab().save(path))
        m_status->say(tr("Written: %1").arg(path));
    else
        m_error->say(tr("%1: the picture could not be written (choose a folder that you may write to)").arg(path));
}

void MainWindow::rememberCase(const QString& path)
{
    const auto& run = *m_selection.data()->result;
    const QString amount = run.records ? countOf(run.records->table.size(), tr("record"), tr("records"))
                                       : countOf(run.table.units(), tr("unit"), tr("units"));
    m_settings.remember(
        {QFileInfo(path).absoluteFilePath(),
         amount + QStringLiteral(", ") + countOf(m_selection.episodes().size(), tr("episode"), tr("episodes")),
         QDateTime::currentDateTime()});
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    QStringList paths;
    for (const auto& url : event->mimeData()->urls())
        if (url.isLocalFile())
            paths << url.toLocalFile();
    if (paths.isEmpty()) {
        m_error->say(
            tr("Only files and folders of this machine can be opened (save what you dropped to a file first)"));
        return;
    }
    event->acceptProposedAction();
    open(paths);
}

void MainWindow::showShortcuts()
{
    auto* sheet = new QDialog(this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->setWindowTitle(tr("Shortcuts"));
    auto* form = new QFormLayout(sheet);
    form->setHorizontalSpacing(dp(32));
    const auto add = [&](const QString& what, const QString& keys) {
        auto* label = new QLabel(keys, sheet);
        label->setFont(monoFont(11));
        form->addRow(what, label);
    };
    for (const auto* action : m_actions->all())
        if (!action->shortcut().isEmpty())
            add(QString(action->text()).remove(QLatin1Char('&')).remove(QStringLiteral("…")),
                action->shortcut().toString(QKeySequence::NativeText));
    add(tr("In the tracks: move"), tr("Left, Right, Home, End"));
    add(tr("In the tracks: zoom"), tr("Up, Down, wheel"));
    add(tr("In the tracks: move the cursor"), tr("Shift+Left, Shift+Right"));
    add(tr("In the tracks: choose a stretch"), tr("drag"));
    add(tr("In the tracks: let go of what is chosen"), tr("Esc"));
    add(tr("In the log: copy whole records"), tr("Ctrl+C"));
    sheet->show();
}

void MainWindow::showAbout()
{
    auto* box =
        new QMessageBox(QMessageBox::NoIcon, tr("About Faultline"),
                        tr("<b>Faultline %1</b><br><br>Finds out what went wrong in a system from its logs and metrics."
                           "<br>Apache License 2.0")
                            .arg(QApplication::applicationVersion()),
                        QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setModal(false);
    box->show();
}

} // namespace faultline::ui
