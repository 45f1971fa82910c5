// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/charts/track.h"

namespace faultline::ui
{

/// One strip per detector: where they agree and where they do not.
class StripsTrack : public Track
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] int height(const TrackContext& context) const override;
    [[nodiscard]] unsigned dependencies() const override { return OnView | OnThreshold | OnEntity; }
    void paint(QPainter& painter, const TrackArea& area, const TrackContext& context) const override;
    void paintReadout(QPainter& painter, const TrackArea& area, const TrackContext& context) const override;
    [[nodiscard]] QString readout(const TrackContext& context) const override;
};

} // namespace faultline::ui
