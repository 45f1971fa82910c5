// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/ensemble/tail_model.h"
#include <algorithm>
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <limits>

using namespace faultline;
using ensemble::TailModel;

namespace
{
using Draw = std::function<double(Random&)>;

double gaussian(Random& r)
{
    return r.normal();
}
double exponential(Random& r)
{
    return r.exponential();
}
double logNormal(Random& r)
{
    return std::exp(r.normal());
}
double studentT3(Random& r)
{
    const double numerator = r.normal();
    double chi = 0.0;
    for (int i = 0; i < 3; ++i) {
        const double z = r.normal();
        chi += z * z;
    }
    return numerator / std::sqrt(chi / 3.0);
}

std::vector<double> sample(const Draw& draw, std::size_t n, std::uint64_t seed)
{
    Random random(seed);
    std::vector<double> out(n);
    std::generate(out.begin(), out.end(), [&] { return draw(random); });
    return out;
}

double shareAtLeast(const std::vector<double>& scores, double threshold)
{
    const auto hits = std::count_if(scores.begin(), scores.end(), [=](double s) { return s >= threshold; });
    return static_cast<double>(hits) / static_cast<double>(scores.size());
}

constexpr std::uint64_t seeds = 24;

/// Mean share of fresh clean scores at or over scoreAt(1e-3), over seeds; `outlierShare` of the training scores are far
/// outliers.
double meanAlarmRate(const Draw& draw, std::size_t n, double outlierShare)
{
    double sum = 0.0;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        auto training = sample(draw, n, deriveSeed(seed, "train"));
        for (std::size_t i = 0; i < static_cast<std::size_t>(outlierShare * static_cast<double>(n)); ++i)
            training[i] = 1000.0 + static_cast<double>(i);
        const auto fresh = sample(draw, 20'000, deriveSeed(seed, "fresh"));
        sum += shareAtLeast(fresh, TailModel::fit(training).scoreAt(1e-3));
    }
    return sum / static_cast<double>(seeds);
}

struct Law {
    const char* name;
    Draw draw;
};

class CleanScores : public testing::TestWithParam<Law>
{
};
} // namespace

