// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/explain/explain_fixture.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::explain
{

namespace
{
using features::UnitKind;
using testing::ElementsAre;
using testing::IsEmpty;

/// Three minute windows of web and db, with one record of each in each.
void makeWindows(World& world, std::vector<std::string> tableEntities)
{
    const auto id = world.addTemplate("x");
    world.table.kind = UnitKind::Window;
    world.table.entities = std::move(tableEntities);
    world.addColumn("records", "per 60 s", features::ColumnRole::Count);
    for (int window = 0; window < 3; ++window) {
        world.addRecord(window * minute_us + second_us, "web", id);    // records 0, 2, 4
        world.addRecord(window * minute_us + 2 * second_us, "db", id); // records 1, 3, 5
        for (std::uint32_t entity = 0; entity < world.table.entities.size(); ++entity)
            world.addUnit(window * minute_us, (window + 1) * minute_us, entity, {1.0}, {{id, 1.0F}});
    }
    world.finish();
}
} // namespace

TEST(RecordsOf, AWindowEpisodeAreThoseOfItsEntityFromOnsetToEnd)
{
    World world;
    makeWindows(world, {"web", "db"});
    EXPECT_THAT(recordsOf(world.episode(2, 4, 2), world.input, 100), ElementsAre(2, 4)); // web, windows 1 and 2
    EXPECT_THAT(recordsOf(world.episode(3, 3, 3), world.input, 100), ElementsAre(3));    // db, window 1
}

TEST(RecordsOf, AnEpisodeAreAtMostTheLimit)
{
    World world;
    makeWindows(world, {"web", "db"});
    EXPECT_THAT(recordsOf(world.episode(0, 4, 0), world.input, 2), ElementsAre(0, 2));
}

TEST(RecordsOf, OtherEntitiesAreThoseWithoutUnitsOfTheirOwn)
{
    World world;
    makeWindows(world, {"web", "(other)"});
    EXPECT_THAT(recordsOf(world.episode(1, 5, 1), world.input, 100), ElementsAre(1, 3, 5));
}

TEST(RecordsOf, ARowEpisodeAreItsRows)
{
    World world;
    world.table.kind = UnitKind::Row;
    world.table.entities = {"", "a", "b"};
    world.addColumn("v");
    for (std::uint32_t i = 0; i < 6; ++i) {
        world.addRecord(noTime, i % 2 == 0 ? "a" : "b", records::noTemplate);
        world.addUnit(noTime, noTime, 1 + i % 2, {1.0});
        world.table.record.push_back(i);
    }
    world.finish();
    EXPECT_THAT(recordsOf(world.episode(1, 5, 3), world.input, 100), ElementsAre(1, 3, 5));
}

TEST(RecordsOf, ASessionAreTheRecordsWithItsKey)
{
    World world;
    world.table.kind = UnitKind::Session;
    world.table.entities = {""};
    world.addColumn("records");
    for (int i = 0; i < 5; ++i)
        world.addRecord(i, "", records::noTemplate);
    for (const auto* key : {"a", "b"}) {
        world.set.sessions.keys.intern(key);
        world.table.keys.emplace_back(key);
        world.addUnit(0, 5, 0, {1.0});
    }
    world.set.sessions.begin = {0, 2, 5};
    world.set.sessions.records = {0, 3, 1, 2, 4};
    world.finish();
    EXPECT_THAT(recordsOf(world.episode(1, 1, 1), world.input, 100), ElementsAre(1, 2, 4));
    EXPECT_THAT(recordsOf(world.episode(1, 1, 1), world.input, 2), ElementsAre(1, 2));
}

TEST(RecordsOf, AnEpisodeAreNoneWithoutRecords)
{
    World world;
    makeWindows(world, {"web", "db"});
    world.input.records = nullptr;
    EXPECT_THAT(recordsOf(world.episode(0, 0, 0), world.input, 100), IsEmpty());
}

} // namespace faultline::explain
