// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/detectors/tables.h"
#include <algorithm>
#include <cmath>
#include <thread>

using namespace faultline;
using namespace faultline::detectors;
using namespace faultline::detectors::test;

namespace
{
constexpr Eigen::Index broken = 450;

/// Two columns that swing together. With `fault`, unit 450's second column holds the value that the swing has half a
/// turn later: usual alone, not there.
Table swings(Eigen::Index units, bool fault = false)
{
    features::Matrix values(units, 2);
    for (Eigen::Index i = 0; i < units; ++i)
        values.row(i) << std::sin(static_cast<double>(i) * 0.3), std::cos(static_cast<double>(i) * 0.3);
    if (fault)
        values(broken, 1) = -values(broken, 1);
    return tableOf(std::move(values));
}

const Parameters small{{"width", std::int64_t{32}}, {"dropout", 0.0}, {"learning_rate", 5e-3}};

class EveryAutoencoder : public testing::TestWithParam<std::string>
{
};
} // namespace

TEST_P(EveryAutoencoder, FindsAUsualValueAtTheWrongMomentAndNamesItsColumn)
{
    const auto detector = fitted(GetParam(), swings(600), small);
    const auto table = swings(600, true);
    const auto scores = scoresOf(*detector, table);
    const auto highest = std::max_element(scores.begin() + 10, scores.end()) - scores.begin();
    EXPECT_GE(highest, broken);
    EXPECT_LE(highest, broken + 9);
    EXPECT_GT(scores[broken], 5.0 * scores[broken - 1]);
    const auto reasons = detector->explain(table.input(), broken);
    ASSERT_FALSE(reasons.empty());
    EXPECT_EQ(reasons[0].column, 1);
}

TEST_P(EveryAutoencoder, AScoreNeedsNothingThatComesLater)
{
    const auto detector = fitted(GetParam(), swings(200), small);
    const auto whole = scoresOf(*detector, swings(200));
    const auto part = scoresOf(*detector, swings(150));
    EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin()));
}

TEST_P(EveryAutoencoder, KeepsTheSeriesOfEntitiesApart)
{
    const auto detector = fitted(GetParam(), swings(200), small);
    const auto single = scoresOf(*detector, swings(60));
    auto both = tableOf(features::Matrix(120, 2));
    both.table.entities = {"a", "b"};
    const auto one = swings(60);
    for (Eigen::Index i = 0; i < 60; ++i)
        for (Eigen::Index e = 0; e < 2; ++e) {
            both.standardised.row(2 * i + e) = one.standardised.row(i);
            both.table.entity[static_cast<std::size_t>(2 * i + e)] = static_cast<std::uint32_t>(e);
        }
    const auto mixed = scoresOf(*detector, both);
    for (std::size_t i = 0; i < 60; ++i) {
        EXPECT_EQ(mixed[2 * i], single[i]);
        EXPECT_EQ(mixed[2 * i + 1], single[i]);
    }
}

TEST_P(EveryAutoencoder, DrawsItsTraining)
{
    const auto table = swings(200);
    Progress progress;
    JobContext job(std::stop_token{}, progress);
    const auto detector = made(GetParam(), small);
    ASSERT_TRUE(detector->fit(table.input(), job));
    const auto curves = progress.curves.snapshot();
    ASSERT_EQ(curves.size(), 2u);
    EXPECT_EQ(curves[0].name, GetParam() + " training loss");
    EXPECT_EQ(curves[1].name, GetParam() + " validation loss");
}

TEST_P(EveryAutoencoder, StopsFittingWhenAsked)
{
    const auto table = swings(5'000);
    std::stop_source stop;
    Progress progress;
    JobContext job(stop.get_token(), progress);
    const auto detector = made(GetParam(), {{"epochs", std::int64_t{1'000}}, {"patience", std::int64_t{1'000}}});
    Result<void> result;
    std::jthread fitting([&] { result = detector->fit(table.input(), job); });
    while (progress.done.load() == 0)
        std::this_thread::yield();
    stop.request_stop();
    fitting.join();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Cancelled);
}

TEST_P(EveryAutoencoder, SaysHowManyUnitsItNeeds)
{
    const auto table = swings(19);
    QuietJob job;
    const auto result = made(GetParam())->fit(table.input(), job);
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("at least 20"), std::string::npos);
}

TEST_P(EveryAutoencoder, TrainsOnSoManyWindowsAtMost)
{
    const auto table = swings(3'000);
    Progress progress;
    JobContext job(std::stop_token{}, progress);
    const auto detector = made(GetParam(), {{"windows", std::int64_t{100}}, {"epochs", std::int64_t{1}}});
    ASSERT_TRUE(detector->fit(table.input(), job));
    EXPECT_EQ(progress.total.load(), 100u);
}

TEST_P(EveryAutoencoder, RefusesDamage)
{
    const auto detector = fitted(GetParam(), swings(60), {{"epochs", std::int64_t{1}}});
    EXPECT_TRUE(refusesAfter(*detector, [](auto& bundle) {
        bundle.put("part/columns", std::vector<std::int32_t>{1, 0});
    }));
    EXPECT_TRUE(refusesAfter(*detector, [](auto& bundle) {
        bundle.put("part/shape", std::vector<std::int64_t>{1, 0});
    }));
    EXPECT_TRUE(refusesAfter(*detector, [](auto& bundle) {
        for (const auto& [name, tensor] : bundle.tensors())
            if (name.ends_with("/bias") || name.ends_with("/input_bias")) {
                const std::vector<float> odd(tensor.data.size() / sizeof(float), std::nanf(""));
                bundle.put(name, odd, tensor.shape);
                return;
            }
    }));
}

INSTANTIATE_TEST_SUITE_P(Neural, EveryAutoencoder,
                         testing::Values("lstm_autoencoder", "gru_autoencoder", "cnn_autoencoder"),
                         [](const auto& name) { return name.param; });
