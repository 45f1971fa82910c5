// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/neural/autoencoders.h"
#include "engine/neural/language_task.h"
#include "engine/neural/trainer.h"
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>
#include <tbb/global_control.h>

namespace faultline::neural
{
namespace
{

constexpr std::size_t sequence = 6;

/// Two waves; samples are all whole windows, the last fifth of them for validation.
struct Waves {
    SeriesTable table{.columns = 2};
    std::vector<std::uint32_t> training, validation;

    explicit Waves(std::size_t rows)
    {
        table.values.resize(rows * strideOf(2));
        table.first.resize(rows);
        for (std::size_t r = 0; r < rows; ++r) {
            const auto x = static_cast<float>(r);
            table.values[r * strideOf(2)] = std::sin(x * 0.3F);
            table.values[r * strideOf(2) + 1] = std::cos(x * 0.2F);
            if (r + 1 >= sequence)
                (r < rows * 4 / 5 ? training : validation).push_back(static_cast<std::uint32_t>(r));
        }
    }
};

Network lstm()
{
    auto network = recurrentAutoencoder(Cell::Lstm, {.columns = 2, .sequence = sequence, .width = 16});
    network.initialise(1);
    return network;
}

Floats trained(const Waves& waves, std::size_t threads)
{
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    auto network = lstm();
    const ReconstructionTask task(waves.table, sequence);
    Trainer trainer(network, task, waves.training, waves.validation, {.batch = 100, .epochs = 3, .seed = 9});
    QuietJob job;
    EXPECT_TRUE(trainer.run("x", job));
    return network.parameters();
}

TEST(Trainer, GivesTheSameBitsOnOneThreadAndOnMany)
{
    const Waves waves(400);
    EXPECT_EQ(trained(waves, 1), trained(waves, 4));
}

TEST(Trainer, LearnsAndDrawsBothLosses)
{
    const Waves waves(400);
    auto network = lstm();
    const ReconstructionTask task(waves.table, sequence);
    Trainer trainer(network, task, waves.training, waves.validation,
                    {.batch = 32, .epochs = 12, .learningRate = 5e-3, .seed = 9});
    Progress progress;
    JobContext job(std::stop_token{}, progress);
    ASSERT_TRUE(trainer.run("waves", job));
    const auto curves = progress.curves.snapshot();
    ASSERT_EQ(curves.size(), 2U);
    EXPECT_EQ(curves[0].name, "waves training loss");
    EXPECT_EQ(curves[1].name, "waves validation loss");
    EXPECT_LT(curves[1].points.back().y, 0.3 * curves[1].points.front().y);
}

TEST(Trainer, ContinuesFromItsSavedStateAsIfNeverStopped)
{
    const Waves waves(300);
    const ReconstructionTask task(waves.table, sequence);
    const TrainingOptions options{.batch = 64, .epochs = 2, .seed = 3};
    QuietJob job;
    auto whole = lstm();
    Trainer once(whole, task, waves.training, waves.validation, options);
    (void)once.step(std::span(waves.training).first(64), job);
    TensorBundle saved;
    once.save(saved, "state");
    ASSERT_TRUE(once.run("x", job));
    auto again = lstm();
    Trainer continued(again, task, waves.training, waves.validation, options);
    ASSERT_TRUE(continued.load(saved, "state"));
    ASSERT_TRUE(continued.run("x", job));
    EXPECT_EQ(again.parameters(), whole.parameters());
}

TEST(Trainer, RefusesADamagedState)
{
    const Waves waves(100);
    const ReconstructionTask task(waves.table, sequence);
    auto network = lstm();
    Trainer trainer(network, task, waves.training, {}, {});
    TensorBundle saved;
    trainer.save(saved, "state");
    ASSERT_TRUE(trainer.load(saved, "state"));
    saved.put("state/second_moment/0/input_bias", std::vector<float>(64, -1.0F));
    const auto result = trainer.load(saved, "state");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Parse);
}

TEST(Trainer, StopsWhenAskedAndKeepsTheNetworkAsItWas)
{
    const Waves waves(100);
    const ReconstructionTask task(waves.table, sequence);
    auto network = lstm();
    const auto before = network.parameters();
    Trainer trainer(network, task, waves.training, waves.validation, {});
    std::stop_source stop;
    stop.request_stop();
    Progress progress;
    JobContext job(stop.get_token(), progress);
    const auto result = trainer.run("x", job);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Cancelled);
    EXPECT_EQ(network.parameters(), before);
}

TEST(Trainer, EndsWhenTheValidationLossNoLongerImproves)
{
    const Waves waves(100);
    const ReconstructionTask task(waves.table, sequence);
    auto network = lstm();
    Trainer trainer(network, task, waves.training, waves.validation,
                    {.epochs = 1'000, .learningRate = 1e-12, .patience = 3});
    QuietJob job;
    ASSERT_TRUE(trainer.run("x", job));
    EXPECT_LT(trainer.state().epoch, 1'000U);
}

TEST(Reconstruction, RepeatsTheFirstRowWhereASeriesBeginsLater)
{
    const Waves waves(10);
    const ReconstructionTask task(waves.table, sequence);
    const auto network = lstm();
    auto space = network.workspace(false);
    const auto input = network.input(space, 1);
    const std::uint32_t second = 1;
    task.gather(std::span(&second, 1), input);
    for (std::size_t t = 0; t + 1 < sequence; ++t)
        EXPECT_EQ(input.at(t)[0], waves.table.row(0)[0]);
    EXPECT_EQ(input.at(sequence - 1)[0], waves.table.row(1)[0]);
}

TEST(LanguageModel, LearnsWhatComesNext)
{
    ClassSequences sequences{.begin = {0, 200, 400}, .classes = {}};
    for (std::uint32_t i = 0; i < 400; ++i)
        sequences.classes.push_back(i % 4);
    auto network = languageModel({.classes = 5, .history = 5, .width = 16, .embedding = 8});
    network.initialise(1);
    const NextClassTask task(sequences, 5, 5);
    std::vector<std::uint32_t> all(task.samples());
    std::iota(all.begin(), all.end(), 0U);
    Trainer trainer(network, task, all, {}, {.batch = 16, .epochs = 30, .learningRate = 1e-2});
    QuietJob job;
    ASSERT_TRUE(trainer.run("x", job));
    sequences.classes[100] = 4; // never seen
    const auto judged = task.judge(network, job);
    ASSERT_TRUE(judged);
    EXPECT_LT((*judged)[90].surprise, 0.3F);
    EXPECT_EQ((*judged)[90].rank, 0U);
    EXPECT_GT((*judged)[100].surprise, 4.0F);
    EXPECT_EQ((*judged)[100].rank, 4U);
}

} // namespace
} // namespace faultline::neural
