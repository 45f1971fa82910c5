// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace faultline::detectors
{

/// What is compared between two neighbouring windows.
enum class WindowMeasure : std::uint8_t { Level, Slope, Spread };
[[nodiscard]] std::vector<std::string> windowMeasureNames(); ///< "level", "slope", "spread"
[[nodiscard]] WindowMeasure windowMeasureOf(const std::string& name);

/// How much two windows differ, >= 0: |difference of means|, |difference of slopes a row| or |ln ratio of standard
/// deviations|, each deviation with a floor of a hundredth of `scale`. Precondition: at least 2 values each.
[[nodiscard]] double changeBetween(std::span<const double> before, std::span<const double> after, WindowMeasure measure,
                                   double scale);

} // namespace faultline::detectors
