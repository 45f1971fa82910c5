// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/features/feature_testing.h"

namespace faultline::features
{
namespace
{
using records::Level;
using testing::RecordSetBuilder;
using Values = std::vector<double>;

const FeatureOptions sessions{.kind = UnitKind::Session};

/// Session b1: open, write, close in 3 s; b2: open, close; b3: open, fail (error) twice.
records::RecordSet threeSessions()
{
    return RecordSetBuilder()
        .add({.time = 1 * second_us, .entity = "n1", .message = "open", .session = "b1"})
        .add({.time = 2 * second_us, .entity = "n1", .message = "open", .session = "b2"})
        .add({.time = 3 * second_us, .entity = "n1", .message = "write", .session = "b1"})
        .add({.time = 4 * second_us, .entity = "n1", .message = "close", .session = "b1"})
        .add({.time = 5 * second_us, .entity = "n2", .message = "close", .session = "b2"})
        .add({.time = 6 * second_us, .entity = "n2", .message = "open", .session = "b3"})
        .add({.time = 7 * second_us, .entity = "n2", .message = "fail", .level = Level::Error, .session = "b3"})
        .add({.time = 8 * second_us, .entity = "n2", .message = "fail", .level = Level::Fatal, .session = "b3"})
        .add({.time = 9 * second_us, .entity = "n2", .message = "no session"})
        .build();
}

TEST(SessionFeatures, CountWhatEachSessionHolds)
{
    const auto table = fitAndCompute(threeSessions(), sessions);
    EXPECT_EQ(table.keys, (std::vector<std::string>{"b1", "b2", "b3"}));
    EXPECT_EQ(valuesOf(table, "records"), (Values{3, 2, 3}));
    EXPECT_EQ(valuesOf(table, "errors"), (Values{0, 0, 2}));
    EXPECT_EQ(valuesOf(table, "distinct templates"), (Values{3, 2, 2}));
    EXPECT_EQ(valuesOf(table, "duration"), (Values{3, 3, 2}));
}

TEST(SessionFeatures, HoldTheSequenceOfTemplatesWhenAskedTo)
{
    auto options = sessions;
    options.templateSequence = true;
    const auto records = threeSessions();
    const auto table = fitAndCompute(records, options);
    ASSERT_EQ(table.templateSequence.begin, (std::vector<std::uint64_t>{0, 3, 5, 8}));
    std::vector<std::uint32_t> expected;
    for (const std::size_t record : {0U, 2U, 3U, 1U, 4U, 5U, 6U, 7U})
        expected.push_back(records.table.templateId[record]);
    EXPECT_EQ(table.templateSequence.templateId, expected);
    EXPECT_TRUE(fitAndCompute(records, sessions).templateSequence.empty());
}

TEST(SessionFeatures, ReachFromTheFirstRecordToJustAfterTheLast)
{
    const auto table = fitAndCompute(threeSessions(), sessions);
    EXPECT_EQ(table.start[2], 6 * second_us);
    EXPECT_EQ(table.end[2], 8 * second_us + 1);
}

TEST(SessionFeatures, BelongToAnEntityThatAllRecordsShare)
{
    const auto table = fitAndCompute(threeSessions(), sessions);
    EXPECT_EQ(table.entities[table.entity[0]], "n1");
    EXPECT_EQ(table.entities[table.entity[1]], "");
    EXPECT_EQ(table.entities[table.entity[2]], "n2");
}

TEST(SessionFeatures, ATemplateOfOneSessionAloneIsUnseenThere)
{
    EXPECT_EQ(valuesOf(fitAndCompute(threeSessions(), sessions), "unseen templates"), (Values{1, 0, 2}));
}

TEST(SessionFeatures, CausallyOnlySessionsThatEndedBeforeAreKnown)
{
    // b1 ends first and knows nothing; b2 ends when open and close are known; b3 when open is.
    EXPECT_EQ(valuesOf(fitAndCompute(threeSessions(), sessions, true), "unseen templates"), (Values{3, 0, 2}));
}

TEST(SessionFeatures, AConstantColumnStaysOutButNoveltyStays)
{
    RecordSetBuilder builder;
    for (const auto* key : {"a", "b", "c"})
        builder.add({.time = 1, .message = "x", .session = key}).add({.time = 1, .message = "y", .session = key});
    EXPECT_EQ(columnNames(fitAndCompute(builder.build(), sessions).columns),
              (std::vector<std::string>{"unseen templates"}));
}

TEST(SessionFeatures, ARecordMayCountInNoSession)
{
    const auto table = fitAndCompute(threeSessions(), sessions);
    EXPECT_EQ(table.templates.begin.back(), 7U); // "no session" is in none
}

TEST(SessionFeatures, WithoutAKeyThereAreNoSessions)
{
    QuietJob job;
    const auto set = RecordSetBuilder().add({.time = 1, .message = "x"}).build();
    const auto featurizer = Featurizer::fit(set, sessions, job);
    ASSERT_FALSE(featurizer);
    EXPECT_EQ(featurizer.error().code, ErrorCode::Config);
}

} // namespace
} // namespace faultline::features
