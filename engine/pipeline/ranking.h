// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/pipeline/analysis.h"

namespace faultline::pipeline
{

/// Sets the result's rank where its recipe asks for one, from the detectors' raw scores: the weighted mean of each
/// one's surprise among the very units that are ranked, in decades, then ensemble::rankEvents.
void rankUnits(AnalysisResult& result);

} // namespace faultline::pipeline
