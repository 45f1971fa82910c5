// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/detectors/tables.h"
#include <cmath>

using namespace faultline;
using namespace faultline::detectors;
using namespace faultline::detectors::test;

namespace
{
using Session = std::map<std::uint32_t, float>;

const Parameters nearestOne{{"reference_share", 0.0}};

std::vector<Session> repeated(std::size_t times, const Session& session)
{
    return std::vector<Session>(times, session);
}

void append(std::vector<Session>& all, const std::vector<Session>& more)
{
    all.insert(all.end(), more.begin(), more.end());
}
} // namespace

TEST(CountVector, IsZeroForAVectorThatWasSeen)
{
    const auto training = sessionsOf(repeated(20, {{0, 3.0F}, {1, 1.0F}}));
    const auto detector = fitted("count_vector", training, nearestOne);
    EXPECT_EQ(scoresOf(*detector, sessionsOf({{{0, 3.0F}, {1, 1.0F}}}))[0], 0.0);
    EXPECT_EQ(scoresOf(*detector, training, true)[0], 0.0);
}

TEST(CountVector, WeighsExtraMissingAndRepeatedMessages)
{
    auto sessions = repeated(9, {{0, 1.0F}});
    append(sessions, {{{0, 1.0F}, {1, 1.0F}}});
    const auto detector = fitted("count_vector", sessionsOf(sessions), nearestOne);
    const auto scores = scoresOf(*detector, sessionsOf({{{0, 3.0F}}, {}, {{0, 1.0F}, {2, 1.0F}}}));
    EXPECT_NEAR(scores[0], 1.0, 1e-6);                          // 1 -> 3 is one doubling of 1 + count
    EXPECT_NEAR(scores[1], -std::log(1.0 - 10.5 / 11.0), 1e-5); // template 0 was held by 10 of 10
    EXPECT_NEAR(scores[2], -std::log(0.5 / 11.0), 1e-5);        // template 2 by none
}

TEST(CountVector, AKindThatRepeatsIsNotNormalUntilItReachesTheShare)
{
    auto sessions = repeated(960, {{0, 3.0F}});
    append(sessions, repeated(40, {{0, 3.0F}, {1, 1.0F}}));
    const auto training = sessionsOf(sessions);
    const auto strict = scoresOf(*fitted("count_vector", training, {{"reference_share", 0.05}}), training, true);
    EXPECT_EQ(strict.front(), 0.0);
    EXPECT_GT(strict.back(), 2.0);
    const auto lenient = scoresOf(*fitted("count_vector", training, {{"reference_share", 0.03}}), training, true);
    EXPECT_EQ(lenient.back(), 0.0);
}

TEST(CountVector, ATrainingUnitDoesNotVouchForItself)
{
    auto sessions = repeated(10, {{0, 1.0F}});
    append(sessions, {{{5, 4.0F}}});
    const auto training = sessionsOf(sessions);
    const auto scores = scoresOf(*fitted("count_vector", training, nearestOne), training, true);
    EXPECT_EQ(scores.front(), 0.0);
    EXPECT_GT(scores.back(), 3.0);
}

TEST(CountVector, ALoneTrainingUnitScoresZero)
{
    const auto training = sessionsOf({{{0, 1.0F}}});
    EXPECT_EQ(scoresOf(*fitted("count_vector", training), training, true)[0], 0.0);
}

TEST(CountVector, KeepsTheMostFrequentVectorsWhenThereAreTooMany)
{
    std::vector<Session> sessions;
    for (std::uint32_t kind = 0; kind < 50; ++kind)
        append(sessions, repeated(1 + kind, {{kind, 1.0F}}));
    const auto detector =
        fitted("count_vector", sessionsOf(sessions), {{"reference_share", 0.0}, {"references", std::int64_t{10}}});
    const auto scores = scoresOf(*detector, sessionsOf({{{49, 1.0F}}, {{40, 1.0F}}, {{39, 1.0F}}}));
    EXPECT_EQ(scores[0], 0.0);
    EXPECT_EQ(scores[1], 0.0);
    EXPECT_GT(scores[2], 0.0);
}

TEST(CountVector, NamesTheTemplatesThatDifferFromTheNearest)
{
    const auto detector = fitted("count_vector", sessionsOf(repeated(100, {{0, 3.0F}, {1, 3.0F}})), nearestOne);
    const auto reasons = detector->explain(sessionsOf({{{0, 3.0F}, {4, 1.0F}}}).input(), 0);
    ASSERT_EQ(reasons.size(), 2u);
    EXPECT_EQ(reasons[0].templateId, 1u) << "missing thrice";
    EXPECT_EQ(reasons[1].templateId, 4u);
}

TEST(CountVector, RefusesDamagedContent)
{
    const auto detector = fitted("count_vector", sessionsOf({{{0, 1.0F}, {3, 2.0F}}, {{1, 1.0F}}}));
    const auto damage = [&](const char* name, const auto& values) {
        return refusesAfter(*detector, [&](TensorBundle& b) { b.put(std::string("part/") + name, values); });
    };
    EXPECT_TRUE(damage("sizes", std::vector<std::uint32_t>{4'000'000'000u, 1}));
    EXPECT_TRUE(damage("sizes", std::vector<std::uint32_t>{1, 1}));
    EXPECT_TRUE(damage("levels", std::vector<float>{1.0F, std::nanf(""), 1.0F}));
    EXPECT_TRUE(damage("templates", std::vector<std::uint32_t>{3, 3, 3}));
    EXPECT_TRUE(damage("units", std::vector<std::uint32_t>{0, 1}));
    EXPECT_TRUE(damage("holders", std::vector<std::uint32_t>{7}));
}

TEST(CountVector, NeedsTemplateCounts)
{
    const auto table = gaussianTable(10, 2, 1);
    QuietJob job;
    EXPECT_FALSE(made("count_vector")->fit(table.input(), job));
}
