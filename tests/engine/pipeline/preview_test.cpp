// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/pipeline/catalogue.h"
#include "engine/pipeline/preview.h"
#include "tests/support/temporary_folder.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace
{

using namespace faultline;
using test::TemporaryFolder;

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

std::string table(std::size_t rows)
{
    Random random(3);
    std::string csv = "time,host,a,b,same\n";
    for (std::size_t i = 0; i < rows; ++i)
        csv += formatIso8601(1'770'000'000LL * second_us + static_cast<TimeUs>(i / 2) * 10 * second_us) + ",h" +
               std::to_string(i % 2) + "," + std::to_string(random.normal()) + "," + std::to_string(random.below(5)) +
               ",7\n";
    return csv;
}

pipeline::AnalyzeRequest requestFor(const std::vector<std::string>& inputs, const std::string& unit = "",
                                    const std::string& features = "")
{
    const auto choice = pipeline::chooseRecipe(inputs, {}, {.unitKind = unit});
    EXPECT_TRUE(choice) << choice.error().text();
    pipeline::AnalyzeRequest request{.inputs = inputs, .recipe = choice->recipe};
    request.recipe.detectors.resize(1);
    if (!features.empty())
        request.recipe.features.groups = pipeline::parseFeatures(features).value();
    return request;
}

/// The preview says the units and columns of the run, and its memory within a factor of two.
void expectTrue(const pipeline::AnalyzeRequest& request)
{
    QuietJob job;
    const auto preview = pipeline::preview(request, job);
    ASSERT_TRUE(preview) << preview.error().text();
    const auto result = pipeline::analyze(request, job);
    ASSERT_TRUE(result) << result.error().text();
    EXPECT_EQ(preview->units, (*result)->table.units());
    EXPECT_EQ(preview->columns, (*result)->table.columns.size());
    std::size_t grouped = 0;
    for (const auto& [name, columns] : preview->groups)
        grouped += columns;
    EXPECT_EQ(grouped, preview->columns);
    EXPECT_LT(preview->memoryBytes, 2 * (*result)->peakMemoryBytes);
    EXPECT_GT(2 * preview->memoryBytes, (*result)->peakMemoryBytes);
    EXPECT_GT(preview->seconds, 0.0);
}

TEST(Preview, SaysWhatARunOverWindowsMakes)
{
    expectTrue(requestFor(incidentFiles()));
}

TEST(Preview, SaysWhatGroupsOfFeaturesAdd)
{
    auto request = requestFor(incidentFiles(), "window",
                              "rates, ratios, entropy, inter_arrival, quantiles, template_rates, template_ngrams, "
                              "tfidf_templates, tfidf_messages");
    request.recipe.features.rolling_us = {hour_us, 6 * hour_us};
    expectTrue(request);
}

TEST(Preview, SaysWhatALiveRunMakes)
{
    auto request = requestFor(incidentFiles());
    request.recipe.mode = pipeline::Mode::Live;
    expectTrue(request);
}

TEST(Preview, SaysWhatRowsAndSessionsMake)
{
    const TemporaryFolder folder;
    const auto input = folder.write("m.csv", table(1'500));
    expectTrue(requestFor({input}));
    auto resampled = requestFor({input});
    resampled.recipe.resample.every_us = minute_us;
    resampled.recipe.features.rolling_us = {5 * minute_us};
    expectTrue(resampled);
    auto sessions = requestFor(incidentFiles(), "session");
    sessions.recipe.sessions = {.byEntity = true, .timeout_us = 10 * second_us};
    expectTrue(sessions);
}

TEST(Preview, SaysWhatTrainingApartMakes)
{
    const TemporaryFolder folder;
    auto request = requestFor({folder.write("new.csv", table(700))});
    request.trainInputs = {folder.write("old.csv", table(1'200))};
    expectTrue(request);
}

TEST(Preview, WarnsOfTooFewUnits)
{
    auto request = requestFor(incidentFiles(), "window");
    request.recipe.features.window_us = 4 * hour_us;
    QuietJob job;
    const auto preview = pipeline::preview(request, job);
    ASSERT_TRUE(preview) << preview.error().text();
    EXPECT_THAT(preview->warnings, ::testing::Contains(::testing::HasSubstr("a shorter window makes more")));
}

TEST(Preview, IsADocumentToo)
{
    QuietJob job;
    const auto preview = pipeline::preview(requestFor(incidentFiles()), job);
    ASSERT_TRUE(preview) << preview.error().text();
    const auto json = nlohmann::json::parse(pipeline::toJson(*preview));
    for (const char* key : {"units", "columns", "groups", "memory_bytes", "seconds", "warnings"})
        EXPECT_TRUE(json.contains(key)) << key;
}

TEST(Preview, ACancelledOneSaysSo)
{
    std::stop_source stop;
    stop.request_stop();
    Progress progress;
    JobContext job(stop.get_token(), progress);
    EXPECT_EQ(pipeline::preview(requestFor(incidentFiles()), job).error().code, ErrorCode::Cancelled);
}

} // namespace
