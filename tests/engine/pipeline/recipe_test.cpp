// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/recipe.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace
{

using namespace faultline;
using pipeline::parseRecipe;
using testing::HasSubstr;

constexpr const char* smallest = "detectors:\n  - name: robust_z\n";

std::string errorOf(const std::string& yaml)
{
    const auto recipe = parseRecipe(yaml, "my.yaml");
    return recipe ? "accepted" : recipe.error().text();
}

TEST(Recipe, EveryBuiltInOneReadsBackFromItsOwnText)
{
    for (const auto& recipe : pipeline::builtInRecipes()) {
        const auto again = parseRecipe(pipeline::writeRecipe(recipe), recipe.name);
        ASSERT_TRUE(again) << again.error().text();
        EXPECT_EQ(pipeline::writeRecipe(*again), pipeline::writeRecipe(recipe));
        EXPECT_FALSE(recipe.description.empty());
    }
}

TEST(Recipe, AnUnknownKeyIsNamedWithItsPlaceAndTheNearestKnownOne)
{
    const auto text = errorOf(std::string(smallest) + "treshold: evt:1e-3\n");
    EXPECT_THAT(text, HasSubstr("my.yaml:3:1: unknown key `treshold`"));
    EXPECT_THAT(text, HasSubstr("did you mean `threshold`?"));
}

TEST(Recipe, AnUnknownDetectorIsNamedWithItsPlaceAndTheNearestKnownOne)
{
    const auto text = errorOf("detectors:\n  - name: isolation_forrest\n");
    EXPECT_THAT(text, HasSubstr("my.yaml:2:11:"));
    EXPECT_THAT(text, HasSubstr("isolation_forest"));
}

TEST(Recipe, AParameterOutOfRangeNamesTheRange)
{
    const auto text = errorOf("detectors:\n  - name: isolation_forest\n    parameters:\n      trees: -3\n");
    EXPECT_THAT(text, HasSubstr("my.yaml:4:14: `trees` must be a number (from"));
}

TEST(Recipe, ADuplicateKeyIsRefused)
{
    EXPECT_THAT(errorOf(std::string(smallest) + "seed: 1\nseed: 2\n"),
                HasSubstr("my.yaml:4:1: the key `seed` stands twice"));
}

TEST(Recipe, AnchorsAndAliasesAreRefusedBeforeTheyCanGrow)
{
    EXPECT_THAT(errorOf("name: &a x\ndescription: *a\n"), HasSubstr("anchors and aliases are not allowed"));
}

TEST(Recipe, BrokenYamlSaysWhere)
{
    EXPECT_THAT(errorOf("detectors: [a\nname: b\n"), HasSubstr("my.yaml:2"));
}

TEST(Recipe, OneWithoutADetectorIsRefused)
{
    EXPECT_THAT(errorOf("name: x\n"), HasSubstr("names no detector"));
}

TEST(Recipe, MoreThanAMegabyteIsRefusedUnread)
{
    EXPECT_THAT(errorOf(std::string(1'100'000, '#')), HasSubstr("larger than 1 MB"));
}

TEST(Recipe, EveryPartIsRead)
{
    const auto recipe = parseRecipe(R"(
name: mine
mode: live
seed: 7
parse: {entity: host, session_key: 'req=[0-9]+', timezone: '+02:00', value_columns: [a, b]}
templates: {similarity: 0.5}
units: {kind: window, window: 5min, template_columns: 3, rolling: [30s, 1h]}
detectors:
  - {name: knn, weight: 0.5}
threshold: quantile:0.98
episodes: {gap_units: 9, continue_at: 0.5}
ranking: events
combine: excess
)",
                                    "my.yaml");
    ASSERT_TRUE(recipe) << recipe.error().text();
    EXPECT_EQ(recipe->mode, pipeline::Mode::Live);
    EXPECT_EQ(recipe->seed, 7u);
    EXPECT_EQ(recipe->parse.entityField, "host");
    EXPECT_EQ(recipe->parse.valueColumns, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(recipe->parse.zone.toUtc(2 * hour_us), 0);
    EXPECT_EQ(recipe->features.window_us, 5 * minute_us);
    EXPECT_EQ(recipe->features.rolling_us, (std::vector<DurationUs>{30 * second_us, hour_us}));
    EXPECT_DOUBLE_EQ(recipe->detectors.front().weight, 0.5);
    EXPECT_DOUBLE_EQ(recipe->threshold.parameter, 0.98);
    EXPECT_EQ(recipe->episodes.gapUnits, 9u);
    EXPECT_EQ(recipe->episodes.continueAt, 0.5);
    EXPECT_EQ(recipe->ranking, pipeline::Ranking::Events);
    EXPECT_EQ(recipe->combination, pipeline::Combination::Excess);
    const auto again = parseRecipe(pipeline::writeRecipe(*recipe), "again");
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(pipeline::writeRecipe(*again), pipeline::writeRecipe(*recipe));
}

TEST(Recipe, AFormatOfOnesOwnStandsInTheRecipeItself)
{
    const auto recipe = parseRecipe(std::string(smallest) + R"(parse:
  format:
    name: payment
    pattern: '(?P<time>\S+ \S+) \[(?P<level>\w+)\] (?P<duration>\d+)us - '
    time: '%Y-%m-%d %H:%M:%S'
    fields: {duration: {type: number, unit: s, scale: 1e-6}}
    samples: ['2026-03-12 14:03:30 [INFO] 1200us - order placed']
  formats: {"web*.log": nginx_error}
  timezones: {"web*.log": Europe/Berlin}
)",
                                    "my.yaml");
    ASSERT_TRUE(recipe) << recipe.error().text();
    EXPECT_EQ(recipe->parse.format, "payment");
    const auto written = pipeline::writeRecipe(*recipe);
    const auto again = parseRecipe(written, "again.yaml");
    ASSERT_TRUE(again) << again.error().text() << written;
    EXPECT_EQ(pipeline::writeRecipe(*again), written);
    EXPECT_EQ(again->parse.formatText, recipe->parse.formatText);
    ASSERT_EQ(again->parse.formats.size(), 1U);
    EXPECT_EQ(again->parse.formats[0].pattern, "web*.log");
    EXPECT_EQ(again->parse.formats[0].format, "nginx_error");
    ASSERT_EQ(again->parse.zones.size(), 1U);
    EXPECT_EQ(again->parse.zones[0].zone.name(), "Europe/Berlin");
}

