// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/core/thread_limit.h"
#include "engine/pipeline/analysis.h"
#include "engine/pipeline/browse.h"
#include "engine/pipeline/case_io.h"
#include "engine/pipeline/catalogue.h"
#include "engine/pipeline/model.h"
#include "engine/pipeline/record_index.h"
#include "tests/support/temporary_folder.h"
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace
{

using namespace faultline;
using pipeline::AnalysisPtr;
using test::TemporaryFolder;

/// A metric with a daily rhythm, one row per 5 minutes, that jumps to 300 in rows 1500 to 1509.
std::string metricCsv(std::size_t first, std::size_t last)
{
    std::string csv = "timestamp,value\n";
    Random random(11);
    for (std::size_t i = 0; i < last; ++i) {
        double value =
            100.0 + 20.0 * std::sin(static_cast<double>(i % 288) / 288.0 * 6.283185307179586) + random.normal();
        if (i >= 1'500 && i < 1'510)
            value = 300.0;
        if (i >= first)
            csv += formatIso8601(static_cast<TimeUs>(i) * 300 * second_us + 1'700'000'000 * second_us) + "," +
                   std::to_string(value) + "\n";
    }
    return csv;
}

pipeline::AnalyzeRequest requestFor(const std::vector<std::string>& inputs, const std::string& unit = "")
{
    pipeline::AnalyzeRequest request{.inputs = inputs};
    const auto choice = pipeline::chooseRecipe(inputs, {}, {.unitKind = unit});
    EXPECT_TRUE(choice) << choice.error().text();
    request.recipe = choice->recipe;
    request.recipeReason = choice->reason;
    return request;
}

/// A live run of the members that are refitted as the data grows.
pipeline::AnalyzeRequest liveRequestFor(const std::string& input)
{
    const auto recipe = pipeline::findRecipe("metric_rows");
    EXPECT_TRUE(recipe) << recipe.error().text();
    pipeline::AnalyzeRequest request{.inputs = {input}, .recipe = *recipe};
    request.recipe.mode = pipeline::Mode::Live;
    return request;
}

AnalysisPtr analyzed(const pipeline::AnalyzeRequest& request)
{
    QuietJob job;
    auto result = pipeline::analyze(request, job);
    EXPECT_TRUE(result) << result.error().text();
    return result ? *result : nullptr;
}

AnalysisPtr scored(const pipeline::ScoreRequest& request)
{
    QuietJob job;
    auto result = pipeline::score(request, job);
    EXPECT_TRUE(result) << result.error().text();
    return result ? *result : nullptr;
}

/// A folder with a small generated incident, made once for all tests.
const std::vector<std::string>& incidentFiles()
{
    static const TemporaryFolder folder;
    static const auto files = [] {
        QuietJob job;
        const auto made = pipeline::generate("checkout-outage",
                                             {.outputFolder = folder.path("incident"), .rows = 20'000, .seed = 5}, job);
        EXPECT_TRUE(made) << made.error().text();
        std::vector<std::string> inputs;
        for (const auto& file : made->files)
            if (file.find("labels") == std::string::npos)
                inputs.push_back(file);
        return inputs;
    }();
    return files;
}

TEST(Analysis, FindsAJumpInAMetricAndSaysWhichFeature)
{
    const TemporaryFolder folder;
    const auto result = analyzed(requestFor({folder.write("m.csv", metricCsv(0, 2'000))}));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->table.units(), 2'000u);
    const auto top =
        static_cast<std::size_t>(std::max_element(result->score.begin(), result->score.end()) - result->score.begin());
    EXPECT_GE(top, 1'500u);
    EXPECT_LT(top, 1'515u);
    ASSERT_FALSE(result->episodes.empty());
    bool named = false;
    for (const auto& why : result->explanations)
        named |= why.title.find("value") != std::string::npos;
    EXPECT_TRUE(named);
}

TEST(Analysis, JudgesOneMetricByTheShapeOfItsSeriesAndRanksEventsApart)
{
    const TemporaryFolder folder;
    const auto request = requestFor({folder.write("m.csv", metricCsv(0, 2'000))});
    EXPECT_EQ(request.recipe.name, "metric_series");
    const auto result = analyzed(request);
    ASSERT_TRUE(result);
    ASSERT_EQ(result->rank.size(), result->table.units());
    EXPECT_GT(result->rank[1'490], 2.0 * result->rank[700]); // beside the jump, and far from it
    EXPECT_EQ(result->flags[1'505], 1);
    EXPECT_EQ(result->flags[700], 0);
    EXPECT_EQ(result->flaggedUnits(),
              static_cast<std::size_t>(std::count(result->flags.begin(), result->flags.end(), 1)));
}

TEST(Analysis, TakesRowsInOrderWhereNormalOnesAreGivenApart)
{
    const TemporaryFolder folder;
    std::string rows = "a,b\n";
    for (int i = 0; i < 50; ++i)
        rows += std::to_string(i * 7 % 13) + "," + std::to_string(i * 5 % 11) + "\n";
    const auto path = folder.write("t.csv", rows);
    EXPECT_EQ(pipeline::chooseRecipe({path}, {})->recipe.name, "table_rows");
    EXPECT_EQ(pipeline::chooseRecipe({path}, {}, {.learnsApart = true})->recipe.name, "metrics_trained");
    EXPECT_EQ(pipeline::chooseRecipe({path}, {}, {.learnsApart = true, .namesDetectors = true})->recipe.name,
              "table_rows");
}

TEST(Analysis, GoesOnWithTheStatisticalBaselineWhenNoDetectorCanRun)
{
    const TemporaryFolder folder;
    auto request = requestFor({folder.write("m.csv", metricCsv(0, 500))});
    request.recipe.detectors = {{.name = "count_vector"}}; // needs templates, which a metric has none of
    request.recipe.combination = pipeline::Combination::Surprise;
    const auto result = analyzed(request);
    ASSERT_TRUE(result);
    ASSERT_EQ(result->detectors.size(), 2u);
    EXPECT_FALSE(result->detectors[0].failure.empty());
    EXPECT_EQ(result->detectors[1].name, "robust_z");
    EXPECT_THAT(result->notices, testing::Contains(testing::HasSubstr("scored by robust_z alone")));
}

TEST(Analysis, RefusesADetectorThatIsNamedTwice)
{
    const TemporaryFolder folder;
    auto request = requestFor({folder.write("m.csv", metricCsv(0, 500))});
    request.recipe.detectors = {{.name = "knn"}, {.name = "knn", .parameters = {{"neighbours", std::int64_t{5}}}}};
    QuietJob job;
    const auto result = pipeline::analyze(request, job);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Config);
    EXPECT_THAT(result.error().text(), testing::HasSubstr("knn twice"));
}

TEST(Analysis, LiveModeRefusesADetectorThatLooksAtTheWholeSeries)
{
    const TemporaryFolder folder;
    auto request = liveRequestFor(folder.write("m.csv", metricCsv(0, 500)));
    request.recipe.detectors = {{.name = "window_knn"}};
    QuietJob job;
    const auto result = pipeline::analyze(request, job);
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().text(), testing::HasSubstr("window_knn looks at the whole series"));
}

TEST(Analysis, LiveScoresDoNotDependOnWhatComesLater)
{
    const TemporaryFolder folder;
    const auto whole = liveRequestFor(folder.write("m.csv", metricCsv(0, 2'000)));
    const auto part = liveRequestFor(folder.write("part.csv", metricCsv(0, 1'200)));
    const auto all = analyzed(whole);
    const auto first = analyzed(part);
    ASSERT_TRUE(all && first);
    ASSERT_EQ(first->score.size(), 1'200u);
    for (std::size_t i = 0; i < first->score.size(); ++i)
        ASSERT_EQ(first->score[i], all->score[i]) << "row " << i;
}

TEST(Analysis, ALiveRunCutInTwoAndContinuedFromTheSavedModelScoresAsIfUncut)
{
    const TemporaryFolder folder;
    const auto whole = liveRequestFor(folder.write("m.csv", metricCsv(0, 2'000)));
    const auto first = liveRequestFor(folder.write("first.csv", metricCsv(0, 1'111)));
    const auto all = analyzed(whole);
    const auto begun = analyzed(first);
    ASSERT_TRUE(all && begun);
    ASSERT_TRUE(pipeline::saveModel(*begun->model, folder.path("live.flm")));
    const auto model = pipeline::loadModel(folder.path("live.flm"));
    ASSERT_TRUE(model) << model.error().text();
    const auto rest = scored({.inputs = {folder.write("rest.csv", metricCsv(1'111, 2'000))}, .model = *model});
    ASSERT_TRUE(rest);
    ASSERT_EQ(rest->score.size(), 889u);
    for (std::size_t i = 0; i < rest->score.size(); ++i)
        ASSERT_EQ(rest->score[i], all->score[1'111 + i]) << "row " << 1'111 + i;
}

TEST(Analysis, ScoringWithASavedModelGivesTheScoresOfTheModelThatWasNotSaved)
{
    const TemporaryFolder folder;
    auto request = requestFor({folder.write("new.csv", metricCsv(1'000, 2'000))});
    request.trainInputs = {folder.write("old.csv", metricCsv(0, 1'000))};
    const auto direct = analyzed(request);
    ASSERT_TRUE(direct);
    ASSERT_TRUE(pipeline::saveModel(*direct->model, folder.path("m.flm")));
    const auto model = pipeline::loadModel(folder.path("m.flm"));
    ASSERT_TRUE(model) << model.error().text();
    const auto again = scored({.inputs = request.inputs, .model = *model});
    ASSERT_TRUE(again);
    EXPECT_EQ(again->score, direct->score);
    EXPECT_EQ(again->episodes.size(), direct->episodes.size());
}

TEST(Analysis, ScoresDoNotDependOnTheNumberOfThreads)
{
    const auto request = requestFor(incidentFiles());
    const auto many = analyzed(request);
    const ThreadLimit one(1);
    const auto single = analyzed(request);
    ASSERT_TRUE(many && single);
    EXPECT_EQ(many->score, single->score);
}

TEST(Analysis, ACancelledOneSaysSo)
{
    std::stop_source stop;
    stop.request_stop();
    Progress progress;
    JobContext job(stop.get_token(), progress);
    const auto result = pipeline::analyze(requestFor(incidentFiles()), job);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Cancelled);
}

TEST(Analysis, TheF1ThresholdWithoutLabelsIsRefused)
{
    const TemporaryFolder folder;
    auto request = requestFor({folder.write("m.csv", metricCsv(0, 500))});
    request.recipe.threshold = {.method = decisions::ThresholdRule::Method::F1};
    QuietJob job;
    const auto result = pipeline::analyze(request, job);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Usage);
}

TEST(Analysis, LabelsMeasureTheResultButNeverChangeAScore)
{
    const TemporaryFolder folder;
    std::string labels = "row,label\n";
    for (int i = 0; i < 2'000; ++i)
        labels += std::to_string(i) + (i >= 1'500 && i < 1'510 ? ",1\n" : ",0\n");
    auto request = requestFor({folder.write("m.csv", metricCsv(0, 2'000))});
    const auto without = analyzed(request);
    request.labelsPath = folder.write("labels.csv", labels);
    const auto with = analyzed(request);
    ASSERT_TRUE(without && with);
    EXPECT_EQ(without->score, with->score);
    ASSERT_TRUE(with->metrics);
    EXPECT_EQ(with->metrics->anomalies, 10u);
    EXPECT_GT(with->metrics->aucRoc, 0.95);
}

TEST(Analysis, TheJsonDocumentHasWhatTheContractNames)
{
    const auto result = analyzed(requestFor(incidentFiles()));
    ASSERT_TRUE(result);
    const auto json = nlohmann::json::parse(pipeline::toJson(*result));
    for (const char* key :
         {"input", "units", "features", "detectors", "threshold", "flagged", "episodes", "timing", "peak_memory_bytes"})
        EXPECT_TRUE(json.contains(key)) << key;
    for (const char* key : {"files", "bytes", "lines", "records", "rejected", "format", "confidence", "start", "end"})
        EXPECT_TRUE(json["input"].contains(key)) << key;
}

TEST(Analysis, TheReportHoldsPicturesAndNoOutsideReference)
{
    const TemporaryFolder folder;
    const auto result = analyzed(requestFor(incidentFiles()));
    ASSERT_TRUE(result);
    ASSERT_TRUE(pipeline::writeHtmlReport(*result, folder.path("r.html"), "faultline analyze x"));
    const auto page = TemporaryFolder::read(folder.path("r.html"));
    EXPECT_THAT(page, testing::HasSubstr("<svg"));
    EXPECT_THAT(page, testing::Not(testing::HasSubstr("http://")));
    EXPECT_THAT(page, testing::Not(testing::HasSubstr("<script")));
}

TEST(Case, AReopenedOneShowsWhatWasSavedAndReadsItsLogAgain)
{
    const TemporaryFolder folder;
    const auto result = analyzed(requestFor(incidentFiles()));
    ASSERT_TRUE(result);
    QuietJob job;
    const auto path = folder.path("c.faultline");
    const auto saved = pipeline::saveCase(*result, {.threshold = 3.5, .viewFrom = 7}, path, job);
    ASSERT_TRUE(saved) << saved.error().text();
    const auto opened = pipeline::openCase(path, job);
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_EQ(opened->result->score, result->score);
    ASSERT_EQ(opened->result->episodes.size(), result->episodes.size());
    for (std::size_t e = 0; e < result->episodes.size(); ++e)
        EXPECT_EQ(opened->result->explanations[e].summary, result->explanations[e].summary);
    EXPECT_DOUBLE_EQ(opened->state.threshold, 3.5);
    EXPECT_EQ(opened->state.viewFrom, 7);
    EXPECT_TRUE(opened->changedSources.empty());
    const auto complete = pipeline::reloadRecords(opened->result, path, job);
    ASSERT_TRUE(complete) << complete.error().text();
    EXPECT_EQ((*complete)->records->table.size(), result->records->table.size());
    EXPECT_EQ(*(*complete)->records->text(42), *result->records->text(42));
}

TEST(Case, ReopensFromItsIndexAndWithoutOneFromItsSources)
{
    const TemporaryFolder folder;
    const auto input = folder.write("m.csv", metricCsv(0, 800));
    const auto result = analyzed(requestFor({input}));
    const auto path = folder.path("a.faultline");
    QuietJob job;
    ASSERT_TRUE(pipeline::saveCase(*result, {}, path, job));
    ASSERT_TRUE(std::filesystem::exists(pipeline::indexPathOf(path)));
    const auto opened = pipeline::openCase(path, job);
    ASSERT_TRUE(opened) << opened.error().text();
    const auto indexed = pipeline::reloadRecords(opened->result, path, job);
    std::filesystem::remove(pipeline::indexPathOf(path));
    const auto read = pipeline::reloadRecords(opened->result, path, job);
    ASSERT_TRUE(indexed && read);
    ASSERT_EQ((*indexed)->records->table.size(), (*read)->records->table.size());
    for (std::size_t i = 0; i < 800; ++i)
        ASSERT_EQ((*indexed)->records->table.offset[i], (*read)->records->table.offset[i]);
}

TEST(Browse, ReadsRecordsAndTheirOrderWithoutScores)
{
    const TemporaryFolder folder;
    QuietJob job;
    const auto result = pipeline::browse({.inputs = {folder.write("m.csv", metricCsv(0, 800))}}, job);
    ASSERT_TRUE(result) << result.error().text();
    EXPECT_FALSE((*result)->isScored());
    EXPECT_EQ((*result)->records->table.size(), 800U);
    EXPECT_EQ((*result)->timeline->order().size(), 800U);
}

TEST(Browse, AFirstLookReadsWholeBlocksFromTheStartOnly)
{
    const TemporaryFolder folder;
    QuietJob job;
    const auto input = folder.write("m.csv", metricCsv(0, 80'000));
    const auto look = pipeline::browse({.inputs = {input}, .limitBytes = 1}, job);
    ASSERT_TRUE(look) << look.error().text();
    EXPECT_GT((*look)->records->table.size(), 10'000U);
    EXPECT_LT((*look)->records->table.size(), 80'000U);
    EXPECT_EQ((*look)->records->lineNumber(0), 2U);
}

TEST(Analyze, HandsItsRecordsOverBeforeTheyAreScored)
{
    const TemporaryFolder folder;
    auto request = requestFor({folder.write("m.csv", metricCsv(0, 800))});
    pipeline::AnalysisPtr early;
    request.onRecords = [&](pipeline::AnalysisPtr partial) { early = std::move(partial); };
    const auto result = analyzed(request);
    ASSERT_TRUE(early);
    EXPECT_FALSE(early->isScored());
    EXPECT_EQ(early->records, result->records);
    EXPECT_TRUE(result->isScored());
}

TEST(Case, AChangedSourceIsNamed)
{
    const TemporaryFolder folder;
    const auto input = folder.write("m.csv", metricCsv(0, 800));
    const auto result = analyzed(requestFor({input}));
    ASSERT_TRUE(result);
    QuietJob job;
    ASSERT_TRUE(pipeline::saveCase(*result, {}, folder.path("c.faultline"), job));
    folder.write("m.csv", metricCsv(0, 700));
    const auto opened = pipeline::openCase(folder.path("c.faultline"), job);
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_EQ(opened->changedSources, std::vector<std::string>{input});
}

} // namespace
