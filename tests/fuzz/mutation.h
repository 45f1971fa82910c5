// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/random.h"
#include <span>
#include <string>

namespace faultline::fuzz
{

/// A changed copy of one of the inputs: bytes flipped, replaced, inserted, cut out or repeated, a piece of another
/// input spliced in, or the end missing; one to eight such edits. At most `limitBytes` long.
[[nodiscard]] std::string mutated(std::span<const std::string> inputs, Random& random, std::size_t limitBytes);

} // namespace faultline::fuzz