TEST(Recipe, AMistakeInItsFormatIsPointedAtInTheRecipe)
{
    EXPECT_THAT(errorOf(std::string(smallest) + "parse:\n  format:\n    pattern: '(a'\n"),
                HasSubstr("my.yaml:5:14: this is not a valid pattern"));
}

TEST(Recipe, WhatWasDoneToTemplatesByHandIsKept)
{
    const auto recipe = parseRecipe(std::string(smallest) + R"(templates:
  merge: [[T-3f2a9c01, "disk 1 full"]]
  split: [{template: T-3f2a9c01, position: 2}]
  parameters: [{template: T-3f2a9c01, position: 1, name: took, unit: ms}]
)",
                                    "my.yaml");
    ASSERT_TRUE(recipe) << recipe.error().text();
    const auto again = parseRecipe(pipeline::writeRecipe(*recipe), "again.yaml");
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(again->mining.merges, (std::vector<std::vector<std::string>>{{"T-3f2a9c01", "disk 1 full"}}));
    ASSERT_EQ(again->mining.splits.size(), 1U);
    EXPECT_EQ(again->mining.splits[0].position, 2U);
    ASSERT_EQ(again->mining.parameters.named.size(), 1U);
    EXPECT_EQ(again->mining.parameters.named[0].name, "took");
}

TEST(Recipe, MasksAreKept)
{
    const auto recipe = parseRecipe(
        std::string(smallest) + "templates: {masks: [{pattern: 'order-(\\d+)', name: order_id}, {pattern: x+}]}\n",
        "my.yaml");
    ASSERT_TRUE(recipe) << recipe.error().text();
    ASSERT_EQ(recipe->mining.masks.size(), 2U);
    EXPECT_EQ(recipe->mining.masks[0].pattern, "order-(\\d+)");
    EXPECT_EQ(recipe->mining.masks[0].name, "order_id");
    EXPECT_EQ(parseRecipe(pipeline::writeRecipe(*recipe), "again.yaml")->mining.masks, recipe->mining.masks);
}

TEST(Recipe, AMistakeInAMaskIsPointedAt)
{
    EXPECT_THAT(errorOf(std::string(smallest) + "templates:\n  masks:\n    - pattern: 'id=(\\d+'\n"),
                AllOf(HasSubstr("my.yaml:5:16: "), HasSubstr("missing )")));
}

TEST(Recipe, AMaskThatMatchesNothingIsRefusedAtItsPlace)
{
    EXPECT_THAT(errorOf(std::string(smallest) + "templates:\n  masks: [{pattern: x*}]\n"),
                AllOf(HasSubstr("my.yaml:4:21: "), HasSubstr("where there is nothing")));
}

TEST(Recipe, ParametersCanBeChosenAutomatically)
{
    const auto recipe = parseRecipe(std::string(smallest) + "templates: {parameters: auto}\n", "my.yaml");
    ASSERT_TRUE(recipe) << recipe.error().text();
    EXPECT_TRUE(parseRecipe(pipeline::writeRecipe(*recipe), "again.yaml")->mining.parameters.automatic);
}

TEST(Recipe, MergingASingleTemplateIsRefused)
{
    EXPECT_FALSE(parseRecipe(std::string(smallest) + "templates: {merge: [[T-3f2a9c01]]}\n", "my.yaml"));
}

