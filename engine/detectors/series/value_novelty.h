// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/detectors/series/stream_detector.h"

namespace faultline::detectors
{

/// How new a value is: the distance to its k-th nearest among all earlier values of the series, as the surprise of that
/// distance among the series' own past ones (NoveltyStream), of the value as it is, on a logarithmic scale (asinh of
/// the value over a tenth of its first magnitude), as change from row to row, or less what is usual at its time of day.
///
/// Raw score in nats, 0 to 25, causal; the first 100 values score 0. O(log memory) a value, about 60 bytes a value
/// kept.
class ValueNovelty final : public StreamDetector
{
public:
    [[nodiscard]] static const DetectorSpec& describe();
    ValueNovelty(Parameters parameters, std::uint64_t seed);

protected:
    [[nodiscard]] std::unique_ptr<ColumnStream> makeStream(std::size_t memory) const override;
    [[nodiscard]] std::size_t memory() const override { return count("memory"); }
    [[nodiscard]] double secondsPerValue() const override { return 1e-6; }
};

} // namespace faultline::detectors
