// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/line_layout.h"
#include <string_view>
#include <vector>

namespace faultline::records
{

/// Learns a chain of header parts from lines of a file whose layout has no name here. From the front of the lines on,
/// the kind of part that 90% of the lines have there (components 85%, numbers 95%) is taken: times, levels, marks,
/// bracketed parts, numbers, a component that ends the header; up to six tokens of any kind before the time, four
/// before a level. Learned on the lines that have a time after the same number of tokens, when those are at least a
/// tenth. A layout without parts means that the lines have no header in common. Parts are named by kind: time, level,
/// component, bracket1, number1, token1, ...
[[nodiscard]] LineLayout learnLayout(std::vector<std::string_view> lines, const TimestampOptions& options);

} // namespace faultline::records
