// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/ui/support/sample_run.h"
#include "ui/models/entity_model.h"
#include "ui/models/episode_table_model.h"
#include "ui/models/explanation_models.h"
#include "ui/models/log_model.h"
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace faultline;
using namespace faultline::ui;

namespace
{

constexpr auto strict = QAbstractItemModelTester::FailureReportingMode::QtTest;

ChartDataPtr chart(const pipeline::AnalysisPtr& run)
{
    QuietJob job;
    return ChartData::build(run, job).value();
}

LogSlicePtr slice(const ChartDataPtr& data, const LogSlice::Filter& filter = {})
{
    QuietJob job;
    return LogSlice::build(data, filter, job).value();
}

} // namespace

class ModelsTest : public QObject
{
    Q_OBJECT
private slots:
    void episodesAreRowsAndSortByScore()
    {
        const auto run = testsupport::sampleRun();
        EpisodeTableModel model;
        QAbstractItemModelTester tester(&model, strict);
        model.setEpisodes(chart(run), run->episodes);
        QCOMPARE(model.rowCount(), static_cast<int>(run->episodes.size()));
        model.sort(EpisodeTableModel::Score, Qt::DescendingOrder);
        for (int row = 1; row < model.rowCount(); ++row)
            QVERIFY(model.index(row - 1, EpisodeTableModel::Score).data().toDouble() >=
                    model.index(row, EpisodeTableModel::Score).data().toDouble());
        QCOMPARE(model.episodeAt(model.rowOf(2)), 2);
    }

    void aPersistentIndexFollowsItsEpisodeWhenSorted()
    {
        const auto run = testsupport::sampleRun();
        EpisodeTableModel model;
        model.setEpisodes(chart(run), run->episodes);
        const QPersistentModelIndex first = model.index(0, EpisodeTableModel::Number);
        model.sort(EpisodeTableModel::Score, Qt::DescendingOrder);
        QCOMPARE(first.data().toInt(), 1);
    }

