// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/detector.h"
#include <memory>
#include <string>
#include <vector>

namespace faultline::detectors
{

/// Every detector there is, in the order in which they are shown.
[[nodiscard]] const std::vector<DetectorSpec>& catalogue();
/// The spec with this name; Config error with the nearest known name.
[[nodiscard]] Result<DetectorSpec> specOf(const std::string& name);
/// A detector with its defaults overridden by `parameters`. Config error for an unknown name or parameter (with the
/// nearest known one), a wrong type, or a value out of range (with the range).
[[nodiscard]] Result<std::unique_ptr<Detector>> make(const std::string& name, const Parameters& parameters,
                                                     std::uint64_t seed);

} // namespace faultline::detectors
