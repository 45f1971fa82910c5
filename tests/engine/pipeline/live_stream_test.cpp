// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/pipeline/analysis.h"
#include "engine/pipeline/model.h"
#include "tests/support/temporary_folder.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace
{

using namespace faultline;
using pipeline::AnalysisPtr;
using test::TemporaryFolder;

/// Eight hours of a log of three users, who come and go; lines [first, last).
std::string userLog(std::size_t first, std::size_t last)
{
    static const char* words[] = {"opened page", "clicked button", "uploaded file", "searched catalogue"};
    Random random(23);
    std::string log;
    TimeUs time = 1'772'000'000LL * second_us;
    for (std::size_t i = 0; i < last; ++i) {
        time += static_cast<TimeUs>(1 + random.below(i % 40 == 0 ? 900 : 20)) * second_us;
        const auto user = random.below(3);
        const auto line = formatIso8601(time) + " " + (random.uniform() < 0.05 ? "ERROR" : "INFO") + " user=u" +
                          std::to_string(user) + " " + words[random.below(i < 800 ? 3 : 4)] + " took " +
                          std::to_string(random.below(500)) + " ms\n";
        if (i >= first)
            log += line;
    }
    return log;
}

pipeline::Recipe recipeFor(const std::string& units)
{
    const auto recipe = pipeline::parseRecipe("mode: live\n" + units +
                                                  "detectors:\n  - name: robust_z\n  - name: isolation_forest\n"
                                                  "threshold: evt:1e-3\n",
                                              "test.yaml");
    EXPECT_TRUE(recipe) << recipe.error().text();
    return *recipe;
}

const char* sessionUnits =
    "parse: {session_key: 'user=u[0-9]'}\n"
    "units: {kind: session, session: {timeout: 2min}}\n"
    "features: [rates, ratios, entropy, inter_arrival, template_ngrams: {n: [2, 3], columns: 8}, "
    "tfidf_templates: {columns: 8}, tfidf_messages: {columns: 8, per_entity: true}, calendar]\n";
const char* windowUnits = "units: {kind: window, window: 1min, rolling: [5min, 1h]}\n"
                          "features: [rates, ratios, entropy, inter_arrival, template_ngrams: {columns: 8}, "
                          "tfidf_templates: {columns: 8}, tfidf_messages: {columns: 8}, calendar]\n";
const char* rowUnits = "units: {kind: row, rolling: [1min, 10min]}\n"
                       "features: [rates, entropy, inter_arrival, calendar]\n";

AnalysisPtr analyzed(const std::string& path, const std::string& units)
{
    QuietJob job;
    auto result = pipeline::analyze({.inputs = {path}, .recipe = recipeFor(units)}, job);
    EXPECT_TRUE(result) << result.error().text();
    return result ? *result : nullptr;
}

/// Equal to the last bit, with missing equal to missing.
bool same(const features::Matrix& a, const features::Matrix& b)
{
    if (a.rows() != b.rows() || a.cols() != b.cols())
        return false;
    for (Eigen::Index i = 0; i < a.size(); ++i)
        if (a.data()[i] != b.data()[i] && !(std::isnan(a.data()[i]) && std::isnan(b.data()[i])))
            return false;
    return true;
}

class LiveStream : public ::testing::TestWithParam<const char*>
{
};

TEST_P(LiveStream, APrefixHasTheUnitsAndScoresOfTheWhole)
{
    const TemporaryFolder folder;
    const auto all = analyzed(folder.write("all.log", userLog(0, 1'500)), GetParam());
    ASSERT_TRUE(all);
    for (const std::size_t lines : {700U, 1'000U, 1'333U}) {
        const auto part = analyzed(folder.write("part.log", userLog(0, lines)), GetParam());
        ASSERT_TRUE(part);
        const bool windows = part->table.kind == features::UnitKind::Window;
        const auto units = part->table.units() - (windows ? 1U : 0U); // its last window is not over
        ASSERT_LT(units, all->table.units());
        ASSERT_GT(units, 30U);
        ASSERT_EQ(part->table.columns.size(), all->table.columns.size());
        EXPECT_TRUE(same(part->table.values.topRows(static_cast<Eigen::Index>(units)),
                         all->table.values.topRows(static_cast<Eigen::Index>(units))))
            << lines;
        for (std::size_t i = 0; i < units; ++i)
            ASSERT_EQ(part->score[i], all->score[i]) << "unit " << i << " of " << lines << " lines";
    }
}

/// Scores `first`, saves the model, goes on with `rest`, and compares with `all` from where that begins.
void expectContinued(const std::string& units, std::size_t lines)
{
    const TemporaryFolder folder;
    const auto all = analyzed(folder.write("s.log", userLog(0, 1'500)), units);
    const auto begun = analyzed(folder.write("s.log", userLog(0, lines)), units);
    ASSERT_TRUE(all && begun);
    ASSERT_TRUE(pipeline::saveModel(*begun->model, folder.path("live.flm")));
    const auto model = pipeline::loadModel(folder.path("live.flm"));
    ASSERT_TRUE(model) << model.error().text();
    QuietJob job;
    const auto rest = pipeline::score({.inputs = {folder.write("s.log", userLog(lines, 1'500))}, .model = *model}, job);
    ASSERT_TRUE(rest) << rest.error().text();
    const auto done = begun->table.units();
    ASSERT_EQ(done + (*rest)->table.units(), all->table.units()) << lines;
    EXPECT_TRUE(same((*rest)->table.values, all->table.values.bottomRows((*rest)->table.values.rows()))) << lines;
    for (std::size_t i = 0; i < (*rest)->score.size(); ++i)
        ASSERT_EQ((*rest)->score[i], all->score[done + i]) << "unit " << i << " after " << lines << " lines";
}

INSTANTIATE_TEST_SUITE_P(Units, LiveStream, ::testing::Values(rowUnits, windowUnits, sessionUnits));

TEST(LiveStream, OneMetricIsWatchedByTheLiveRecipe)
{
    TemporaryFolder folder;
    Random random(3);
    std::string csv = "time,load\n";
    for (int i = 0; i < 1500; ++i)
        csv += formatIso8601((1'772'000'000LL + 300 * i) * second_us) + "," +
               std::to_string(i == 1300 ? 90.0 : 40.0 + random.normal()) + "\n";
    const auto path = folder.write("load.csv", csv);
    const auto choice = pipeline::chooseRecipe({path}, {}, {.mode = pipeline::Mode::Live});
    ASSERT_TRUE(choice) << choice.error().text();
    EXPECT_EQ(choice->recipe.name, "metric_live");
    QuietJob job;
    const auto result = pipeline::analyze({.inputs = {path}, .recipe = choice->recipe}, job);
    ASSERT_TRUE(result) << result.error().text();
    const auto& scores = (*result)->score;
    EXPECT_EQ(std::max_element(scores.begin(), scores.end()) - scores.begin(), 1300);
    EXPECT_GE(scores[1300], (*result)->threshold.value);
    EXPECT_DOUBLE_EQ((*result)->tailP[1300], std::pow(10.0, -scores[1300]));
}

TEST(LiveStream, SessionsThatMayGoOnAreCarriedOverACut)
{
    for (const std::size_t lines : {650U, 1'001U})
        expectContinued(sessionUnits, lines);
}

TEST(LiveStream, RowsLookBackOverACut)
{
    expectContinued(rowUnits, 901);
}

TEST(LiveStream, ASessionIsNoUnitBeforeItsTimeOutHasPassed)
{
    const TemporaryFolder folder;
    const auto live = analyzed(folder.write("s.log", userLog(0, 900)), sessionUnits);
    ASSERT_TRUE(live);
    const auto newest = live->timeline->end();
    for (const auto end : live->table.end)
        EXPECT_GE(newest - (end - 1), 2 * minute_us);
    EXPECT_TRUE(std::is_sorted(live->table.end.begin(), live->table.end.end()));
}

TEST(LiveStream, InterpolationOverGapsIsRefused)
{
    const TemporaryFolder folder;
    auto recipe = recipeFor("units: {kind: row, resample: {every: 1min, gaps: linear}}\n");
    QuietJob job;
    const auto path = folder.write("m.csv", "time,x\n2026-03-01T00:00:00Z,1\n2026-03-01T00:05:00Z,2\n");
    const auto result = pipeline::analyze({.inputs = {path}, .recipe = recipe}, job);
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().text(), ::testing::HasSubstr("looks at what comes after"));
}

} // namespace
