// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/detectors/series/spectral_residual.h"
#include "engine/detectors/series/series_math.h"
#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <numbers>

namespace faultline::detectors
{

namespace
{
using Spectrum = std::vector<std::complex<double>>;

/// In place, of a power of two of values; Cooley and Tukey. The inverse is not divided by the size.
void transform(Spectrum& values, bool inverse)
{
    const auto n = values.size();
    for (std::size_t i = 1, j = 0; i < n; ++i) { // bit reversal
        auto bit = n >> 1U;
        for (; (j & bit) != 0; bit >>= 1U)
            j ^= bit;
        j ^= bit;
        if (i < j)
            std::swap(values[i], values[j]);
    }
    for (std::size_t length = 2; length <= n; length <<= 1U) {
        const double angle = (inverse ? 2.0 : -2.0) * std::numbers::pi / static_cast<double>(length);
        Spectrum roots(length / 2);
        for (std::size_t k = 0; k < roots.size(); ++k)
            roots[k] = std::polar(1.0, angle * static_cast<double>(k));
        for (std::size_t first = 0; first < n; first += length)
            for (std::size_t k = 0; k < length / 2; ++k) {
                const auto low = values[first + k], high = values[first + k + length / 2] * roots[k];
                values[first + k] = low + high;
                values[first + k + length / 2] = low - high;
            }
    }
}

/// Absolute values of what is left when the usual spectrum is taken away.
std::vector<double> saliencyOf(const std::vector<double>& series, std::size_t average)
{
    const auto rows = series.size(), size = std::bit_ceil(rows);
    Spectrum spectrum(size);
    for (std::size_t i = 0; i < size; ++i)
        spectrum[i] = series[i < rows ? i : 2 * rows - 1 - i]; // size < 2 rows, so the mirror is long enough
    transform(spectrum, false);
    std::vector<double> logs(size);
    for (std::size_t i = 0; i < size; ++i)
        logs[i] = std::log(std::max(std::abs(spectrum[i]), 1e-8));
    const auto usual = movingAverage(logs, average);
    for (std::size_t i = 0; i < size; ++i)
        spectrum[i] *= std::exp(-usual[i]);
    transform(spectrum, true);
    std::vector<double> out(rows);
    for (std::size_t i = 0; i < rows; ++i)
        out[i] = std::abs(spectrum[i]) / static_cast<double>(size);
    return out;
}
} // namespace

const DetectorSpec& SpectralResidual::describe()
{
    using features::UnitKind;
    static const DetectorSpec spec{
        .name = "spectral_residual",
        .title = "Spectral residual",
        .help = "Finds rows that stand out once what the series usually does at each frequency is taken away.",
        .paper = "Ren et al., Time-Series Anomaly Detection Service at Microsoft, KDD 2019",
        .units = {UnitKind::Row, UnitKind::Window},
        .parameters = {{.name = "average",
                        .type = ParameterSpec::Type::Integer,
                        .standard = std::int64_t{3},
                        .minimum = 1,
                        .maximum = 1001,
                        .unit = "frequencies",
                        .help = "Over how many frequencies the usual amplitude is averaged."}},
        .family = DetectorFamily::Series,
        .context = ScoreContext::Series,
        .live = LiveForm::None};
    return spec;
}

SpectralResidual::SpectralResidual(Parameters parameters, std::uint64_t /*seed*/)
    : ColumnDetector(describe(), std::move(parameters))
{
}

std::vector<double> SpectralResidual::scoreColumn(const Column& column, JobContext& /*job*/) const
{
    constexpr std::size_t localRows = 21;
    auto saliency = saliencyOf(column.values, count("average"));
    double sum = 0.0;
    std::vector<double> out;
    for (std::size_t i = 0; i < saliency.size(); ++i) {
        sum += saliency[i];
        if (i >= localRows)
            sum -= saliency[i - localRows];
        const double mean = sum / static_cast<double>(std::min(i + 1, localRows));
        out.push_back(std::max(0.0, saliency[i] - mean) / std::max(mean, 1e-12));
    }
    return out;
}

} // namespace faultline::detectors
