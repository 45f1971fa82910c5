// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/ui/support/log_files.h"
#include "ui/jobs/analysis_session.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"
#include "ui/views/log_view.h"
#include <QApplication>
#include <QElapsedTimer>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <algorithm>

using namespace faultline;
using namespace faultline::ui;

/// The UI thread is never away for 50 ms while a million lines are read, learned and shown. What is measured is the
/// largest gap between two runs of a 5 ms timer; the figure is printed. Other programs on the machine can only make a
/// gap longer, so the best of three runs counts.
class ResponsivenessTest : public QObject
{
    Q_OBJECT
private slots:
    void theWindowAnswersWhileAMillionLinesLoadAndTrain()
    {
        QTemporaryDir folder;
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
        QCoreApplication::setOrganizationName(QStringLiteral("FaultlineTest"));
        const QString log = testsupport::writeLog(folder.path(), 1'000'000, 20);
        applyTheme(*qApp, ThemeChoice::Light);
        double best = 1e9;
        for (int run = 0; run < 3 && best >= 50.0; ++run) {
            double gap = 1e9;
            measureGap(log, gap);
            if (QTest::currentTestFailed())
                return;
            best = std::min(best, gap);
        }
        QVERIFY2(best < 50.0, qPrintable(QStringLiteral("%1 ms").arg(best)));
    }

private:
    static void measureGap(const QString& log, double& gap)
    {
        MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));

        QElapsedTimer clock;
        qint64 last = -1, longest = 0, ticks = 0;
        QTimer timer;
        timer.setTimerType(Qt::PreciseTimer);
        connect(&timer, &QTimer::timeout, &timer, [&] {
            const qint64 now = clock.nsecsElapsed();
            if (last >= 0)
                longest = std::max(longest, now - last);
            last = now;
            ++ticks;
        });
        QSignalSpy ready(window.session(), &AnalysisSession::resultReady);
        clock.start();
        timer.start(5);
        window.open({log});
        QTRY_VERIFY_WITH_TIMEOUT(ready.count() == 1, 300'000);
        // Until the log's first page is on the screen as well.
        QTRY_VERIFY_WITH_TIMEOUT(!window.session()->busy(), 10'000);
        auto* text = window.findChild<LogView*>()->model();
        QTRY_VERIFY_WITH_TIMEOUT(
            text->rowCount() > 0 && text->index(0, LogModel::Message).data(LogModel::LoadedRole).toBool(), 10'000);
        gap = static_cast<double>(longest) / 1e6;
        qInfo("largest gap of the UI thread: %.1f ms over %.1f s (%lld ticks)", gap,
              static_cast<double>(clock.elapsed()) / 1e3, static_cast<long long>(ticks));
    }
};

QTEST_MAIN(ResponsivenessTest)
#include "responsiveness_test.moc"