TEST(Recipe, AnAccessLogsLayoutIsKept)
{
    const auto recipe =
        parseRecipe(std::string(smallest) + "parse:\n  log_format: '$remote_addr \"$request\" $status'\n", "my.yaml");
    ASSERT_TRUE(recipe) << recipe.error().text();
    EXPECT_EQ(parseRecipe(pipeline::writeRecipe(*recipe), "again.yaml")->parse.logFormat,
              R"($remote_addr "$request" $status)");
}

constexpr const char* allFeatures = R"(
units:
  kind: session
  rolling: [30s, 5min, 1h]
  session: {key: entity, timeout: 10min}
  resample: {every: auto, with: max, gaps: hold}
features:
  - rates: {of: [bytes]}
  - ratios: {of: [a/b], templates: 5}
  - distinct: {of: [user, session]}
  - entropy
  - inter_arrival
  - quantiles: {of: [latency_ms], at: [0.5, 0.99]}
  - template_rates
  - template_ngrams: {n: [2, 3], columns: 16, hashed: true}
  - tfidf_templates: {columns: 8}
  - tfidf_messages: {columns: 9, hashed: true, per_entity: true}
  - calendar: [day_of_week]
detectors:
  - name: robust_z
)";

TEST(Recipe, EveryGroupOfFeaturesIsRead)
{
    const auto recipe = parseRecipe(allFeatures, "my.yaml");
    ASSERT_TRUE(recipe) << recipe.error().text();
    EXPECT_TRUE(recipe->sessions.byEntity);
    EXPECT_EQ(recipe->sessions.timeout_us, 10 * minute_us);
    EXPECT_EQ(recipe->resample.every_us, features::ResampleOptions::automatic);
    EXPECT_EQ(recipe->resample.with, features::ResampleOptions::Value::Maximum);
    EXPECT_EQ(recipe->resample.gaps, features::ResampleOptions::Gap::Hold);
    const auto& groups = recipe->features.groups;
    EXPECT_EQ(groups.rateFields, std::vector<std::string>{"bytes"});
    EXPECT_EQ(groups.templateShares, 5u);
    EXPECT_EQ(groups.distinctOf, (std::vector<std::string>{"user", "session"}));
    EXPECT_TRUE(groups.entropy && groups.interArrival && groups.dayOfWeek && !groups.timeOfDay);
    EXPECT_EQ(groups.quantileLevels, (std::vector<double>{0.5, 0.99}));
    EXPECT_EQ(groups.templateRates, 32u);
    EXPECT_EQ(groups.ngramLengths, (std::vector<std::uint32_t>{2, 3}));
    EXPECT_EQ(groups.templateVector.columns, 8u);
    EXPECT_TRUE(groups.wordVector.hashed && groups.wordVector.perEntity);
}

TEST(Recipe, EveryGroupOfFeaturesReadsBackFromWhatIsWritten)
{
    const auto recipe = parseRecipe(allFeatures, "my.yaml");
    ASSERT_TRUE(recipe) << recipe.error().text();
    const auto again = parseRecipe(pipeline::writeRecipe(*recipe), "again");
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(pipeline::writeRecipe(*again), pipeline::writeRecipe(*recipe));
    EXPECT_EQ(again->features.groups.quantileFields, recipe->features.groups.quantileFields);
    EXPECT_EQ(again->sessions.timeout_us, recipe->sessions.timeout_us);
}

TEST(Recipe, AnUnknownGroupOfFeaturesIsNamedWithTheNearest)
{
    const auto text = errorOf(std::string(smallest) + "features:\n  - entropi\n");
    EXPECT_THAT(text, HasSubstr("my.yaml:4:5: there is no group of features named `entropi`"));
    EXPECT_THAT(text, HasSubstr("did you mean `entropy`?"));
    EXPECT_THAT(errorOf(std::string(smallest) + "features: [rates, rates]\n"), HasSubstr("stands twice"));
    EXPECT_THAT(errorOf(std::string(smallest) + "features: [quantiles: {at: [2]}]\n"), HasSubstr("from 0 to 1"));
}

TEST(Recipe, FeaturesOfTheCommandLineAreWrittenAsInARecipe)
{
    const auto groups = pipeline::parseFeatures("rates, quantiles: {at: [0.9]}, calendar");
    ASSERT_TRUE(groups) << groups.error().text();
    EXPECT_TRUE(groups->rates && groups->timeOfDay && groups->dayOfWeek);
    EXPECT_EQ(groups->quantileLevels, std::vector<double>{0.9});
    EXPECT_FALSE(pipeline::parseFeatures("rates, nothing"));
    EXPECT_FALSE(pipeline::parseFeatures("rates]"));
}

TEST(Recipe, ANameThatIsNeitherRecipeNorFileSuggestsTheNearest)
{
    const auto recipe = pipeline::findRecipe("log_window");
    ASSERT_FALSE(recipe);
    EXPECT_EQ(recipe.error().code, ErrorCode::Config);
    EXPECT_THAT(recipe.error().text(), HasSubstr("did you mean `log_windows`?"));
}

} // namespace
