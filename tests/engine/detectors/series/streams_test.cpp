// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// The parts that live detectors are made of, each against what it says.
#include "engine/detectors/series/context_mixture.h"
#include "engine/detectors/series/novelty_stream.h"
#include "engine/detectors/series/phase_stream.h"
#include "engine/detectors/series/seasonal_slots.h"
#include "engine/detectors/series/window_shape.h"
#include "tests/engine/detectors/series/series_tables.h"
#include <deque>

using namespace faultline;
using namespace faultline::detectors;
using namespace faultline::detectors::test;

TEST(OrderedValues, FindsTheKthNearestAsASortedListDoes)
{
    Random random(1);
    OrderedValues known;
    std::deque<double> list;
    for (std::size_t i = 0; i < 5000; ++i) {
        const double value = std::floor(400.0 * random.uniform()) / 8.0; // many ties
        const auto k = 1 + random.below(5);
        if (list.size() >= k) {
            std::vector<double> distances;
            for (const double v : list)
                distances.push_back(std::abs(v - value));
            std::nth_element(distances.begin(), distances.begin() + static_cast<std::ptrdiff_t>(k - 1),
                             distances.end());
            ASSERT_EQ(known.distanceToNearest(value, k), distances[k - 1]) << i;
        }
        known.add(value);
        list.push_back(value);
        if (list.size() > 1500) {
            known.remove(list.front());
            list.pop_front();
        }
        ASSERT_EQ(known.size(), list.size());
    }
}

TEST(OrderedValues, OfFewerThanKGivesZero)
{
    OrderedValues known;
    known.add(1.0);
    EXPECT_EQ(known.distanceToNearest(5.0, 2), 0.0);
    known.remove(9.0);
    EXPECT_EQ(known.size(), 1u);
}

TEST(StreamTail, OfEqualScoresIsTheMiddle)
{
    StreamTail tail;
    double last = 0.0;
    for (int i = 0; i < 101; ++i)
        last = tail.push(2.0);
    EXPECT_DOUBLE_EQ(last, -std::log((0.5 * 100.0 + 1.0) / 101.0)); // all ties: half of them count
}

TEST(StreamTail, ExceedsItsHistoryOnlySlowly)
{
    StreamTail tail;
    for (int i = 1; i <= 1000; ++i)
        (void)tail.push(-std::log(static_cast<double>((i * 619) % 1000 + 1) / 1001.0)); // exponential quantiles
    EXPECT_NEAR(tail.push(10.0), 10.0, 0.8); // of an exponential, P(s > x) = e^-x
}

TEST(NoveltyStream, OfALevelSeenThriceIsNone)
{
    NoveltyStream novelty;
    double once = 0.0, again = 0.0;
    for (const double v : noise(400, 3))
        (void)novelty.push(v, 0.0);
    for (int i = 0; i < 4; ++i) {
        again = novelty.push(30.0, 1e-9);
        once = i == 0 ? again : once;
    }
    EXPECT_GT(once, 4.0);
    EXPECT_LT(again, 1.0);
}

TEST(SeasonalSlots, TakesTheMedianOfTheSameHour)
{
    SeasonalSlots slots({.rowsPerDay = 24, .slots = 24});
    for (int day = 0; day < 3; ++day)
        for (int hour = 0; hour < 24; ++hour)
            (void)slots.residual(hour == 8 ? 100.0 + day : 1.0, 86'400 * day + 3600 * hour);
    EXPECT_EQ(slots.residual(150.0, 86'400 * 3 + 3600 * 8), 150.0 - 101.0);
}

TEST(SeasonalSlots, OfDenseSeriesKeepAFew)
{
    SeasonalSlots slots({.rowsPerDay = 86'400, .slots = 96});
    for (int i = 0; i < 200'000; ++i)
        (void)slots.residual(1.0, i);
    EXPECT_TRUE(slots.isSound());
}

TEST(PhaseStream, IsZeroWhereEveryDayIsTheSame)
{
    const SeriesClock clock{.rowsPerDay = 48, .slots = 48};
    PhaseStream phase(clock, 4, 1000);
    RecentValues history(PhaseStream::historyNeeded(clock, 4));
    double usual = 0.0, odd = 0.0;
    for (std::size_t i = 0; i < 48 * 8; ++i) {
        history.add(std::sin(static_cast<double>(i % 48)) + (i == 48 * 8 - 1 ? 3.0 : 0.0));
        odd = phase.push(history, i + 1);
        usual = i + 1 < 48 * 8 ? std::max(usual, odd) : usual;
    }
    EXPECT_LT(usual, 1.0);
    EXPECT_GT(odd, 4.0);
}

TEST(ContextMixture, CodesWhatItForetellsInFewBits)
{
    ContextMixture mixture;
    double regular = 0.0, broken = 0.0;
    for (std::size_t i = 0; i < 600; ++i)
        regular = mixture.push(static_cast<double>(i % 5));
    broken = mixture.push(2.0); // after 4 comes 0
    EXPECT_LT(regular, 0.1);
    EXPECT_GT(broken, 3.0);
}

TEST(ContextMixture, LongerContextsForetellWhatShorterOnesCannot)
{
    const std::vector<double> pattern{0, 0, 1, 0, 0, 2, 0, 1, 1};
    ContextMixture low({.order = 1}), high({.order = 4});
    double lowSum = 0.0, highSum = 0.0;
    for (std::size_t i = 0; i < 900; ++i) {
        const double a = low.push(pattern[i % 9]), b = high.push(pattern[i % 9]);
        lowSum += i > 600 ? a : 0.0;
        highSum += i > 600 ? b : 0.0;
    }
    EXPECT_LT(highSum, 0.3 * lowSum);
}

TEST(WindowShape, MeasuresLevelSlopeAndSpread)
{
    const std::vector<double> flat{1, 1, 1, 1}, rising{2, 4, 6, 8}, wide{-3, 5, -3, 5}, narrow{-1, 3, -1, 3};
    EXPECT_DOUBLE_EQ(changeBetween(flat, rising, WindowMeasure::Level, 0.0), 4.0);
    EXPECT_DOUBLE_EQ(changeBetween(flat, rising, WindowMeasure::Slope, 0.0), 2.0);
    EXPECT_NEAR(changeBetween(narrow, wide, WindowMeasure::Spread, 0.0), std::log(2.0), 1e-12);
    EXPECT_EQ(changeBetween(flat, flat, WindowMeasure::Spread, 0.0), 0.0);
}

TEST(ValueNovelty, SeesAChangeWithinTheRangeByTheDifference)
{
    std::vector<double> values;
    for (std::size_t i = 0; i < 800; ++i)
        values.push_back(std::sin(static_cast<double>(i) / 30.0));
    values[700] = -values[700];
    const auto raw = updatesOf(*made("value_novelty"), seriesOf(values));
    const auto step = updatesOf(*made("value_novelty", {{"transform", std::string("difference")}}), seriesOf(values));
    EXPECT_GT(step[700], raw[700] + 1.0);
}

TEST(WindowChange, SeesAShiftOfLevel)
{
    auto values = noise(900, 6);
    for (std::size_t i = 700; i < 900; ++i)
        values[i] += 6.0;
    const auto scores = updatesOf(*made("window_change"), seriesOf(values));
    const auto peak = std::max_element(scores.begin(), scores.end()) - scores.begin();
    EXPECT_GT(peak, 700);
    EXPECT_LT(peak, 726);
}
