// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/live_surprise.h"
#include "engine/detectors/series/surprise_stream.h"
#include "tests/engine/detectors/series/series_tables.h"

using namespace faultline;
using namespace faultline::detectors;
using namespace faultline::detectors::test;

namespace
{
class AgainstTheDefinition : public testing::TestWithParam<const char*>
{
};
} // namespace

TEST_P(AgainstTheDefinition, SurpriseAndAlarmAreEqualRowByRow)
{
    const auto stored = golden("live_surprise.json");
    const auto values = stored["value"].get<std::vector<double>>();
    const auto seconds = stored["seconds"].get<std::vector<std::int64_t>>();
    const bool shape = std::string(GetParam()) == "shape";
    SurpriseStream stream({.views = shape ? SurpriseStream::Views::Shape : SurpriseStream::Views::Scaled});
    stream.start(SeriesClock::of(std::span(values).first(100), std::span(seconds).first(100)));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto out = stream.push(values[i], seconds[i]);
        ASSERT_NEAR(out.surprise, stored[GetParam()]["surprise"][i].get<double>(), 1e-9) << i;
        ASSERT_NEAR(out.alarm, stored[GetParam()]["alarm"][i].get<double>(), 1e-9) << i;
    }
}

INSTANTIATE_TEST_SUITE_P(LiveSurprise, AgainstTheDefinition, testing::Values("shape", "scaled"));

TEST(LiveSurprise, ARequestedThousandthIsASurpriseOfSix)
{
    EXPECT_EQ(LiveSurprise::calibrated(6.0), -std::log(1e-3));
    EXPECT_EQ(LiveSurprise::surpriseOf(-std::log(1e-3)), 6.0);
}

TEST(LiveSurprise, CalibrationRisesStrictlyAndGoesBack)
{
    double last = -1.0;
    for (double s = 0.0; s < 40.0; s += 0.25) {
        const double nats = LiveSurprise::calibrated(s);
        EXPECT_GT(nats, last);
        EXPECT_NEAR(LiveSurprise::surpriseOf(nats), s, 1e-9);
        last = nats;
    }
}

TEST(LiveSurprise, AlarmsOnASpikeUnlikeAnyBefore)
{
    auto values = noise(2000, 3);
    values[1500] = 25.0;
    const auto scores = updatesOf(*made("live_surprise"), seriesOf(values));
    EXPECT_EQ(std::max_element(scores.begin(), scores.end()) - scores.begin(), 1500);
    EXPECT_GT(scores[1500], -std::log(1e-4));
}

TEST(LiveSurprise, KeepsItsPromiseOfAlarmsOnCleanNoiseWithinTwice)
{
    std::size_t alarms = 0;
    constexpr std::size_t rows = 4000, series = 10;
    for (std::uint64_t seed = 0; seed < series; ++seed)
        for (const double score : updatesOf(*made("live_surprise"), seriesOf(noise(rows, seed + 40))))
            alarms += score >= -std::log(1e-3);
    EXPECT_LE(alarms, 2 * rows * series / 1000);
    EXPECT_GE(alarms, rows * series / 1000 / 2);
}

TEST(LiveSurprise, HoldsAMissingValueAtTheLastOne)
{
    auto values = noise(600, 4);
    values[400] = std::nan("");
    auto held = values;
    held[400] = values[399];
    EXPECT_EQ(updatesOf(*made("live_surprise"), seriesOf(values)), updatesOf(*made("live_surprise"), seriesOf(held)));
}

TEST(LiveSurprise, ScoresNothingWhileItLearnsThePace)
{
    const auto scores = updatesOf(*made("live_surprise"), seriesOf(noise(100, 1)));
    for (const double score : scores)
        EXPECT_EQ(score, 0.0);
}

TEST(LiveSurprise, EntitiesAreSeriesOfTheirOwn)
{
    const auto a = noise(500, 7), b = noise(500, 8);
    std::vector<double> mixed;
    for (std::size_t i = 0; i < 500; ++i) {
        mixed.push_back(a[i]);
        mixed.push_back(1000.0 + b[i]);
    }
    auto table = seriesOf(mixed);
    table.table.entities = {"a", "b"};
    for (std::size_t i = 0; i < mixed.size(); ++i) {
        table.table.entity[i] = i % 2;
        table.table.start[i] = static_cast<TimeUs>(1'772'000'000 + 300 * (i / 2)) * second_us;
    }
    const auto together = updatesOf(*made("live_surprise"), table);
    const auto alone = updatesOf(*made("live_surprise"), seriesOf(a));
    for (std::size_t i = 0; i < 500; ++i)
        ASSERT_EQ(together[2 * i], alone[i]) << i;
}

TEST(LiveSurprise, ForgetsNothingOfAStreamLongerThanItsMemoryButTheOldest)
{
    const Parameters small{{"memory", std::int64_t{300}}};
    const auto table = seriesOf(noise(2500, 9));
    const auto whole = made("live_surprise", small);
    auto part = made("live_surprise", small);
    for (std::size_t unit = 0; unit < 2500; ++unit) {
        ASSERT_EQ(whole->update(table.input(), unit), part->update(table.input(), unit)) << unit;
        if (unit % 401 != 0)
            continue;
        TensorBundle bundle;
        part->save(bundle, "p");
        part = made("live_surprise", small);
        ASSERT_TRUE(part->load(bundle, "p"));
    }
}

TEST(LiveSurprise, RefusesADamagedState)
{
    const auto detector = made("live_surprise");
    const auto table = seriesOf(noise(300, 2));
    (void)updatesOf(*detector, table);
    EXPECT_TRUE(refusesAfter(*detector, [](TensorBundle& bundle) {
        auto counts = *bundle.vector<std::int64_t>("part/counts");
        for (auto& c : counts)
            c = -c;
        bundle.put("part/counts", counts);
    }));
    EXPECT_TRUE(refusesAfter(*detector, [](TensorBundle& bundle) {
        auto numbers = *bundle.vector<double>("part/numbers");
        numbers[50] = std::nan("");
        bundle.put("part/numbers", numbers);
    }));
}

TEST(LiveSurprise, BatchScoresOfWhatWasFittedAreThoseOfTheStream)
{
    const auto table = seriesOf(noise(700, 11));
    const auto streamed = updatesOf(*made("live_surprise"), table);
    EXPECT_EQ(scoresOf(*fitted("live_surprise", table), table, true), streamed);
}

TEST(LiveSurprise, ExplainsTheColumnThatJumped)
{
    auto table = gaussianTable(600, 3, 5);
    table.table.values(550, 1) = 40.0;
    const auto reasons = fitted("live_surprise", table)->explain(table.input(), 550);
    ASSERT_FALSE(reasons.empty());
    EXPECT_EQ(reasons[0].column, 1);
}
