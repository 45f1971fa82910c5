// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/ensemble/excess.h"
#include "engine/detectors/series/series_math.h"
#include <algorithm>
#include <cmath>
#include <vector>

namespace faultline::ensemble
{

namespace
{
constexpr double smallestSpread = 0.25; // of the standard deviation
constexpr double largest = 1e6;
} // namespace

ExcessScale ExcessScale::fit(std::span<const double> scores)
{
    std::vector<double> values(scores.begin(), scores.end());
    std::erase_if(values, [](double v) { return !std::isfinite(v); });
    ExcessScale scale;
    if (values.empty())
        return scale;
    const double median = detectors::quantileOf(values, 0.5), upper = detectors::quantileOf(values, 0.75);
    const double spread = detectors::meanSpread(values).scale;
    scale.m_median = median;
    scale.m_spread = std::max({upper - median, std::isfinite(spread) ? smallestSpread * spread : 0.0, 1e-9});
    return scale;
}

double ExcessScale::excess(double score) const
{
    if (std::isnan(score))
        return 0.0;
    return std::log1p(std::clamp((score - m_median) / m_spread, 0.0, largest));
}

void ExcessScale::save(TensorBundle& bundle, const std::string& prefix) const
{
    bundle.put(prefix, std::vector<double>{m_median, m_spread});
}

Result<ExcessScale> ExcessScale::load(const TensorBundle& bundle, const std::string& prefix)
{
    const auto values = bundle.vector<double>(prefix, 2);
    if (!values)
        return fail(values.error());
    ExcessScale scale;
    scale.m_median = (*values)[0];
    scale.m_spread = (*values)[1];
    if (!std::isfinite(scale.m_median) || !std::isfinite(scale.m_spread) || !(scale.m_spread > 0.0))
        return fail({ErrorCode::Parse, "the model's spread of scores is inconsistent", {}, "the file is damaged"});
    return scale;
}

} // namespace faultline::ensemble
