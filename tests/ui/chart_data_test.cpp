// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/ui/support/sample_run.h"
#include "ui/charts/chart_data.h"
#include <QTest>
#include <algorithm>

using namespace faultline;
using namespace faultline::ui;

namespace
{

ChartDataPtr chart(const pipeline::AnalysisPtr& run)
{
    QuietJob job;
    return ChartData::build(run, job).value();
}

} // namespace

class ChartDataTest : public QObject
{
    Q_OBJECT
private slots:
    void entitiesAreRankedByTheirHighestScore()
    {
        const auto data = chart(testsupport::sampleRun());
        QCOMPARE(data->ranked.size(), std::size_t{5});
        QCOMPARE(data->entityNames[static_cast<std::size_t>(data->ranked.front())], QStringLiteral("checkout"));
    }

    void theSeriesOfAllIsTheHighestOfEach()
    {
        const auto run = testsupport::sampleRun();
        const auto data = chart(run);
        float highest = 0.0F;
        for (std::size_t unit = 5 * 70; unit < 5 * 71; ++unit)
            highest = std::max(highest, static_cast<float>(run->score[unit]));
        QCOMPARE(data->all.score[70], highest);
    }

    void silenceOfAnEntityThatUsuallySpeaksIsSeen()
    {
        const auto run = testsupport::sampleRun();
        const auto data = chart(run);
        const TimeUs quiet = run->table.start[0] + 80 * 30 * second_us;
        QVERIFY(data->series(2).silentIn(quiet, quiet + 30 * second_us));  // inventory
        QVERIFY(!data->series(1).silentIn(quiet, quiet + 30 * second_us)); // checkout
    }

    void rowsWithoutTimeStandOneAfterTheOther()
    {
        const auto data = chart(testsupport::timelessRun(500));
        QCOMPARE(data->axis, AxisKind::Position);
        QCOMPARE(data->whole, (AxisSpan{0, 500}));
        QCOMPARE(data->startOf(50), TimeUs{50});
    }

    void aGapInTheDataStaysAGap()
    {
        UnitSeries series;
        series.starts = {0, 100, 10'000};
        series.units = {0, 1, 2};
        series.cover = 100;
        series.score = MinMaxPyramid({1, 2, 3});
        QVERIFY(series.scoreIn(5000, 6000).empty());
        QCOMPARE(series.scoreIn(150, 6000).max, 2.0F);
        QCOMPARE(series.at(5000), std::ptrdiff_t{-1});
        QCOMPARE(series.at(199), std::ptrdiff_t{1});
    }

    void aStoppedBuildReturnsCancelled()
    {
        std::stop_source stop;
        stop.request_stop();
        Progress progress;
        JobContext job(stop.get_token(), progress);
        const auto data = ChartData::build(testsupport::sampleRun(), job);
        QVERIFY(!data);
        QCOMPARE(data.error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(ChartDataTest)
#include "chart_data_test.moc"
