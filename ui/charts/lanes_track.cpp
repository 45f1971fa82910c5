// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/charts/lanes_track.h"
#include "engine/pipeline/analysis.h"
#include "ui/models/text_format.h"
#include "ui/theme/glyphs.h"
#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

namespace faultline::ui
{
namespace
{

constexpr std::size_t mostLanes = 8;

int laneHeight()
{
    return dp(19);
}

QRect laneRect(const QRect& part, std::size_t lane)
{
    return {part.left(), part.top() + dp(5) + static_cast<int>(lane) * laneHeight(), part.width(), laneHeight()};
}

/// Neighbouring silent cells become one hatched stretch with its name.
void paintSilences(QPainter& painter, const QRectF& lane, const UnitSeries& series, const TimeAxis& axis,
                   DurationUs cell, const Theme& theme)
{
    if (!series.silenceCounts)
        return;
    const auto paintStretch = [&](TimeUs from, TimeUs to) {
        const double left = std::max(axis.xAt(from), axis.left()), right = std::min(axis.xAt(to), axis.right());
        const QRectF area(left, lane.top(), right - left, lane.height());
        paintSilence(painter, area);
        const QString label = QObject::tr("no records");
        painter.setFont(interfaceFont(10));
        const double width = painter.fontMetrics().horizontalAdvance(label) + dp(8);
        if (area.width() < width + dp(12))
            return;
        const QRectF box(area.center().x() - width / 2, area.top(), width, area.height());
        painter.fillRect(box, theme.surface);
        painter.setPen(theme.text2);
        painter.drawText(box, Qt::AlignCenter, label);
    };
    const auto view = axis.span();
    TimeUs since = noTime;
    for (TimeUs at = floorTo(view.from, cell); at < view.to + cell; at += cell) {
        const bool silent = at < view.to && series.silentIn(at, at + cell);
        if (silent && since == noTime)
            since = at;
        if (!silent && since != noTime) {
            paintStretch(since, at);
            since = noTime;
        }
    }
}

void paintEpisodes(QPainter& painter, const QRect& lane, int entity, const TrackContext& context)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    const auto& episodes = context.selection.episodes();
    const auto view = context.axis.span();
    double lastRight = -1e9;
    for (std::size_t i = 0; i < episodes.size(); ++i) {
        if (static_cast<int>(episodes[i].entity) != entity)
            continue;
        const auto span = context.data.spanOf(episodes[i]);
        if (span.to < view.from || span.from > view.to)
            continue;
        const bool chosen = static_cast<int>(i) == context.selection.chosenEpisode();
        const double left = context.axis.xAt(span.from), right = std::max(context.axis.xAt(span.to), left + 3.0);
        // Thousands of episodes in sight: outlines closer than a pixel say nothing more.
        if (!chosen && right < lastRight + 1.0)
            continue;
        lastRight = right;
        painter.setPen(QPen(chosen ? context.theme.accent : context.theme.model, chosen ? 2.0 : 1.25));
        painter.drawRoundedRect(QRectF(left - 0.5, lane.top() + 1.5, right - left, lane.height() - 3.0), dp(2), dp(2));
    }
    painter.restore();
}

} // namespace

void paintSurpriseCells(QPainter& painter, const QRectF& lane, const UnitSeries& series, const TimeAxis& axis,
                        DurationUs cell, double threshold, const Theme& theme)
{
    std::array<std::vector<QRectF>, 5> rects;
    const auto view = axis.span();
    const double right = lane.right();
    for (TimeUs at = floorTo(view.from, cell); at < view.to; at += cell) {
        const auto value = series.scoreIn(at, at + cell);
        if (value.empty())
            continue;
        const double x0 = std::max(std::round(axis.xAt(at)), lane.left());
        const double x1 = std::min(std::round(axis.xAt(at + cell)) - (cell > 1 ? 1.0 : 0.0), right);
        const auto colour = theme.surpriseColor(value.max, threshold);
        const auto step = std::find(theme.surprise.begin(), theme.surprise.end(), colour) - theme.surprise.begin();
        rects[static_cast<std::size_t>(step)].emplace_back(x0, lane.top(), std::max(x1 - x0, 1.0), lane.height());
    }
    painter.setPen(Qt::NoPen);
    for (std::size_t i = 0; i < rects.size(); ++i) {
        painter.setBrush(theme.surprise[i]);
        painter.drawRects(rects[i].data(), static_cast<int>(rects[i].size()));
    }
}

