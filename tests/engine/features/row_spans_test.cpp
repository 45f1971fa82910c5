// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/features/quantile.h"
#include "tests/engine/features/feature_testing.h"
#include <numbers>
#include <set>

namespace faultline::features
{
namespace
{
using testing::RecordSetBuilder;
using Values = std::vector<double>;

FeatureOptions lookingBack(std::vector<DurationUs> spans, const FeatureGroups& groups = {})
{
    return {.kind = UnitKind::Row, .rolling_us = std::move(spans), .groups = groups};
}

TEST(RowSpans, MetricsHaveMeanAndMaximumOfEachSpan)
{
    RecordSetBuilder builder;
    const TimeUs seconds[] = {0, 5, 12, 13, 40};
    const double values[] = {1, 3, 8, -2, 4};
    for (int i = 0; i < 5; ++i)
        builder.add({.time = seconds[i] * second_us, .entity = "a", .fields = {{"x", values[i]}}})
            .add({.time = seconds[i] * second_us, .entity = "b", .fields = {{"x", 100.0}}});
    const auto table = fitAndCompute(builder.build(), lookingBack({10 * second_us, 30 * second_us}));
    EXPECT_EQ(valuesOf(table, "x mean in 10 s", "a"), (Values{1, 2, 5.5, 3, 4}));
    EXPECT_EQ(valuesOf(table, "x max in 10 s", "a"), (Values{1, 3, 8, 8, 4}));
    EXPECT_EQ(valuesOf(table, "x max in 30 s", "a"), (Values{1, 3, 8, 8, 8}));
}

/// One entity's rows at irregular times with a value, some of them missing.
records::RecordSet irregular(std::size_t rows)
{
    Random random(5);
    RecordSetBuilder builder;
    TimeUs time = -100 * second_us;
    for (std::size_t i = 0; i < rows; ++i) {
        time += static_cast<TimeUs>(random.below(7)) * second_us;
        const double value = std::floor(random.normal() * 20.0);
        if (random.uniform() < 0.9)
            builder.add({.time = time, .message = "m" + std::to_string(random.below(4)), .fields = {{"x", value}}});
        else
            builder.add({.time = time, .message = "none"});
    }
    return builder.build();
}

/// The rows that row i looks back on.
std::vector<std::size_t> lookBack(const records::RecordSet& set, std::size_t i, DurationUs span)
{
    std::vector<std::size_t> rows;
    for (std::size_t k = 0; k <= i; ++k)
        if (set.table.time[i] - set.table.time[k] < span)
            rows.push_back(k);
    return rows;
}

TEST(RowSpans, QuantilesAndDistinctValuesEqualThoseOfTheSpanTakenAlone)
{
    const auto set = irregular(300);
    const auto span = 20 * second_us;
    const auto table = fitAndCompute(
        set, lookingBack({span}, {.distinctOf = {"x"}, .quantileLevels = {0.25, 0.9}, .quantileFields = {"x"}}));
    const auto low = valuesOf(table, "x p25 in 20 s"), high = valuesOf(table, "x p90 in 20 s"),
               distinct = valuesOf(table, "distinct x in 20 s");
    for (std::size_t i = 0; i < table.units(); ++i) {
        Values held;
        for (const auto k : lookBack(set, i, span))
            if (const double value = set.table.fields[0][k]; !std::isnan(value))
                held.push_back(value);
        EXPECT_EQ(distinct[i], static_cast<double>(std::set<double>(held.begin(), held.end()).size()));
        if (held.empty()) {
            EXPECT_TRUE(std::isnan(low[i]));
        } else {
            EXPECT_EQ(low[i], quantile(held, 0.25));
            EXPECT_EQ(high[i], quantile(held, 0.9));
        }
    }
}

TEST(RowSpans, EntropyOfASpanIsThatOfItsTemplates)
{
    RecordSetBuilder builder;
    for (int i = 0; i < 6; ++i)
        builder.add({.time = i * second_us, .message = i < 3 ? "a" : "b"});
    const auto table = fitAndCompute(builder.build(), lookingBack({4 * second_us}, {.rates = true, .entropy = true}));
    const auto entropy = valuesOf(table, "template entropy in 4 s");
    EXPECT_EQ(entropy[2], 0.0);
    EXPECT_NEAR(entropy[4], 1.0 + 1.0 / (8.0 * std::numbers::ln2), 1e-12); // a a b b
    EXPECT_EQ(valuesOf(table, "request rate in 4 s"), (Values{0.25, 0.5, 0.75, 1, 1, 1}));
}

TEST(RowSpans, TheGapBeforeIsToTheSameEntitysRow)
{
    RecordSetBuilder builder;
    builder.add({.time = 0, .entity = "a", .message = "x"})
        .add({.time = 4 * second_us, .entity = "b", .message = "x"})
        .add({.time = 6 * second_us, .entity = "a", .message = "x"})
        .add({.time = 7 * second_us, .entity = "b", .message = "x"});
    const auto gap = valuesOf(fitAndCompute(builder.build(), lookingBack({}, {.interArrival = true})), "gap before");
    EXPECT_TRUE(std::isnan(gap[0]));
    EXPECT_TRUE(std::isnan(gap[1]));
    EXPECT_EQ(gap[2], 6.0);
    EXPECT_EQ(gap[3], 3.0);
}

} // namespace
} // namespace faultline::features
