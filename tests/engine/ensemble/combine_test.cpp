// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/ensemble/combine.h"
#include <cmath>
#include <gmock/gmock.h>
#include <limits>

using namespace faultline;
using detectors::EvidenceRole;
using ensemble::combine;
using ensemble::Member;
using ensemble::shares;
using testing::ElementsAre;

TEST(Combine, TakesTheWeightedMeanOfAverageMembers)
{
    const std::vector<Member> members{{.weight = 1.0}, {.weight = 3.0}};
    EXPECT_DOUBLE_EQ(combine(members, std::vector{1.0, 5.0}), 4.0);
}

TEST(Combine, LetsOneEitherMemberSpeakForItself)
{
    const std::vector<Member> members{{.weight = 1.0}, {.weight = 0.1, .role = EvidenceRole::Either}};
    EXPECT_DOUBLE_EQ(combine(members, std::vector{1.0, 5.0}), 5.0);
    EXPECT_THAT(shares(members, std::vector{1.0, 5.0}), ElementsAre(0.0, 1.0));
}

TEST(Combine, IgnoresAQuietEitherMember)
{
    const std::vector<Member> members{{.weight = 2.0}, {.weight = 1.0, .role = EvidenceRole::Either}};
    EXPECT_DOUBLE_EQ(combine(members, std::vector{3.0, 0.2}), 3.0);
    EXPECT_THAT(shares(members, std::vector{3.0, 0.2}), ElementsAre(1.0, 0.0));
}

TEST(Combine, SharesAreProportionalToWeightTimesSurpriseAndSumToOne)
{
    const std::vector<Member> members{{.weight = 1.0}, {.weight = 3.0}, {.weight = 0.0}};
    EXPECT_THAT(shares(members, std::vector{6.0, 2.0, 9.0}), ElementsAre(0.5, 0.5, 0.0));
}

TEST(Combine, IsZeroWithoutAMemberOfWeight)
{
    const std::vector<Member> members{{.weight = 0.0}, {.weight = 0.0, .role = EvidenceRole::Either}};
    EXPECT_EQ(combine(members, std::vector{4.0, 4.0}), 0.0);
    EXPECT_THAT(shares(members, std::vector{4.0, 4.0}), ElementsAre(0.0, 0.0));
    EXPECT_EQ(combine({}, {}), 0.0);
}

TEST(Combine, CountsASurpriseThatIsNotFiniteAsNone)
{
    const std::vector<Member> members{{.weight = 1.0}, {.weight = 1.0}};
    EXPECT_DOUBLE_EQ(combine(members, std::vector{2.0, std::nan("")}), 1.0);
}