QString LanesTrack::name() const
{
    return QObject::tr("Entities");
}

std::vector<int> LanesTrack::shownEntities(const TrackContext& context)
{
    std::vector<int> shown = context.data.ranked;
    const int chosen = context.selection.entity();
    const bool hidden =
        std::find(shown.begin(), shown.begin() + static_cast<std::ptrdiff_t>(std::min(shown.size(), mostLanes)),
                  chosen) == shown.begin() + static_cast<std::ptrdiff_t>(std::min(shown.size(), mostLanes));
    if (shown.size() > mostLanes)
        shown.resize(mostLanes);
    if (hidden && chosen >= 0 && !shown.empty())
        shown.back() = chosen;
    // By name: a lane must not jump when another entity's score changes its rank.
    std::sort(shown.begin(), shown.end(), [&](int a, int b) {
        return context.data.entityNames[static_cast<std::size_t>(a)] <
               context.data.entityNames[static_cast<std::size_t>(b)];
    });
    return shown;
}

int LanesTrack::height(const TrackContext& context) const
{
    if (!context.data.result->isScored())
        return 0;
    return static_cast<int>(std::min(context.data.ranked.size(), mostLanes)) * laneHeight() + dp(10);
}

int LanesTrack::entityAt(int y, const TrackArea& area, const TrackContext& context)
{
    const auto shown = shownEntities(context);
    for (std::size_t lane = 0; lane < shown.size(); ++lane)
        if (const auto rect = laneRect(area.plot, lane); y >= rect.top() && y <= rect.bottom())
            return shown[lane];
    return allEntities;
}

void LanesTrack::paint(QPainter& painter, const TrackArea& area, const TrackContext& context) const
{
    const auto shown = shownEntities(context);
    const DurationUs cell = cellLength(context);
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const bool chosen = shown[i] == context.selection.entity();
        const QRect label = laneRect(area.gutter, i);
        if (chosen)
            painter.fillRect(label.adjusted(0, 1, -1, -1), context.theme.sel);
        painter.setFont(interfaceFont(12, chosen ? QFont::DemiBold : QFont::Normal));
        painter.setPen(chosen ? context.theme.selText : context.theme.text);
        const int width = label.width() - dp(16);
        painter.drawText(label.adjusted(dp(10), 0, -dp(6), 0), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(context.data.entityNames[static_cast<std::size_t>(shown[i])],
                                                          Qt::ElideMiddle, width));
        const QRect lane = laneRect(area.plot, i);
        painter.save();
        painter.setClipRect(area.plot);
        const QRectF cells = QRectF(lane).adjusted(0, dp(2), 0, -dp(2));
        const auto& series = context.data.series(shown[i]);
        paintSurpriseCells(painter, cells, series, context.axis, cell, context.selection.threshold(), context.theme);
        paintSilences(painter, cells, series, context.axis, cell, context.theme);
        paintEpisodes(painter, lane, shown[i], context);
        painter.restore();
    }
}

void LanesTrack::paintReadout(QPainter& painter, const TrackArea& area, const TrackContext& context) const
{
    if (context.cursor == noTime)
        return;
    const DurationUs cell = cellLength(context);
    const TimeUs from = floorTo(context.cursor, cell);
    const auto shown = shownEntities(context);
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const auto& series = context.data.series(shown[i]);
        const auto value = series.scoreIn(from, from + cell);
        const QRect line = laneRect(area.readout, i);
        if (value.empty())
            paintReadoutLine(painter, line, QStringLiteral("–"), context.theme.muted);
        else if (series.silentIn(from, from + cell))
            paintReadoutLine(painter, line, QObject::tr("silent"), context.theme.model);
        else
            paintReadoutLine(painter, line, scoreText(value.max),
                             value.max >= static_cast<float>(context.selection.threshold()) ? context.theme.model
                                                                                            : context.theme.muted);
    }
}

QString LanesTrack::readout(const TrackContext& context) const
{
    if (context.cursor == noTime)
        return {};
    const DurationUs cell = cellLength(context);
    const TimeUs from = floorTo(context.cursor, cell);
    QStringList parts;
    for (const int entity : shownEntities(context)) {
        const auto value = context.data.series(entity).scoreIn(from, from + cell);
        parts << context.data.entityNames[static_cast<std::size_t>(entity)] + QLatin1Char(' ') +
                     (value.empty() ? QStringLiteral("–") : scoreText(value.max));
    }
    return parts.join(QStringLiteral(", "));
}

} // namespace faultline::ui