    void aHugeNumberOfEpisodesIsCutToTheHighest()
    {
        const auto run = testsupport::sawtoothRun(500'000, 1); // 500 teeth
        auto episodes = pipeline::episodesAt(*run, 0.5);
        while (episodes.size() < 4000)
            episodes.insert(episodes.end(), episodes.begin(), episodes.begin() + 400);
        episodes.back().score = 1e6;
        EpisodeTableModel model;
        model.setEpisodes(chart(run), episodes);
        QCOMPARE(model.rowCount(), static_cast<int>(EpisodeTableModel::mostRows));
        QCOMPARE(model.total(), episodes.size());
        QVERIFY(model.rowOf(static_cast<int>(episodes.size()) - 1) >= 0);
    }

    void theLogAsksOncePerPageAndDropsLateAnswers()
    {
        LogModel model;
        QAbstractItemModelTester tester(&model, strict);
        model.show(slice(chart(testsupport::sampleRun())));
        QSignalSpy wanted(&model, &LogModel::pageWanted);
        const int row = 3 * LogModel::pageRows + 5;
        (void)model.index(row, LogModel::Message).data();
        (void)model.index(row + 1, LogModel::Message).data();
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(wanted[0][1].toInt(), 3 * LogModel::pageRows);
        model.receivePage(model.generation() - 1, 3 * LogModel::pageRows,
                          QStringList(LogModel::pageRows, QStringLiteral("old")));
        QCOMPARE(model.index(row, LogModel::Message).data().toString(), QStringLiteral("…"));
        model.receivePage(model.generation(), 3 * LogModel::pageRows,
                          QStringList(LogModel::pageRows, QStringLiteral("new")));
        QCOMPARE(model.index(row, LogModel::Message).data().toString(), QStringLiteral("new"));
    }

    void aSkippedPageIsAskedForAgain()
    {
        LogModel model;
        model.show(slice(chart(testsupport::sampleRun())));
        QSignalSpy wanted(&model, &LogModel::pageWanted);
        (void)model.index(0, LogModel::Message).data();
        model.receivePage(model.generation(), 0, {});
        (void)model.index(0, LogModel::Message).data();
        QCOMPARE(wanted.count(), 2);
    }

    void timeAndLevelAreThereBeforeTheText()
    {
        LogModel model;
        model.show(slice(chart(testsupport::sampleRun())));
        QCOMPARE(model.index(0, LogModel::Time).data().toString(), QStringLiteral("13:30:00.000"));
        QCOMPARE(model.index(0, LogModel::Entity).data().toString(), QStringLiteral("api-gateway"));
        QVERIFY(!model.index(0, LogModel::Time).data(LogModel::LoadedRole).toBool());
    }

    void evidenceAndNewTemplatesAreMarked()
    {
        const auto run = testsupport::sampleRun();
        LogModel model;
        model.show(slice(chart(run)));
        const auto record = model.index(7, 0).data(LogModel::RecordRole).toUInt();
        model.setMarks({record}, {run->records->table.templateId[record]});
        QVERIFY(model.index(7, 0).data(LogModel::EvidenceRole).toBool());
        QVERIFY(!model.index(8, 0).data(LogModel::EvidenceRole).toBool());
        QVERIFY(model.index(7, 0).data(LogModel::NewTemplateRole).toBool());
    }

    void aSliceOfOneEntityHoldsItsRecordsOnly()
    {
        const auto run = testsupport::sampleRun();
        const auto data = chart(run);
        const auto all = slice(data), one = slice(data, {{}, 1});
        QVERIFY(one->rows() > 0 && one->rows() < all->rows());
        for (std::size_t row = 0; row < one->rows(); ++row)
            QCOMPARE(run->records->table.entities[run->records->table.entity[one->recordAt(row)]],
                     std::string("checkout"));
    }

    void aSliceOfATimeHoldsThatTimeOnly()
    {
        const auto run = testsupport::sampleRun();
        const AxisSpan span{run->table.start[0] + 10 * minute_us, run->table.start[0] + 20 * minute_us};
        const auto part = slice(chart(run), {span, allEntities});
        QVERIFY(part->rows() > 0);
        QVERIFY(span.contains(part->axisAt(0)));
        QVERIFY(span.contains(part->axisAt(part->rows() - 1)));
    }

    void everyRecordOfASliceIsFoundAtItsRow()
    {
        const auto part = slice(chart(testsupport::sampleRun({.windows = 20})), {{}, 3});
        for (std::size_t row = 0; row < part->rows(); ++row)
            QCOMPARE(part->rowOf(part->recordAt(row)), row);
    }

    void aStoppedSliceReturnsCancelled()
    {
        std::stop_source stop;
        stop.request_stop();
        Progress progress;
        JobContext job(stop.get_token(), progress);
        QVERIFY(!LogSlice::build(chart(testsupport::sampleRun()), {{}, 1}, job));
    }

    void entitiesHaveARowForAllOfThem()
    {
        Selection selection;
        EntityModel model(&selection);
        QAbstractItemModelTester tester(&model, strict);
        selection.setData(chart(testsupport::sampleRun()));
        QCOMPARE(model.rowCount(), 6);
        QCOMPARE(model.entityAt(0), allEntities);
        QCOMPARE(model.index(1, EntityModel::Name).data().toString(), QStringLiteral("checkout"));
    }

    void explanationsFillTheirTables()
    {
        const auto run = testsupport::sampleRun();
        DetectorShareModel shares;
        FeatureReasonModel features;
        TemplateChangeModel templates;
        QAbstractItemModelTester a(&shares, strict), b(&features, strict), c(&templates, strict);
        const auto& explanation = run->explanations.front();
        shares.show(explanation.detectors);
        features.show(explanation.features);
        templates.show(*run, explanation.templates);
        QCOMPARE(shares.rowCount(), 5);
        QCOMPARE(shares.agreeing(), 5);
        QCOMPARE(features.index(0, FeatureReasonModel::Actual).data().toDouble(), 188.0);
        QCOMPARE(features.index(0, FeatureReasonModel::Typical).data().toString(), QStringLiteral("0–5"));
        QCOMPARE(features.index(0, FeatureReasonModel::Unit).data().toString(), QStringLiteral("/30 s"));
        QCOMPARE(templates.index(0, TemplateChangeModel::Change).data().toString(), QStringLiteral("NEW"));
        QCOMPARE(templates.index(2, TemplateChangeModel::Change).data().toString(), QStringLiteral("× 95"));
        QCOMPARE(templates.index(3, TemplateChangeModel::Change).data().toString(), QStringLiteral("GONE"));
    }
};

QTEST_MAIN(ModelsTest)
#include "models_test.moc"
