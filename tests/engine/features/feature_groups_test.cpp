// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/features/feature_testing.h"
#include <numbers>

namespace faultline::features
{
namespace
{
using records::Level;
using testing::RecordSetBuilder;
using Values = std::vector<double>;

constexpr TimeUs monday = 1'767'571'200LL * second_us; // 2026-01-05T00:00:00Z

FeatureOptions perMinute(const FeatureGroups& groups)
{
    return {.kind = UnitKind::Window, .window_us = minute_us, .timeOfDay = false, .groups = groups};
}

TimeUs at(int m, int s = 0)
{
    return m * minute_us + s * second_us;
}

/// Four minutes; in the first a, a, b (error) at seconds 0, 10, 40, with ms 1, 3 and 8 and bytes 10, 10 and 40.
records::RecordSet fourMinutes()
{
    return RecordSetBuilder()
        .add({.time = at(0, 0), .message = "a", .fields = {{"ms", 1}, {"bytes", 10}}})
        .add({.time = at(0, 10), .message = "a", .level = Level::Warn, .fields = {{"ms", 3}, {"bytes", 10}}})
        .add({.time = at(0, 40), .message = "b", .level = Level::Error, .fields = {{"ms", 8}, {"bytes", 40}}})
        .add({.time = at(1, 5), .message = "a", .fields = {{"ms", 0}, {"bytes", 7}}})
        .add({.time = at(3, 0), .message = "b", .fields = {{"bytes", 5}}}) // no ms
        .add({.time = at(3, 15), .message = "a", .fields = {{"ms", 2}, {"bytes", 5}}})
        .build();
}

TEST(FeatureGroups, RatesArePerSecondOfTheWindow)
{
    const auto table = fitAndCompute(fourMinutes(), perMinute({.rates = true, .rateFields = {"bytes"}}));
    EXPECT_EQ(valuesOf(table, "record rate"), (Values{3 / 60.0, 1 / 60.0, 0, 2 / 60.0}));
    EXPECT_EQ(valuesOf(table, "error rate"), (Values{1 / 60.0, 0, 0, 0}));
    EXPECT_EQ(valuesOf(table, "bytes rate"), (Values{1.0, 7 / 60.0, 0, 10 / 60.0}));
}

TEST(FeatureGroups, ARateWithinOneRecordIsNoise)
{
    const auto table = fitAndCompute(fourMinutes(), perMinute({.rates = true}));
    EXPECT_DOUBLE_EQ(table.columns[static_cast<std::size_t>(columnOf(table, "record rate"))].noiseFloor, 1.0 / 60.0);
}

TEST(FeatureGroups, RatiosAreOfSumsOverTheRecordsThatHoldBoth)
{
    const auto table =
        fitAndCompute(fourMinutes(), perMinute({.ratios = true, .templateShares = 1, .fieldRatios = {"bytes/ms"}}));
    EXPECT_EQ(valuesOf(table, "warning share"), (Values{1 / 3.0, 0, 0, 0}));
    const auto ratio = valuesOf(table, "bytes/ms");
    EXPECT_EQ(ratio[0], 5.0);
    EXPECT_TRUE(std::isnan(ratio[1])); // 7 by 0
    EXPECT_TRUE(std::isnan(ratio[2]));
    EXPECT_EQ(ratio[3], 2.5);
    for (const auto& column : table.columns)
        if (column.name.ends_with(" share") && column.templateId == 0) {
            EXPECT_EQ(valuesOf(table, column.name), (Values{2 / 3.0, 1, 0, 0.5}));
        }
}

TEST(FeatureGroups, DistinctCountsValuesEntitiesAndSessions)
{
    RecordSetBuilder builder;
    for (int m = 0; m < 4; ++m)
        for (int k = 0; k <= m; ++k)
            builder.add({.time = at(m, k),
                         .entity = "host",
                         .message = "x",
                         .fields = {{"user", k / 2},
                                    {"zero", k == 0   ? 0.0
                                             : m == 3 ? 1.0
                                                      : -0.0}},
                         .session = "s" + std::to_string(k % 3)});
    const auto table = fitAndCompute(builder.build(), perMinute({.distinctOf = {"user", "zero", "session"}}));
    EXPECT_EQ(valuesOf(table, "distinct user"), (Values{1, 1, 2, 2}));
    EXPECT_EQ(valuesOf(table, "distinct zero"), (Values{1, 1, 1, 2}));
    EXPECT_EQ(valuesOf(table, "distinct session"), (Values{1, 2, 3, 3}));
}

TEST(FeatureGroups, EntropyIsInBitsAndCorrectedForItsSample)
{
    RecordSetBuilder builder;
    for (const auto* message : {"a", "b", "c", "d"})
        builder.add({.time = at(0), .message = message}).add({.time = at(1), .message = "a"});
    builder.add({.time = at(3), .message = "a"});
    const auto entropy = valuesOf(fitAndCompute(builder.build(), perMinute({.entropy = true})), "template entropy");
    EXPECT_NEAR(entropy[0], 2.0 + 3.0 / (2.0 * 4.0 * std::numbers::ln2), 1e-12);
    EXPECT_EQ(entropy[1], 0.0);
    EXPECT_EQ(entropy[2], 0.0);
}

TEST(FeatureGroups, GapsAreBetweenTheRecordsOfOneWindow)
{
    const auto table = fitAndCompute(fourMinutes(), perMinute({.interArrival = true}));
    EXPECT_EQ(valuesOf(table, "gap p50")[0], 20.0);
    EXPECT_DOUBLE_EQ(valuesOf(table, "gap p95")[0], 29.0);
    EXPECT_EQ(valuesOf(table, "gap max")[0], 30.0);
    EXPECT_DOUBLE_EQ(valuesOf(table, "gap variation")[0], 0.5); // deviation 10, mean 20
    EXPECT_TRUE(std::isnan(valuesOf(table, "gap max")[1]));
    EXPECT_EQ(valuesOf(table, "gap max")[3], 15.0);
}

TEST(FeatureGroups, QuantilesAreThoseAskedForAndNotRepeated)
{
    const auto table =
        fitAndCompute(fourMinutes(), perMinute({.quantileLevels = {0.5, 0.25, 1.0}, .quantileFields = {"ms"}}));
    EXPECT_EQ(valuesOf(table, "ms p25")[0], 2.0);
    EXPECT_EQ(valuesOf(table, "ms p100")[0], 8.0);
    std::size_t medians = 0;
    for (const auto& column : table.columns)
        medians += column.name == "ms p50" ? 1U : 0U;
    EXPECT_EQ(medians, 1U);
}

TEST(FeatureGroups, AFieldThatNoRecordHasIsNamedWithTheNearest)
{
    QuietJob job;
    const auto set = fourMinutes();
    const auto fitted = Featurizer::fit(set, perMinute({.quantileLevels = {0.5}, .quantileFields = {"byte"}}), job);
    ASSERT_FALSE(fitted);
    EXPECT_EQ(fitted.error().code, ErrorCode::Config);
    EXPECT_NE(fitted.error().text().find("did you mean `bytes`?"), std::string::npos) << fitted.error().text();
    EXPECT_FALSE(Featurizer::fit(set, perMinute({.fieldRatios = {"ms"}}), job));
    EXPECT_FALSE(Featurizer::fit(set, perMinute({.fieldRatios = {"ms/nothing"}}), job));
}

TEST(FeatureGroups, TheDayOfTheWeekTurnsOnceAWeekInTheZone)
{
    RecordSetBuilder builder;
    for (int hour = 0; hour < 24 * 15; ++hour)
        builder.add({.time = monday + hour * hour_us, .message = "x"});
    FeatureOptions options{.kind = UnitKind::Window, .window_us = hour_us, .groups = {.dayOfWeek = true}};
    const auto set = builder.build();
    const auto utc = fitAndCompute(set, options);
    const double half = std::numbers::pi / (24.0 * 7.0); // a window's middle is half an hour in
    EXPECT_NEAR(valuesOf(utc, "day of week sin")[0], std::sin(half), 1e-12);
    EXPECT_NEAR(valuesOf(utc, "day of week cos")[84], std::cos(std::numbers::pi + half), 1e-12);
    options.zone = TimeZone::named("+02:00").value();
    const auto zoned = fitAndCompute(set, options);
    EXPECT_NEAR(valuesOf(zoned, "day of week sin")[0], std::sin(5.0 * half), 1e-12);
    EXPECT_NEAR(valuesOf(zoned, "time of day sin")[0], valuesOf(utc, "time of day sin")[2], 1e-12);
    EXPECT_EQ(utc.columns[static_cast<std::size_t>(columnOf(utc, "day of week sin"))].role, ColumnRole::Phase);
}

TEST(FeatureGroups, LessThanAWeekOfTrainingHasNoDayOfTheWeek)
{
    RecordSetBuilder builder;
    for (int hour = 0; hour < 24 * 3; ++hour)
        builder.add({.time = monday + hour * hour_us, .message = hour % 2 == 0 ? "x" : "y"});
    const auto table =
        fitAndCompute(builder.build(), {.kind = UnitKind::Window, .window_us = hour_us, .groups = {.dayOfWeek = true}});
    EXPECT_LT(columnOf(table, "day of week sin"), 0);
}

TEST(FeatureGroups, SessionsHaveRatesOverTheirLengthOfAtLeastASecond)
{
    RecordSetBuilder builder;
    builder.add({.time = 0, .message = "x", .session = "one"})
        .add({.time = 0, .message = "x", .level = Level::Error, .session = "four"})
        .add({.time = 2 * second_us, .message = "y", .session = "four"})
        .add({.time = 4 * second_us, .message = "x", .session = "four"});
    const auto table = fitAndCompute(
        builder.build(), {.kind = UnitKind::Session, .groups = {.rates = true, .ratios = true, .interArrival = true}});
    EXPECT_EQ(valuesOf(table, "record rate"), (Values{1.0, 0.75}));
    EXPECT_EQ(valuesOf(table, "error share"), (Values{0.0, 1.0 / 3.0}));
}

TEST(FeatureGroups, GroupsThatRowsCannotHaveAreRefused)
{
    QuietJob job;
    const auto set = fourMinutes();
    for (const auto& groups : {FeatureGroups{.templateRates = 3}, FeatureGroups{.ngramLengths = {2}},
                               FeatureGroups{.wordVector = {.columns = 4}}})
        EXPECT_EQ(Featurizer::fit(set, {.kind = UnitKind::Row, .groups = groups}, job).error().code, ErrorCode::Config);
    EXPECT_FALSE(Featurizer::fit(set, perMinute({.quantileLevels = {1.5}}), job));
    EXPECT_FALSE(Featurizer::fit(set, perMinute({.ngramLengths = {4}}), job));
}

} // namespace
} // namespace faultline::features
