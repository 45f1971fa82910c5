// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/charts/track.h"

namespace faultline::ui
{

/// The whole case in one line, with a frame around what is in view.
class CaseTrack : public Track
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] int height(const TrackContext& context) const override;
    [[nodiscard]] unsigned dependencies() const override { return OnThreshold | OnEpisodes; }
    void paint(QPainter& painter, const TrackArea& area, const TrackContext& context) const override;
    void paintReadout(QPainter& painter, const TrackArea& area, const TrackContext& context) const override;
    [[nodiscard]] QString readout(const TrackContext&) const override { return {}; }
    /// The axis of this bar: all that the view can be moved over.
    [[nodiscard]] static TimeAxis axisOf(const TrackArea& area, const TrackContext& context);
};

/// Labels of the time axis; the cursor's time stands here.
class AxisTrack : public Track
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] int height(const TrackContext& context) const override;
    [[nodiscard]] unsigned dependencies() const override { return OnView; }
    void paint(QPainter& painter, const TrackArea& area, const TrackContext& context) const override;
    void paintReadout(QPainter& painter, const TrackArea& area, const TrackContext& context) const override;
    [[nodiscard]] QString readout(const TrackContext& context) const override;
};

} // namespace faultline::ui
