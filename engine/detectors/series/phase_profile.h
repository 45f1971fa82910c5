// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/stream_detector.h"

namespace faultline::detectors
{

/// How unlike the same phase of earlier days the last rows are (PhaseStream). Raw score in nats, 0 to 25, causal; 0 for
/// series of fewer than 12 or more than 2,000 rows a day and before the third day. O(14 rows of the stretch) a value;
/// keeps 14 days of values and `memory` distances.
class PhaseProfile final : public StreamDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    PhaseProfile(Parameters parameters, std::uint64_t seed);

protected:
    [[nodiscard]] std::unique_ptr<ColumnStream> makeStream(std::size_t memory) const override;
    [[nodiscard]] double secondsPerValue() const override { return 2e-6; }
};

} // namespace faultline::detectors
