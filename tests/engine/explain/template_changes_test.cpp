// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/explain/poisson.h"
#include "tests/engine/explain/explain_fixture.h"
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>

namespace faultline::explain
{

namespace
{
using features::UnitKind;
using records::Level;
using Kind = TemplateChangeKind;

/// A hundred minute windows of web: `steady` ten times in each, `heartbeat` four times but for windows 50 and 51,
/// `timeout` once in every fourth but 30 times in window 50, and `breaker` five times in window 50 only.
class TemplateChangesTest : public testing::Test
{
protected:
    enum : std::uint32_t { steady, heartbeat, timeout, breaker };
    World world;

    TemplateChangesTest()
    {
        for (const auto* text :
             {"GET <*> 200", "heartbeat", "upstream timed out after <*> ms", "circuit breaker opened"})
            world.addTemplate(text);
        world.table.kind = UnitKind::Window;
        world.table.entities = {"web"};
        world.addColumn("records", "per 60 s", features::ColumnRole::Count);
        for (int window = 0; window < 100; ++window)
            addWindow(window);
        world.finish();
    }
    [[nodiscard]] Explanation explained() const { return explainEpisode(world.episode(50, 51, 50), world.input); }
    [[nodiscard]] static std::optional<TemplateChange> changeOf(const Explanation& explanation, std::uint32_t id)
    {
        for (const auto& change : explanation.templates)
            if (change.templateId == id)
                return change;
        return std::nullopt;
    }

private:
    void addWindow(int window)
    {
        const bool inside = window == 50 || window == 51;
        std::vector<std::pair<std::uint32_t, float>> counts{{steady, 10.0F}};
        if (!inside)
            counts.emplace_back(heartbeat, 4.0F);
        if (window == 50)
            counts.insert(counts.end(), {{timeout, 30.0F}, {breaker, 5.0F}});
        else if (window % 4 == 0)
            counts.emplace_back(timeout, 1.0F);
        double records = 0.0;
        TimeUs time = window * minute_us;
        for (const auto& [id, count] : counts) {
            records += static_cast<double>(count);
            for (int i = 0; i < static_cast<int>(count); ++i)
                world.addRecord(time += second_us / 2, "web", id,
                                id == timeout   ? Level::Error
                                : id == breaker ? Level::Fatal
                                                : Level::Info);
        }
        world.addUnit(window * minute_us, (window + 1) * minute_us, 0, {records}, counts);
    }
};
} // namespace

TEST_F(TemplateChangesTest, FindANewTemplate)
{
    const auto change = changeOf(explained(), breaker);
    ASSERT_TRUE(change);
    EXPECT_EQ(change->kind, Kind::New);
    EXPECT_EQ(change->count, 5U);
    EXPECT_EQ(change->expected, 0.0);
}

TEST_F(TemplateChangesTest, CountMoreThanTheUsualRateAndCorrectForTheTemplatesCompared)
{
    const auto change = changeOf(explained(), timeout);
    ASSERT_TRUE(change);
    EXPECT_EQ(change->kind, Kind::More);
    EXPECT_EQ(change->count, 30U);
    const double expected = 25.0 * 2.0 / 98.0; // 25 in 98 windows, over two windows
    EXPECT_NEAR(change->expected, expected, 1e-9);
    EXPECT_NEAR(change->significance, poissonAtLeast(30, expected) - std::log10(4.0), 1e-9);
}

TEST_F(TemplateChangesTest, FindATemplateThatFallsSilent)
{
    const auto change = changeOf(explained(), heartbeat);
    ASSERT_TRUE(change);
    EXPECT_EQ(change->kind, Kind::Gone);
    EXPECT_EQ(change->count, 0U);
    EXPECT_NEAR(change->expected, 8.0, 1e-9);
    EXPECT_NEAR(change->significance, 8.0 / std::log(10.0) - std::log10(4.0), 1e-9);
}

TEST_F(TemplateChangesTest, LeaveOutWhatIsAsUsual)
{
    EXPECT_FALSE(changeOf(explained(), steady));
}

TEST_F(TemplateChangesTest, RankTheMostSignificantFirst)
{
    const auto changes = explained().templates;
    ASSERT_EQ(changes.size(), 3U);
    EXPECT_TRUE(std::ranges::is_sorted(changes, std::greater(), &TemplateChange::significance));
}

TEST_F(TemplateChangesTest, AreTheSameWithTotalsThatWereMadeBefore)
{
    const auto before = explained();
    const auto totals = TemplateTotals::of(world.table, &world.set);
    world.input.totals = &totals;
    const auto after = explained();
    ASSERT_EQ(after.templates.size(), before.templates.size());
    for (std::size_t i = 0; i < after.templates.size(); ++i) {
        EXPECT_EQ(after.templates[i].templateId, before.templates[i].templateId);
        EXPECT_EQ(after.templates[i].significance, before.templates[i].significance);
    }
}

TEST_F(TemplateChangesTest, AreNoneWhenTheEpisodeIsAllThereIs)
{
    EXPECT_TRUE(explainEpisode(world.episode(0, 99, 50), world.input).templates.empty());
}

TEST_F(TemplateChangesTest, AreNoneWithoutRecords)
{
    world.input.records = nullptr;
    const auto explanation = explained();
    EXPECT_TRUE(explanation.templates.empty());
    EXPECT_TRUE(explanation.evidence.empty());
    EXPECT_FALSE(explanation.title.empty());
}

TEST_F(TemplateChangesTest, CallATemplateNewThatAFrozenModelDidNotKnow)
{
    world.set.templates.firstUnseen = timeout; // timeout and breaker were not in the training data
    EXPECT_EQ(changeOf(explained(), timeout)->kind, Kind::New);
}

TEST_F(TemplateChangesTest, EvidenceBeginsWithTheNewTemplate)
{
    const auto evidence = explained().evidence;
    ASSERT_FALSE(evidence.empty());
    EXPECT_EQ(world.set.table.templateId[evidence.front().record], breaker);
}

TEST_F(TemplateChangesTest, EvidenceIsRankedAndOfTheEpisode)
{
    const auto evidence = explained().evidence;
    EXPECT_EQ(evidence.size(), 20U);
    EXPECT_TRUE(std::ranges::is_sorted(evidence, std::greater(), &EvidenceLine::weight));
    for (const auto& line : evidence) {
        EXPECT_GE(world.set.table.time[line.record], 50 * minute_us);
        EXPECT_LT(world.set.table.time[line.record], 52 * minute_us);
    }
}

TEST_F(TemplateChangesTest, EvidenceShowsMoreThanOneTemplate)
{
    std::array<int, 4> shown{};
    for (const auto& line : explained().evidence)
        ++shown[world.set.table.templateId[line.record]];
    EXPECT_EQ(shown[breaker], 5);
    EXPECT_GE(shown[timeout], 3);
    EXPECT_GE(shown[steady], 1);
}

TEST_F(TemplateChangesTest, GoIntoTheSummary)
{
    EXPECT_EQ(explained().summary, "1 template never seen before, 1 falls silent.");
}

} // namespace faultline::explain
