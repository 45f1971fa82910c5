// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/neural_parameters.h"

namespace faultline::detectors
{

std::vector<ParameterSpec> trainingParameters()
{
    using Type = ParameterSpec::Type;
    return {{.name = "batch",
             .type = Type::Integer,
             .standard = std::int64_t{64},
             .minimum = 8,
             .maximum = 4'096,
             .unit = "windows",
             .help = "Windows whose mean gradient makes one step of the training."},
            {.name = "epochs",
             .type = Type::Integer,
             .standard = std::int64_t{20},
             .minimum = 1,
             .maximum = 1'000,
             .unit = "epochs",
             .help = "Passes over the training windows at most; training ends earlier when it no longer improves."},
            {.name = "learning_rate",
             .type = Type::Real,
             .standard = 1e-3,
             .minimum = 1e-6,
             .maximum = 1.0,
             .help = "Step size of Adam at the start; it is halved when the validation loss stands still."},
            {.name = "patience",
             .type = Type::Integer,
             .standard = std::int64_t{3},
             .minimum = 1,
             .maximum = 1'000,
             .unit = "epochs",
             .help = "Epochs without a better validation loss after which training ends."},
            {.name = "windows",
             .type = Type::Integer,
             .standard = std::int64_t{20'000},
             .minimum = 100,
             .maximum = 10'000'000,
             .unit = "windows",
             .help = "Windows to train on at most, spread evenly over the training data; scoring takes all."}};
}

Samples splitSamples(std::span<const std::uint32_t> inTimeOrder, std::size_t most)
{
    const auto count = std::min(most, inTimeOrder.size());
    const auto held = count < 20 ? 0 : count / 10;
    Samples samples;
    for (std::size_t i = 0; i < count; ++i) {
        const auto sample = inTimeOrder[i * inTimeOrder.size() / count];
        (i < count - held ? samples.training : samples.validation).push_back(sample);
    }
    return samples;
}

double secondsOf(double flops)
{
    return flops / 5e10;
}

double trainingBytes(const neural::Network& network)
{
    constexpr double copies = 8 + 6, spaces = 2; // gradients, and what TrainingState and Network hold
    double floats = copies * static_cast<double>(network.parameters().size());
    const auto space = network.workspace(true);
    for (const auto* part : {&space.signals, &space.gradients, &space.scratch})
        for (const auto& buffer : *part)
            floats += spaces * static_cast<double>(buffer.size());
    return sizeof(float) * floats;
}

} // namespace faultline::detectors
