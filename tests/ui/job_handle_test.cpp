// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/jobs/job_handle.h"
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QThread>
#include <atomic>
#include <thread>

using namespace faultline;
using namespace faultline::ui;

class JobHandleTest : public QObject
{
    Q_OBJECT
private slots:
    void theOutcomeArrivesInThisThread()
    {
        QThread* where = nullptr;
        JobHandle job([&](JobContext&) -> JobHandle::Deliver { return [&] { where = QThread::currentThread(); }; });
        QTRY_COMPARE(where, QThread::currentThread());
    }

    void cancelIsPrompt()
    {
        std::atomic<bool> began = false, stopped = false;
        JobHandle job([&](JobContext& context) -> JobHandle::Deliver {
            began = true;
            while (context.advance())
                std::this_thread::yield();
            return [&] { stopped = true; };
        });
        QTRY_VERIFY(began);
        QElapsedTimer clock;
        clock.start();
        job.cancel();
        QTRY_VERIFY(stopped);
        QVERIFY2(clock.elapsed() < 200, qPrintable(QString::number(clock.elapsed())));
    }

    void progressIsTold()
    {
        JobHandle job([](JobContext& context) -> JobHandle::Deliver {
            context.begin("reading", 100);
            (void)context.advance(40);
            while (!context.stopRequested())
                std::this_thread::yield();
            return {};
        });
        QSignalSpy told(&job, &JobHandle::progressed);
        QTRY_VERIFY(told.count() > 0);
        QTRY_COMPARE(job.status().stage, QStringLiteral("reading"));
        QTRY_COMPARE(job.status().fraction, 0.4);
    }

    void aHandleThatGoesAwayDeliversNothing()
    {
        bool delivered = false;
        {
            JobHandle job([&](JobContext& context) -> JobHandle::Deliver {
                while (context.advance())
                    std::this_thread::yield();
                return [&] { delivered = true; };
            });
        }
        QCoreApplication::processEvents();
        QVERIFY(!delivered);
    }
};

QTEST_GUILESS_MAIN(JobHandleTest)
#include "job_handle_test.moc"
