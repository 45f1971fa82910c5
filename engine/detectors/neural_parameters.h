// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/configured_detector.h"
#include "engine/neural/trainer.h"
#include <span>

namespace faultline::detectors
{

/// The parameters that all trained networks share: batch, epochs, learning_rate, patience, windows.
[[nodiscard]] std::vector<ParameterSpec> trainingParameters();

/// Samples in time order, thinned out evenly to at most `most`, and cut into those to learn from and the last tenth,
/// which decides when to stop (none of fewer than 20).
struct Samples {
    std::vector<std::uint32_t> training, validation;
};
[[nodiscard]] Samples splitSamples(std::span<const std::uint32_t> inTimeOrder, std::size_t most);

/// Seconds of so many floating point operations in matrix products, on one core of a current machine.
[[nodiscard]] double secondsOf(double flops);
/// What a training holds: gradients, moments and best parameters, and two workspaces.
[[nodiscard]] double trainingBytes(const neural::Network& network);

} // namespace faultline::detectors
