// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/window_correlation.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tbb/parallel_for.h>

namespace faultline::detectors
{

namespace
{
constexpr std::size_t lanes = 8, rowsAtOnce = 1024;
using Lanes = double __attribute__((vector_size(lanes * sizeof(double)), aligned(8), may_alias));

/// What the update of covariances needs of each window. The series stands between zeros, so that diagonals may run over
/// its ends; windows there, and those that do not vary, have no inverse norm (NaN) and never win.
struct Windows {
    std::vector<double> values;        ///< padded
    std::vector<double> mean, f, g;    ///< cov(i, j) = cov(i - 1, j - 1) + f(i) g(j) + f(j) g(i)
    std::vector<double> inverse;       ///< 1 / norm of the centred window
    std::vector<bool> constant;        ///< of the series' own windows
    std::size_t margin = 0, count = 0; ///< padding on each side; the series' own windows
};

std::vector<bool> constantWindows(std::span<const double> values, std::size_t window)
{
    std::vector<bool> out(values.size() - window + 1);
    std::size_t run = 0; // equal values up to here
    for (std::size_t i = 0; i < values.size(); ++i) {
        run = i > 0 && values[i] == values[i - 1] ? run + 1 : 1;
        if (i + 1 >= window)
            out[i + 1 - window] = run >= window;
    }
    return out;
}

Windows prepare(std::span<const double> values, std::size_t window, JobContext& job)
{
    Windows out;
    out.count = values.size() - window + 1;
    out.margin = rowsAtOnce + 2 * 8 * lanes;
    double mean = 0.0;
    for (const double v : values)
        mean += v / static_cast<double>(values.size());
    out.values.assign(values.size() + 2 * out.margin, 0.0);
    for (std::size_t i = 0; i < values.size(); ++i)
        out.values[out.margin + i] = values[i] - mean;
    out.constant = constantWindows(values, window);
    const auto all = out.values.size() - window + 1;
    out.mean.resize(all);
    out.f.assign(all, 0.0);
    out.g.assign(all, 0.0);
    out.inverse.assign(all, std::numeric_limits<double>::quiet_NaN());
    for (std::size_t i = 0; i < all; ++i) {
        if (i % 1024 == 0 && job.stopRequested())
            break;
        const double* const x = out.values.data() + i;
        double sum = 0.0, squares = 0.0;
        for (std::size_t t = 0; t < window; ++t)
            sum += x[t];
        out.mean[i] = sum / static_cast<double>(window);
        for (std::size_t t = 0; t < window; ++t)
            squares += (x[t] - out.mean[i]) * (x[t] - out.mean[i]);
        if (i > 0) {
            out.f[i] = 0.5 * (x[window - 1] - x[-1]);
            out.g[i] = x[window - 1] - out.mean[i] + (x[-1] - out.mean[i - 1]);
        }
        if (i >= out.margin && i < out.margin + out.count && !out.constant[i - out.margin] && squares > 0.0)
            out.inverse[i] = 1.0 / std::sqrt(squares);
    }
    return out;
}

/// Rows [row, last) against the diagonals that begin at column `column` of the first of them, `Vectors` x 8 abreast;
/// raises the eight best[(i - row) * 8 ...] to the largest covariance over the column's norm. Compiled for what the
/// caller is.
template <std::size_t Vectors>
__attribute__((always_inline)) inline void sweepDiagonals(const Windows& windows, std::size_t window, std::size_t row,
                                                          std::size_t last, std::size_t column, double* best)
{
    const double *const f = windows.f.data(), *const g = windows.g.data();
    const double* const inverse = windows.inverse.data();
    const double* const x = windows.values.data();
    Lanes covariance[Vectors];
    for (std::size_t v = 0; v < Vectors; ++v)
        covariance[v] = Lanes{};
    for (std::size_t t = 0; t < window; ++t) {
        const double centred = x[row + t] - windows.mean[row];
        for (std::size_t v = 0; v < Vectors; ++v)
            covariance[v] += centred * *reinterpret_cast<const Lanes*>(x + column + t + v * lanes);
    }
    for (std::size_t i = row; i < last; ++i, ++column) {
        auto& raised = *reinterpret_cast<Lanes*>(best + (i - row) * lanes);
        Lanes most = raised;
        if (i > row) {
            const double fi = f[i], gi = g[i];
            for (std::size_t v = 0; v < Vectors; ++v)
                covariance[v] += fi * *reinterpret_cast<const Lanes*>(g + column + v * lanes) +
                                 gi * *reinterpret_cast<const Lanes*>(f + column + v * lanes);
        }
        for (std::size_t v = 0; v < Vectors; ++v) {
            const Lanes scaled = covariance[v] * *reinterpret_cast<const Lanes*>(inverse + column + v * lanes);
            most = scaled > most ? scaled : most; // false for NaN
        }
        raised = most;
    }
}

using Sweep = void (*)(const Windows&, std::size_t, std::size_t, std::size_t, std::size_t, double*);

__attribute__((target("avx512f,avx512dq,avx512vl"))) void sweepAvx512(const Windows& windows, std::size_t window,
                                                                      std::size_t row, std::size_t last,
                                                                      std::size_t column, double* best)
{
    sweepDiagonals<8>(windows, window, row, last, column, best);
}

__attribute__((target("avx2"))) void sweepAvx2(const Windows& windows, std::size_t window, std::size_t row,
                                               std::size_t last, std::size_t column, double* best)
{
    sweepDiagonals<4>(windows, window, row, last, column, best);
}

void sweepPlain(const Windows& windows, std::size_t window, std::size_t row, std::size_t last, std::size_t column,
                double* best)
{
    sweepDiagonals<2>(windows, window, row, last, column, best);
}

struct Kernel {
    Sweep sweep;
    std::size_t width; ///< diagonals abreast
};

Kernel kernelOfThisMachine()
{
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return {sweepAvx512, 8 * lanes};
    if (__builtin_cpu_supports("avx2"))
        return {sweepAvx2, 4 * lanes};
    return {sweepPlain, 2 * lanes};
}

/// The largest covariance over the neighbour's norm of each row of [first, last), -inf where there is none.
std::vector<double> bestOfRows(const Windows& windows, const ProfileOptions& options, const Kernel& kernel,
                               std::size_t first, std::size_t last, JobContext& job)
{
    constexpr double none = -std::numeric_limits<double>::infinity();
    std::vector<double> best((last - first) * lanes, none);
    const auto row = first + windows.margin, end = last + windows.margin;
    const auto sweep = [&](std::size_t column) {
        kernel.sweep(windows, options.window, row, end, column, best.data());
    };
    if (!options.leftOnly)
        for (auto column = row + options.exclusion + 1; column < windows.margin + windows.count && !job.stopRequested();
             column += kernel.width)
            sweep(column);
    // Downwards from the diagonal next to the exclusion zone until the last row has left the series.
    const auto lowest = windows.margin - (last - first) - kernel.width;
    for (auto column = row - std::min(row, options.exclusion + kernel.width);
         column >= lowest && column + (last - first) + kernel.width > windows.margin && !job.stopRequested();
         column -= kernel.width)
        sweep(column);
    std::vector<double> out;
    for (auto lane = best.begin(); lane != best.end(); lane += lanes)
        out.push_back(*std::max_element(lane, lane + lanes));
    return out;
}

/// Distances from correlations; windows that do not vary are looked at here.
std::vector<double> distancesOf(const Windows& windows, const ProfileOptions& options, const std::vector<double>& best)
{
    const auto n = windows.count;
    std::vector<std::size_t> constants(n + 1, 0); // how many before
    for (std::size_t i = 0; i < n; ++i)
        constants[i + 1] = constants[i] + (windows.constant[i] ? 1 : 0);
    const double length = static_cast<double>(options.window);
    std::vector<double> out(n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
        const auto before = i > options.exclusion ? i - options.exclusion : 0;
        const auto after = options.leftOnly ? n : std::min(n, i + options.exclusion + 1);
        const auto others = before + (n - after), flat = constants[before] + constants[n] - constants[after];
        if (windows.constant[i]) {
            out[i] = others == 0 || flat > 0 ? 0.0 : std::sqrt(length);
            continue;
        }
        double correlation = best[i] * windows.inverse[windows.margin + i];
        if (flat > 0)
            correlation = std::max(correlation, 0.5);
        if (std::isfinite(correlation))
            out[i] = std::sqrt(std::max(0.0, 2.0 * length * (1.0 - correlation)));
    }
    return out;
}
} // namespace

std::vector<double> matrixProfile(std::span<const double> values, const ProfileOptions& options, JobContext& job)
{
    if (options.window < 2 || values.size() < options.window)
        return {};
    const auto windows = prepare(values, options.window, job);
    static const Kernel kernel = kernelOfThisMachine();
    std::vector<double> best(windows.count);
    const auto steps = (windows.count + rowsAtOnce - 1) / rowsAtOnce;
    tbb::parallel_for(std::size_t{0}, steps, [&](std::size_t step) {
        const auto first = step * rowsAtOnce, last = std::min(windows.count, first + rowsAtOnce);
        const auto part = bestOfRows(windows, options, kernel, first, last, job);
        std::copy(part.begin(), part.end(), best.begin() + static_cast<std::ptrdiff_t>(first));
    });
    return distancesOf(windows, options, best);
}

} // namespace faultline::detectors
