// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include "engine/core/tensor_bundle.h"
#include <span>
#include <string>

namespace faultline::ensemble
{

/// How far a raw score lies beyond the usual ones, in spreads of its detector: ln(1 + (score - median) / spread), 0
/// below the median. The spread is the upper half's: third quartile less median, at least a quarter of the standard
/// deviation.
///
/// Beside a tail probability this is the other way to make detectors comparable. A tail that is fitted to the very
/// scores it judges says how rare a score is among them, so it always finds some that are rare; an excess says how far
/// out a score is, and is small for all of them when nothing happened: ln(1 + 9) for the worst of ten thousand normal
/// draws. Scores that are not finite are not learned.
class ExcessScale
{
public:
    [[nodiscard]] static ExcessScale fit(std::span<const double> scores);
    /// >= 0, at most ln(1 + 1e6); 0 for NaN.
    [[nodiscard]] double excess(double score) const;
    void save(TensorBundle& bundle, const std::string& prefix) const;
    [[nodiscard]] static Result<ExcessScale> load(const TensorBundle& bundle, const std::string& prefix);

private:
    double m_median = 0.0, m_spread = 1.0;
};

} // namespace faultline::ensemble
