// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/ui/support/sample_run.h"
#include "ui/charts/track_view.h"
#include "ui/jobs/episode_follower.h"
#include "ui/theme/theme.h"
#include <QApplication>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <memory>

using namespace faultline;
using namespace faultline::ui;

namespace
{

ChartDataPtr chart(const pipeline::AnalysisPtr& run)
{
    QuietJob job;
    return ChartData::build(run, job).value();
}

void wheel(TrackView& view, QPointF at, int steps)
{
    QWheelEvent event(at, view.viewport()->mapToGlobal(at), {}, QPoint(0, 120 * steps), Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(view.viewport(), &event);
}

} // namespace

class TrackViewTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<Selection> m_selection;
    std::unique_ptr<TrackView> m_view;

    QPoint inTrack(const QString& name, double share) const
    {
        const QRect row = m_view->trackRect(name);
        const auto axis = m_view->axis();
        return {static_cast<int>(axis.left() + share * axis.width()), row.center().y()};
    }
    void drag(QPoint from, QPoint to)
    {
        auto* port = m_view->viewport();
        QTest::mousePress(port, Qt::LeftButton, {}, from);
        QTest::mouseMove(port, from + (to - from) / 2);
        QTest::mouseMove(port, to);
        QTest::mouseRelease(port, Qt::LeftButton, {}, to);
    }

private slots:
    void init()
    {
        applyTheme(*qApp, ThemeChoice::Light);
        m_selection = std::make_unique<Selection>();
        m_view = std::make_unique<TrackView>(m_selection.get());
        m_view->resize(1020, 600);
        m_selection->setData(chart(testsupport::sampleRun()));
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    void cleanup()
    {
        m_view.reset();
        m_selection.reset();
    }

    void theWheelZoomsAtTheCursor()
    {
        const QPoint at = inTrack(QStringLiteral("Records"), 0.3);
        const TimeUs before = m_view->axis().timeAt(at.x());
        const auto length = m_selection->view().length();
        wheel(*m_view, at, 3);
        QVERIFY(m_selection->view().length() < length);
        const double x = m_view->axis().xAt(before);
        QVERIFY2(std::abs(x - at.x()) <= 1.0, qPrintable(QString::number(x)));
    }

    void draggingInThePlotChoosesAStretch()
    {
        const QPoint from = inTrack(QStringLiteral("Records"), 0.25), to = inTrack(QStringLiteral("Records"), 0.5);
        const auto axis = m_view->axis();
        drag(from, to);
        QCOMPARE(m_selection->span(), (AxisSpan{axis.timeAt(from.x()), axis.timeAt(to.x())}));
    }

    void draggingTheLineMovesTheThreshold()
    {
        const int y = m_view->thresholdLineY();
        const QPoint handle(m_view->viewport()->width() - 20, y);
        QSignalSpy moved(m_selection.get(), &Selection::thresholdChanged);
        const double before = m_selection->threshold();
        drag(handle, handle - QPoint(0, 20));
        QVERIFY(moved.count() >= 1);
        QVERIFY(m_selection->threshold() > before);
    }

    void aClickMovesTheCursor()
    {
        const QPoint at = inTrack(QStringLiteral("Ensemble score"), 0.2);
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, at + QPoint(0, 30));
        QCOMPARE(m_selection->cursor(), m_view->axis().timeAt(at.x()));
    }

    void aClickOnAnEpisodeInTheLanesChoosesIt()
    {
        const auto& episodes = m_selection->episodes();
        const auto& first =
            *std::find_if(episodes.begin(), episodes.end(), [](const auto& e) { return e.entity == 0; });
        const QRect lanes = m_view->trackRect(QStringLiteral("Entities"));
        const double x = m_view->axis().xAt(first.peakTime);
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {},
                          QPoint(static_cast<int>(x) + 1, lanes.top() + 14)); // api-gateway is the first lane
        QVERIFY(m_selection->episode() != nullptr);
        QCOMPARE(m_selection->episode()->entity, 0U);
    }

    void theReadoutFollowsTheMouse()
    {
        QTest::mouseMove(m_view->viewport(), inTrack(QStringLiteral("Records"), 0.6));
        const QString readout = m_view->readout();
        QVERIFY2(readout.contains(QStringLiteral("checkout 9.")), qPrintable(readout));
        QVERIFY(readout.contains(QStringLiteral("robust_z p ")));
        QVERIFY(readout.contains(QStringLiteral("records, ")));
    }

    void arrowsPanAndZoom()
    {
        m_view->setFocus();
        wheel(*m_view, inTrack(QStringLiteral("Records"), 0.5), 5);
        const auto before = m_selection->view();
        QTest::keyClick(m_view.get(), Qt::Key_Right);
        QVERIFY(m_selection->view().from > before.from);
        QTest::keyClick(m_view.get(), Qt::Key_Left);
        QVERIFY(std::abs(m_selection->view().from - before.from) <= 2);
        QTest::keyClick(m_view.get(), Qt::Key_Up);
        QVERIFY(m_selection->view().length() < before.length());
    }

    void escapeLetsGo()
    {
        m_selection->chooseEpisode(0);
        QTest::keyClick(m_view.get(), Qt::Key_Escape);
        QCOMPARE(m_selection->chosenEpisode(), -1);
        QVERIFY(m_selection->span().empty());
    }

    void aTableWithoutTimesIsDrawnByRow()
    {
        m_selection->setData(chart(testsupport::timelessRun(2000)));
        QVERIFY(m_view->trackRect(QStringLiteral("Records")).isEmpty());
        QVERIFY(!m_view->grab().isNull());
    }

    void bothThemesUseTheirOwnColours()
    {
        const auto background = [this] {
            return m_view->grab().toImage().pixelColor(m_view->width() - 100, m_view->contentHeight() + 5);
        };
        QCOMPARE(background(), Theme::light().surface);
        applyTheme(*qApp, ThemeChoice::Dark);
        QCOMPARE(background(), Theme::darkScheme().surface);
    }

    /// The promise is that episodes follow a dragged threshold within 100 ms at a million units; the figure is printed.
    void episodesOfAMillionUnitsFollowTheThreshold()
    {
        const auto run = testsupport::sawtoothRun(1'000'000);
        EpisodeFollower follower(m_selection.get());
        m_selection->setData(chart(run));
        m_view->grab();
        double worst = 0.0;
        for (const double threshold : {8.5, 7.25, 6.0, 4.0, 9.5}) {
            QSignalSpy updated(m_selection.get(), &Selection::episodesChanged);
            QElapsedTimer clock;
            clock.start();
            m_selection->setThreshold(threshold);
            QTRY_VERIFY(updated.count() > 0);
            m_view->grab();
            worst = std::max(worst, static_cast<double>(clock.nsecsElapsed()) / 1e6);
            std::uint64_t flagged = 0;
            for (const double score : run->score)
                flagged += score >= threshold;
            QCOMPARE(m_selection->flaggedUnits(), flagged);
        }
        qInfo("1,000,000 units: episodes, counts and picture after a threshold change in at most %.0f ms", worst);
    }
};

QTEST_MAIN(TrackViewTest)
#include "track_view_test.moc"
