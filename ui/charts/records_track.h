// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/charts/track.h"

namespace faultline::ui
{

/// Records per bucket, stacked by level.
class RecordsTrack : public Track
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] int height(const TrackContext& context) const override;
    [[nodiscard]] unsigned dependencies() const override { return OnView; }
    void paint(QPainter& painter, const TrackArea& area, const TrackContext& context) const override;
    void paintReadout(QPainter& painter, const TrackArea& area, const TrackContext& context) const override;
    [[nodiscard]] QString readout(const TrackContext& context) const override;
};

/// Length of the buckets in which records are counted at this zoom.
[[nodiscard]] DurationUs recordBucket(const TimeAxis& axis);

} // namespace faultline::ui
