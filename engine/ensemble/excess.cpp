// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/ensemble/excess.h"
#include <algorithm>
#include <cmath>
#include <vector>

namespace faultline::ensemble
{

namespace
{
constexpr double smallestSpread = 0.25; // of the standard deviation
constexpr double largest = 1e6;

double quantile(std::vector<double>& values, double share)
{
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

double deviation(std::span<const double> values)
{
    double mean = 0.0, square = 0.0;
    for (const double v : values)
        mean += v / static_cast<double>(values.size());
    for (const double v : values)
        square += (v - mean) * (v - mean) / static_cast<double>(values.size());
    return std::sqrt(square);
}
} // namespace

ExcessScale ExcessScale::fit(std::span<const double> scores)
{
    std::vector<double> values(scores.begin(), scores.end());
    std::erase_if(values, [](double v) { return !std::isfinite(v); });
    ExcessScale scale;
    if (values.empty())
        return scale;
    const double median = quantile(values, 0.5), upper = quantile(values, 0.75), spread = deviation(values);
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
