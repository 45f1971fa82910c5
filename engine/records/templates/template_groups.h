// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/templates/template_set.h"
#include <cstdint>
#include <vector>

namespace faultline::records::templates
{

/// Shapes that are one template, and what they have in common.
struct ShapeGroup {
    std::vector<ShapeId> shapes;
    std::vector<Token> pattern; ///< positions in which the shapes differ are variables
};

/// Splits the chosen shapes into groups, a function of the set of their tokens: neither their ids nor their order
/// matter.
[[nodiscard]] std::vector<ShapeGroup> groupShapes(const std::vector<ShapeDictionary::Shape>& shapes,
                                                  const std::vector<ShapeId>& chosen, const MiningOptions& options);

} // namespace faultline::records::templates
