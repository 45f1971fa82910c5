// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include <cmath>
#include <nlohmann/json.hpp>

namespace faultline::pipeline
{

/// ISO 8601 in UTC, or null for noTime.
[[nodiscard]] inline nlohmann::ordered_json timeOrNull(TimeUs time)
{
    return time == noTime ? nlohmann::ordered_json() : nlohmann::ordered_json(formatIso8601(time));
}

/// JSON has no NaN and no infinity: null for both.
[[nodiscard]] inline nlohmann::ordered_json numberOrNull(double value)
{
    return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
}

} // namespace faultline::pipeline
