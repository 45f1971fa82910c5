// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/features/rolling_windows.h"
#include "tests/engine/features/feature_testing.h"

namespace faultline::features
{
namespace
{
using records::Level;
using testing::RecordSetBuilder;
using Values = std::vector<double>;

double add(double a, double b)
{
    return a + b;
}

TEST(Slide, AddsUpTheLastSoMany)
{
    const Values values{1, 2, 3, 4, 5, 6, 7};
    Values out;
    for (const std::int64_t first : {-4, -1, 0, 1, 2, 1'000'000}) {
        slide(values, first, 3, 0.0, add, out);
        EXPECT_EQ(out, (Values{1, 3, 6, 9, 12, 15, 18})) << first;
    }
    slide(values, 0, 1, 0.0, add, out);
    EXPECT_EQ(out, values);
    slide(values, 0, 100, 0.0, add, out);
    EXPECT_EQ(out.back(), 28.0);
}

TEST(Slide, DependsOnTheLastSoManyToTheLastBit)
{
    Random random(3);
    Values values;
    for (int i = 0; i < 200; ++i)
        values.push_back(random.normal() * std::pow(10.0, static_cast<double>(i % 13)));
    Values whole, part;
    slide(values, 5, 17, 0.0, add, whole);
    slide(std::span(values).subspan(50), 55, 17, 0.0, add, part);
    for (std::size_t i = 16; i < part.size(); ++i)
        EXPECT_EQ(part[i], whole[50 + i]);
}

/// Six minutes of one host: 1, 2, 0, 3, 0, 1 records.
records::RecordSet sixMinutes()
{
    RecordSetBuilder builder;
    const int counts[] = {1, 2, 0, 3, 0, 1};
    for (int m = 0; m < 6; ++m)
        for (int k = 0; k < counts[m]; ++k)
            builder.add({.time = m * minute_us + k * second_us,
                         .entity = "a",
                         .message = k == 0   ? "first"
                                    : k == 1 ? "second"
                                             : "third",
                         .level = k == 1 ? Level::Error : Level::Info,
                         .fields = {{"ms", 10.0 * m + k}}});
    return builder.build();
}

TEST(RollingWindows, LookBackOverTheirSpan)
{
    const auto table = fitAndCompute(sixMinutes(), {.kind = UnitKind::Window,
                                                    .window_us = minute_us,
                                                    .rolling_us = {30 * second_us, 2 * minute_us, 3 * minute_us}});
    EXPECT_LT(columnOf(table, "records in 30 s"), 0); // shorter than the window
    EXPECT_EQ(valuesOf(table, "records in 2 min"), (Values{1, 3, 2, 3, 3, 1}));
    EXPECT_EQ(valuesOf(table, "records in 3 min"), (Values{1, 3, 3, 5, 3, 4}));
    EXPECT_EQ(valuesOf(table, "error share in 2 min"), (Values{0, 1 / 3.0, 0.5, 1 / 3.0, 1 / 3.0, 0}));
    EXPECT_EQ(valuesOf(table, "distinct templates in 2 min"), (Values{1, 2, 2, 3, 3, 1}));
    EXPECT_EQ(valuesOf(table, "distinct templates in 3 min"), (Values{1, 2, 2, 3, 3, 3}));
    EXPECT_EQ(valuesOf(table, "ms mean in 2 min"), (Values{0, 7, 10.5, 31, 31, 50}));
    EXPECT_EQ(valuesOf(table, "ms max in 3 min"), (Values{0, 11, 11, 32, 32, 50}));
}

TEST(RollingWindows, AMetricHostHasNoLogColumns)
{
    RecordSetBuilder builder;
    for (int m = 0; m < 6; ++m)
        builder.add({.time = m * minute_us, .entity = "db", .fields = {{"cpu", m}}})
            .add({.time = m * minute_us, .entity = "web", .message = m % 2 == 0 ? "x" : "y"});
    const auto table = fitAndCompute(builder.build(),
                                     {.kind = UnitKind::Window, .window_us = minute_us, .rolling_us = {3 * minute_us}});
    EXPECT_EQ(valuesOf(table, "cpu mean in 3 min", "db"), (Values{0, 0.5, 1, 2, 3, 4}));
    EXPECT_TRUE(std::isnan(valuesOf(table, "records in 3 min", "db")[3]));
    EXPECT_EQ(valuesOf(table, "records in 3 min", "web"), (Values{1, 2, 3, 3, 3, 3}));
}

TEST(RollingWindows, ASpanOfTooManyWindowsIsRefused)
{
    QuietJob job;
    const auto fitted =
        Featurizer::fit(sixMinutes(), {.kind = UnitKind::Window, .window_us = second_us, .rolling_us = {day_us}}, job);
    ASSERT_FALSE(fitted);
    EXPECT_EQ(fitted.error().code, ErrorCode::Config);
}

TEST(RollingWindows, AStoppedJobStopsThem)
{
    std::stop_source stop;
    stop.request_stop();
    Progress progress;
    JobContext job(stop.get_token(), progress);
    const auto fitted = Featurizer::fit(
        sixMinutes(), {.kind = UnitKind::Window, .window_us = minute_us, .rolling_us = {3 * minute_us}}, job);
    ASSERT_FALSE(fitted);
    EXPECT_EQ(fitted.error().code, ErrorCode::Cancelled);
}

} // namespace
} // namespace faultline::features
