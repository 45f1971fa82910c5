// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/charts/time_axis.h"
#include "ui/models/selection.h"
#include "ui/theme/theme.h"
#include <QRect>
#include <QString>

class QPainter;

namespace faultline::ui
{

/// What a track sees while it paints. Lives for one call.
struct TrackContext {
    const Theme& theme;
    const Selection& selection;
    const ChartData& data;
    TimeAxis axis;
    TimeUs cursor = noTime; ///< under the mouse, or the chosen one
};

/// The three parts of a track's row.
struct TrackArea {
    QRect gutter; ///< name and scale
    QRect plot;
    QRect readout; ///< values at the cursor
};

/// What a track's cached picture depends on; it is painted again when one of these changes.
enum TrackDependency : unsigned {
    OnView = 1,
    OnThreshold = 2,
    OnEpisodes = 4,
    OnEntity = 8,
    OnChoice = 16,
};

/// One row of the timeline. Tracks hold no data of their own: everything comes from the context.
class Track
{
public:
    virtual ~Track() = default;
    [[nodiscard]] virtual QString name() const = 0;
    /// Height at the person's font size; 0 hides the track.
    [[nodiscard]] virtual int height(const TrackContext& context) const = 0;
    [[nodiscard]] virtual unsigned dependencies() const = 0;
    /// Name, scale and plot; kept as a picture until a dependency changes.
    virtual void paint(QPainter& painter, const TrackArea& area, const TrackContext& context) const = 0;
    /// Values at the cursor and marks that follow it; painted on every move.
    virtual void paintReadout(QPainter& painter, const TrackArea& area, const TrackContext& context) const = 0;
    /// The readout in words, for assistive technology and tests.
    [[nodiscard]] virtual QString readout(const TrackContext& context) const = 0;
};

/// Title (and caption under it) at the top of a gutter.
void paintGutterTitle(QPainter& painter, const QRect& gutter, const QString& title, const QStringList& captions,
                      const Theme& theme);
/// A horizontal grid line with its number in the gutter.
void paintScaleLine(QPainter& painter, const TrackArea& area, double y, const QString& label, const Theme& theme);
/// A value of the readout gutter, right-aligned.
void paintReadoutLine(QPainter& painter, const QRect& line, const QString& text, const QColor& colour,
                      int weight = 400);
/// Whole pixels: hairlines stay sharp.
[[nodiscard]] double crisp(double v);
/// Ticks of a value axis from 0: two or three round numbers up to `top`.
[[nodiscard]] std::vector<double> scaleTicks(double top);
/// Length of the cells that lanes and strips are drawn in: at least 5 px wide, never shorter than a window.
[[nodiscard]] DurationUs cellLength(const TrackContext& context);

} // namespace faultline::ui
