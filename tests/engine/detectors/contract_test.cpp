// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// What every detector promises, whatever it measures.
#include "tests/engine/detectors/tables.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tbb/global_control.h>

using namespace faultline;
using namespace faultline::detectors;
using namespace faultline::detectors::test;
using features::ColumnRole;

namespace
{
void takeTemplates(Table& to, const Table& from)
{
    to.table.templates = from.table.templates;
    to.table.templateSequence = from.table.templateSequence;
}

/// Columns of every role and counts of templates, so that each detector has something to read.
Table mixedTable(Eigen::Index units, std::uint64_t seed)
{
    Random random(seed);
    features::Matrix values(units, 5);
    std::vector<std::map<std::uint32_t, float>> sessions(static_cast<std::size_t>(units));
    for (Eigen::Index i = 0; i < units; ++i) {
        values.row(i) << random.normal(), static_cast<double>(random.poisson(3.0)), random.uniform(), 0.0,
            std::sin(static_cast<double>(i) / 20.0);
        auto& session = sessions[static_cast<std::size_t>(i)];
        session = {{0, 1.0F}, {1, static_cast<float>(1 + random.below(3))}};
        if (random.below(4) == 0)
            session[2 + static_cast<std::uint32_t>(random.below(5))] = 1.0F;
    }
    auto out = tableOf(std::move(values), {ColumnRole::Value, ColumnRole::Count, ColumnRole::Share, ColumnRole::Novelty,
                                           ColumnRole::Phase});
    takeTemplates(out, sessionsOf(sessions));
    return out;
}

class EveryDetector : public testing::TestWithParam<std::string>
{
};

void expectFinite(const std::vector<double>& scores, const std::string& what)
{
    for (const double score : scores)
        ASSERT_TRUE(std::isfinite(score)) << what;
}
} // namespace

TEST_P(EveryDetector, GivesEveryUnitAFiniteScore)
{
    const auto table = mixedTable(500, 1);
    const auto detector = fitted(GetParam(), table);
    const auto scores = scoresOf(*detector, table, true);
    EXPECT_EQ(scores.size(), 500u);
    expectFinite(scores, GetParam());
}

TEST_P(EveryDetector, SaysWhatItWillCostAndMoreForMore)
{
    const auto detector = make(GetParam(), {}, 1);
    ASSERT_TRUE(detector);
    const auto small = (*detector)->cost({.trainingUnits = 1000, .scoredUnits = 1000, .columns = 5});
    const auto large = (*detector)->cost({.trainingUnits = 100'000, .scoredUnits = 100'000, .columns = 5});
    EXPECT_GT(small.seconds, 0.0);
    EXPECT_GT(small.bytes, 0.0);
    EXPECT_GT(large.seconds, small.seconds);
    EXPECT_GE(large.bytes, small.bytes);
    EXPECT_TRUE(std::isfinite(large.seconds + large.bytes));
}

TEST_P(EveryDetector, BelongsToANamedFamily)
{
    EXPECT_FALSE(familyName(specOf(GetParam())->family).empty());
}

TEST_P(EveryDetector, AUnitsScoreDoesNotDependOnItsCompany)
{
    if (specOf(GetParam())->context == ScoreContext::Series)
        return; // its neighbours may matter
    const auto detector = fitted(GetParam(), mixedTable(400, 1));
    const auto fresh = mixedTable(100, 2);
    const auto together = scoresOf(*detector, fresh);
    for (const std::size_t unit : {0u, 37u, 99u}) {
        Table alone = tableOf(fresh.table.values.row(static_cast<Eigen::Index>(unit)));
        alone.table.columns = fresh.table.columns;
        const auto& counts = fresh.table.templates;
        std::map<std::uint32_t, float> held;
        for (auto i = counts.begin[unit]; i < counts.begin[unit + 1]; ++i)
            held[counts.templateId[i]] = counts.count[i];
        takeTemplates(alone, sessionsOf({held}));
        EXPECT_EQ(scoresOf(*detector, alone).at(0), together[unit]);
    }
}

TEST_P(EveryDetector, ScoresTheSameOnOneThreadAndOnMany)
{
    const auto training = mixedTable(3'000, 3);
    std::vector<double> one, many;
    {
        tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 1);
        one = scoresOf(*fitted(GetParam(), training), training, true);
    }
    {
        tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 4);
        many = scoresOf(*fitted(GetParam(), training), training, true);
    }
    EXPECT_EQ(one, many);
}

