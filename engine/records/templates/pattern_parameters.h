// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/templates/shape_dictionary.h"
#include <vector>

namespace faultline::records::templates
{

/// The variables of a pattern, one for each `<*>` in its text: their names, and the types they took in these shapes,
/// which the pattern covers.
[[nodiscard]] std::vector<Parameter> parametersOf(const std::vector<Token>& pattern,
                                                  const std::vector<ShapeDictionary::Shape>& shapes,
                                                  const std::vector<ShapeId>& covered);
/// Adds what others said of the same variables; of vectors of one length, others are ignored.
void joinParameters(std::vector<Parameter>& ours, const std::vector<Parameter>& theirs);

} // namespace faultline::records::templates
