// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// rrcf, half_space_trees and running_statistics: detectors that learn with every unit.
#include "engine/detectors/cut_tree.h"
#include "tests/engine/detectors/golden.h"
#include <algorithm>
#include <limits>

using namespace faultline;
using namespace faultline::detectors;
using namespace faultline::detectors::test;

namespace
{
/// A row of ordinary values with one far away, and the scores of a detector that streams over it.
std::vector<double> scoresWithASpike(const std::string& name, const Parameters& parameters, Eigen::Index spikeAt)
{
    auto table = gaussianTable(1'500, 1, 7);
    table.standardised(spikeAt, 0) = 15.0;
    const auto detector = made(name, parameters);
    std::vector<double> out;
    for (std::size_t unit = 0; unit < 1'500; ++unit)
        out.push_back(detector->update(table.input(), unit));
    return out;
}
} // namespace

TEST(CutTree, DisplacementIsThatOfATreeOfThreePoints)
{
    // Whatever the cuts: 100 is parted from {0, 1} first with a chance of 99 in 100, and then moves both.
    CutTree tree(1, 8);
    Random random(1);
    (void)tree.insert(std::vector{0.0}, random);
    (void)tree.insert(std::vector{1.0}, random);
    EXPECT_NEAR(tree.displacement(std::vector{100.0}), 0.99 * 2.0 + 0.01 * 1.0, 1e-12);
    EXPECT_EQ(tree.displacement(std::vector{1.0}), 0.5) << "it would share a leaf, beside which there is one";
}

TEST(CutTree, TheExpectationIsTheMeanOverInsertions)
{
    Random random(4);
    std::vector<std::vector<double>> points(40, std::vector<double>(2));
    for (auto& point : points)
        point = {random.normal(), random.normal()};
    const std::vector odd{2.0, -2.5};
    double inserted = 0.0, expected = 0.0;
    constexpr int rounds = 2'000;
    for (int round = 0; round < rounds; ++round) {
        CutTree tree(2, 64);
        for (const auto& point : points)
            (void)tree.insert(point, random);
        expected += tree.displacement(odd);
        inserted += tree.displacementOf(tree.insert(odd, random));
    }
    EXPECT_NEAR(inserted / rounds, expected / rounds, 0.03 * expected / rounds);
}

TEST(CutTree, WhatComesAndGoesLeavesTheTreeAsItWas)
{
    CutTree tree(2, 64);
    Random random(5);
    for (int i = 0; i < 30; ++i)
        (void)tree.insert(std::vector{random.normal(), random.normal()}, random);
    const auto before = tree.write();
    const std::vector probe{3.0, 0.5};
    const double displacement = tree.displacement(probe);
    for (int i = 0; i < 200; ++i)
        tree.remove(tree.insert(std::vector{5.0 * random.normal(), random.normal()}, random));
    EXPECT_EQ(tree.displacement(probe), displacement) << "boxes shrink back";
    EXPECT_EQ(tree.write().points, before.points);
    EXPECT_EQ(tree.size(), 30u);
}

TEST(CutTree, EqualPointsShareALeafAndLeaveOneByOne)
{
    CutTree tree(1, 4);
    Random random(6);
    const auto first = tree.insert(std::vector{1.0}, random), second = tree.insert(std::vector{1.0}, random);
    EXPECT_EQ(first, second);
    tree.remove(first);
    EXPECT_EQ(tree.size(), 1u);
    tree.remove(first);
    EXPECT_EQ(tree.size(), 0u);
    EXPECT_EQ(tree.displacement(std::vector{9.0}), 0.0);
}

TEST(CutTree, RestoresOnlyWhatIsOneTree)
{
    CutTree tree(1, 8);
    Random random(7);
    for (const double value : {1.0, 2.0, 5.0})
        (void)tree.insert(std::vector{value}, random);
    const auto sound = tree.write();
    const auto restores = [](const CutTree::Written& written) {
        CutTree fresh(1, 8);
        std::vector<std::uint32_t> leaves;
        return fresh.restore(written, leaves);
    };
    EXPECT_TRUE(restores(sound));
    auto cut = sound;
    cut.column.pop_back();
    EXPECT_FALSE(restores(cut)) << "a node lacks a child";
    auto longer = sound;
    longer.column.push_back(CutTree::none);
    EXPECT_FALSE(restores(longer)) << "a node without a parent";
    auto wide = sound;
    wide.column[0] = 1;
    EXPECT_FALSE(restores(wide)) << "no such column";
}

TEST(Rrcf, SeesASpikeInAStreamAndALevelThatLasts)
{
    const auto scores = scoresWithASpike("rrcf", {}, 1'000);
    EXPECT_EQ(std::max_element(scores.begin(), scores.end()) - scores.begin(), 1'000);
    auto shifted = gaussianTable(3'000, 1, 8);
    shifted.standardised.bottomRows(1'500).array() += 12.0;
    const auto detector = made("rrcf", {{"memory", std::int64_t{256}}});
    std::vector<double> after;
    for (std::size_t unit = 0; unit < 3'000; ++unit)
        after.push_back(detector->update(shifted.input(), unit));
    EXPECT_GT(after[1'500], 20.0 * after[2'900]) << "what lasts becomes usual";
}

TEST(Rrcf, AgreesWithThePublishedImplementationOnAverage)
{
    for (const auto& expected : goldenCases("rrcf")) {
        const auto train = tableFromJson(expected["train"]);
        const auto theirs = expected["train_scores"].get<std::vector<double>>();
        const auto ours = scoresOf(*fitted("rrcf", train, {{"trees", std::int64_t{500}}}), train, true);
        EXPECT_GT(rankCorrelation(ours, theirs), 0.98);
        for (std::size_t i = 0; i < ours.size(); ++i)
            EXPECT_NEAR(ours[i], theirs[i], 0.25 * theirs[i]) << "unit " << i;
    }
}

TEST(Rrcf, TrainingUnitsLeaveThemselvesOut)
{
    auto values = std::vector<double>(60, 0.0);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<double>(i) / 100.0;
    values.push_back(50.0);
    const auto training = line(values);
    const auto scores = scoresOf(*fitted("rrcf", training), training, true);
    EXPECT_GT(scores[60], 55.0) << "it would move all sixty others";
    EXPECT_GT(scores[60], 3.0 * *std::max_element(scores.begin(), scores.begin() + 60));
}

TEST(Rrcf, NamesTheColumn)
{
    const auto detector = fitted("rrcf", gaussianTable(500, 3, 1));
    features::Matrix odd(1, 3);
    odd << 0.0, 0.0, -9.0;
    const auto reasons = detector->explain(tableOf(odd).input(), 0);
    ASSERT_FALSE(reasons.empty());
    EXPECT_EQ(reasons[0].column, 2);
    EXPECT_GT(reasons[0].share, 0.9);
}

TEST(Rrcf, RefusesDamagedContent)
{
    const auto detector = fitted("rrcf", gaussianTable(20, 2, 1));
    const auto damage = [&](const char* name, const auto& values) {
        return refusesAfter(*detector, [&](TensorBundle& b) { b.put(std::string("part/") + name, values); });
    };
    EXPECT_TRUE(damage("0/leaf", std::vector<std::uint32_t>(20, 20U)));
    EXPECT_TRUE(damage("0/leaf", std::vector<std::uint32_t>(20, 0U))) << "leaves that hold nothing";
    EXPECT_TRUE(damage("0/points", std::vector<double>(40, std::nan(""))));
    EXPECT_TRUE(damage("3/column", std::vector<std::uint32_t>{}));
    EXPECT_TRUE(damage("trees", std::vector<std::uint32_t>{4'000'000'000U}));
}

TEST(HalfSpaceTrees, ScoresNothingBeforeTheFirstWindowIsComplete)
{
    const auto scores = scoresWithASpike("half_space_trees", {{"window", std::int64_t{100}}}, 1'000);
    for (std::size_t i = 0; i < 100; ++i)
        EXPECT_EQ(scores[i], 0.0);
    EXPECT_GT(scores[100], 0.0);
    const auto rank = std::count_if(scores.begin(), scores.end(), [&](double s) { return s > scores[1'000]; });
    EXPECT_LE(rank, 10);
}

TEST(HalfSpaceTrees, ATrainingUnitIsNotItsOwnCompany)
{
    auto values = std::vector<double>(100, 0.0);
    values.push_back(8.0);
    const auto training = line(values);
    const auto detector = fitted("half_space_trees", training);
    EXPECT_GT(scoresOf(*detector, training, true)[100], scoresOf(*detector, training)[100]);
}

TEST(HalfSpaceTrees, NamesTheColumn)
{
    const auto detector = fitted("half_space_trees", gaussianTable(500, 3, 1));
    features::Matrix odd(1, 3);
    odd << 0.0, 20.0, 0.0;
    const auto reasons = detector->explain(tableOf(odd).input(), 0);
    ASSERT_FALSE(reasons.empty());
    EXPECT_EQ(reasons[0].column, 1);
}

TEST(HalfSpaceTrees, RefusesDamagedContent)
{
    const auto detector = fitted("half_space_trees", gaussianTable(20, 2, 1));
    const auto damage = [&](const char* name, const auto& values) {
        return refusesAfter(*detector, [&](TensorBundle& b) { b.put(std::string("part/") + name, values); });
    };
    EXPECT_TRUE(damage("split_column", std::vector<std::uint32_t>(25 * 1023, 2U)));
    EXPECT_TRUE(damage("mass", std::vector<float>(25 * 2047, -1.0F)));
    EXPECT_TRUE(damage("state", std::vector<std::uint32_t>{250, 1}));
}

TEST(RunningStatistics, ZIsTheDistanceInRobustDeviations)
{
    // median 3, absolute deviations 2 1 0 1 6: their median is 1
    const auto detector = fitted("running_statistics", line({1.0, 2.0, 3.0, 4.0, 9.0}));
    EXPECT_DOUBLE_EQ(scoresOf(*detector, line({7.0}))[0], 4.0 / 1.4826);
}

TEST(RunningStatistics, PercentileCountsTheSmallerTail)
{
    const auto detector =
        fitted("running_statistics", line({1.0, 2.0, 3.0, 4.0}), {{"measure", std::string("percentile")}});
    EXPECT_DOUBLE_EQ(scoresOf(*detector, line({1.5}))[0], -std::log10(2.0 * 1.5 / 5.0));
    EXPECT_DOUBLE_EQ(scoresOf(*detector, line({10.0}))[0], -std::log10(2.0 * 0.5 / 5.0) + std::log10(1.0 + 6.0 / 3.0));
}

TEST(RunningStatistics, HistogramCountsTheBinAroundTheValue)
{
    std::vector<double> values;
    for (int i = 0; i < 8; ++i)
        values.push_back(static_cast<double>(i)); // quartiles 1 and 5, so the bin reaches 4 / 2 = 2 to either side
    const auto detector = fitted("running_statistics", line(values), {{"measure", std::string("histogram")}});
    EXPECT_DOUBLE_EQ(scoresOf(*detector, line({3.0}))[0], -std::log10(5.5 / 9.0));
    EXPECT_DOUBLE_EQ(scoresOf(*detector, line({99.0}))[0], -std::log10(0.5 / 9.0));
}

TEST(RunningStatistics, TheDeviationIsThatOfSortingAllDistances)
{
    Random random(3);
    for (std::size_t n = 1; n < 60; ++n) {
        std::vector<double> values(n), distances(n);
        for (auto& value : values)
            value = random.normal() * random.normal() * 10.0;
        auto sorted = values;
        std::sort(sorted.begin(), sorted.end());
        const double median = 0.5 * (sorted[(n - 1) / 2] + sorted[n / 2]);
        for (std::size_t i = 0; i < n; ++i)
            distances[i] = std::abs(values[i] - median);
        std::sort(distances.begin(), distances.end());
        const double spread = std::max(1.4826 * distances[(n - 1) / 2], 0.05);
        EXPECT_NEAR(scoresOf(*fitted("running_statistics", line(values)), line({100.0}))[0], (100.0 - median) / spread,
                    1e-9 * 100.0 / spread)
            << n;
    }
}

TEST(RunningStatistics, UpdatingKeepsExactlyTheLastWindow)
{
    const auto table = gaussianTable(300, 2, 9);
    for (const auto* measure : {"z", "percentile", "histogram"}) {
        const Parameters parameters{{"measure", std::string(measure)}, {"window", std::int64_t{50}}};
        const auto streamed = made("running_statistics", parameters);
        for (std::size_t unit = 0; unit < 300; ++unit)
            (void)streamed->update(table.input(), unit);
        const auto fresh = gaussianTable(40, 2, 10);
        EXPECT_EQ(scoresOf(*streamed, fresh), scoresOf(*fitted("running_statistics", table, parameters), fresh));
    }
}

TEST(RunningStatistics, ATrainingUnitIsNotItsOwnCompany)
{
    const auto training = line({0.0, 0.1, 0.2, 0.3, 40.0});
    const auto detector = fitted("running_statistics", training, {{"measure", std::string("histogram")}});
    EXPECT_DOUBLE_EQ(scoresOf(*detector, training, true)[4], -std::log10(0.5 / 5.0));
}

TEST(RunningStatistics, RefusesDamagedContent)
{
    const auto detector = fitted("running_statistics", gaussianTable(20, 2, 1));
    const auto damage = [&](const char* name, const auto& values) {
        return refusesAfter(*detector, [&](TensorBundle& b) { b.put(std::string("part/") + name, values); });
    };
    EXPECT_TRUE(damage("recent", std::vector<double>(39, 0.0)));
    EXPECT_TRUE(damage("recent", std::vector<double>(40, std::numeric_limits<double>::infinity())));
    EXPECT_TRUE(damage("state", std::vector<std::int64_t>{3, 0})) << "the window is not full";
    EXPECT_TRUE(damage("state", std::vector<std::int64_t>{-1, 0}));
}
