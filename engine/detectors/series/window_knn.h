// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/series_detector.h"

namespace faultline::detectors
{

/// How unlike all other windows of the series (or of the training data) the one around a row is.
///
/// One column: windows of the standardised values as they are, compared with up to `references` windows drawn evenly,
/// none that overlaps: the root mean of the k smallest squared distances over the length, at the window's centre.
/// `window` 0 takes lengths 8, 32 and 96 (at most an eighth of the rows) and gives the mean of their surprises
/// (tailSurprise). Several columns: standardised by the training data, sign(z) ln(1 + |z|), four block means within the
/// window of each column side by side; the mean of the k smallest distances to training rows.
///
/// Raw score >= 0. O(rows x references x window), about a second for 100,000 rows on one core. Deterministic for a
/// seed.
///
/// Papers: Angiulli and Pizzuti, PKDD 2002 (distance to the nearest k); Paparrizos et al., "TSB-UAD", VLDB 2022
/// (windows of series). Raw windows keep the amplitude, which z-normalised ones lose.
class WindowKnn final : public SeriesDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    WindowKnn(Parameters parameters, std::uint64_t seed);

protected:
    [[nodiscard]] Result<std::vector<double>> scoreBlock(const SeriesBlock& block, JobContext& job) const override;
    [[nodiscard]] double secondsFor(double rows) const override;

private:
    [[nodiscard]] std::vector<double> windowsOf(const std::vector<double>& column, std::size_t window,
                                                JobContext& job) const;
    [[nodiscard]] std::vector<double> rowsOf(const SeriesBlock& block, std::size_t window, JobContext& job) const;
    std::uint64_t m_seed;
};

} // namespace faultline::detectors
