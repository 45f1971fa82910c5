// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/explain/phrases.h"
#include "tests/engine/explain/explain_fixture.h"
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::explain
{

namespace
{
using features::ColumnRole;
using features::UnitKind;
using testing::HasSubstr;

/// 101 minute windows of payments: errors cycle 0..5, p95 latency 70..240, records 84..131; window 100 is the outage.
void makePayments(World& world, std::vector<double> outage)
{
    world.table.kind = UnitKind::Window;
    world.table.entities = {"payments"};
    world.addColumn("records", "per 60 s", ColumnRole::Count);
    world.addColumn("errors", "per 60 s", ColumnRole::Count);
    world.addColumn("latency_ms p95", "ms");
    world.addColumn("latency_ms p50", "ms");
    world.addColumn("time of day sin", "", ColumnRole::Phase);
    for (int i = 0; i < 100; ++i)
        world.addUnit(i * minute_us, (i + 1) * minute_us, 0,
                      {84.0 + i % 48, double(i % 6), 70.0 + (i * 7) % 171, 50.0 + i % 20, 0.5});
    world.addUnit(100 * minute_us, 101 * minute_us, 0, std::move(outage));
}

detectors::Contribution part(int column, double share)
{
    detectors::Contribution contribution;
    contribution.column = column;
    contribution.share = share;
    return contribution;
}

Explanation explainLast(World& world)
{
    world.finish();
    const auto last = world.table.units() - 1;
    return explainEpisode(world.episode(last, last, last), world.input);
}
} // namespace

TEST(Explanation, WeighsFeaturesByTheDetectorsShares)
{
    World world;
    makePayments(world, {100, 188, 1'912, 60, 0.5});
    world.addMember("robust_z", 0.75, {part(1, 0.8), part(2, 0.2)});
    world.addMember("pca", 0.25, {part(2, 1.0)});
    const auto explanation = explainLast(world);
    ASSERT_EQ(explanation.features.size(), 2U);
    EXPECT_EQ(explanation.features[0].feature, "errors");
    EXPECT_NEAR(explanation.features[0].share, 0.6, 1e-12);
    EXPECT_EQ(explanation.features[0].actual, 188.0);
    EXPECT_EQ(explanation.features[0].unit, "per 60 s");
    EXPECT_EQ(explanation.features[1].column, 2U);
    EXPECT_NEAR(explanation.features[1].share, 0.4, 1e-12);
    EXPECT_LE(explanation.features[1].typicalLow, explanation.features[1].typicalHigh);
}

TEST(Explanation, ScalesDetectorSharesToOneAndRanksThem)
{
    World world;
    makePayments(world, {100, 188, 1'912, 60, 0.5});
    world.addMember("lof", 0.1, {});
    world.addMember("pca", 0.4, {}, 1e-9);
    const auto detectors = explainLast(world).detectors;
    ASSERT_EQ(detectors.size(), 2U);
    EXPECT_EQ(detectors[0].detector, "pca");
    EXPECT_NEAR(detectors[0].share, 0.8, 1e-12);
    EXPECT_EQ(detectors[0].tailP, 1e-9);
    EXPECT_NEAR(detectors[1].share, 0.2, 1e-12);
}

TEST(Explanation, NeverGivesTheTimeOfDayAsAReason)
{
    World world;
    makePayments(world, {100, 188, 100, 60, 0.5});
    world.addMember("pca", 1.0, {part(4, 0.9), part(1, 0.1)});
    const auto explanation = explainLast(world);
    ASSERT_EQ(explanation.features.size(), 1U);
    EXPECT_EQ(explanation.features[0].feature, "errors");
}

TEST(Explanation, SaysWhatRoseAndWhatIsTypical)
{
    World world;
    makePayments(world, {100, 188, 1'912, 60, 0.5});
    world.addMember("robust_z", 1.0, {part(1, 0.6), part(2, 0.4)});
    const auto explanation = explainLast(world);
    EXPECT_EQ(explanation.title, "payments: errors 188 per 60 s (typical 0-5)");
    EXPECT_THAT(explanation.summary,
                testing::MatchesRegex("errors rise to 188 per 60 s \\(typical 0-5\\) and latency_ms p95 to 1,912 ms "
                                      "\\(typical [0-9.]+-[0-9.]+\\)\\."));
}

TEST(Explanation, SpeaksOfEachFieldOnce)
{
    World world;
    makePayments(world, {100, 2, 1'912, 900, 0.5});
    world.addMember("robust_z", 1.0, {part(2, 0.6), part(3, 0.4)});
    EXPECT_THAT(explainLast(world).summary, testing::Not(HasSubstr("p50")));
}

TEST(Explanation, UsesTwoVerbsForTwoDirections)
{
    World world;
    makePayments(world, {3, 188, 100, 60, 0.5});
    world.addMember("robust_z", 1.0, {part(1, 0.6), part(0, 0.4)});
    EXPECT_THAT(explainLast(world).summary, HasSubstr(") and records fall to 3 per 60 s (typical "));
}

TEST(Explanation, NamesAnUnusualCombinationOfUsualValues)
{
    World world;
    makePayments(world, {100, 3, 150, 60, 0.5});
    world.addMember("pca", 1.0, {part(1, 0.6), part(2, 0.4)});
    const auto explanation = explainLast(world);
    EXPECT_EQ(explanation.title, "payments: unusual combination of errors and latency_ms p95");
    EXPECT_THAT(explanation.summary,
                testing::StartsWith("an unusual combination: errors 3 per 60 s (typical 0-5) and latency_ms"));
}

TEST(Explanation, SaysThatAnEntityFellSilent)
{
    World world;
    makePayments(world, {0, 0, std::nan(""), std::nan(""), 0.5});
    world.table.entities = {"inventory"};
    world.addMember("robust_z", 1.0, {part(0, 1.0)});
    const auto explanation = explainLast(world);
    EXPECT_THAT(explanation.title, testing::MatchesRegex("inventory: no records \\(typical [0-9]+-[0-9]+ per 60 s\\)"));
    EXPECT_THAT(explanation.summary,
                testing::MatchesRegex("no records \\(typical [0-9]+-[0-9]+ per 60 s\\) for 1 min\\."));
}

TEST(Explanation, StatesASingleUsualValueAsItIs)
{
    World world;
    makePayments(world, {100, 3, 150, 60, 0.5});
    world.addMember("pca", 1.0, {part(1, 1.0)});
    const auto explanation = explainLast(world);
    EXPECT_EQ(explanation.title, "payments: errors 3 per 60 s (typical 0-5)");
    EXPECT_EQ(explanation.summary, "errors 3 per 60 s (typical 0-5).");
}

TEST(Explanation, SaysThatAValueIsMissing)
{
    World world;
    makePayments(world, {100, 3, std::nan(""), 60, 0.5});
    world.addMember("robust_z", 1.0, {part(2, 1.0)});
    const auto explanation = explainLast(world);
    EXPECT_TRUE(std::isnan(explanation.features.at(0).actual));
    EXPECT_THAT(explanation.title, testing::StartsWith("payments: latency_ms p95 missing (typical "));
    EXPECT_THAT(explanation.summary, testing::StartsWith("latency_ms p95 is missing (typical "));
}

TEST(Explanation, SaysWhatDetectorsSaidWhenTheyGiveNoFeatures)
{
    World world;
    makePayments(world, {100, 3, 100, 60, 0.5});
    world.addMember("lof", 0.62, {});
    world.addMember("knn", 0.38, {});
    const auto explanation = explainLast(world);
    EXPECT_EQ(explanation.title, "payments: unusual to lof and knn");
    EXPECT_EQ(explanation.summary, "lof gives 62 % of the score and knn 38 %.");
}

TEST(Explanation, ManagesWithoutDetectors)
{
    World world;
    makePayments(world, {100, 3, 100, 60, 0.5});
    world.finish();
    world.input.members.push_back({"lof", nullptr, 1.0, 1e-3});
    world.input.standardised = nullptr;
    EXPECT_EQ(explainEpisode(world.episode(100, 100, 100), world.input).title, "payments: unusual to lof");
    world.input.members.clear();
    EXPECT_EQ(explainEpisode(world.episode(100, 100, 100), world.input).summary, "the score is 9.");
}

TEST(Explanation, NumbersTheRowsOfAPlainTable)
{
    World world;
    world.table.kind = UnitKind::Row;
    world.table.entities = {""};
    world.addColumn("x1");
    for (std::uint32_t i = 0; i < 1'235; ++i) {
        world.addRecord(noTime, "", records::noTemplate);
        world.addUnit(noTime, noTime, 0, {i == 1'234 ? 50.0 : -2.0 + i % 5});
        world.table.record.push_back(i);
    }
    world.addMember("robust_z", 1.0, {part(0, 1.0)});
    const auto explanation = explainLast(world);
    EXPECT_EQ(explanation.title, "row 1,234: x1 50 (typical -2 to 2)");
    EXPECT_EQ(explanation.summary, "row 1,234: x1 rises to 50 (typical -2 to 2).");
    ASSERT_FALSE(explanation.evidence.empty());
    EXPECT_EQ(explanation.evidence.front().record, 1'234U);
}

TEST(Explanation, LeavesAUnitOutThatTheNameAlreadySays)
{
    World world;
    world.table.kind = UnitKind::Row;
    world.table.entities = {"10.0.0.7"};
    world.addColumn("requests in 60 s", "per 60 s", ColumnRole::Count);
    for (int i = 0; i < 100; ++i)
        world.addUnit(i * second_us, i * second_us, 0, {double(i % 10)});
    world.addUnit(100 * second_us, 100 * second_us, 0, {900.0});
    world.addMember("robust_z", 1.0, {part(0, 1.0)});
    const auto explanation = explainLast(world);
    EXPECT_EQ(explanation.title, "10.0.0.7: requests in 60 s 900 (typical 1-9)");
    EXPECT_EQ(explanation.summary, "requests in 60 s rise to 900 (typical 1-9).");
}

TEST(Explanation, QuotesTheTemplateThatAColumnCounts)
{
    World world;
    const auto id = world.addTemplate("payment <*> declined");
    world.table.kind = UnitKind::Window;
    world.table.entities = {""};
    world.addColumn("template T-0", "per 60 s", ColumnRole::Count, id);
    for (int i = 0; i < 100; ++i)
        world.addUnit(i * minute_us, (i + 1) * minute_us, 0, {2.0}, {{id, 2.0F}});
    world.addUnit(100 * minute_us, 101 * minute_us, 0, {40.0}, {{id, 40.0F}});
    world.addMember("robust_z", 1.0, {part(0, 1.0)});
    EXPECT_EQ(explainLast(world).title, "`payment <*> declined` 40 per 60 s (typical 2)");
}

TEST(Explanation, KeepsTitlesShortAndSafeToShow)
{
    World world;
    makePayments(world, {100, 188, 1'912, 60, 0.5});
    world.table.entities = {"a-service-with-a-very-long-name-\x1b[31m-in-a-cluster-\xC3\xA9\xC3\xA9\xC3\xA9"};
    world.table.columns[2].name = "the-latency-of-a-request-in-the-outermost-proxy p95";
    world.addMember("robust_z", 1.0, {part(2, 1.0)});
    const auto title = explainLast(world).title;
    EXPECT_LE(characters(title), 60U);
    EXPECT_THAT(title, HasSubstr("1,912 ms"));
    EXPECT_EQ(title.find('\x1b'), std::string::npos);
}

/// Fifty sessions of open, send x 3, close; the last one sends six times and ends with an error that no other has.
class SessionExplanation : public testing::Test
{
protected:
    World world;
    std::vector<double> scores;

    SessionExplanation()
    {
        const auto open = world.addTemplate("Receiving block <*>"), close = world.addTemplate("Closing"),
                   error = world.addTemplate("Lost <*>");
        world.table.kind = UnitKind::Session;
        world.table.entities = {""};
        world.addColumn("records", "per session", ColumnRole::Count);
        std::uint32_t record = 0;
        world.set.sessions.begin = {0};
        for (int i = 0; i < 50; ++i) {
            const bool last = i == 49;
            std::vector<std::pair<std::uint32_t, float>> counts{{open, last ? 6.0F : 3.0F}, {close, 1.0F}};
            if (last)
                counts.emplace_back(error, 1.0F);
            for (const auto& [id, count] : counts)
                for (int n = 0; n < static_cast<int>(count); ++n) {
                    world.addRecord(i * second_us, "", id);
                    world.set.sessions.records.push_back(record++);
                }
            world.set.sessions.begin.push_back(record);
            const auto key = "blk_" + std::to_string(i);
            world.set.sessions.keys.intern(key);
            world.table.keys.push_back(key);
            world.addUnit(i * second_us, i * second_us, 0, {last ? 8.0 : 4.0}, counts);
            scores.push_back(last ? 9.0 : 0.5);
        }
        world.finish();
    }
};

TEST_F(SessionExplanation, ComparesWithTheNearestNormalSession)
{
    world.input.scores = scores;
    world.input.threshold = 3.0;
    const auto explanation = explainEpisode(world.episode(49, 49, 49), world.input);
    EXPECT_EQ(explanation.title, "session blk_49: 1 event never seen before");
    EXPECT_EQ(
        explanation.summary,
        "session blk_49: 1 event never seen before; 3 more `Receiving block <*>` than the nearest normal session.");
}

TEST_F(SessionExplanation, ManagesWithoutScores)
{
    EXPECT_EQ(explainEpisode(world.episode(49, 49, 49), world.input).summary,
              "session blk_49: 1 event never seen before.");
}

TEST_F(SessionExplanation, ShowsTheNewEventFirst)
{
    const auto evidence = explainEpisode(world.episode(49, 49, 49), world.input).evidence;
    ASSERT_EQ(evidence.size(), 8U);
    EXPECT_EQ(world.set.templates.templates[world.set.table.templateId[evidence.front().record]].text, "Lost <*>");
}

TEST(Phrases, CutTextAtWholeCharacters)
{
    EXPECT_EQ(shorten("abc", 3), "abc");
    EXPECT_EQ(shorten("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 3), "\xC3\xA9\xC3\xA9\u2026");
    EXPECT_EQ(characters(shorten("one two three four", 9)), 8U); // the blank before the cut goes as well
}

TEST(Phrases, JoinLists)
{
    EXPECT_EQ(joined(std::vector<std::string>{"a"}), "a");
    EXPECT_EQ(joined(std::vector<std::string>{"a", "b", "c"}), "a, b and c");
    EXPECT_EQ(counted(1, "event"), "1 event");
    EXPECT_EQ(counted(1'200, "event"), "1,200 events");
}

} // namespace faultline::explain
