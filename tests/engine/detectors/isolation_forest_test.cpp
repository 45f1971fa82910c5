// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/isolation_trees.h"
#include "tests/engine/detectors/golden.h"
#include <algorithm>
#include <cmath>
#include <limits>

using namespace faultline;
using namespace faultline::detectors;
using namespace faultline::detectors::test;
using features::ColumnRole;

namespace
{
Table withOutlier(Eigen::Index units, Eigen::Index columns, Eigen::Index oddColumn)
{
    auto table = gaussianTable(units, columns, 3);
    table.table.values(units / 2, oddColumn) = 12.0;
    table.standardised = table.table.values;
    return table;
}
} // namespace

TEST(IsolationForest, MeanSearchPathIsThatOfThePaper)
{
    EXPECT_EQ(meanSearchPath(1), 0.0);
    EXPECT_DOUBLE_EQ(meanSearchPath(2), 1.0);
    EXPECT_NEAR(meanSearchPath(256), 2.0 * (std::log(255.0) + 0.5772156649 + 1.0 / 510.0) - 2.0 * 255.0 / 256.0, 1e-5);
}

TEST(IsolationForest, TwoDifferentUnitsAreAlwaysOneSplitApart)
{
    features::Matrix values(2, 1);
    values << 0.0, 1.0;
    const auto table = tableOf(values);
    // Path length 1, c(2) = 1: 2^-1.
    EXPECT_EQ(scoresOf(*fitted("isolation_forest", table), table), (std::vector{0.5, 0.5}));
}

TEST(IsolationForest, ScoresTheLoneUnitHighestAndSaysWhichColumn)
{
    const auto table = withOutlier(256, 3, 2);
    const auto detector = fitted("isolation_forest", table);
    const auto scores = scoresOf(*detector, table, true);
    EXPECT_EQ(std::max_element(scores.begin(), scores.end()) - scores.begin(), 128);
    EXPECT_GT(scores[128], 0.6);
    const auto reasons = detector->explain(table.input(), 128);
    ASSERT_FALSE(reasons.empty());
    EXPECT_EQ(reasons[0].column, 2);
    EXPECT_GT(reasons[0].share, 0.4);
}

