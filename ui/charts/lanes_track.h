// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/charts/track.h"
#include <vector>

namespace faultline::ui
{

/// Entity by time: the highest surprise per cell, episodes outlined, silence hatched. Shows the entities with the
/// highest scores, and always the chosen one.
class LanesTrack : public Track
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

    /// The entity whose lane is at `y` of the area; allEntities when there is none.
    [[nodiscard]] static int entityAt(int y, const TrackArea& area, const TrackContext& context);
    [[nodiscard]] static std::vector<int> shownEntities(const TrackContext& context);
};

/// Cells of one entity over the view, as lanes, dock strips and the overview draw them.
void paintSurpriseCells(QPainter& painter, const QRectF& lane, const UnitSeries& series, const TimeAxis& axis,
                        DurationUs cell, double threshold, const Theme& theme);

} // namespace faultline::ui
