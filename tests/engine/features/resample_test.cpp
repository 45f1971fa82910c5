// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/resample.h"
#include "tests/engine/features/feature_testing.h"

namespace faultline::features
{
namespace
{
using testing::RecordSetBuilder;
using Values = std::vector<double>;
using Value = ResampleOptions::Value;
using Gap = ResampleOptions::Gap;

const std::string& later(const std::string&, const std::string& b)
{
    return b;
}

Result<records::RecordSet> resampled(const records::RecordSet& set, const ResampleOptions& options)
{
    QuietJob job;
    return resample(set, options, later, job);
}

Values column(const records::RecordSet& set, std::size_t field)
{
    Values values;
    for (std::size_t i = 0; i < set.table.size(); ++i)
        values.push_back(set.table.fields[field][i]);
    return values;
}

/// x = 1 and 3 in minute 0, 8 in minute 1, nothing in minutes 2 and 3, 2 in minute 4.
records::RecordSet gappy()
{
    return RecordSetBuilder()
        .add({.time = 0, .entity = "a", .fields = {{"x", 1}}})
        .add({.time = 30 * second_us, .entity = "a", .fields = {{"x", 3}}})
        .add({.time = 70 * second_us, .entity = "a", .fields = {{"x", 8}}})
        .add({.time = 4 * minute_us + 1, .entity = "a", .fields = {{"x", 2}}})
        .build();
}

TEST(Resample, PutsRowsOnAGridAndShowsGapsAsMissing)
{
    const auto set = resampled(gappy(), {.every_us = minute_us});
    ASSERT_TRUE(set);
    const auto x = column(*set, 0);
    ASSERT_EQ(x.size(), 5U);
    EXPECT_EQ(Values(x.begin(), x.begin() + 2), (Values{2, 8}));
    EXPECT_TRUE(std::isnan(x[2]) && std::isnan(x[3]));
    EXPECT_EQ(x[4], 2.0);
    for (std::size_t i = 0; i < 5; ++i)
        EXPECT_EQ(set->table.time[i], static_cast<TimeUs>(i) * minute_us);
}

TEST(Resample, TakesSumLastOrMaximumOfAStep)
{
    EXPECT_EQ(column(*resampled(gappy(), {.every_us = minute_us, .with = Value::Sum}), 0)[0], 4.0);
    EXPECT_EQ(column(*resampled(gappy(), {.every_us = minute_us, .with = Value::Last}), 0)[0], 3.0);
    EXPECT_EQ(column(*resampled(gappy(), {.every_us = minute_us, .with = Value::Maximum}), 0)[0], 3.0);
}

TEST(Resample, HoldsOrInterpolatesOverGapsWhenAskedTo)
{
    EXPECT_EQ(column(*resampled(gappy(), {.every_us = minute_us, .gaps = Gap::Hold}), 0), (Values{2, 8, 8, 8, 2}));
    EXPECT_EQ(column(*resampled(gappy(), {.every_us = minute_us, .gaps = Gap::Linear}), 0), (Values{2, 8, 6, 4, 2}));
}

TEST(Resample, TheAutomaticStepIsTheMedianOne)
{
    RecordSetBuilder builder;
    for (const int second : {0, 10, 20, 31, 40, 90})
        builder.add({.time = second * second_us, .fields = {{"x", second}}});
    const auto set = resampled(builder.build(), {.every_us = ResampleOptions::automatic});
    ASSERT_TRUE(set);
    EXPECT_EQ(set->table.size(), 10U);
    EXPECT_EQ(set->table.time[9], 90 * second_us);
}

TEST(Resample, EntitiesKeepGridsOfTheirOwnAndLogsFollowUnchanged)
{
    const auto set = resampled(RecordSetBuilder()
                                   .add({.time = 5 * minute_us, .entity = "b", .fields = {{"x", 1}}})
                                   .add({.time = 7, .entity = "a", .message = "hello"})
                                   .add({.time = minute_us, .entity = "a", .fields = {{"x", 2}}})
                                   .add({.time = 6 * minute_us, .entity = "b", .fields = {{"x", 3}}})
                                   .build(),
                               {.every_us = minute_us});
    ASSERT_TRUE(set);
    ASSERT_EQ(set->table.size(), 4U);
    EXPECT_EQ(set->table.entities[set->table.entity[0]], "b");
    EXPECT_EQ(set->table.entities[set->table.entity[2]], "a");
    EXPECT_EQ(set->table.time[3], 7);
    EXPECT_NE(set->table.templateId[3], records::noTemplate);
}

TEST(Resample, StepsBeforeTheEpochAlignToo)
{
    const auto set = resampled(RecordSetBuilder()
                                   .add({.time = -30 * second_us, .fields = {{"x", 1}}})
                                   .add({.time = 1, .fields = {{"x", 2}}})
                                   .build(),
                               {.every_us = minute_us});
    ASSERT_TRUE(set);
    EXPECT_EQ(set->table.time[0], -minute_us);
    EXPECT_EQ(set->table.time[1], 0);
}

TEST(Resample, WhatCannotBeResampledIsRefused)
{
    const auto logs = RecordSetBuilder().add({.time = 0, .message = "x"}).build();
    EXPECT_EQ(resampled(logs, {.every_us = minute_us}).error().code, ErrorCode::Config);
    const auto single = RecordSetBuilder().add({.time = 0, .fields = {{"x", 1}}}).build();
    EXPECT_EQ(resampled(single, {.every_us = ResampleOptions::automatic}).error().code, ErrorCode::Config);
    const auto wide = RecordSetBuilder()
                          .add({.time = 0, .fields = {{"x", 1}}})
                          .add({.time = 300'000 * day_us, .fields = {{"x", 1}}})
                          .build();
    EXPECT_EQ(resampled(wide, {.every_us = second_us}).error().code, ErrorCode::Config);
}

} // namespace
} // namespace faultline::features
