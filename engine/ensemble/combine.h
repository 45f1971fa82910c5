// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/detector.h"
#include <span>
#include <vector>

namespace faultline::ensemble
{

/// One member's part in the ensemble.
struct Member {
    double weight = 1.0; ///< >= 0; relative
    detectors::EvidenceRole role = detectors::EvidenceRole::Average;
};

/// Ensemble score of one unit from its members' surprises (decades): the weighted mean over Average members, or the
/// largest Either member's surprise where that is more. 0 when there is no member of weight above 0.
[[nodiscard]] double combine(std::span<const Member> members, std::span<const double> surprises);
/// Each member's share of that score, summing to 1 (all 0 when the score is 0).
[[nodiscard]] std::vector<double> shares(std::span<const Member> members, std::span<const double> surprises);

} // namespace faultline::ensemble
