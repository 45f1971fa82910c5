// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/charts/time_axis.h"
#include <QTest>
#include <cmath>

using namespace faultline;
using namespace faultline::ui;

namespace
{
const TimeUs noon = fromCivil({2026, 3, 12, 12, 0, 0, 0});
}

class TimeAxisTest : public QObject
{
    Q_OBJECT
private slots:
    void pixelsAndTimesGoBothWays()
    {
        const TimeAxis axis(AxisKind::Time, {noon, noon + hour_us}, 100, 600);
        QCOMPARE(axis.xAt(noon + hour_us / 2), 400.0);
        QCOMPARE(axis.timeAt(400.0), noon + hour_us / 2);
    }

    void zoomKeepsTheTimeUnderTheCursor()
    {
        const TimeAxis axis(AxisKind::Time, {noon, noon + hour_us}, 100, 600);
        const TimeUs anchor = axis.timeAt(250.0);
        const AxisSpan limits{noon - day_us, noon + day_us};
        const TimeAxis closer(AxisKind::Time, axis.zoomed(0.5, anchor, limits, 1000), 100, 600);
        QVERIFY(std::abs(closer.xAt(anchor) - 250.0) < 0.01);
        QCOMPARE(closer.span().length(), hour_us / 2);
    }

    void zoomOutStopsAtTheData()
    {
        const AxisSpan limits{noon, noon + 2 * hour_us};
        const TimeAxis axis(AxisKind::Time, {noon, noon + hour_us}, 0, 600);
        QCOMPARE(axis.zoomed(100.0, noon, limits, 1000), limits);
    }

    void zoomInStopsAtTheShortestView()
    {
        const AxisSpan limits{noon, noon + 2 * hour_us};
        const TimeAxis axis(AxisKind::Time, {noon, noon + hour_us}, 0, 600);
        QCOMPARE(axis.zoomed(1e-12, noon + 1000, limits, 10'000).length(), 10'000);
    }

    void panStopsAtTheEdges()
    {
        const AxisSpan limits{noon, noon + 2 * hour_us};
        const TimeAxis axis(AxisKind::Time, {noon, noon + hour_us}, 0, 600);
        QCOMPARE(axis.panned(-hour_us, limits), (AxisSpan{noon, noon + hour_us}));
        QCOMPARE(axis.panned(5 * hour_us, limits), (AxisSpan{noon + hour_us, noon + 2 * hour_us}));
    }

    void anHourIsLabelledAtRoundMinutes()
    {
        const TimeAxis axis(AxisKind::Time, {noon, noon + hour_us}, 0, 700);
        const auto ticks = axis.ticks(100);
        QCOMPARE(ticks.size(), std::size_t{7});
        QCOMPARE(ticks[1].label, QStringLiteral("12:10"));
    }

    void midnightIsLabelledByItsDay()
    {
        const TimeUs midnight = fromCivil({2026, 3, 13, 0, 0, 0, 0});
        const TimeAxis axis(AxisKind::Time, {midnight - 6 * hour_us, midnight + 6 * hour_us}, 0, 700);
        bool found = false;
        for (const auto& tick : axis.ticks(100))
            found = found || tick.label == QStringLiteral("Fri 13 Mar");
        QVERIFY(found);
    }

    void bucketsAreRoundAndWideEnough_data()
    {
        QTest::addColumn<qint64>("length");
        const QList<qint64> lengths = {50'000, minute_us, 70 * minute_us, 9 * hour_us, 30 * day_us, 4000 * day_us};
        for (const qint64 length : lengths)
            QTest::addRow("%lld", static_cast<long long>(length)) << length;
    }
    void bucketsAreRoundAndWideEnough()
    {
        QFETCH(qint64, length);
        const TimeAxis axis(AxisKind::Time, {noon, noon + length}, 0, 840);
        const DurationUs bucket = axis.bucket(5);
        const double pixels = static_cast<double>(bucket) / static_cast<double>(length) * 840;
        QVERIFY2(pixels >= 5.0 && pixels < 30.0, qPrintable(QString::number(pixels)));
    }

    void timesBeforeTheEpochRoundDown() { QCOMPARE(floorTo(-1, 10), TimeUs{-10}); }

    void rowsAreLabelledByNumber()
    {
        const TimeAxis axis(AxisKind::Position, {0, 10'000}, 0, 500);
        QCOMPARE(axis.ticks(100)[1].label, QStringLiteral("2,000"));
    }
};

QTEST_GUILESS_MAIN(TimeAxisTest)
#include "time_axis_test.moc"
