// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/templates/mined_messages.h"
#include "tests/support/statement_set.h"
#include <gtest/gtest.h>

namespace faultline::records::templates
{
namespace
{

using testing::LabelledLog;
using testing::TemplateScores;

TemplateScores scoreOf(const LabelledLog& log)
{
    return testing::scoreTemplates(log.templates, minedTexts(log.messages));
}

TemplateScores meanOf(const std::vector<LabelledLog>& logs)
{
    TemplateScores sum;
    for (const auto& log : logs)
        sum += scoreOf(log);
    return sum / static_cast<double>(logs.size());
}

class LabelledSystems : public ::testing::Test
{
protected:
    void SetUp() override
    {
        m_systems = testing::readLabelledSystems(testing::labelledSystemsFolder());
        if (m_systems.empty())
            GTEST_SKIP() << "no labelled logs at " << testing::labelledSystemsFolder();
    }
    [[nodiscard]] std::vector<LabelledLog> redrawn(Random& random) const
    {
        std::vector<LabelledLog> logs;
        for (const auto& system : m_systems)
            logs.push_back(testing::redrawn(system, random));
        return logs;
    }
    std::vector<LabelledLog> m_systems;
};

TEST_F(LabelledSystems, ReachTheirGoals)
{
    const auto mean = meanOf(m_systems);
    EXPECT_GE(mean.ga, 0.97);
    EXPECT_GE(mean.fga, 0.95);
    EXPECT_GE(mean.pa, 0.85);
    EXPECT_GE(mean.fta, 0.80);
}

TEST_F(LabelledSystems, KeepTheirTemplatesWhenAllAreMixedInOneFile)
{
    Random random(7);
    const auto s = scoreOf(testing::mixed(m_systems, random, "mixed"));
    EXPECT_GE(s.ga, 0.97);
    EXPECT_GE(s.fga, 0.93);
}

TEST_F(LabelledSystems, KeepTheirTemplatesWhenEveryVariableTakesAnotherStyle)
{
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        Random random(seed);
        const auto logs = redrawn(random);
        const auto each = meanOf(logs);
        EXPECT_GE(each.ga, 0.90) << seed;
        EXPECT_GE(each.fga, 0.90) << seed;
        const auto all = scoreOf(testing::mixed(logs, random, "mixed"));
        EXPECT_GE(all.ga, 0.90) << seed;
        EXPECT_GE(all.fga, 0.90) << seed;
    }
}

TEST(InventedSystems, AreGroupedThoughTheirWordsAreOthers)
{
    const auto mean = meanOf(testing::drawAllStatementSets(1));
    EXPECT_GE(mean.ga, 0.85);
    EXPECT_GE(mean.fga, 0.82);
}

} // namespace
} // namespace faultline::records::templates
