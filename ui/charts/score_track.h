// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/charts/track.h"

namespace faultline::ui
{

/// Ensemble score of the chosen entity (or the highest of all), the threshold line that can be dragged, and episodes
/// shaded.
class ScoreTrack : public Track
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] int height(const TrackContext& context) const override;
    [[nodiscard]] unsigned dependencies() const override
    {
        return OnView | OnThreshold | OnEpisodes | OnEntity | OnChoice;
    }
    void paint(QPainter& painter, const TrackArea& area, const TrackContext& context) const override;
    void paintReadout(QPainter& painter, const TrackArea& area, const TrackContext& context) const override;
    [[nodiscard]] QString readout(const TrackContext& context) const override;

    [[nodiscard]] static double thresholdY(const TrackArea& area, const TrackContext& context);
    [[nodiscard]] static double scoreAtY(double y, const TrackArea& area, const TrackContext& context);
    /// The handle of the threshold in the readout gutter.
    [[nodiscard]] static QRect handleRect(const TrackArea& area, const TrackContext& context);
    /// Top of the scale: room for the highest score in view and for the threshold.
    [[nodiscard]] static double scaleTop(const TrackContext& context);
};

} // namespace faultline::ui
