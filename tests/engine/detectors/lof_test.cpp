// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/detectors/golden.h"
#include <limits>

using namespace faultline;
using namespace faultline::detectors;
using namespace faultline::detectors::test;

namespace
{
Parameters options(std::int64_t neighbours, std::int64_t references = 5000)
{
    return {{"neighbours", neighbours}, {"references", references}};
}
} // namespace

TEST(Lof, AgreesWithScikitLearnOnTrainingAndNewUnits)
{
    for (const auto& expected : goldenCases("lof")) {
        const auto train = tableFromJson(expected["train"]);
        const auto detector = fitted("lof", train, options(expected["neighbours"].get<std::int64_t>()));
        expectEqualScores(scoresOf(*detector, train, true), expected["train_scores"]);
        expectEqualScores(scoresOf(*detector, tableFromJson(expected["fresh"])), expected["fresh_scores"]);
    }
}

TEST(Lof, IsOneWhereEveryoneHasTheSameRoom)
{
    features::Matrix ring(12, 2);
    for (Eigen::Index i = 0; i < 12; ++i)
        ring.row(i) << std::cos(0.5235987755982988 * static_cast<double>(i)),
            std::sin(0.5235987755982988 * static_cast<double>(i));
    const auto training = tableOf(ring);
    for (const double score : scoresOf(*fitted("lof", training, options(2)), training, true))
        EXPECT_NEAR(score, 1.0, 1e-9);
}

TEST(Lof, SeesAUnitBesideATightClusterThatALooseOneWouldHide)
{
    auto training = gaussianTable(400, 2, 1);
    training.standardised.topRows(200) *= 0.01; // tight around zero
    training.standardised.bottomRows(200).array() += 50.0;
    training.standardised.row(0) << 0.5, 0.5; // near, but 50 times the tight cluster's spread away
    const auto scores = scoresOf(*fitted("lof", training, options(20)), training, true);
    for (std::size_t i = 1; i < scores.size(); ++i)
        EXPECT_LT(scores[i], scores[0]);
}

TEST(Lof, MoreEqualUnitsThanNeighboursAreOrdinary)
{
    auto values = std::vector<double>(30, 2.0);
    values.push_back(9.0);
    const auto training = line(values);
    const auto scores = scoresOf(*fitted("lof", training, options(5)), training, true);
    EXPECT_DOUBLE_EQ(scores[0], 1.0);
    EXPECT_GT(scores[30], 1e6);
}

TEST(Lof, UsesAllReferencesWhenThereAreFewerThanNeighbours)
{
    const auto training = line({0.0, 1.0, 5.0});
    EXPECT_EQ(scoresOf(*fitted("lof", training, options(100)), training, true),
              scoresOf(*fitted("lof", training, options(2)), training, true));
}

TEST(Lof, UnitsOutsideTheSampleAreComparedWithIt)
{
    const auto training = gaussianTable(2'000, 3, 4);
    const auto detector = fitted("lof", training, options(10, 100));
    const auto asTraining = scoresOf(*detector, training, true), asNew = scoresOf(*detector, training);
    std::size_t same = 0;
    for (std::size_t i = 0; i < asNew.size(); ++i)
        same += asTraining[i] == asNew[i] ? 1U : 0U;
    EXPECT_EQ(same, 1'900u) << "all but the references, which would find themselves";
}

TEST(Lof, RefusesDamagedContent)
{
    const auto detector = fitted("lof", gaussianTable(20, 2, 1), options(3));
    const auto damage = [&](const char* name, const auto& values) {
        return refusesAfter(*detector, [&](TensorBundle& b) { b.put(std::string("part/") + name, values); });
    };
    EXPECT_TRUE(damage("density", std::vector<double>(20, 0.0)));
    EXPECT_TRUE(damage("density", std::vector<double>(19, 1.0)));
    EXPECT_TRUE(damage("reach", std::vector<double>(20, -1.0)));
    EXPECT_TRUE(damage("factor", std::vector<double>(20, std::numeric_limits<double>::infinity())));
    EXPECT_TRUE(damage("rows", std::vector<double>(40, std::nan(""))));
}
