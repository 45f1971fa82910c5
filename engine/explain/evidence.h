// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/explain/template_changes.h"
#include <vector>

namespace faultline::explain
{

/// The records that speak most for the episode, at most 20: new templates first, then rare ones and high levels, those
/// nearest to the peak before others of the same template, and rather another template than the same again.
[[nodiscard]] std::vector<EvidenceLine> chooseEvidence(const decisions::Episode& episode, const ExplainInput& input,
                                                       const TemplateComparison& comparison);

} // namespace faultline::explain
