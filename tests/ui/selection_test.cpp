// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/ui/support/sample_run.h"
#include "ui/jobs/episode_follower.h"
#include "ui/models/episode_table_model.h"
#include "ui/models/selection.h"
#include <QSignalSpy>
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

int highest(const Selection& selection)
{
    const auto& episodes = selection.episodes();
    return static_cast<int>(std::max_element(episodes.begin(), episodes.end(),
                                             [](const auto& a, const auto& b) { return a.score < b.score; }) -
                            episodes.begin());
}

} // namespace

class SelectionTest : public QObject
{
    Q_OBJECT
private slots:
    void choosingAnEpisodeMovesEverything()
    {
        Selection selection;
        selection.setData(chart(testsupport::sampleRun()));
        QSignalSpy chosen(&selection, &Selection::episodeChosen);
        selection.chooseEpisode(highest(selection));
        const auto& episode = *selection.episode();
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(selection.entity(), static_cast<int>(episode.entity));
        QCOMPARE(selection.cursor(), episode.peakTime);
        QCOMPARE(selection.span(), selection.data()->spanOf(episode));
        QVERIFY(selection.view().from <= selection.span().from && selection.view().to >= selection.span().to);
    }

    void nextAfterTheLastIsTheFirst()
    {
        Selection selection;
        selection.setData(chart(testsupport::sampleRun()));
        selection.chooseEpisode(static_cast<int>(selection.episodes().size()) - 1);
        selection.stepEpisode(1);
        QCOMPARE(selection.chosenEpisode(), 0);
    }

    void aNewResultLetsGoOfWhatWasChosen()
    {
        Selection selection;
        selection.setData(chart(testsupport::sampleRun()));
        selection.chooseEpisode(0);
        selection.setData(chart(testsupport::timelessRun(300)));
        QCOMPARE(selection.chosenEpisode(), -1);
        QCOMPARE(selection.entity(), allEntities);
        QCOMPARE(selection.cursor(), noTime);
    }

    void theChosenEpisodeIsFoundAgainAtAnotherThreshold()
    {
        const auto run = testsupport::sampleRun();
        Selection selection;
        selection.setData(chart(run));
        selection.chooseEpisode(highest(selection));
        const auto before = *selection.episode();
        selection.setEpisodes(pipeline::episodesAt(*run, 7.0));
        QVERIFY(selection.episode() != nullptr);
        QCOMPARE(selection.episode()->peakUnit, before.peakUnit);
        QVERIFY(selection.episode()->flaggedUnits < before.flaggedUnits);
    }

    void anEpisodeThatIsGoneIsLetGo()
    {
        Selection selection;
        selection.setData(chart(testsupport::sampleRun()));
        selection.chooseEpisode(0);
        selection.setEpisodes({});
        QCOMPARE(selection.chosenEpisode(), -1);
    }

    void aDraggedThresholdUpdatesEpisodesAndCounts()
    {
        const auto run = testsupport::sampleRun();
        Selection selection;
        EpisodeFollower follower(&selection);
        EpisodeTableModel model;
        connect(&selection, &Selection::episodesChanged, this,
                [&] { model.setEpisodes(selection.data(), selection.episodes()); });
        selection.setData(chart(run));
        for (double threshold = 4.2; threshold < 6.05; threshold += 0.1)
            selection.setThreshold(threshold);
        selection.setThreshold(6.05);
        const auto expected = pipeline::episodesAt(*run, 6.05);
        QTRY_COMPARE(model.rowCount(), static_cast<int>(expected.size()));
        const auto flags = decisions::flagsOf(run->table, expected);
        const auto flagged = static_cast<std::uint64_t>(std::count(flags.begin(), flags.end(), 1));
        QTRY_COMPARE(selection.flaggedUnits(), flagged);
    }

    void aKnownEpisodeIsExplainedFromTheResult()
    {
        Selection selection;
        EpisodeFollower follower(&selection);
        selection.setData(chart(testsupport::sampleRun()));
        selection.chooseEpisode(highest(selection));
        QVERIFY(selection.explanation() != nullptr);
        QVERIFY(QString::fromStdString(selection.explanation()->title).startsWith(QLatin1String("checkout")));
    }

    void theViewBeforeCanBeGoneBackTo()
    {
        Selection selection;
        selection.setData(chart(testsupport::sampleRun()));
        const auto all = selection.view();
        selection.setView({all.from, all.from + all.length() / 4});
        selection.goBack();
        QCOMPARE(selection.view(), all);
        selection.goForward();
        QCOMPARE(selection.view().length(), all.length() / 4);
    }
};

QTEST_MAIN(SelectionTest)
#include "selection_test.moc"
