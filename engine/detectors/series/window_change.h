// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/stream_detector.h"

namespace faultline::detectors
{

/// How much the last rows differ from as many before them: in level (difference of the means), slope (of straight lines
/// through them) or spread (logarithm of the ratio of standard deviations, with a floor of a hundredth of the series'
/// own), as the surprise of that among the series' own past (StreamTail).
///
/// Raw score in nats, 0 to 25, causal. O(rows) a value; keeps two windows and 30,000 differences.
class WindowChange final : public StreamDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    WindowChange(Parameters parameters, std::uint64_t seed);

protected:
    [[nodiscard]] std::unique_ptr<ColumnStream> makeStream(std::size_t memory) const override;
    [[nodiscard]] double secondsPerValue() const override;
};

} // namespace faultline::detectors
