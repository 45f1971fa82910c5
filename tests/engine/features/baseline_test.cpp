// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/core/thread_limit.h"
#include "engine/features/baseline.h"
#include "tests/engine/features/feature_testing.h"
#include <algorithm>
#include <functional>
#include <numbers>
#include <numeric>

namespace faultline::features
{
namespace
{

constexpr TimeUs monday = 19'786 * day_us; // 2024-03-04

/// One column over windows of one length, from a Monday on; value of (unit, start).
FeatureTable series(std::size_t units, DurationUs window, ColumnRole role,
                    const std::function<double(std::size_t, TimeUs)>& value)
{
    FeatureTable table{.kind = UnitKind::Window, .columns = {{.name = "x", .role = role}}, .entities = {"a"}};
    table.values.resize(static_cast<Eigen::Index>(units), 1);
    for (std::size_t i = 0; i < units; ++i) {
        table.start.push_back(monday + static_cast<TimeUs>(i) * window);
        table.end.push_back(table.start.back() + window);
        table.entity.push_back(0);
        table.values(static_cast<Eigen::Index>(i), 0) = value(i, table.start.back());
    }
    return table;
}

FeatureTable listOf(const std::vector<double>& values, ColumnRole role = ColumnRole::Value)
{
    return series(values.size(), second_us, role, [&](std::size_t i, TimeUs) { return values[i]; });
}

Baseline learned(const FeatureTable& table)
{
    QuietJob job;
    auto baseline = Baseline::fit(table, job);
    EXPECT_TRUE(baseline);
    return std::move(*baseline);
}

double dayShare(TimeUs time)
{
    return static_cast<double>((time % day_us + day_us) % day_us) / static_cast<double>(day_us);
}

/// Root mean square of the standardised values in each hour of the day.
std::vector<double> spreadByHour(const FeatureTable& table, const Matrix& standardised)
{
    std::vector<double> sum(24), count(24);
    for (std::size_t i = 0; i < table.units(); ++i) {
        const auto hour = static_cast<std::size_t>(24.0 * dayShare(table.start[i]));
        sum[hour] += std::pow(standardised(static_cast<Eigen::Index>(i), 0), 2);
        count[hour] += 1.0;
    }
    for (std::size_t h = 0; h < 24; ++h)
        sum[h] = std::sqrt(sum[h] / count[h]);
    return sum;
}

TEST(Baseline, CentreIsTheMedianAndSpreadTheScaledMedianDeviation)
{
    const auto table = listOf({1, 2, 3, 4, 100});
    const auto typical = learned(table).typical(table, 0, 0);
    EXPECT_EQ(typical.centre, 3.0);
    EXPECT_DOUBLE_EQ(typical.spread, 1.4826); // deviations 2 1 0 1 97
    EXPECT_DOUBLE_EQ(typical.low, 1.4);
    EXPECT_DOUBLE_EQ(typical.high, 61.6);
}

TEST(Baseline, CountsVaryByTheirSquareRootAtLeast)
{
    const auto table = listOf({8, 8, 8, 8, 9}, ColumnRole::Count);
    EXPECT_DOUBLE_EQ(learned(table).typical(table, 0, 0).spread, 3.0); // sqrt(8 + 1)
}

TEST(Baseline, AGivenNoiseFloorHolds)
{
    auto table = listOf({0, 0, 0, 0.001}, ColumnRole::Share);
    table.columns[0].noiseFloor = 0.01;
    EXPECT_DOUBLE_EQ(learned(table).standardise(table)(3, 0), 0.1);
}

TEST(Baseline, NoveltyIsMeasuredFromZero)
{
    const auto table = listOf({2, 2, 2, 4}, ColumnRole::Novelty);
    const auto typical = learned(table).typical(table, 0, 0);
    EXPECT_EQ(typical.centre, 0.0);
    EXPECT_DOUBLE_EQ(typical.spread, 2 * 1.4826);
}

TEST(Baseline, MissingIsZeroAndPhasePassesUnchanged)
{
    auto table = listOf({1, std::nan(""), 3, 4});
    const auto standardised = learned(table).standardise(table);
    EXPECT_EQ(standardised(1, 0), 0.0);
    table.columns[0].role = ColumnRole::Phase;
    EXPECT_EQ(learned(table).standardise(table)(3, 0), 4.0);
}

TEST(Baseline, AConstantColumnIsZeroAndItsBreakIsLargeButFinite)
{
    auto table = listOf({0, 0, 0, 0});
    const auto baseline = learned(table);
    EXPECT_EQ(baseline.standardise(table)(2, 0), 0.0);
    table.values(2, 0) = 1.0;
    EXPECT_EQ(baseline.standardise(table)(2, 0), 1e6);
}

TEST(Baseline, RoundingNoiseOnAFlatLineIsNothing)
{
    Random random(1);
    const auto table =
        series(1'000, minute_us, ColumnRole::Value, [&](auto, auto) { return 0.3 + 1e-12 * random.normal(); });
    EXPECT_LT(learned(table).standardise(table).cwiseAbs().maxCoeff(), 1.0);
}

TEST(Baseline, ValuesBeyondAllMeasureStayFinite)
{
    const auto table = listOf({-1e150, 1e150, 0, 1e-300, 1e150, -1e150});
    EXPECT_TRUE(learned(table).standardise(table).allFinite());
}

TEST(Baseline, ADailySineOfCountsIsUnitNoiseAtAllHours)
{
    Random random(3);
    const auto table = series(14 * 288, 5 * minute_us, ColumnRole::Count, [&](auto, TimeUs time) {
        return static_cast<double>(random.poisson(100.0 + 60.0 * std::sin(2 * std::numbers::pi * dayShare(time))));
    });
    for (const double spread : spreadByHour(table, learned(table).standardise(table))) {
        EXPECT_GT(spread, 0.8);
        EXPECT_LT(spread, 1.25);
    }
}

TEST(Baseline, AQuietDailySineLeavesOnlyItsNoise)
{
    Random random(4);
    const auto table = series(7 * 288, 5 * minute_us, ColumnRole::Value, [&](auto, TimeUs time) {
        return 20.0 + 5.0 * std::sin(2 * std::numbers::pi * dayShare(time)) + 0.05 * random.normal();
    });
    EXPECT_LT(learned(table).typical(table, 100, 0).spread, 0.1); // steps of an hour would leave 0.3
}

TEST(Baseline, ANightlyJobOfOneHourStaysSharp)
{
    Random random(5);
    const auto table = series(7 * 60, 24 * minute_us, ColumnRole::Value, [&](auto, TimeUs time) {
        const bool night = dayShare(time) * 24.0 >= 2.0 && dayShare(time) * 24.0 < 3.0;
        return (night ? 80.0 : 10.0) + random.normal();
    });
    const auto baseline = learned(table);
    EXPECT_NEAR(baseline.typical(table, 6, 0).centre, 80.0, 15.0); // starts at 2:24
    EXPECT_NEAR(baseline.typical(table, 3, 0).centre, 10.0, 5.0);  // at 1:12
}

TEST(Baseline, NoiseHasNoDailyRhythm)
{
    Random random(6);
    const auto table = series(3 * 24, hour_us, ColumnRole::Value, [&](auto, auto) { return random.normal(); });
    const auto baseline = learned(table);
    EXPECT_EQ(baseline.typical(table, 3, 0).centre, baseline.typical(table, 15, 0).centre);
}

TEST(Baseline, TwoDaysAreTooShortForARhythm)
{
    const auto table = series(2 * 24, hour_us, ColumnRole::Value, [](auto, TimeUs time) { return dayShare(time); });
    const auto baseline = learned(table);
    EXPECT_EQ(baseline.typical(table, 3, 0).centre, baseline.typical(table, 15, 0).centre);
}

TEST(Baseline, WeekendsAreApartFromTwoWeeksOn)
{
    Random random(8);
    const auto table = series(21 * 24, hour_us, ColumnRole::Value, [&](auto, TimeUs time) {
        const bool weekend = (time - monday) / day_us % 7 >= 5;
        return (weekend ? 10.0 : 50.0) + 5.0 * std::sin(2 * std::numbers::pi * dayShare(time)) + random.normal();
    });
    const auto baseline = learned(table);
    EXPECT_NEAR(baseline.typical(table, 12, 0).centre, 50.0, 2.0);          // Monday noon
    EXPECT_NEAR(baseline.typical(table, 5 * 24 + 12, 0).centre, 10.0, 2.0); // Saturday noon
}

TEST(Baseline, AnEntityWithThreeUnitsIsPulledToThePooledValue)
{
    FeatureTable table = listOf(std::vector<double>(103, 10.0));
    table.entities = {"many", "few"};
    for (Eigen::Index i = 0; i < 103; ++i)
        table.values(i, 0) = i < 100 ? 10.0 + 0.01 * static_cast<double>(i) : 43.0;
    for (std::size_t i = 100; i < 103; ++i)
        table.entity[i] = 1;
    const auto baseline = learned(table);
    const double pooled = 10.51; // the median of all 103
    EXPECT_NEAR(baseline.typical(table, 101, 0).centre, pooled + (43.0 - pooled) * 3.0 / 33.0, 1e-9);
    EXPECT_NEAR(baseline.typical(table, 50, 0).centre, 10.495, 1e-9);
}

TEST(Baseline, AnUnknownEntityHasThePooledValues)
{
    auto table = listOf({1, 2, 3, 10, 20, 30});
    table.entities = {"a", "b"};
    for (std::size_t i = 3; i < 6; ++i)
        table.entity[i] = 1;
    const auto baseline = learned(table);
    auto fresh = listOf({6.5});
    fresh.entities = {"new"};
    EXPECT_EQ(baseline.standardise(fresh)(0, 0), 0.0); // the median of all six
}

TEST(Baseline, ResultsDoNotDependOnTheNumberOfThreads)
{
    Random random(9);
    const auto table = series(5'000, hour_us, ColumnRole::Value, [&](auto, auto) { return random.normal(); });
    const auto many = learned(table).standardise(table);
    const ThreadLimit one(1);
    EXPECT_EQ(many, learned(table).standardise(table));
}

TEST(Baseline, ASavedBaselineStandardisesTheSame)
{
    Random random(10);
    const auto table = series(21 * 24, hour_us, ColumnRole::Count, [&](auto, TimeUs time) {
        return static_cast<double>(random.poisson(30.0 + 25.0 * std::sin(2 * std::numbers::pi * dayShare(time))));
    });
    const auto baseline = learned(table);
    TensorBundle bundle;
    baseline.save(bundle, "baseline");
    const auto restored = Baseline::load(bundle, "baseline");
    ASSERT_TRUE(restored) << restored.error().text();
    EXPECT_EQ(restored->standardise(table), baseline.standardise(table));
}

TEST(Baseline, DamagedContentIsAParseError)
{
    const auto table = listOf({1, 2, 3, 4});
    TensorBundle good;
    learned(table).save(good, "b");
    const auto failsWith = [&](const std::string& name, const auto& values) {
        auto bad = good;
        bad.put("b/" + name, values);
        const auto loaded = Baseline::load(bad, "b");
        return !loaded && loaded.error().code == ErrorCode::Parse;
    };
    EXPECT_TRUE(failsWith("rhythm", std::vector<std::uint8_t>{8}));
    EXPECT_TRUE(failsWith("rhythm", std::vector<std::uint8_t>{1})); // slots that are not there
    EXPECT_TRUE(failsWith("rhythm", std::vector<std::uint8_t>{}));
    EXPECT_TRUE(failsWith("slot_middle", std::vector<double>{-1.0}));
    EXPECT_TRUE(failsWith("typical", std::vector<double>{0, 0, 0, 0}));            // no spread
    EXPECT_TRUE(failsWith("typical", std::vector<double>{0, std::nan(""), 0, 1})); // not a number
    EXPECT_TRUE(failsWith("typical", std::vector<double>{0, 0, 0}));
    EXPECT_FALSE(Baseline::load(TensorBundle{}, "b"));
}

TEST(Baseline, NothingToLearnFromIsAnError)
{
    QuietJob job;
    const auto baseline = Baseline::fit(FeatureTable{}, job);
    ASSERT_FALSE(baseline);
    EXPECT_EQ(baseline.error().code, ErrorCode::Numeric);
}

TEST(Baseline, AStoppedJobReturnsCancelled)
{
    std::stop_source stop;
    Progress progress;
    JobContext job(stop.get_token(), progress);
    stop.request_stop();
    const auto baseline = Baseline::fit(listOf({1, 2, 3}), job);
    ASSERT_FALSE(baseline);
    EXPECT_EQ(baseline.error().code, ErrorCode::Cancelled);
}

} // namespace
} // namespace faultline::features
