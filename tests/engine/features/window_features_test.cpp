// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/features/feature_testing.h"

namespace faultline::features
{
namespace
{
using records::Level;
using testing::RecordSetBuilder;
using Values = std::vector<double>;

const FeatureOptions perMinute{
    .kind = UnitKind::Window, .window_us = minute_us, .rolling_us = {}, .timeOfDay = false};

/// Minute m, second s.
TimeUs at(int m, int s = 0)
{
    return m * minute_us + s * second_us;
}

/// Five minutes of host a: 3, 1, 0, 2, 2 records; "boom" is an error that occurs once.
RecordSetBuilder fiveMinutes()
{
    RecordSetBuilder builder;
    builder.add({.time = at(0, 1), .entity = "a", .message = "start"})
        .add({.time = at(0, 2), .entity = "a", .message = "work", .fields = {{"ms", 10.0}}})
        .add({.time = at(0, 3), .entity = "a", .message = "work", .fields = {{"ms", 30.0}}})
        .add({.time = at(1, 0), .entity = "a", .message = "work", .level = Level::Warn, .fields = {{"ms", 7.0}}})
        .add({.time = at(3, 0), .entity = "a", .message = "boom", .level = Level::Error})
        .add({.time = at(3, 59), .entity = "a", .message = "work", .fields = {{"ms", 8.0}}})
        .add({.time = at(4, 0), .entity = "a", .message = "start"})
        .add({.time = at(4, 1), .entity = "a", .message = "work", .fields = {{"ms", 9.0}}});
    return builder;
}

TEST(WindowFeatures, CountRecordsAndLevelsPerWindow)
{
    const auto table = fitAndCompute(fiveMinutes().build(), perMinute);
    EXPECT_EQ(valuesOf(table, "records"), (Values{3, 1, 0, 2, 2}));
    EXPECT_EQ(valuesOf(table, "errors"), (Values{0, 0, 0, 1, 0}));
    EXPECT_EQ(valuesOf(table, "warnings"), (Values{0, 1, 0, 0, 0}));
    EXPECT_EQ(valuesOf(table, "error share"), (Values{0, 0, 0, 0.5, 0}));
    EXPECT_EQ(valuesOf(table, "distinct templates"), (Values{2, 1, 0, 2, 2}));
}

TEST(WindowFeatures, HoldTheSequenceOfTemplatesInTimeOrder)
{
    auto options = perMinute;
    options.templateSequence = true;
    const auto records = fiveMinutes().add({.time = at(0, 0), .entity = "a", .message = "late to arrive"}).build();
    const auto sequence = fitAndCompute(records, options).templateSequence;
    const auto id = [&](std::size_t record) { return records.table.templateId[record]; };
    EXPECT_EQ(sequence.begin, (std::vector<std::uint64_t>{0, 4, 5, 5, 7, 9}));
    EXPECT_EQ(std::vector(sequence.of(0).begin(), sequence.of(0).end()),
              (std::vector<std::uint32_t>{id(8), id(0), id(1), id(2)}));
}

TEST(WindowFeatures, AWindowWithoutRecordsIsAUnit)
{
    const auto table = fitAndCompute(fiveMinutes().build(), perMinute);
    ASSERT_EQ(table.units(), 5U);
    EXPECT_EQ(table.start[2], at(2));
    EXPECT_EQ(table.end[2], at(3));
}

TEST(WindowFeatures, QuantilesOfALogFieldAreExact)
{
    const auto table = fitAndCompute(fiveMinutes().build(), perMinute);
    EXPECT_EQ(valuesOf(table, "ms count"), (Values{2, 1, 0, 1, 1}));
    EXPECT_EQ(valuesOf(table, "ms p50")[0], 20.0);
    EXPECT_DOUBLE_EQ(valuesOf(table, "ms p95")[0], 29.0); // 10 + 0.95 * (30 - 10)
    EXPECT_TRUE(std::isnan(valuesOf(table, "ms p50")[2]));
}

TEST(WindowFeatures, FrequentTemplatesGetAColumnNamedByTheirId)
{
    auto options = perMinute;
    options.templateColumns = 1;
    const auto table = fitAndCompute(fiveMinutes().build(), options);
    Eigen::Index column = -1;
    for (std::size_t c = 0; c < table.columns.size(); ++c)
        if (table.columns[c].templateId != 0xffffffff)
            column = static_cast<Eigen::Index>(c);
    ASSERT_GE(column, 0);
    EXPECT_EQ(table.columns[static_cast<std::size_t>(column)].name.substr(0, 11), "template T-");
    EXPECT_EQ(table.values(0, column), 2.0); // "work" is the most frequent one
}

TEST(WindowFeatures, ATemplateOfOneWindowAloneIsUnseenThere)
{
    const auto table = fitAndCompute(fiveMinutes().build(), perMinute);
    EXPECT_EQ(valuesOf(table, "unseen templates"), (Values{0, 0, 0, 1, 0}));
}

TEST(WindowFeatures, CausallyATemplateIsUnseenWhereItComesFirst)
{
    const auto table = fitAndCompute(fiveMinutes().build(), perMinute, true);
    EXPECT_EQ(valuesOf(table, "unseen templates"), (Values{3, 0, 0, 1, 0}));
}

TEST(WindowFeatures, SparseCountsHoldEveryTemplateOfAUnit)
{
    const auto table = fitAndCompute(fiveMinutes().build(), perMinute);
    EXPECT_EQ(table.templates.begin, (std::vector<std::uint64_t>{0, 2, 3, 3, 5, 7}));
    EXPECT_EQ(table.templates.templateId, (std::vector<std::uint32_t>{0, 1, 1, 1, 2, 0, 1}));
    EXPECT_EQ(table.templates.count, (std::vector<float>{1, 2, 1, 1, 1, 1, 1}));
}

TEST(WindowFeatures, NewDataIsComparedWithTheTrainingData)
{
    QuietJob job;
    const auto featurizer = Featurizer::fit(fiveMinutes().build(), perMinute, job);
    ASSERT_TRUE(featurizer);
    const auto fresh = RecordSetBuilder({"start", "work", "boom"})
                           .add({.time = at(9), .entity = "a", .message = "boom"})
                           .add({.time = at(9), .entity = "a", .message = "never seen"})
                           .add({.time = at(9), .entity = "a", .message = "never seen"})
                           .build();
    const auto table = featurizer->compute(fresh, {}, job);
    ASSERT_TRUE(table);
    EXPECT_EQ(valuesOf(*table, "unseen templates"), (Values{2}));
    EXPECT_EQ(columnNames(table->columns), columnNames(featurizer->columns()));
}

TEST(WindowFeatures, RareTemplatesWeighTheDecadesBelowOneInAHundred)
{
    RecordSetBuilder builder;
    for (int m = 0; m < 2'001; ++m)
        builder.add({.time = at(m), .message = "work"});
    builder.add({.time = at(5), .message = "odd"}).add({.time = at(6), .message = "odd"});
    const auto rare = valuesOf(fitAndCompute(builder.build(), perMinute), "rare templates");
    EXPECT_NEAR(rare[5], std::log10(2'000.0 / 1.0) - 2.0, 1e-12); // in one of the 2,000 other windows
    EXPECT_EQ(rare[7], 0.0);
}

TEST(WindowFeatures, MetricsBringMeanAndMaximum)
{
    RecordSetBuilder builder;
    for (int m = 0; m < 5; ++m)
        builder.add({.time = at(m), .fields = {{"cpu", m}}}).add({.time = at(m, 30), .fields = {{"cpu", m + 4.0}}});
    const auto table = fitAndCompute(builder.build(), perMinute);
    EXPECT_EQ(columnNames(table.columns), (std::vector<std::string>{"cpu mean", "cpu max"}));
    EXPECT_EQ(valuesOf(table, "cpu mean"), (Values{2, 3, 4, 5, 6}));
    EXPECT_EQ(valuesOf(table, "cpu max"), (Values{4, 5, 6, 7, 8}));
    EXPECT_TRUE(table.templates.empty());
}

TEST(WindowFeatures, AMaximumThatIsAlwaysTheMeanIsLeftOut)
{
    RecordSetBuilder builder;
    for (int m = 0; m < 5; ++m)
        builder.add({.time = at(m), .fields = {{"cpu", m}}});
    EXPECT_EQ(columnNames(fitAndCompute(builder.build(), perMinute).columns), (std::vector<std::string>{"cpu mean"}));
}

TEST(WindowFeatures, AnEntityOfMetricsHasNoLogValuesAndTheOtherWayRound)
{
    RecordSetBuilder builder;
    for (int m = 0; m < 5; ++m) {
        builder.add({.time = at(m), .entity = "cpu0", .fields = {{"load", m}}});
        if (m != 2)
            builder.add({.time = at(m), .entity = "web", .message = m == 4 ? "stop" : "go"});
    }
    const auto table = fitAndCompute(builder.build(), perMinute);
    EXPECT_EQ(valuesOf(table, "records", "web"), (Values{1, 1, 0, 1, 1}));
    for (const double value : valuesOf(table, "records", "cpu0"))
        EXPECT_TRUE(std::isnan(value));
    for (const double value : valuesOf(table, "load mean", "web"))
        EXPECT_TRUE(std::isnan(value));
    for (const double value : valuesOf(table, "unseen templates", "cpu0"))
        EXPECT_TRUE(std::isnan(value));
}

TEST(WindowFeatures, EntitiesBeyondTheMostFrequentShareOne)
{
    RecordSetBuilder builder;
    for (int m = 0; m < 5; ++m)
        builder.add({.time = at(m), .entity = "busy", .message = "x"})
            .add({.time = at(m), .entity = "busy", .message = "x"});
    builder.add({.time = at(1), .entity = "b", .message = "x"}).add({.time = at(1), .entity = "c", .message = "x"});
    auto options = perMinute;
    options.maxEntities = 1;
    const auto table = fitAndCompute(builder.build(), options);
    EXPECT_EQ(table.entities, (std::vector<std::string>{"busy", "(other)"}));
    EXPECT_EQ(valuesOf(table, "records", "(other)"), (Values{0, 2, 0, 0, 0}));
}

TEST(WindowFeatures, UnitsStandByWindowThenEntity)
{
    RecordSetBuilder builder;
    for (int m = 0; m < 4; ++m)
        builder.add({.time = at(m), .entity = "a", .message = "x"}).add({.time = at(m), .entity = "b", .message = "y"});
    builder.add({.time = at(1), .entity = "b", .message = "y"});
    const auto table = fitAndCompute(builder.build(), perMinute);
    EXPECT_EQ(table.entity, (std::vector<std::uint32_t>{0, 1, 0, 1, 0, 1, 0, 1}));
    EXPECT_TRUE(std::is_sorted(table.start.begin(), table.start.end()));
}

TEST(WindowFeatures, TimesBeforeTheEpochFallIntoTheirWindow)
{
    RecordSetBuilder builder;
    for (int m = -3; m < 2; ++m)
        for (int k = 0; k < m + 4; ++k)
            builder.add({.time = at(m) + k, .message = "x"});
    const auto table = fitAndCompute(builder.build(), perMinute);
    EXPECT_EQ(table.start.front(), at(-3));
    EXPECT_EQ(valuesOf(table, "records"), (Values{1, 2, 3, 4, 5}));
}

TEST(WindowFeatures, TimeOfDayTurnsOnceADay)
{
    auto options = perMinute;
    options.window_us = hour_us;
    options.timeOfDay = true;
    RecordSetBuilder builder;
    for (int h = 0; h < 48; ++h)
        builder.add({.time = h * hour_us, .message = "x"});
    const auto table = fitAndCompute(builder.build(), options);
    const auto sine = valuesOf(table, "time of day sin"), cosine = valuesOf(table, "time of day cos");
    EXPECT_NEAR(sine[0], std::sin(2 * M_PI * 0.5 / 24), 1e-12); // the middle of the first hour
    EXPECT_NEAR(cosine[30], std::cos(2 * M_PI * 6.5 / 24), 1e-12);
    EXPECT_EQ(table.columns[static_cast<std::size_t>(columnOf(table, "time of day sin"))].role, ColumnRole::Phase);
}

TEST(WindowFeatures, RecordsWithoutTimesMakeNoWindows)
{
    QuietJob job;
    const auto set = RecordSetBuilder().add({.message = "x"}).add({.message = "y"}).build();
    const auto featurizer = Featurizer::fit(set, perMinute, job);
    ASSERT_FALSE(featurizer);
    EXPECT_EQ(featurizer.error().code, ErrorCode::Config);
}

TEST(WindowFeatures, AFewWindowsAreTooFewToLearnFrom)
{
    QuietJob job;
    const auto set =
        RecordSetBuilder().add({.time = at(0), .message = "x"}).add({.time = at(1), .message = "y"}).build();
    const auto featurizer = Featurizer::fit(set, perMinute, job);
    ASSERT_FALSE(featurizer);
    EXPECT_EQ(featurizer.error().code, ErrorCode::Config);
    EXPECT_NE(featurizer.error().hint.find("smaller window"), std::string::npos);
}

TEST(WindowFeatures, AStrayDateIsRefusedWithARemedy)
{
    QuietJob job;
    auto builder = fiveMinutes();
    builder.add({.time = 80LL * 365 * day_us, .entity = "a", .message = "work"});
    const auto featurizer = Featurizer::fit(builder.build(), perMinute, job);
    ASSERT_FALSE(featurizer);
    EXPECT_EQ(featurizer.error().code, ErrorCode::Config);
    EXPECT_NE(featurizer.error().hint.find("larger window"), std::string::npos);
}

TEST(WindowFeatures, AStoppedJobReturnsCancelled)
{
    std::stop_source stop;
    Progress progress;
    JobContext job(stop.get_token(), progress);
    stop.request_stop();
    const auto featurizer = Featurizer::fit(fiveMinutes().build(), perMinute, job);
    ASSERT_FALSE(featurizer);
    EXPECT_EQ(featurizer.error().code, ErrorCode::Cancelled);
}

} // namespace
} // namespace faultline::features
