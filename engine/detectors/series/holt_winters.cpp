// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/holt_winters.h"
#include <algorithm>
#include <limits>

namespace faultline::detectors
{

namespace
{
struct Smoothing {
    double level, trend, season;
};

std::size_t usedSeason(std::size_t season, std::size_t known)
{
    return season >= 2 && 2 * season <= known ? season : 1;
}

std::vector<double> residualsUnder(const std::vector<double>& values, std::size_t season, const Smoothing& smoothing)
{
    std::vector<double> out(values.size(), 0.0), seasonal(season, 0.0);
    const auto start = std::min(season, values.size());
    double level = 0.0, trend = 0.0;
    for (std::size_t i = 0; i < start; ++i)
        level += values[i] / static_cast<double>(start);
    if (season > 1)
        for (std::size_t i = 0; i < start; ++i)
            seasonal[i] = values[i] - level;
    for (std::size_t i = start; i < values.size(); ++i) {
        auto& usual = seasonal[i % season];
        const double residual = values[i] - (level + trend + usual);
        out[i] = residual;
        const double last = level;
        level += trend + smoothing.level * residual;
        trend += smoothing.trend * (level - last - trend);
        if (season > 1)
            usual += smoothing.season * (1.0 - smoothing.level) * residual;
    }
    return out;
}
} // namespace

std::size_t holtWintersStart(std::size_t season, std::size_t known)
{
    return usedSeason(season, known);
}

std::vector<double> holtWintersResiduals(const std::vector<double>& values, std::size_t season, std::size_t known)
{
    const auto used = usedSeason(season, known);
    std::vector<double> best;
    double least = std::numeric_limits<double>::infinity();
    for (const double level : {0.1, 0.3, 0.6})
        for (const double trend : {0.0, 0.05, 0.2})
            for (const double seasonal : {0.1, 0.3}) {
                auto residuals = residualsUnder(values, used, {level, trend * level, seasonal});
                double squares = 0.0;
                for (std::size_t i = used; i < std::min(known, residuals.size()); ++i)
                    squares += residuals[i] * residuals[i];
                if (best.empty() || squares < least) {
                    least = squares;
                    best = std::move(residuals);
                }
                if (used == 1)
                    break; // nothing to choose for the season
            }
    return best;
}

} // namespace faultline::detectors
