// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/explain/explanation.h"
#include <cstdint>
#include <optional>
#include <vector>

namespace faultline::explain
{

/// What a session has more (or fewer, negative) of than the session it is compared with.
struct SessionDifference {
    std::uint32_t templateId = 0;
    std::int64_t more = 0;
    std::int64_t own = 0;
};

/// The difference to the normal session (score under the threshold) whose template counts are nearest, by sum of
/// absolute differences; largest first. At most 50,000 sessions, evenly spread, are compared. nullopt when there is
/// none.
[[nodiscard]] std::optional<std::vector<SessionDifference>> nearestNormal(std::size_t unit, const ExplainInput& input);

} // namespace faultline::explain
