// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/stream_detector.h"

namespace faultline::detectors
{

/// The live detector for metric series: views of each new value by level, time of day, roughness, phase, code length
/// and spread, joined into one alarm score (see SurpriseStream). Causal, one configuration for all series.
///
/// Raw score: -ln of the rate at which clean series give an alarm this high, in nats; 0 where there is no alarm. The
/// rate is that of Gaussian, seasonal, autocorrelated, Poisson and heavy-tailed (t4, log-normal) noise: at a requested
/// 1e-3 each of them alarms 0.7 to 1.8 times in a thousand rows; a steady trend 4 times, as its every value is new. So
/// it needs no calibration by those who use it, and takes 12 points of NAB's score when it gets one.
///
/// About 7 us a value; 3 MB for each column of 30,000 rows. Deterministic.
class LiveSurprise final : public StreamDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    LiveSurprise(Parameters parameters, std::uint64_t seed);
    /// The raw score of an alarm of this surprise (SurpriseStream), in nats, and back. Both rise strictly.
    [[nodiscard]] static double calibrated(double surprise);
    [[nodiscard]] static double surpriseOf(double calibrated);

protected:
    [[nodiscard]] std::unique_ptr<ColumnStream> makeStream(std::size_t memory) const override;
    [[nodiscard]] std::size_t memory() const override { return count("memory"); }
    [[nodiscard]] double secondsPerValue() const override { return 7e-6; }
};

} // namespace faultline::detectors
