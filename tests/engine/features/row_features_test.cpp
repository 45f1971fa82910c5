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

const FeatureOptions rows{.kind = UnitKind::Row, .rolling_us = {minute_us}, .rollingRows = 3};

TEST(RowFeatures, APlainTableIsItsRawValues)
{
    RecordSetBuilder builder;
    builder.add({.fields = {{"x", 1.0}, {"y", 5.0}, {"same", 2.0}}})
        .add({.fields = {{"x", 2.0}, {"same", 2.0}}})
        .add({.fields = {{"x", 4.0}, {"y", std::numeric_limits<double>::infinity()}, {"same", 2.0}}})
        .add({.fields = {{"x", 4.0}, {"y", 6.0}, {"same", 2.0}}});
    auto options = rows;
    options.rollingColumns = false;
    const auto table = fitAndCompute(builder.build(), options);
    EXPECT_EQ(columnNames(table.columns), (std::vector<std::string>{"x", "y"})); // "same" never varies
    EXPECT_EQ(valuesOf(table, "x"), (Values{1, 2, 4, 4}));
    EXPECT_TRUE(std::isnan(valuesOf(table, "y")[1]));
    EXPECT_TRUE(std::isnan(valuesOf(table, "y")[2])); // infinite is missing
    EXPECT_EQ(table.record, (std::vector<std::uint32_t>{0, 1, 2, 3}));
    EXPECT_EQ(table.start[0], noTime);
}

TEST(RowFeatures, MetricsLookBackOverTheirEntitysRows)
{
    RecordSetBuilder builder;
    for (int i = 0; i < 5; ++i)
        builder.add({.time = i * second_us, .entity = "a", .fields = {{"x", i * i}}})
            .add({.time = i * second_us, .entity = "b", .fields = {{"x", 100.0}}});
    auto options = rows;
    options.rolling_us.clear();
    const auto table = fitAndCompute(builder.build(), options);
    EXPECT_EQ(columnNames(table.columns), (std::vector<std::string>{"x", "x diff", "x mean 3", "x spread 3"}));
    const auto diff = valuesOf(table, "x diff", "a");
    EXPECT_TRUE(std::isnan(diff[0]));
    EXPECT_EQ(Values(diff.begin() + 1, diff.end()), (Values{1, 3, 5, 7}));
    const auto mean = valuesOf(table, "x mean 3", "a");
    EXPECT_EQ(mean[0], 0.0);
    EXPECT_DOUBLE_EQ(mean[2], 5.0 / 3.0);
    EXPECT_DOUBLE_EQ(mean[4], 29.0 / 3.0);
    EXPECT_EQ(valuesOf(table, "x diff", "b")[3], 0.0);
}

TEST(RowFeatures, SpreadIsTheLogOfTheDeviationAboveAFloor)
{
    RecordSetBuilder builder;
    for (int i = 0; i < 4; ++i)
        builder.add({.time = i * second_us, .fields = {{"x", i < 3 ? 5.0 : 9.0}}});
    const auto spread = valuesOf(fitAndCompute(builder.build(), rows), "x spread 3");
    EXPECT_TRUE(std::isnan(spread[0]));
    // More than half of the values are equal: a hundredth of 1.2533 times the mean deviation, plus rounding.
    const double floor = 0.01 * 1.2533 * 1.0 + 5e-9 + 1e-12;
    EXPECT_NEAR(spread[2], std::log(floor), 1e-9);
    EXPECT_NEAR(spread[3], std::log(std::sqrt(16.0 / 3.0) + floor), 1e-9);
}

TEST(RowFeatures, AccessLogsLookBackOverTheirEntitysSpan)
{
    RecordSetBuilder builder;
    builder.add({.time = 0, .entity = "ip", .message = "GET a", .fields = {{"status", 200}, {"bytes", 10}}})
        .add({.time = 30 * second_us, .entity = "ip", .message = "GET b", .fields = {{"status", 404}, {"bytes", 20}}})
        .add({.time = 40 * second_us, .entity = "other", .message = "GET a", .fields = {{"status", 200}, {"bytes", 1}}})
        .add({.time = 60 * second_us, .entity = "ip", .message = "GET b", .fields = {{"status", 500}, {"bytes", 30}}})
        .add({.time = 61 * second_us, .entity = "ip", .message = "GET a", .fields = {{"status", 200}}});
    const auto table = fitAndCompute(builder.build(), rows);
    EXPECT_EQ(valuesOf(table, "requests in 60 s"), (Values{1, 2, 1, 2, 3})); // 60 s later the first is out
    EXPECT_EQ(valuesOf(table, "error share in 60 s"), (Values{0, 0.5, 0, 1, 2.0 / 3.0}));
    EXPECT_EQ(valuesOf(table, "distinct templates in 60 s"), (Values{1, 2, 1, 1, 2}));
    EXPECT_EQ(valuesOf(table, "bytes in 60 s"), (Values{10, 30, 1, 50, 50}));
}

TEST(RowFeatures, RecordsOutOfOrderLookBackInTime)
{
    RecordSetBuilder builder;
    builder.add({.time = 50 * second_us, .message = "x"})
        .add({.time = 10 * second_us, .message = "x"})
        .add({.time = 200 * second_us, .message = "y"});
    EXPECT_EQ(valuesOf(fitAndCompute(builder.build(), rows), "requests in 60 s"), (Values{2, 1, 1}));
}

TEST(RowFeatures, RarityLeavesTheRecordItselfOutInTraining)
{
    RecordSetBuilder builder;
    for (int i = 0; i < 101; ++i)
        builder.add({.time = i * second_us, .message = i == 7 ? "odd" : i < 12 ? "few" : "usual"});
    const auto rarity = valuesOf(fitAndCompute(builder.build(), rows), "template rarity");
    EXPECT_DOUBLE_EQ(rarity[7], std::log10(100.0 / 0.5)); // none among the 100 others: counts as half a record
    EXPECT_DOUBLE_EQ(rarity[0], 1.0);                     // 10 of 100 others
}

TEST(RowFeatures, CausalRarityIsOfTheRecordsSoFar)
{
    RecordSetBuilder builder;
    for (int i = 0; i < 5; ++i)
        builder.add({.time = i * second_us, .message = i < 2 ? "a" : "b"});
    const auto rarity = valuesOf(fitAndCompute(builder.build(), rows, true), "template rarity");
    EXPECT_DOUBLE_EQ(rarity[1], 0.0);                   // all one before were it
    EXPECT_DOUBLE_EQ(rarity[2], std::log10(2.0 / 0.5)); // none of two
    EXPECT_DOUBLE_EQ(rarity[3], std::log10(3.0));       // one of three
}

TEST(RowFeatures, NothingThatVariesIsAnError)
{
    QuietJob job;
    const auto set = RecordSetBuilder().add({.fields = {{"x", 1.0}}}).add({.fields = {{"x", 1.0}}}).build();
    const auto featurizer = Featurizer::fit(set, rows, job);
    ASSERT_FALSE(featurizer);
    EXPECT_EQ(featurizer.error().code, ErrorCode::Config);
}

} // namespace
} // namespace faultline::features
