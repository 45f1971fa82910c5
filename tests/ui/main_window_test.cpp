// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/ui/support/log_files.h"
#include "ui/jobs/analysis_session.h"
#include "ui/models/episode_table_model.h"
#include "ui/shell/main_window.h"
#include "ui/views/log_view.h"
#include "ui/views/sources_view.h"
#include <QAction>
#include <QApplication>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QLabel>
#include <QMimeData>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QToolButton>
#include <memory>

using namespace faultline;
using namespace faultline::ui;

namespace
{
constexpr int patience = 60'000; ///< ms; for a machine that is busy with other tests
}

class MainWindowTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_log;
    std::unique_ptr<MainWindow> m_window;

    template <class T>
    T* part(const char* name) const
    {
        return m_window->findChild<T*>(QLatin1String(name));
    }
    void openLog()
    {
        QSignalSpy ready(m_window->session(), &AnalysisSession::resultReady);
        m_window->open({m_log});
        QTRY_VERIFY_WITH_TIMEOUT(ready.count() == 1, patience);
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->session()->busy(), patience);
    }

private slots:
    void initTestCase()
    {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        QCoreApplication::setOrganizationName(QStringLiteral("FaultlineTest"));
        applyTheme(*qApp, ThemeChoice::Light);
        m_log = testsupport::writeLog(m_folder.path(), 60'000);
    }
    void init()
    {
        QSettings().clear();
        m_window = std::make_unique<MainWindow>();
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void cleanup() { m_window.reset(); }

    void theFirstPageSaysWhatToDo()
    {
        QVERIFY(part<QWidget>("startView")->isVisible());
        QVERIFY(!part<QWidget>("inspectorDock")->isVisible());
        QVERIFY(!part<QAction>("actionSave")->isEnabled());
    }

    void aLogIsOpenedAndItsBurstIsAnEpisode()
    {
        openLog();
        auto* table = part<QTableView>("episodesTable");
        QVERIFY(part<QWidget>("trackView")->isVisible());
        QVERIFY2(table->model()->rowCount() >= 1, "the burst of errors is not among the episodes");
        QTRY_VERIFY_WITH_TIMEOUT(part<QLabel>("recordCount")->text().contains(QStringLiteral("60,000")), patience);
    }

    void recordsAreShownBeforeTheyAreScored()
    {
        QSignalSpy early(m_window->session(), &AnalysisSession::earlyReady);
        bool sawRecords = false;
        connect(m_window->session(), &AnalysisSession::earlyReady, this, [&] {
            sawRecords = m_window->selection()->data()->hasRecords() &&
                         !m_window->selection()->data()->result->isScored() &&
                         !part<QAction>("actionSave")->isEnabled();
        });
        openLog();
        QVERIFY(early.count() >= 1);
        QVERIFY(sawRecords);
        QVERIFY(part<QAction>("actionSave")->isEnabled());
    }

    void aLogIsReadWithoutScoresAndScoredLater()
    {
        QSignalSpy ready(m_window->session(), &AnalysisSession::resultReady);
        m_window->browse({m_log});
        QTRY_VERIFY_WITH_TIMEOUT(ready.count() == 1 && !m_window->session()->busy(), patience);
        QVERIFY(!m_window->selection()->data()->result->isScored());
        QVERIFY(part<QAction>("actionAnalyze")->isEnabled());
        part<QAction>("actionAnalyze")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(ready.count() == 2 && !m_window->session()->busy(), patience);
        QVERIFY(m_window->selection()->data()->result->isScored());
        QVERIFY(!part<QAction>("actionAnalyze")->isEnabled());
    }

    void aFileIsReadAgainAsAnotherFormat()
    {
        QSignalSpy ready(m_window->session(), &AnalysisSession::resultReady);
        m_window->browse({m_log});
        QTRY_VERIFY_WITH_TIMEOUT(ready.count() == 1 && !m_window->session()->busy(), patience);
        auto* sources = part<SourcesView>("sourcesView");
        const auto path = m_window->selection()->data()->result->records->reports.front().path;
        emit sources->formatWanted(QString::fromStdString(path), QStringLiteral("text"));
        QTRY_VERIFY_WITH_TIMEOUT(ready.count() == 2 && !m_window->session()->busy(), patience);
        QCOMPARE(m_window->selection()->data()->result->records->reports.front().detection.format, std::string("text"));
    }

    void theQualityOfTheDataIsSaid()
    {
        openLog();
        const auto said = part<QTextBrowser>("qualityView")->toPlainText();
        QVERIFY2(said.contains(QStringLiteral("Lines of each source")), qPrintable(said));
        QVERIFY2(said.contains(QStringLiteral("60,000")), qPrintable(said));
    }

    void aDropOpensTheFile()
    {
        QSignalSpy ready(m_window->session(), &AnalysisSession::resultReady);
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(m_log)});
        QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &enter);
        QDropEvent drop({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &drop);
        QTRY_VERIFY_WITH_TIMEOUT(ready.count() == 1, patience);
    }

    void choosingARowOfTheTableMovesLogTracksAndInspector()
    {
        openLog();
        auto* table = part<QTableView>("episodesTable");
        table->setCurrentIndex(table->model()->index(0, 0));
        QCOMPARE(m_window->selection()->chosenEpisode(), 0);
        QTRY_VERIFY_WITH_TIMEOUT(!part<QLabel>("episodeTitle")->text().isEmpty(), patience);
        QVERIFY(part<QToolButton>("spanChip")->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(part<QLabel>("recordCount")->text().contains(QStringLiteral(" of ")), patience);
        QVERIFY(part<QWidget>("featureTable")->isVisible());
    }

    void choosingALogLineMovesTheCursor()
    {
        openLog();
        auto* log = part<LogView>("logView");
        QTRY_VERIFY_WITH_TIMEOUT(part<QLabel>("recordCount")->text().contains(QStringLiteral("60,000")), patience);
        QTest::mouseClick(log->viewport(), Qt::LeftButton, {}, QPoint(300, 80));
        const auto& run = *m_window->selection()->data()->result;
        const auto record = run.timeline->order()[static_cast<std::size_t>(log->currentRow())];
        QCOMPARE(m_window->selection()->cursor(), run.records->table.time[record]);
    }

    void theTextOfTheLogArrives()
    {
        openLog();
        auto* model = m_window->findChild<LogView*>()->model();
        QTRY_VERIFY_WITH_TIMEOUT(model->rowCount() == 60'000, patience);
        QTRY_COMPARE_WITH_TIMEOUT(model->index(0, LogModel::Message).data().toString().left(10),
                                  QStringLiteral("cache hit "), patience);
    }

    void nAndPStepThroughEpisodes()
    {
        openLog();
        QTest::keyClick(m_window.get(), Qt::Key_N);
        QCOMPARE(m_window->selection()->chosenEpisode(), 0);
        QTest::keyClick(m_window.get(), Qt::Key_P);
        QCOMPARE(m_window->selection()->chosenEpisode(),
                 static_cast<int>(m_window->selection()->episodes().size()) - 1);
    }

    void aMissingFileIsSaidInTheWindow()
    {
        m_window->open({m_folder.filePath(QStringLiteral("no-such.log"))});
        QTRY_VERIFY_WITH_TIMEOUT(part<QWidget>("errorBar")->isVisible(), patience);
        QVERIFY(part<QLabel>("errorText")->text().contains(QStringLiteral("no-such.log")));
        QVERIFY(QApplication::activeModalWidget() == nullptr);
    }

    void cancelKeepsTheLastResult()
    {
        openLog();
        const auto before = m_window->selection()->data();
        QSignalSpy stopped(m_window->session(), &AnalysisSession::stopped);
        m_window->open({m_log});
        QTRY_VERIFY_WITH_TIMEOUT(m_window->session()->busy(), patience);
        QElapsedTimer clock;
        clock.start();
        QTest::mouseClick(part<QToolButton>("jobCancel"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->session()->busy(), patience);
        QVERIFY2(clock.elapsed() < 200, qPrintable(QStringLiteral("%1 ms").arg(clock.elapsed())));
        QCOMPARE(stopped.count(), 1);
        QCOMPARE(m_window->selection()->data(), before);
        QVERIFY(part<QWidget>("trackView")->isVisible());
    }

    void aSavedCaseComesBackAsItWas()
    {
        openLog();
        auto* selection = m_window->selection();
        const double threshold = selection->threshold() + 0.25;
        selection->setThreshold(threshold);
        const auto whole = selection->view();
        selection->setView({whole.from + whole.length() / 4, whole.to});
        const QString path = m_folder.filePath(QStringLiteral("saved.faultline"));
        QSignalSpy saved(m_window->session(), &AnalysisSession::caseSaved);
        m_window->saveTo(path);
        QTRY_VERIFY_WITH_TIMEOUT(saved.count() == 1, patience);
        const auto scores = selection->data()->result->score;
        const auto view = selection->view();

        m_window = std::make_unique<MainWindow>();
        m_window->show();
        QVERIFY(m_window->findChild<QWidget*>(QStringLiteral("recentCase")) != nullptr);
        QSignalSpy ready(m_window->session(), &AnalysisSession::resultReady);
        m_window->open({path});
        QTRY_VERIFY_WITH_TIMEOUT(ready.count() == 1, patience);
        QCOMPARE(m_window->selection()->data()->result->score, scores);
        QCOMPARE(m_window->selection()->threshold(), threshold);
        QCOMPARE(m_window->selection()->view(), view);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->selection()->data()->hasRecords(), patience);
        QTRY_VERIFY_WITH_TIMEOUT(part<QLabel>("recordCount")->text().contains(QStringLiteral("60,000")), patience);
    }

    void theThemeIsSwitchedFromTheMenu()
    {
        part<QAction>("actionThemeDark")->trigger();
        QCOMPARE(QApplication::palette().color(QPalette::Base), Theme::darkScheme().surface);
        part<QAction>("actionThemeLight")->trigger();
        QCOMPARE(QApplication::palette().color(QPalette::Base), Theme::light().surface);
    }

    void everyPartIsReachedByTab()
    {
        openLog();
        QSet<QString> reached;
        m_window->activateWindow();
        m_window->setFocus();
        for (int i = 0; i < 80; ++i) {
            QTest::keyClick(QApplication::focusWidget() != nullptr ? QApplication::focusWidget() : m_window.get(),
                            Qt::Key_Tab);
            if (auto* at = QApplication::focusWidget())
                reached << at->objectName();
        }
        for (const char* name : {"trackView", "logView", "episodesTable", "entitiesTable", "sourcesTable"})
            QVERIFY2(reached.contains(QLatin1String(name)), name);
    }
};

QTEST_MAIN(MainWindowTest)
#include "main_window_test.moc"