TEST_P(CleanScores, AlarmWithinThreefoldOfOneInAThousand)
{
    for (const std::size_t n : {2'000u, 6'000u, 20'000u}) {
        const double rate = meanAlarmRate(GetParam().draw, n, 0.0);
        RecordProperty("rate_" + std::to_string(n), std::to_string(rate));
        EXPECT_GE(rate, 3e-4) << n;
        EXPECT_LE(rate, 3e-3) << n;
    }
}

TEST_P(CleanScores, AlarmWithinThreefoldThoughThreePercentOfTrainingAreFarOutliers)
{
    for (const std::size_t n : {2'000u, 20'000u}) {
        const double rate = meanAlarmRate(GetParam().draw, n, 0.03);
        RecordProperty("rate_" + std::to_string(n), std::to_string(rate));
        EXPECT_GE(rate, 3e-4) << n;
        EXPECT_LE(rate, 3e-3) << n;
    }
}

TEST_P(CleanScores, FarOutliersInTrainingAreStillImprobable)
{
    auto training = sample(GetParam().draw, 5'000, 77);
    std::fill_n(training.begin(), 150, 1000.0);
    EXPECT_LT(TailModel::fit(training).probability(1000.0), 1e-3);
}

TEST_P(CleanScores, ScoreAtUndoesProbability)
{
    const auto model = TailModel::fit(sample(GetParam().draw, 5'000, 5));
    for (const double p : {0.9, 0.5, 0.2, 0.11, 0.09, 0.05, 0.01, 1e-3, 1e-6, 1e-12})
        EXPECT_NEAR(model.probability(model.scoreAt(p)) / p, 1.0, 0.02) << p;
}

TEST_P(CleanScores, ProbabilityNeverRisesAndFallsStrictlyBeyondTheLargest)
{
    const auto training = sample(GetParam().draw, 3'000, 9);
    const auto model = TailModel::fit(training);
    const auto [least, most] = std::minmax_element(training.begin(), training.end());
    const double step = (*most - *least) / 500.0;
    for (double s = *least - 3 * step; s < *most; s += step)
        EXPECT_GE(model.probability(s), model.probability(s + step));
    for (double s = *most; s < *most + 20 * step; s += step)
        EXPECT_GT(model.probability(s), model.probability(s + step));
}

INSTANTIATE_TEST_SUITE_P(Laws, CleanScores,
                         testing::Values(Law{"Gaussian", gaussian}, Law{"Exponential", exponential},
                                         Law{"StudentT3", studentT3}, Law{"LogNormal", logNormal}),
                         [](const auto& law) { return law.param.name; });

TEST_P(CleanScores, SeldomStandApart)
{
    int apart = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed)
        apart += static_cast<int>(std::isfinite(TailModel::fit(sample(GetParam().draw, 3'000, seed)).apartFrom()));
    EXPECT_LE(apart, 4);
}

TEST(TailModel, AGroupBeyondADipIsLeftOut)
{
    // Six scales are not impossible for a heavy tail; the emptiness before them is.
    auto scores = sample(exponential, 7'000, 2);
    for (auto& s : scores)
        s = std::min(s, 5.0);
    for (std::size_t i = 0; i < 210; ++i)
        scores[i] = 9.0 + static_cast<double>(i % 10) / 10.0;
    const auto model = TailModel::fit(scores);
    EXPECT_DOUBLE_EQ(model.apartFrom(), 9.0);
    EXPECT_LT(model.scoreAt(1e-3), 9.0);
}

TEST(TailModel, StepsOfCountsDoNotStandApart)
{
    for (const double mean : {0.05, 0.5, 2.0, 20.0})
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            const auto scores = sample([=](Random& r) { return static_cast<double>(r.poisson(mean)); }, 5'000, seed);
            EXPECT_FALSE(std::isfinite(TailModel::fit(scores).apartFrom())) << mean;
        }
}

TEST(TailModel, TheEnsemblesTailLeavesOutWhatStandsApartForAMember)
{
    auto raw = sample(exponential, 5'000, 2);
    std::fill_n(raw.begin(), 100, 60.0);
    const auto tail = TailModel::fit(raw);
    std::vector<double> combined(raw.size());
    std::transform(raw.begin(), raw.end(), combined.begin(), [&](double s) { return tail.surprise(s) / 4.0; });
    const std::vector<ensemble::MemberScores> members{{.raw = raw, .tail = &tail}};
    const auto model = ensemble::fitEnsembleTail(combined, members);
    EXPECT_LE(model.trainingCount(), 4'900u);
    EXPECT_LT(model.probability(combined[0]), 1e-3);
}

TEST(TailModel, TheEnsemblesTailKeepsAllWhenMembersCallTooManyApart)
{
    auto raw = sample(exponential, 1'000, 2);
    std::fill_n(raw.begin(), 30, 60.0);
    const auto tail = TailModel::fit(raw);
    const std::vector<double> combined{1.0, 2.0, 3.0}, high(3, 60.0);
    const std::vector<ensemble::MemberScores> members{{.raw = high, .tail = &tail}};
    EXPECT_EQ(ensemble::fitEnsembleTail(combined, members).trainingCount(), 3u);
}

TEST(TailModel, SurprisesHaveNoLongerTailThanOneMember)
{
    // A tenth of a member's surprises are over 1 decade, whatever the training scores made of their tail.
    auto surprises = sample([](Random& r) { return r.exponential() / std::log(10.0); }, 5'000, 3);
    for (std::size_t i = 0; i < 150; ++i)
        surprises[i] = 3.0 + static_cast<double>(i % 30) / 10.0;
    EXPECT_LT(TailModel::fitSurprises(surprises).scoreAt(1e-3), 3.2);
}

TEST(TailModel, CountsTiesHalf)
{
    // 0 twice, 1 once, 2 once: survival of 0 is (2 above + half of 2) / 4.
    const auto model = TailModel::fit(std::vector{0.0, 1.0, 0.0, 2.0});
    EXPECT_DOUBLE_EQ(model.probability(0.0), 0.75);
    EXPECT_DOUBLE_EQ(model.probability(1.0), 0.375);
    EXPECT_DOUBLE_EQ(model.probability(-1.0), 1.0);
}

TEST(TailModel, NeverClaimsMoreThanFiveScoresCanTell)
{
    const auto model = TailModel::fit(std::vector{1.0, 2.0, 3.0, 4.0, 5.0});
    EXPECT_DOUBLE_EQ(model.probability(5.0), 1.0 / 6.0);
    EXPECT_LT(model.probability(6.0), 1.0 / 6.0);
    EXPECT_GT(model.probability(6.0), 1.0 / 20.0);
    EXPECT_GT(model.scoreAt(1e-3), 10.0);
}

TEST(TailModel, MostlyZeroScoresKeepTheirAlarmRate)
{
    const Draw mostlyZero = [](Random& r) { return r.uniform() < 0.95 ? 0.0 : r.exponential(); };
    const double rate = meanAlarmRate(mostlyZero, 5'000, 0.0);
    EXPECT_GE(rate, 3e-4);
    EXPECT_LE(rate, 3e-3);
}

TEST(TailModel, CountsDoNotAlarmTooOften)
{
    const Draw counts = [](Random& r) { return static_cast<double>(r.poisson(2.0)); };
    EXPECT_LE(meanAlarmRate(counts, 5'000, 0.0), 3e-3);
}

TEST(TailModel, ARareYesAmongNoesIsAsProbableAsItIsOften)
{
    std::vector<double> scores(10'000, 0.0);
    std::fill_n(scores.begin(), 5, 1.0);
    const auto model = TailModel::fit(scores);
    EXPECT_NEAR(model.probability(0.0), 0.5, 0.01);
    EXPECT_LT(model.probability(1.0), 1e-3);
    EXPECT_GT(model.probability(1.0), 1e-5);
}

TEST(TailModel, AConstantIsNotSurprisingButAChangeIs)
{
    const auto model = TailModel::fit(std::vector<double>(1'000, 7.0));
    EXPECT_DOUBLE_EQ(model.probability(7.0), 0.5);
    EXPECT_LE(model.probability(7.5), 1e-3);
    EXPECT_LT(model.probability(8.0), model.probability(7.5));
}

TEST(TailModel, AnUnfittedModelFindsNothingSurprising)
{
    const auto model = TailModel::fit({});
    EXPECT_EQ(model.probability(1e9), 1.0);
    EXPECT_EQ(model.surprise(1e9), 0.0);
    EXPECT_EQ(model.scoreAt(1e-3), std::numeric_limits<double>::infinity());
}

TEST(TailModel, ScoresThatAreNotFiniteAreNotLearned)
{
    std::vector<double> scores(100, 1.0);
    scores[3] = std::nan("");
    scores[4] = std::numeric_limits<double>::infinity();
    EXPECT_EQ(TailModel::fit(scores).trainingCount(), 98u);
    EXPECT_EQ(TailModel::fit(scores).probability(std::nan("")), 1.0);
}

TEST(TailModel, HugeAndTinyScalesStayFinite)
{
    for (const double scale : {1e300, 1e-300}) {
        auto scores = sample(exponential, 1'000, 3);
        for (auto& s : scores)
            s *= scale / 10.0;
        const auto model = TailModel::fit(scores);
        EXPECT_NEAR(model.probability(model.scoreAt(1e-3)), 1e-3, 1e-5);
        EXPECT_GE(model.probability(std::numeric_limits<double>::max()), 1e-300);
    }
}

TEST(TailModel, SurpriseIsDecadesAndKeepsOrderWhereProbabilityHasEnded)
{
    const auto model = TailModel::fit(sample(gaussian, 5'000, 11));
    EXPECT_NEAR(model.surprise(model.scoreAt(1e-3)), 3.0, 1e-6);
    EXPECT_EQ(model.probability(1e5), 1e-300);
    EXPECT_LT(model.surprise(1e5), model.surprise(1e6));
    EXPECT_DOUBLE_EQ(ensemble::surpriseOf(1e-3), 3.0);
    EXPECT_DOUBLE_EQ(ensemble::surpriseOf(1.0), 0.0);
    EXPECT_LT(ensemble::surpriseOf(0.0), 20.0);
}

TEST(TailModel, JudgesTheSameAfterSavingAndLoading)
{
    const auto model = TailModel::fit(sample(studentT3, 10'000, 6));
    TensorBundle bundle;
    model.save(bundle, "tail");
    const auto loaded = TailModel::load(bundle, "tail");
    ASSERT_TRUE(loaded) << loaded.error().text();
    for (double s = -10.0; s < 30.0; s += 0.1)
        EXPECT_EQ(loaded->probability(s), model.probability(s));
}

TEST(TailModel, RefusesDamagedContent)
{
    const auto model = TailModel::fit(sample(gaussian, 100, 6));
    const auto damage = [&](const char* name, std::vector<double> values) {
        TensorBundle bundle;
        model.save(bundle, "tail");
        bundle.put(std::string("tail/") + name, values);
        const auto loaded = TailModel::load(bundle, "tail");
        return !loaded && loaded.error().code == ErrorCode::Parse;
    };
    EXPECT_TRUE(damage("quantiles", {1.0, 0.0}));
    EXPECT_TRUE(damage("survival", std::vector<double>(100, 0.5)));
    EXPECT_TRUE(damage("tail", {1.0, 0.0, 0.1, -1.0, 0.0, 1.0, 9.0}));
    EXPECT_TRUE(damage("tail", {1.0, 0.0, 0.1, 1.0, 0.9, 1.0, 9.0}));
    EXPECT_TRUE(damage("tail", {std::nan(""), 0.0, 0.1, 1.0, 0.1, 1.0, 9.0}));
    EXPECT_TRUE(damage("tail", {1.0}));
    EXPECT_FALSE(TailModel::load(TensorBundle{}, "tail"));
}
