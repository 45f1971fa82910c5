// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/series_scaling.h"
#include "engine/detectors/series/series_math.h"
#include <cmath>

namespace faultline::detectors
{

std::vector<std::vector<double>> compressedByReference(const SeriesBlock& block)
{
    const auto known = block.reference > 0 ? block.reference : block.rows();
    auto out = block.columns;
    for (auto& column : out) {
        auto spread = meanSpread(std::span(column).first(known));
        if (!(spread.scale > 1e-6))
            spread.scale = 0.05 * std::max(std::abs(spread.centre), 1.0);
        for (auto& v : column) {
            // Rounding of a mean is no departure from it.
            const double away = std::abs(v - spread.centre) > 1e-12 * std::abs(spread.centre) ? v - spread.centre : 0.0;
            const double z = away / spread.scale;
            v = std::copysign(std::log1p(std::abs(z)), z);
        }
    }
    return out;
}

} // namespace faultline::detectors
