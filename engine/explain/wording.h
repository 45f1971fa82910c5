// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/explain/template_changes.h"
#include <string>

namespace faultline::explain
{

/// Fills in title and summary from the explanation's other members; nothing is said that is not among them.
void putIntoWords(Explanation& explanation, const decisions::Episode& episode, const ExplainInput& input,
                  const TemplateComparison& comparison);

} // namespace faultline::explain
