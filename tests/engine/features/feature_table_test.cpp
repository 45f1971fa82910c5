// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/feature_table.h"
#include <gtest/gtest.h>

namespace faultline::features
{
namespace
{

/// Units whose values are `first`, `first` + 1, ...; unit i holds template i once.
FeatureTable tableOf(int units, double first, const std::string& entity)
{
    FeatureTable table{.kind = UnitKind::Window, .columns = {{.name = "x"}}, .entities = {entity}};
    table.values.resize(units, 1);
    table.templates.begin = {0};
    table.templates.templateCount = static_cast<std::uint32_t>(units);
    for (int i = 0; i < units; ++i) {
        table.values(i, 0) = first + i;
        table.start.push_back(i);
        table.end.push_back(i + 1);
        table.entity.push_back(0);
        table.templates.templateId.push_back(static_cast<std::uint32_t>(i));
        table.templates.count.push_back(1.0F);
        table.templates.begin.push_back(static_cast<std::uint64_t>(i) + 1);
    }
    return table;
}

TEST(FeatureTable, SliceKeepsTheUnitsAskedFor)
{
    const auto part = tableOf(5, 10.0, "a").slice(2, 4);
    ASSERT_EQ(part.units(), 2U);
    EXPECT_EQ(part.values(0, 0), 12.0);
    EXPECT_EQ(part.start, (std::vector<TimeUs>{2, 3}));
    EXPECT_EQ(part.templates.begin, (std::vector<std::uint64_t>{0, 1, 2}));
    EXPECT_EQ(part.templates.templateId, (std::vector<std::uint32_t>{2, 3}));
}

TEST(FeatureTable, AppendingTheSlicesGivesTheWholeBack)
{
    const auto whole = tableOf(5, 10.0, "a");
    auto joined = whole.slice(0, 2);
    joined.append(whole.slice(2, 5));
    EXPECT_EQ(joined.values, whole.values);
    EXPECT_EQ(joined.end, whole.end);
    EXPECT_EQ(joined.templates.begin, whole.templates.begin);
    EXPECT_EQ(joined.templates.templateId, whole.templates.templateId);
}

TEST(FeatureTable, AppendJoinsEntitiesByName)
{
    auto table = tableOf(1, 0.0, "a");
    table.append(tableOf(1, 0.0, "b"));
    table.append(tableOf(1, 0.0, "a"));
    EXPECT_EQ(table.entities, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(table.entity, (std::vector<std::uint32_t>{0, 1, 0}));
}

TEST(FeatureTable, AppendFillsCountsOfUnitsThatHadNone)
{
    auto table = tableOf(2, 0.0, "a");
    table.templates = {};
    table.append(tableOf(1, 0.0, "a"));
    EXPECT_EQ(table.templates.begin, (std::vector<std::uint64_t>{0, 0, 0, 1}));
}

TEST(FeatureTable, SlicesAndAppendsTemplateSequences)
{
    auto table = tableOf(3, 0.0, "a");
    table.templateSequence = {.begin = {0, 2, 2, 3}, .templateId = {2, 0, 1}};
    auto joined = table.slice(2, 3);
    joined.append(table.slice(0, 2));
    EXPECT_EQ(joined.templateSequence.begin, (std::vector<std::uint64_t>{0, 1, 3, 3}));
    EXPECT_EQ(joined.templateSequence.templateId, (std::vector<std::uint32_t>{1, 2, 0}));
}

TEST(FeatureTable, AnEmptyTableTakesWhatIsAppended)
{
    FeatureTable table;
    table.append(tableOf(3, 7.0, "a"));
    EXPECT_EQ(table.units(), 3U);
    EXPECT_EQ(table.kind, UnitKind::Window);
    EXPECT_EQ(table.columns.size(), 1U);
}

TEST(FeatureTable, UnitKindsHaveTheirNames)
{
    EXPECT_EQ(unitKindName(UnitKind::Row), "row");
    EXPECT_EQ(unitKindName(UnitKind::Window), "window");
    EXPECT_EQ(unitKindName(UnitKind::Session), "session");
}

} // namespace
} // namespace faultline::features
