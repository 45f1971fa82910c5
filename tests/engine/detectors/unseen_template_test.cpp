// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/detectors/tables.h"

using namespace faultline;
using namespace faultline::detectors;
using namespace faultline::detectors::test;

TEST(UnseenTemplate, CountsRecordsOfTemplatesThatNoTrainingUnitHolds)
{
    const auto detector = fitted("unseen_template", sessionsOf({{{0, 2.0F}}, {{0, 1.0F}, {1, 1.0F}}}));
    const auto scores =
        scoresOf(*detector, sessionsOf({{{0, 9.0F}}, {{1, 1.0F}}, {{7, 1.0F}}, {{7, 3.0F}, {8, 1.0F}}}));
    EXPECT_EQ(scores, (std::vector{0.0, 0.0, 1.0, 3.0}));
}

TEST(UnseenTemplate, ATrainingUnitDoesNotVouchForItself)
{
    const auto training = sessionsOf({{{0, 1.0F}}, {{0, 1.0F}, {1, 1.0F}}, {{0, 1.0F}}});
    EXPECT_EQ(scoresOf(*fitted("unseen_template", training), training, true), (std::vector{0.0, 1.0, 0.0}));
}

TEST(UnseenTemplate, IsEvidenceEnoughOnItsOwn)
{
    EXPECT_EQ(specOf("unseen_template")->role, EvidenceRole::Either);
    EXPECT_TRUE(specOf("unseen_template")->needsTemplates);
}

TEST(UnseenTemplate, NamesTheTemplate)
{
    const auto detector = fitted("unseen_template", sessionsOf({{{0, 1.0F}}, {{0, 1.0F}}}));
    const auto reasons = detector->explain(sessionsOf({{{0, 5.0F}, {3, 1.0F}}}).input(), 0);
    ASSERT_EQ(reasons.size(), 1u);
    EXPECT_EQ(reasons[0].templateId, 3u);
    EXPECT_EQ(reasons[0].column, -1);
    EXPECT_EQ(reasons[0].share, 1.0);
}

TEST(UnseenTemplate, LearnsWhatItIsShown)
{
    const auto detector = fitted("unseen_template", sessionsOf({{{0, 1.0F}}}));
    const auto fresh = sessionsOf({{{5, 1.0F}}});
    EXPECT_EQ(scoresOf(*detector, fresh)[0], 1.0);
    detector->learn(fresh.input(), 0);
    EXPECT_EQ(scoresOf(*detector, fresh)[0], 0.0);
}

TEST(UnseenTemplate, NeedsTemplateCounts)
{
    const auto table = gaussianTable(10, 2, 1);
    QuietJob job;
    const auto result = made("unseen_template")->fit(table.input(), job);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Numeric);
}
