// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/series_math.h"
#include <algorithm>
#include <cmath>

namespace faultline::detectors
{

namespace
{
double medianOf(std::vector<double> values)
{
    if (values.empty())
        return 0.0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1)
        return *middle;
    return 0.5 * (*middle + *std::max_element(values.begin(), middle));
}
} // namespace

std::vector<double> withoutGaps(std::span<const double> values)
{
    constexpr double largest = 1e150;
    std::vector<double> out(values.begin(), values.end());
    std::size_t filled = 0; // rows before this are settled
    double last = 0.0;
    bool any = false;
    for (std::size_t i = 0; i <= out.size(); ++i) {
        const bool atEnd = i == out.size();
        if (!atEnd && std::isnan(out[i]))
            continue;
        const double next = atEnd ? last : std::clamp(out[i], -largest, largest);
        const double from = any ? last : next;
        const auto gap = static_cast<double>(i - filled + 1);
        for (std::size_t j = filled; j < i; ++j)
            out[j] = from + (next - from) * static_cast<double>(j - filled + 1) / gap;
        if (!atEnd)
            out[i] = next;
        filled = i + 1;
        last = next;
        any = true;
    }
    return out;
}

Spread meanSpread(std::span<const double> values)
{
    Spread out{0.0, 0.0};
    const auto n = static_cast<double>(std::max<std::size_t>(values.size(), 1));
    for (const double v : values)
        out.centre += v / n;
    for (const double v : values)
        out.scale += (v - out.centre) * ((v - out.centre) / n);
    out.scale = std::sqrt(out.scale);
    return out;
}

Spread robustSpread(std::span<const double> values)
{
    Spread out;
    out.centre = medianOf({values.begin(), values.end()});
    std::vector<double> distances;
    for (const double v : values)
        distances.push_back(std::abs(v - out.centre));
    out.scale = std::max({1.4826 * medianOf(std::move(distances)), 0.1 * meanSpread(values).scale,
                          1e-9 * std::max(1.0, std::abs(out.centre))});
    return out;
}

double quantileOf(std::vector<double> values, double share)
{
    if (values.empty())
        return 0.0;
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

std::vector<double> standardised(std::span<const double> values)
{
    const auto spread = meanSpread(values);
    if (!(spread.scale > 1e-9 * std::max(1.0, std::abs(spread.centre))))
        return {};
    std::vector<double> out;
    out.reserve(values.size());
    for (const double v : values)
        out.push_back((v - spread.centre) / spread.scale);
    return out;
}

std::size_t dominantPeriod(std::span<const double> values)
{
    constexpr std::size_t considered = 20'000, longestLag = 400, shortest = 3, longest = 300;
    const auto z = standardised(values.first(std::min(values.size(), considered)));
    const auto lags = std::min(z.size(), longestLag + 1);
    std::vector<double> correlation(lags, 0.0);
    for (std::size_t lag = 0; lag < lags; ++lag)
        for (std::size_t i = lag; i < z.size(); ++i)
            correlation[lag] += z[i] * z[i - lag];
    std::size_t best = 0;
    for (std::size_t lag = shortest + 1; lag + 1 < lags; ++lag)
        if (correlation[lag] > correlation[lag - 1] && correlation[lag] > correlation[lag + 1] &&
            (best == 0 || correlation[lag] > correlation[best]))
            best = lag;
    return best < 2 * shortest || best > longest + shortest ? 0 : best;
}

std::vector<double> atCentres(const std::vector<double>& windows, std::size_t length, std::size_t rows)
{
    if (windows.empty())
        return std::vector<double>(rows, 0.0);
    std::vector<double> out((length - 1) / 2, windows.front());
    out.insert(out.end(), windows.begin(), windows.end());
    out.resize(rows, windows.back());
    return out;
}

std::vector<double> movingAverage(std::span<const double> values, std::size_t length)
{
    std::vector<double> out(values.begin(), values.end());
    if (length <= 1 || values.empty())
        return out;
    const auto n = static_cast<std::ptrdiff_t>(values.size());
    const auto at = [&](std::ptrdiff_t i) {
        return values[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(i, 0, n - 1))];
    };
    const auto w = static_cast<std::ptrdiff_t>(length), before = w / 2;
    double sum = 0.0;
    for (std::ptrdiff_t i = -before; i < w - before; ++i)
        sum += at(i);
    for (std::ptrdiff_t i = 0; i < n; ++i) {
        out[static_cast<std::size_t>(i)] = sum / static_cast<double>(length);
        sum += at(i + w - before) - at(i - before);
    }
    return out;
}

std::vector<double> tailSurprise(const std::vector<double>& scores)
{
    if (scores.empty())
        return {};
    auto sorted = scores;
    std::sort(sorted.begin(), sorted.end());
    const auto n = static_cast<double>(sorted.size());
    const double threshold = sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(0.9 * n))];
    const auto first = std::upper_bound(sorted.begin(), sorted.end(), threshold);
    const auto excesses = static_cast<double>(sorted.end() - first);
    double mean = 0.0;
    for (auto it = first; it != sorted.end(); ++it)
        mean += (*it - threshold) / excesses;
    const bool hasTail = excesses >= 10.0 && mean > 0.0;
    std::vector<double> out;
    out.reserve(scores.size());
    for (const double s : scores) {
        if (hasTail && s > threshold) {
            out.push_back(-std::log(excesses / n) + (s - threshold) / mean);
            continue;
        }
        const auto notBelow = sorted.end() - std::lower_bound(sorted.begin(), sorted.end(), s);
        out.push_back(-std::log(std::max(static_cast<double>(notBelow), 0.5) / n));
    }
    return out;
}

} // namespace faultline::detectors
