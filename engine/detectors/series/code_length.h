// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/stream_detector.h"

namespace faultline::detectors
{

/// How badly a series can be foretold of late: the novelty of the running mean (over about 12 rows) of the code length
/// of its values under mixtures of contexts (ContextMixture). With several quantisers the mean of their code lengths
/// counts: each next one has half the bins and contexts longer by two.
///
/// Raw score in nats, 0 to 25, causal. O(order) a value and quantiser; up to 100 bytes a value, quantiser and order
/// above the first. Measured as evidence in live_surprise on 35 public series: order 1 of 20 bins 74.2, four quantisers
/// with orders to 6 74.3 (NAB score): within noise, so the simple one serves there.
class CodeLength final : public StreamDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    CodeLength(Parameters parameters, std::uint64_t seed);

protected:
    [[nodiscard]] std::unique_ptr<ColumnStream> makeStream(std::size_t memory) const override;
    [[nodiscard]] double secondsPerValue() const override;
};

} // namespace faultline::detectors