TEST_P(EveryDetector, ScoresTheSameAfterSavingAndLoading)
{
    const auto training = mixedTable(700, 4);
    const auto detector = fitted(GetParam(), training);
    TensorBundle bundle;
    detector->save(bundle, "model/part");
    const auto loaded = made(GetParam());
    const auto result = loaded->load(bundle, "model/part");
    ASSERT_TRUE(result) << result.error().text();
    const auto fresh = mixedTable(200, 5);
    EXPECT_EQ(scoresOf(*loaded, fresh), scoresOf(*detector, fresh));
    EXPECT_EQ(scoresOf(*loaded, training, true), scoresOf(*detector, training, true));
    EXPECT_EQ(sumOfShares(loaded->explain(fresh.input(), 3)), sumOfShares(detector->explain(fresh.input(), 3)));
}

TEST_P(EveryDetector, RefusesAnEmptyModel)
{
    const auto result = made(GetParam())->load(TensorBundle{}, "part");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Parse);
}

TEST_P(EveryDetector, RefusesOrSurvivesEveryTruncatedTensor)
{
    const auto training = mixedTable(60, 6);
    const auto detector = fitted(GetParam(), training);
    TensorBundle sound;
    detector->save(sound, "part");
    for (const auto& [name, tensor] : sound.tensors()) {
        auto damaged = sound;
        auto shorter = tensor;
        const auto width = elementBytes(tensor.type);
        if (shorter.data.size() < width)
            continue;
        shorter.data.resize(shorter.data.size() - width);
        shorter.shape = {shorter.data.size() / width};
        damaged.insert(name, shorter);
        const auto loaded = made(GetParam());
        if (loaded->load(damaged, "part")) {
            QuietJob job;
            const auto scores = loaded->score(training.input(), {}, job); // an error is fine, a crash is not
            EXPECT_TRUE(!scores || scores->size() == 60u) << name;
        }
    }
}

TEST_P(EveryDetector, SharesOfAnExplanationSumToOneAndFallFromTheFirst)
{
    const auto training = mixedTable(500, 7);
    const auto detector = fitted(GetParam(), training);
    for (std::size_t unit = 0; unit < 50; ++unit) {
        const auto reasons = detector->explain(training.input(), unit);
        if (reasons.empty())
            continue;
        EXPECT_LE(reasons.size(), 16u);
        EXPECT_NEAR(sumOfShares(reasons), 1.0, 1e-9);
        for (std::size_t i = 1; i < reasons.size(); ++i)
            EXPECT_LE(reasons[i].share, reasons[i - 1].share);
        for (const auto& reason : reasons)
            EXPECT_NE(reason.column, 4) << "the phase column is never a reason";
    }
}

TEST_P(EveryDetector, SurvivesExtremeMissingAndInfiniteValues)
{
    constexpr double inf = std::numeric_limits<double>::infinity();
    auto table = mixedTable(64, 8);
    const std::vector<double> odd{std::nan(""), inf,    -inf,   1e300,
                                  -1e300,       1e-300, 5e-324, std::numeric_limits<double>::max()};
    for (std::size_t i = 0; i < odd.size(); ++i)
        for (Eigen::Index c = 0; c < 4; ++c) {
            table.table.values(static_cast<Eigen::Index>(i), c) = odd[i];
            table.standardised(static_cast<Eigen::Index>(i), c) = odd[i];
        }
    table.table.templates.count[5] = std::numeric_limits<float>::infinity();
    table.table.templates.count[6] = std::nanf("");
    table.table.templates.count[7] = -3.0F;
    const auto detector = fitted(GetParam(), table);
    expectFinite(scoresOf(*detector, table, true), GetParam());
    expectFinite(scoresOf(*detector, table), GetParam());
    for (std::size_t unit = 0; unit < odd.size(); ++unit)
        EXPECT_TRUE(std::isfinite(sumOfShares(detector->explain(table.input(), unit))));
}

TEST_P(EveryDetector, ScoresConstantsAndDuplicatesAlike)
{
    auto table = tableOf(features::Matrix::Constant(50, 3, 7.0));
    table.table.kind = features::UnitKind::Session; // each its own sequence: none is the first
    takeTemplates(table, sessionsOf(std::vector<std::map<std::uint32_t, float>>(50, {{0, 1.0F}})));
    const auto scores = scoresOf(*fitted(GetParam(), table), table, true);
    for (const double score : scores)
        EXPECT_EQ(score, scores[0]);
    expectFinite(scores, GetParam());
}

TEST_P(EveryDetector, FitsOneUnitOrSaysHowManyAreNeeded)
{
    const auto table = mixedTable(1, 9);
    const auto detector = made(GetParam());
    QuietJob job;
    const auto result = detector->fit(table.input(), job);
    if (result)
        expectFinite(scoresOf(*detector, table, true), GetParam());
    else
        EXPECT_NE(result.error().message.find("at least"), std::string::npos) << result.error().text();
}

TEST_P(EveryDetector, RefusesAnEmptyTable)
{
    const auto table = mixedTable(0, 9);
    QuietJob job;
    const auto result = made(GetParam())->fit(table.input(), job);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Numeric);
}

