// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/decisions/episode.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <set>

namespace faultline::decisions
{

namespace
{
using features::FeatureTable;
using features::UnitKind;

/// Minute windows of `entities` entities, ordered by window, then entity, from the epoch on.
FeatureTable windows(std::size_t count, std::uint32_t entities = 1)
{
    FeatureTable table;
    table.kind = UnitKind::Window;
    table.values.resize(static_cast<Eigen::Index>(count * entities), 0);
    for (std::size_t window = 0; window < count; ++window)
        for (std::uint32_t entity = 0; entity < entities; ++entity) {
            table.start.push_back(static_cast<TimeUs>(window) * minute_us);
            table.end.push_back(static_cast<TimeUs>(window + 1) * minute_us);
            table.entity.push_back(entity);
        }
    for (std::uint32_t entity = 0; entity < entities; ++entity)
        table.entities.push_back("e" + std::to_string(entity));
    return table;
}

FeatureTable rowsWithoutTime(std::size_t count)
{
    auto table = windows(count);
    table.kind = UnitKind::Row;
    std::ranges::fill(table.start, noTime);
    std::ranges::fill(table.end, noTime);
    return table;
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> spans(const std::vector<Episode>& episodes)
{
    std::vector<std::pair<std::uint64_t, std::uint64_t>> all;
    for (const auto& episode : episodes)
        all.emplace_back(episode.firstUnit, episode.lastUnit);
    return all;
}

using Spans = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
} // namespace

TEST(Episodes, JoinFlaggedUnitsAndKnowOnsetPeakAndEnd)
{
    const std::vector<double> scores{0, 5, 9, 6, 0};
    const auto episodes = mergeEpisodes(windows(5), scores, 5.0);
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_EQ(episodes[0].onset, 1 * minute_us);
    EXPECT_EQ(episodes[0].peakTime, 2 * minute_us);
    EXPECT_EQ(episodes[0].end, 4 * minute_us);
    EXPECT_EQ(episodes[0].score, 9.0);
    EXPECT_EQ(episodes[0].peakUnit, 2U);
    EXPECT_EQ(episodes[0].firstUnit, 1U);
    EXPECT_EQ(episodes[0].lastUnit, 3U);
    EXPECT_EQ(episodes[0].flaggedUnits, 3U);
}

TEST(Episodes, BridgeAtMostTheGap)
{
    const std::vector<double> scores{9, 0, 0, 9, 0, 0, 0, 9};
    EXPECT_EQ(spans(mergeEpisodes(windows(8), scores, 5.0, {.gapUnits = 2})), (Spans{{0, 3}, {7, 7}}));
    EXPECT_EQ(spans(mergeEpisodes(windows(8), scores, 5.0, {.gapUnits = 3})), (Spans{{0, 7}}));
    EXPECT_EQ(spans(mergeEpisodes(windows(8), scores, 5.0, {.gapUnits = 0})), (Spans{{0, 0}, {3, 3}, {7, 7}}));
}

TEST(Episodes, CountTheGapInUnitsOfTheirEntity)
{
    // Two entities: units 0 2 4 are of the first, 1 3 5 of the second.
    const std::vector<double> scores{9, 0, 0, 9, 9, 0};
    const auto episodes = mergeEpisodes(windows(3, 2), scores, 5.0, {.gapUnits = 1});
    EXPECT_EQ(spans(episodes), (Spans{{0, 4}, {3, 3}}));
    EXPECT_EQ(episodes[0].entity, 0U);
    EXPECT_EQ(episodes[1].entity, 1U);
}

TEST(Episodes, AreOrderedByOnsetThenEntity)
{
    auto table = windows(2, 2);
    std::ranges::fill(table.start, 0);
    const std::vector<double> scores{0, 9, 9, 0};
    const auto episodes = mergeEpisodes(table, scores, 5.0);
    ASSERT_EQ(episodes.size(), 2U);
    EXPECT_EQ(episodes[0].entity, 0U);
    EXPECT_EQ(episodes[1].entity, 1U);
}

TEST(Episodes, OfSessionsStandAlone)
{
    auto table = windows(3);
    table.kind = UnitKind::Session;
    const std::vector<double> scores{9, 9, 9};
    EXPECT_EQ(spans(mergeEpisodes(table, scores, 5.0)), (Spans{{0, 0}, {1, 1}, {2, 2}}));
}

TEST(Episodes, OfSessionsAreOrderedByTheirStart)
{
    auto table = windows(3);
    table.kind = UnitKind::Session;
    std::swap(table.start[0], table.start[2]);
    const std::vector<double> scores{9, 9, 9};
    EXPECT_EQ(spans(mergeEpisodes(table, scores, 5.0)), (Spans{{2, 2}, {1, 1}, {0, 0}}));
}

TEST(Episodes, OfRowsWithoutTimeFollowTheRows)
{
    const std::vector<double> scores{0, 9, 9, 0, 0, 0, 0, 9};
    const auto episodes = mergeEpisodes(rowsWithoutTime(8), scores, 5.0);
    EXPECT_EQ(spans(episodes), (Spans{{1, 2}, {7, 7}}));
    EXPECT_EQ(episodes[0].onset, noTime);
    EXPECT_EQ(episodes[0].end, noTime);
}

TEST(Episodes, TakeTheFirstOfEqualPeaks)
{
    const std::vector<double> scores{7, 9, 9};
    EXPECT_EQ(mergeEpisodes(windows(3), scores, 5.0)[0].peakUnit, 1U);
}

TEST(Episodes, HoldEachUnitOverTheThresholdExactlyOnce)
{
    Random random(3);
    const auto table = windows(400, 5);
    std::vector<double> scores(table.units());
    for (auto& score : scores)
        score = random.exponential();
    for (const double threshold : {0.5, 2.0, 4.0, 20.0}) {
        std::uint64_t flagged = 0;
        for (const auto& episode : mergeEpisodes(table, scores, threshold, {.gapUnits = 0}))
            flagged += episode.flaggedUnits;
        EXPECT_EQ(flagged,
                  static_cast<std::uint64_t>(std::ranges::count_if(scores, [&](double s) { return s >= threshold; })));
    }
}

TEST(Episodes, GoOnDownToTheShareOfTheThresholdOnBothSides)
{
    const std::vector<double> scores{1, 3, 4, 9, 4, 1, 4, 4, 1};
    // The second stretch over 3 never reaches 6.
    EXPECT_EQ(spans(mergeEpisodes(windows(9), scores, 6.0, {.gapUnits = 0, .continueAt = 0.5})), (Spans{{1, 4}}));
}

TEST(Episodes, DoNotJoinOverAStretchThatIsTooLong)
{
    const std::vector<double> scores{9, 4, 4, 4, 9}; // the low stretch belongs to both ends
    EXPECT_EQ(spans(mergeEpisodes(windows(5), scores, 6.0, {.gapUnits = 0, .continueAt = 0.5})), (Spans{{0, 4}}));
    EXPECT_EQ(spans(mergeEpisodes(windows(5), scores, 6.0, {.gapUnits = 2})), (Spans{{0, 0}, {4, 4}}));
    EXPECT_EQ(spans(mergeEpisodes(windows(5), scores, 6.0, {.gapUnits = 3})), (Spans{{0, 4}}));
}

TEST(Episodes, JoinOverAGapThatHoldsAStretchTooLowToCount)
{
    const std::vector<double> scores{9, 1, 4, 1, 9};
    EXPECT_EQ(spans(mergeEpisodes(windows(5), scores, 6.0, {.gapUnits = 3, .continueAt = 0.5})), (Spans{{0, 4}}));
    EXPECT_EQ(spans(mergeEpisodes(windows(5), scores, 6.0, {.gapUnits = 2, .continueAt = 0.5})),
              (Spans{{0, 0}, {4, 4}}));
}

TEST(Episodes, KeepTheThresholdItselfWhereItIsNotPositive)
{
    const std::vector<double> scores{-3, -1, 0, -3};
    EXPECT_EQ(spans(mergeEpisodes(windows(4), scores, -2.0, {.gapUnits = 0, .continueAt = 0.5})), (Spans{{1, 2}}));
}

TEST(Episodes, PassOverScoresThatAreNotNumbers)
{
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const std::vector<double> scores{9, nan, 9};
    EXPECT_EQ(spans(mergeEpisodes(windows(3), scores, 5.0, {.gapUnits = 0})), (Spans{{0, 0}, {2, 2}}));
}

TEST(Flags, AreSetFromTheFirstToTheLastUnitOfAnEpisodeOfTheSameEntity)
{
    // Units 0 2 4 6 are of the first entity, 1 3 5 7 of the second.
    const std::vector<double> scores{9, 0, 0, 0, 9, 9, 0, 0};
    const auto table = windows(4, 2);
    const auto episodes = mergeEpisodes(table, scores, 5.0, {.gapUnits = 1});
    EXPECT_EQ(flagsOf(table, episodes), (std::vector<std::uint8_t>{1, 0, 1, 0, 1, 1, 0, 0}));
    EXPECT_EQ(flagsOf(table, {}), std::vector<std::uint8_t>(8));
}

TEST(Flags, AreAsManyAsTheEpisodesSay)
{
    Random random(5);
    const auto table = windows(500, 4);
    std::vector<double> scores(table.units());
    for (auto& score : scores)
        score = random.exponential();
    for (const double continueAt : {1.0, 0.6}) {
        const auto episodes = mergeEpisodes(table, scores, 3.0, {.gapUnits = 2, .continueAt = continueAt});
        const auto flags = flagsOf(table, episodes);
        std::uint64_t inEpisodes = 0;
        for (const auto& episode : episodes)
            inEpisodes += episode.flaggedUnits;
        EXPECT_EQ(inEpisodes, static_cast<std::uint64_t>(std::ranges::count(flags, 1)));
        for (std::size_t i = 0; i < scores.size(); ++i)
            EXPECT_TRUE(scores[i] < 3.0 || flags[i] == 1) << i;
    }
}

TEST(Episodes, OfNothingAreNone)
{
    EXPECT_TRUE(mergeEpisodes(windows(0), {}, 1.0).empty());
}

TEST(Budget, FindsTheLowestThresholdThatKeepsIt)
{
    auto table = windows(10); // ten units of a tenth of a day each: a span of one day
    for (std::size_t i = 0; i < 10; ++i) {
        table.start[i] = static_cast<TimeUs>(i) * day_us / 10;
        table.end[i] = static_cast<TimeUs>(i + 1) * day_us / 10;
    }
    const std::vector<double> scores{1, 9, 1, 1, 7, 1, 1, 5, 1, 3};
    const EpisodeOptions options{.gapUnits = 0};
    EXPECT_EQ(solveBudget(1.0, table, scores, options).value, 9.0);
    EXPECT_EQ(solveBudget(2.0, table, scores, options).value, 7.0);
    EXPECT_EQ(solveBudget(3.9, table, scores, options).value, 5.0);
}

TEST(Budget, CountsEpisodesAndNotUnits)
{
    auto table = windows(6);
    table.end[5] = day_us;
    const std::vector<double> scores{8, 9, 7, 1, 1, 6};
    EXPECT_EQ(solveBudget(1.0, table, scores, {.gapUnits = 0}).value, 7.0);
}

TEST(Budget, DoesNotGoBelowAThresholdThatBreaksIt)
{
    auto table = windows(5); // at 8 there are two episodes; at 1 all would be one again
    table.end[4] = day_us;
    const std::vector<double> scores{9, 1, 8, 1, 1};
    EXPECT_EQ(solveBudget(1.0, table, scores, {.gapUnits = 0}).value, 9.0);
}

TEST(Budget, FlagsNothingWhenItAllowsLessThanOneEpisode)
{
    const std::vector<double> scores{1, 9, 1};
    const auto threshold = solveBudget(5.0, windows(3), scores);
    EXPECT_TRUE(mergeEpisodes(windows(3), scores, threshold.value).empty());
}

TEST(Budget, TakesDataWithoutTimesForOneDay)
{
    const std::vector<double> scores{9, 1, 8, 1, 7};
    EXPECT_EQ(solveBudget(2.0, rowsWithoutTime(5), scores, {.gapUnits = 0}).value, 8.0);
}

TEST(Budget, AgreesWithCountingAtEveryThreshold)
{
    Random random(11);
    const auto table = windows(2'000, 3); // 1.39 days
    std::vector<double> scores(table.units());
    for (auto& score : scores)
        score = std::round(random.exponential() * 20.0) / 20.0; // with ties
    const std::set<double, std::greater<>> distinct(scores.begin(), scores.end());
    for (const double perDay : {1.0, 4.0, 20.0, 60.0}) {
        const double allowed = std::floor(perDay * 2'000.0 / 1'440.0);
        double expected = std::nextafter(*distinct.begin(), 1e9);
        for (const double value : distinct) {
            if (static_cast<double>(mergeEpisodes(table, scores, value).size()) > allowed)
                break;
            expected = value;
        }
        EXPECT_EQ(solveBudget(perDay, table, scores).value, expected) << perDay;
    }
}

TEST(Budget, IsKeptWithHysteresis)
{
    Random random(13);
    const auto table = windows(2'000); // 1.39 days
    std::vector<double> scores(table.units());
    for (auto& score : scores)
        score = random.exponential();
    const EpisodeOptions options{.continueAt = 0.5};
    const auto value = solveBudget(8.0, table, scores, options).value;
    EXPECT_EQ(mergeEpisodes(table, scores, value, options).size(), 11u);
}

} // namespace faultline::decisions