TEST(IsolationForest, TypicalUnitsScoreAboutOneHalf)
{
    const auto table = gaussianTable(4'000, 5, 1);
    auto scores = scoresOf(*fitted("isolation_forest", table), table, true);
    std::nth_element(scores.begin(), scores.begin() + 2'000, scores.end());
    EXPECT_NEAR(scores[2'000], 0.46, 0.05);
}

TEST(IsolationForest, TheSeedDecidesTheTrees)
{
    const auto table = gaussianTable(500, 3, 1);
    EXPECT_EQ(scoresOf(*fitted("isolation_forest", table, {}, 7), table),
              scoresOf(*fitted("isolation_forest", table, {}, 7), table));
    EXPECT_NE(scoresOf(*fitted("isolation_forest", table, {}, 7), table),
              scoresOf(*fitted("isolation_forest", table, {}, 8), table));
}

TEST(IsolationForest, MovingAndScalingAColumnChangesNoScore)
{
    const auto table = gaussianTable(500, 3, 1);
    auto scaled = table;
    scaled.table.values.col(0) = table.table.values.col(0) * 0x1p900;
    scaled.table.values.col(1) = table.table.values.col(1) * 0x1p-900;
    EXPECT_EQ(scoresOf(*fitted("isolation_forest", scaled), scaled),
              scoresOf(*fitted("isolation_forest", table), table));
}

TEST(IsolationForest, AMissingValueCountsAsTheMedian)
{
    const auto table = gaussianTable(501, 2, 1);
    const auto detector = fitted("isolation_forest", table);
    auto column = std::vector<double>(501);
    for (std::size_t i = 0; i < 501; ++i)
        column[i] = table.table.values(static_cast<Eigen::Index>(i), 0);
    std::nth_element(column.begin(), column.begin() + 250, column.end());
    features::Matrix rows(2, 2);
    rows << std::nan(""), 0.3, column[250], 0.3;
    const auto scores = scoresOf(*detector, tableOf(rows));
    EXPECT_EQ(scores[0], scores[1]);
}

TEST(IsolationForest, ReadsStandardisedValuesWhenChosen)
{
    auto table = gaussianTable(500, 2, 1);
    table.standardised(9, 1) = 30.0; // odd for its entity, not in its raw value
    const Parameters parameters{{"values", std::string("standardised")}};
    const auto scores = scoresOf(*fitted("isolation_forest", table, parameters), table);
    EXPECT_EQ(std::max_element(scores.begin(), scores.end()) - scores.begin(), 9);
}

TEST(IsolationForest, NeverGivesTheTimeOfDayAsAReason)
{
    auto table = withOutlier(1'000, 2, 0);
    table.table.columns[1].role = ColumnRole::Phase;
    for (const auto& reason : fitted("isolation_forest", table)->explain(table.input(), 500))
        EXPECT_EQ(reason.column, 0);
}

TEST(IsolationForest, RefusesATableWithoutColumns)
{
    const auto table = tableOf(features::Matrix(10, 0));
    QuietJob job;
    EXPECT_FALSE(made("isolation_forest")->fit(table.input(), job));
}

TEST(IsolationForest, StopsFittingWhenAsked)
{
    const auto table = gaussianTable(100, 2, 1);
    std::stop_source stop;
    stop.request_stop();
    Progress progress;
    JobContext job(stop.get_token(), progress);
    const auto result = made("isolation_forest")->fit(table.input(), job);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Cancelled);
}

TEST(IsolationForest, VectorAndPortableTraversalGiveTheSameBits)
{
    Random random(1);
    for (const std::uint32_t depth : {1u, 4u, 8u, 10u}) {
        constexpr std::size_t columns = 7, rows = 301;
        std::vector<float> values(rows * columns);
        for (auto& value : values)
            value = static_cast<float>(random.normal());
        IsolationTrees trees;
        trees.resize(20, depth);
        for (std::size_t tree = 0; tree < 20; ++tree)
            growIsolationTree(trees, tree, std::span(values).first(columns << depth >> 2), columns, Random(tree));
        std::vector<float> one(rows, 0.0F), other(rows, 0.0F);
        addPathLengths(trees, values, columns, one);
        addPathLengthsPortably(trees, values, columns, other);
        EXPECT_EQ(one, other) << depth;
    }
}

TEST(IsolationForest, TablesInRegistersGiveTheSameBitsForAnyNumberOfColumns)
{
    for (const std::uint32_t depth : {1U, 4U, 5U, 6U, 7U, 8U})
        for (const std::size_t columns : {1U, 3U, 7U, 10U, 16U, 17U, 32U, 33U}) {
            constexpr std::size_t rows = 333;
            Random random(depth * 100 + columns);
            std::vector<float> values(rows * columns);
            for (auto& value : values)
                value = static_cast<float>(random.normal());
            IsolationTrees trees;
            trees.resize(5, depth);
            const auto sampled = std::min<std::size_t>(rows, std::size_t{1} << depth);
            for (std::size_t tree = 0; tree < 5; ++tree)
                growIsolationTree(trees, tree, std::span(values).first(sampled * columns), columns, Random(tree));
            trees.arrange(columns);
            std::vector<float> fast(rows, 0.0F), plain(rows, 0.0F);
            addPathLengths(trees, values, columns, fast);
            addPathLengthsPortably(trees, values, columns, plain);
            EXPECT_EQ(fast, plain) << depth << " levels, " << columns << " columns";
        }
}

TEST(IsolationForest, LargeForestsRankAsScikitLearnsDo)
{
    for (const auto& expected : goldenCases("isolation_forest")) {
        const auto train = tableFromJson(expected["train"]);
        const auto theirs = expected["train_scores"].get<std::vector<double>>();
        const auto ours = scoresOf(*fitted("isolation_forest", train, {{"trees", std::int64_t{2000}}}), train, true);
        EXPECT_GT(rankCorrelation(ours, theirs), 0.98);
        for (std::size_t i = 0; i < ours.size(); ++i)
            EXPECT_NEAR(ours[i], theirs[i], 0.02);
    }
}

TEST(ExtendedForest, SeesWhatLiesBetweenTwoDiagonalClusters)
{
    // Axis-parallel cuts leave ghosts where the clusters' rows and columns cross.
    auto training = gaussianTable(1'000, 2, 3);
    training.table.values.topRows(500).array() += 10.0;
    features::Matrix ghost(1, 2);
    ghost << 10.0, 0.0;
    const auto plain = fitted("isolation_forest", training);
    const auto extended = fitted("isolation_forest", training, {{"extension", std::int64_t{1}}});
    const auto rank = [&](const Detector& detector) {
        const auto usual = scoresOf(detector, training);
        const double odd = scoresOf(detector, tableOf(ghost))[0];
        return std::count_if(usual.begin(), usual.end(), [&](double s) { return s >= odd; });
    };
    EXPECT_LE(rank(*extended), rank(*plain));
    EXPECT_LE(rank(*extended), 20);
}

TEST(ExtendedForest, ScalingAColumnChangesNoRank)
{
    auto training = gaussianTable(500, 3, 4);
    const auto before = scoresOf(*fitted("isolation_forest", training, {{"extension", std::int64_t{2}}}), training);
    training.table.values.col(1) *= 1000.0;
    const auto after = scoresOf(*fitted("isolation_forest", training, {{"extension", std::int64_t{2}}}), training);
    EXPECT_GT(rankCorrelation(before, after), 0.99);
}

TEST(ExtendedForest, AsManyColumnsAsThereAreAreCutAtMost)
{
    const auto training = gaussianTable(200, 3, 5);
    EXPECT_EQ(scoresOf(*fitted("isolation_forest", training, {{"extension", std::int64_t{100}}}), training),
              scoresOf(*fitted("isolation_forest", training, {{"extension", std::int64_t{2}}}), training));
}

TEST(ExtendedForest, IsSavedWithItsPlanesAndNamesTheColumn)
{
    const Parameters extended{{"extension", std::int64_t{1}}};
    const auto training = gaussianTable(300, 3, 6);
    const auto detector = fitted("isolation_forest", training, extended);
    TensorBundle bundle;
    detector->save(bundle, "part");
    const auto loaded = made("isolation_forest", extended);
    ASSERT_TRUE(loaded->load(bundle, "part"));
    EXPECT_EQ(scoresOf(*loaded, training), scoresOf(*detector, training));
    features::Matrix odd(1, 3);
    odd << 0.1, 12.0, 0.1;
    EXPECT_EQ(loaded->explain(tableOf(odd).input(), 0).at(0).column, 1);
    bundle.put("part/plane_column", std::vector<std::uint32_t>(100 * 255 * 2, 7U));
    EXPECT_FALSE(made("isolation_forest", extended)->load(bundle, "part"));
}

TEST(IsolationForest, EveryTrainingRowEndsInALeafThatHoldsIt)
{
    Random random(2);
    constexpr std::size_t columns = 3, rows = 64;
    std::vector<float> values(rows * columns);
    for (auto& value : values)
        value = static_cast<float>(random.below(4));
    IsolationTrees trees;
    trees.resize(1, 6);
    growIsolationTree(trees, 0, values, columns, Random(3));
    for (std::size_t row = 0; row < rows; ++row) {
        std::size_t node = 0;
        while (node < trees.splitsPerTree() && trees.splits[node].threshold < std::numeric_limits<float>::infinity())
            node =
                2 * node + (values[row * columns + trees.splits[node].column] < trees.splits[node].threshold ? 1 : 2);
        EXPECT_GT(trees.size[node], 0u);
    }
}

TEST(IsolationForest, RefusesDamagedContent)
{
    const auto detector = fitted("isolation_forest", gaussianTable(50, 2, 1), {{"trees", std::int64_t{3}}});
    TensorBundle sound;
    detector->save(sound, "part");
    const auto damage = [&](const std::string& name, auto change) {
        return refusesAfter(*detector, [&](TensorBundle& b) { change(b, "part/" + name); });
    };
    const auto setFirst = [](auto value) {
        return [value](TensorBundle& b, const std::string& name) {
            auto values = *b.vector<decltype(value)>(name);
            values[0] = value;
            b.put(name, values);
        };
    };
    EXPECT_TRUE(damage("column", setFirst(std::uint32_t{2})));
    EXPECT_TRUE(damage("threshold", setFirst(std::nanf(""))));
    EXPECT_TRUE(damage("path_length", setFirst(-1.0F)));
    EXPECT_TRUE(damage("path_length", setFirst(std::numeric_limits<float>::infinity())));
    EXPECT_TRUE(damage("centre", setFirst(std::nan(""))));
    EXPECT_TRUE(damage("exponent", setFirst(std::int32_t{5000})));
    EXPECT_TRUE(damage("shape", setFirst(std::uint32_t{31})));
    EXPECT_TRUE(damage("shape", setFirst(std::uint32_t{5})));
}