TEST_P(EveryDetector, RefusesATableItDidNotLearn)
{
    const auto detector = fitted(GetParam(), mixedTable(50, 1));
    auto other = gaussianTable(50, 2, 1);
    QuietJob job;
    const auto scores = detector->score(other.input(), {}, job);
    ASSERT_FALSE(scores);
    EXPECT_EQ(scores.error().code, ErrorCode::Numeric);
    EXPECT_TRUE(detector->explain(other.input(), 0).empty());
}

TEST_P(EveryDetector, StopsScoringWhenAsked)
{
    const auto table = mixedTable(500, 1);
    const auto detector = fitted(GetParam(), table);
    std::stop_source stop;
    stop.request_stop();
    Progress progress;
    JobContext job(stop.get_token(), progress);
    const auto scores = detector->score(table.input(), {}, job);
    ASSERT_FALSE(scores);
    EXPECT_EQ(scores.error().code, ErrorCode::Cancelled);
}

TEST_P(EveryDetector, StopsFittingWhenAsked)
{
    const auto table = mixedTable(500, 1);
    std::stop_source stop;
    stop.request_stop();
    Progress progress;
    JobContext job(stop.get_token(), progress);
    const auto result = made(GetParam())->fit(table.input(), job);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Cancelled);
}

TEST_P(EveryDetector, SaysHowFarItIs)
{
    const auto table = mixedTable(500, 1);
    const auto detector = fitted(GetParam(), table);
    std::stop_source stop;
    Progress progress;
    JobContext job(stop.get_token(), progress);
    ASSERT_TRUE(detector->score(table.input(), {}, job));
    EXPECT_GE(progress.done.load(), 500u) << "one for each unit";
}

TEST_P(EveryDetector, ScoresTheSameWhenFittedAgain)
{
    const auto training = mixedTable(300, 11), other = mixedTable(200, 12);
    const auto detector = fitted(GetParam(), other);
    QuietJob job;
    ASSERT_TRUE(detector->fit(training.input(), job));
    EXPECT_EQ(scoresOf(*detector, training, true), scoresOf(*fitted(GetParam(), training), training, true));
}

TEST_P(EveryDetector, FitsAFewUnitsOrSaysHowManyAreNeeded)
{
    for (const Eigen::Index units : {2, 3, 5}) {
        const auto table = mixedTable(units, 9);
        const auto detector = made(GetParam());
        QuietJob job;
        const auto result = detector->fit(table.input(), job);
        if (!result) {
            EXPECT_NE(result.error().message.find("at least"), std::string::npos) << result.error().text();
            continue;
        }
        expectFinite(scoresOf(*detector, table, true), GetParam());
        expectFinite(scoresOf(*detector, mixedTable(20, 10)), GetParam());
    }
}

TEST_P(EveryDetector, MissingValuesEverywhereAreFinite)
{
    auto table = mixedTable(100, 13);
    table.table.values.setConstant(std::nan(""));
    table.standardised.setZero(); // as the baseline makes it
    const auto scores = scoresOf(*fitted(GetParam(), table), table, true);
    expectFinite(scores, GetParam());
    auto halfMissing = mixedTable(100, 14);
    for (Eigen::Index i = 0; i < 100; i += 2) {
        halfMissing.table.values.row(i).setConstant(std::nan(""));
        halfMissing.standardised.row(i).setZero();
    }
    expectFinite(scoresOf(*fitted(GetParam(), halfMissing), halfMissing, true), GetParam());
}

TEST_P(EveryDetector, HugeAndTinyScalesAreFinite)
{
    for (const double scale : {1e-300, 1e-9, 1e9, 1e300}) {
        auto table = mixedTable(100, 15);
        table.table.values *= scale;
        table.standardised *= scale;
        const auto detector = fitted(GetParam(), table);
        expectFinite(scoresOf(*detector, table, true), GetParam());
        expectFinite(scoresOf(*detector, mixedTable(20, 16)), GetParam());
        EXPECT_TRUE(std::isfinite(sumOfShares(detector->explain(table.input(), 3))));
    }
}

TEST_P(EveryDetector, EqualUnitsAmongOthersAreFinite)
{
    auto table = mixedTable(200, 17);
    for (Eigen::Index i = 0; i < 150; ++i) {
        table.table.values.row(i) = table.table.values.row(0);
        table.standardised.row(i) = table.standardised.row(0);
    }
    expectFinite(scoresOf(*fitted(GetParam(), table), table, true), GetParam());
}

