// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/neural/network.h"
#include <cstdint>

namespace faultline::neural
{

struct TrainingOptions {
    std::size_t batch = 64;     ///< sequences, at most 65,536
    std::size_t epochs = 50;    ///< at most
    double learningRate = 1e-3; ///< Adam's, with beta 0.9 and 0.999, epsilon 1e-8 (Kingma and Ba 2015)
    double largestNorm = 1.0;   ///< gradients are scaled down to this norm; 0 = never
    std::size_t patience = 5;   ///< epochs without a better validation loss after which training ends
    /// Epochs without a better validation loss after which the rate is halved, down to a thousandth.
    std::size_t plateau = 1;
    std::uint64_t seed = 0;
};

/// All of a training that is not its network's shape: a run continues from it with the very numbers it would have had.
struct TrainingState {
    Floats parameters, best, first, second; ///< current, of the best epoch, Adam's moments
    std::uint64_t step = 0, epoch = 0, nextBatch = 0;
    double lossSum = 0.0;                  ///< of this epoch's samples so far
    double bestLoss = 0.0, lastLoss = 0.0; ///< validation (training, where nothing is held back); per term
    std::uint64_t bestEpoch = 0, plateauSince = 0;
    double rate = 0.0;
    bool finished = false;
};

/// Trains a network by mini-batches in an order that the seed decides. Bit-identical on one machine for the same seed,
/// samples and options, whatever the number of threads: chunks of a batch are fixed, each sum of gradients runs over
/// them in their order. Time of a step: 3 x the batch's flops(). Memory: 8 gradients and one workspace a thread.
class Trainer
{
public:
    /// The samples to learn from and those that decide when to stop (may be empty: the training loss then decides).
    /// All outlive the trainer. Starts at the network's present parameters.
    Trainer(Network& network, const Task& task, std::span<const std::uint32_t> training,
            std::span<const std::uint32_t> validation, const TrainingOptions& options);

    /// Trains until it is done and leaves the best parameters in the network, or returns Cancelled within a chunk's
    /// way; run() again continues. Draws "<curve> training loss" and "<curve> validation loss" over the epochs. Numeric
    /// error when the training diverges.
    [[nodiscard]] Result<void> run(const std::string& curve, JobContext& job);
    /// One step over these samples; its mean loss before the step. Cancelled leaves the state as it was.
    [[nodiscard]] Result<double> step(std::span<const std::uint32_t> batch, JobContext& job);

    [[nodiscard]] const TrainingState& state() const { return m_state; }
    void save(TensorBundle& bundle, const std::string& prefix) const;
    /// Continues a run that save() wrote, of the same network, samples and options. Parse error for damage.
    [[nodiscard]] Result<void> load(const TensorBundle& bundle, const std::string& prefix);

private:
    struct Buffers;
    [[nodiscard]] Result<void> runEpoch(JobContext& job);
    [[nodiscard]] Result<void> closeEpoch(const std::string& curve, JobContext& job);
    /// Gradients of the batch into the slots; sum of the losses.
    [[nodiscard]] Result<double> accumulate(std::span<const std::uint32_t> batch, JobContext& job);
    void descend();
    [[nodiscard]] Result<double> meanLoss(std::span<const std::uint32_t> samples, JobContext& job) const;

    Network& m_network;
    const Task& m_task;
    std::span<const std::uint32_t> m_training, m_validation;
    TrainingOptions m_options;
    TrainingState m_state;
    std::shared_ptr<Buffers> m_buffers; // shared only to keep its type out of the header
};

} // namespace faultline::neural
