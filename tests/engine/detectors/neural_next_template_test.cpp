// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/detectors/tables.h"
#include <algorithm>
#include <cmath>

using namespace faultline;
using namespace faultline::detectors;
using namespace faultline::detectors::test;

namespace
{
using Session = std::vector<std::uint32_t>;

Table sessionsInOrder(const std::vector<Session>& sessions)
{
    auto out = tableOf(features::Matrix(static_cast<Eigen::Index>(sessions.size()), 0));
    out.table.kind = features::UnitKind::Session;
    auto& sequence = out.table.templateSequence;
    sequence.begin = {0};
    for (const auto& session : sessions) {
        sequence.templateId.insert(sequence.templateId.end(), session.begin(), session.end());
        sequence.begin.push_back(sequence.templateId.size());
    }
    return out;
}

const Session usual{0, 1, 2, 3, 4}, swapped{0, 1, 3, 2, 4};
const Parameters quick{{"width", std::int64_t{16}}, {"learning_rate", 1e-2}, {"batch", std::int64_t{16}}};

Table normal()
{
    return sessionsInOrder(std::vector<Session>(200, usual));
}
} // namespace

TEST(NextTemplate, FindsKnownTemplatesInAnUnknownOrder)
{
    const auto detector = fitted("next_template", normal(), quick);
    const auto scores = scoresOf(*detector, sessionsInOrder({usual, swapped, usual}));
    EXPECT_GT(scores[1], 3.0 * scores[0]);
    EXPECT_EQ(scores[0], scores[2]);
}

TEST(NextTemplate, CountsRecordsOutsideTheTop)
{
    auto parameters = quick;
    parameters["measure"] = std::string("misses");
    parameters["top"] = std::int64_t{1};
    const auto detector = fitted("next_template", normal(), parameters);
    const auto scores = scoresOf(*detector, sessionsInOrder({usual, swapped}));
    EXPECT_EQ(scores[0], 0.0);
    EXPECT_GE(scores[1], 0.4);
}

TEST(NextTemplate, NamesTheTemplateThatWasNotExpected)
{
    const auto detector = fitted("next_template", normal(), quick);
    const auto table = sessionsInOrder({usual, {0, 1, 2, 3, 77}});
    const auto reasons = detector->explain(table.input(), 1);
    ASSERT_FALSE(reasons.empty());
    EXPECT_EQ(reasons[0].templateId, 77u);
}

TEST(NextTemplate, ReadsAnEntitysWindowsAsOneSequence)
{
    auto training = normal();
    training.table.kind = features::UnitKind::Window;
    const auto detector = fitted("next_template", training, quick);
    auto table = sessionsInOrder({usual, usual, {0, 1}, {2, 3, 4}, {0, 1, 2}, {4}});
    table.table.kind = features::UnitKind::Window;
    const auto scores = scoresOf(*detector, table);
    EXPECT_LT(scores[3], 1.0) << "goes on where the window before ended";
    EXPECT_GT(scores[5], 3.0) << "leaves one out";
}

TEST(NextTemplate, AUnitWithoutRecordsScoresZero)
{
    const auto detector = fitted("next_template", normal(), quick);
    EXPECT_EQ(scoresOf(*detector, sessionsInOrder({{}, usual}))[0], 0.0);
}

TEST(NextTemplate, NeedsSequences)
{
    auto table = normal();
    table.table.templateSequence = {};
    QuietJob job;
    const auto result = made("next_template")->fit(table.input(), job);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Numeric);
    EXPECT_TRUE(specOf("next_template")->needsTemplateSequence);
}

TEST(NextTemplate, RefusesMoreTemplatesThanItsVocabulary)
{
    const auto detector = fitted("next_template", normal(), {{"epochs", std::int64_t{1}}});
    EXPECT_TRUE(refusesAfter(*detector,
                             [](auto& bundle) { bundle.put("part/templates", std::vector<std::uint32_t>(300, 1)); }));
    EXPECT_TRUE(refusesAfter(
        *detector, [](auto& bundle) { bundle.put("part/templates", std::vector<std::uint32_t>(5, 0xfffffff0)); }));
}