TEST_P(EveryDetector, RefusesOrSurvivesDamagedNumbers)
{
    const auto training = mixedTable(60, 6);
    const auto detector = fitted(GetParam(), training);
    TensorBundle sound;
    detector->save(sound, "part");
    Random random(5);
    for (const auto& [name, tensor] : sound.tensors())
        for (std::size_t round = 0; round < 60 && !tensor.data.empty(); ++round) {
            auto changed = tensor;
            const auto width = elementBytes(tensor.type);
            const auto element = random.below(changed.data.size() / width) * width;
            const auto pattern = std::array{std::byte{0xff}, std::byte{0x7f}, std::byte{0x80}, std::byte{0}}[round % 4];
            for (std::size_t i = 0; i < width; ++i)
                changed.data[element + i] = round < 40 ? pattern : static_cast<std::byte>(random.below(256));
            auto damaged = sound;
            damaged.insert(name, changed);
            const auto loaded = made(GetParam());
            if (!loaded->load(damaged, "part"))
                continue;
            QuietJob job;
            const auto scores = loaded->score(training.input(), {}, job); // an error is fine
            if (scores)
                expectFinite(*scores, name);
            (void)loaded->explain(training.input(), 3);
        }
}

TEST_P(EveryDetector, UpdatesFromTheFirstUnitOnIfItStreams)
{
    if (specOf(GetParam())->live != LiveForm::Stream)
        return;
    const auto table = mixedTable(600, 18);
    const auto whole = made(GetParam()), cut = made(GetParam()), other = made(GetParam());
    std::vector<double> expected;
    for (std::size_t unit = 0; unit < 600; ++unit)
        expected.push_back(whole->update(table.input(), unit));
    expectFinite(expected, GetParam());
    EXPECT_EQ(expected[0], 0.0) << "nothing is known yet";
    auto changed = mixedTable(600, 18); // what comes later does not change what came before
    changed.standardised.bottomRows(300).setConstant(3.0);
    changed.table.values.bottomRows(300).setConstant(3.0);
    for (std::size_t unit = 0; unit < 300; ++unit)
        EXPECT_EQ(other->update(changed.input(), unit), expected[unit]) << unit;
    // saved and loaded half way
    for (std::size_t unit = 0; unit < 300; ++unit)
        (void)cut->update(table.input(), unit);
    TensorBundle bundle;
    cut->save(bundle, "part");
    const auto loaded = made(GetParam());
    const auto result = loaded->load(bundle, "part");
    ASSERT_TRUE(result) << result.error().text();
    for (std::size_t unit = 300; unit < 600; ++unit)
        EXPECT_EQ(loaded->update(table.input(), unit), expected[unit]) << unit;
}

TEST_P(EveryDetector, GoesOnFromAFitIfItStreams)
{
    if (specOf(GetParam())->live != LiveForm::Stream)
        return;
    const auto detector = fitted(GetParam(), mixedTable(600, 19));
    auto table = mixedTable(200, 20);
    std::vector<double> scores;
    for (std::size_t unit = 0; unit < 200; ++unit)
        scores.push_back(detector->update(table.input(), unit));
    expectFinite(scores, GetParam());
    table.standardised.row(0).setConstant(40.0);
    table.table.values.row(0).setConstant(40.0);
    EXPECT_GT(detector->update(table.input(), 0), *std::max_element(scores.begin(), scores.end())) << "far away";
}

TEST_P(EveryDetector, LearnsOneUnitAtATimeIfItSaysSo)
{
    const auto table = mixedTable(200, 1);
    const auto detector = fitted(GetParam(), table);
    if (!detector->learnsIncrementally())
        return;
    const auto fresh = mixedTable(50, 2);
    for (std::size_t unit = 0; unit < 50; ++unit)
        detector->learn(fresh.input(), unit);
    TensorBundle bundle;
    detector->save(bundle, "part");
    const auto loaded = made(GetParam());
    ASSERT_TRUE(loaded->load(bundle, "part"));
    EXPECT_EQ(scoresOf(*loaded, fresh), scoresOf(*detector, fresh));
}

TEST_P(EveryDetector, StreamsTheSameWhereverItIsCut)
{
    if (specOf(GetParam())->live != LiveForm::Stream)
        return;
    const auto table = mixedTable(700, 3);
    const auto whole = made(GetParam());
    std::vector<double> uncut, cut;
    for (std::size_t unit = 0; unit < 700; ++unit)
        uncut.push_back(whole->update(table.input(), unit));
    auto part = made(GetParam());
    for (std::size_t unit = 0; unit < 700; ++unit) {
        cut.push_back(part->update(table.input(), unit));
        if (unit % 53 != 0)
            continue;
        TensorBundle bundle;
        part->save(bundle, "part");
        part = made(GetParam());
        const auto loaded = part->load(bundle, "part");
        ASSERT_TRUE(loaded) << loaded.error().text();
    }
    EXPECT_EQ(uncut, cut);
    expectFinite(uncut, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryDetector, testing::ValuesIn([] {
                             std::vector<std::string> names;
                             for (const auto& spec : catalogue())
                                 names.push_back(spec.name);
                             return names;
                         }()),
                         [](const auto& detector) { return detector.param; });
