// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/charts/score_track.h"
#include "engine/pipeline/analysis.h"
#include "ui/models/text_format.h"
#include "ui/theme/glyphs.h"
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace faultline::ui
{
namespace
{

constexpr int headroom = 20; ///< above the highest score: episode names

double yOf(double score, double top, const QRect& plot)
{
    return plot.bottom() + 1 - score / top * (plot.height() - dp(headroom));
}

QColor withAlpha(QColor colour, double alpha)
{
    colour.setAlphaF(static_cast<float>(alpha));
    return colour;
}

bool concerns(const decisions::Episode& episode, const Selection& selection)
{
    return selection.entity() == allEntities || static_cast<int>(episode.entity) == selection.entity();
}

/// The line through all columns as upright strokes from the smallest to the largest value, each long enough to touch
/// the one before: what an antialiased path of the same points would show, at a hundredth of its cost when the curve is
/// dense.
std::vector<QRectF> curveStrokes(const std::vector<ColumnRange>& columns, double top, const QRect& plot)
{
    constexpr double half = 0.65;
    std::vector<QRectF> strokes;
    strokes.reserve(columns.size());
    int before = -2;
    double highBefore = 0.0, lowBefore = 0.0;
    for (const auto& [x, value] : columns) {
        const double high = yOf(value.max, top, plot), low = yOf(value.min, top, plot);
        double from = high, to = low;
        if (x == before + 1) {
            from = std::min(from, lowBefore);
            to = std::max(to, highBefore);
        }
        strokes.emplace_back(x, from - half, 1.0, to - from + 2.0 * half);
        before = x;
        highBefore = high;
        lowBefore = low;
    }
    return strokes;
}

/// Highest values alone, two columns on and two off.
std::vector<QRectF> dottedStrokes(const std::vector<ColumnRange>& columns, double top, const QRect& plot)
{
    std::vector<QRectF> strokes;
    for (const auto& [x, value] : columns)
        if (x % 4 < 2)
            strokes.emplace_back(x, yOf(value.max, top, plot) - 0.5, 1.0, 1.0);
    return strokes;
}

/// Under the curve: quiet grey, and plum where the threshold is passed, darker above the line than below.
void paintFill(QPainter& painter, const std::vector<ColumnRange>& columns, double top, const QRect& plot,
               const TrackContext& context)
{
    const double threshold = context.selection.threshold();
    const double lineY = std::max(yOf(threshold, top, plot), static_cast<double>(plot.top()));
    const double floor = plot.bottom() + 1;
    std::vector<QRectF> quiet, below, above;
    for (const auto& [x, value] : columns) {
        const double y = yOf(value.max, top, plot);
        if (value.max < static_cast<float>(threshold)) {
            quiet.emplace_back(x, y, 1.0, floor - y);
            continue;
        }
        below.emplace_back(x, lineY, 1.0, floor - lineY);
        above.emplace_back(x, y, 1.0, lineY - y);
    }
    painter.setPen(Qt::NoPen);
    const auto fill = [&](const QColor& colour, const std::vector<QRectF>& rects) {
        painter.setBrush(colour);
        painter.drawRects(rects.data(), static_cast<int>(rects.size()));
    };
    fill(context.theme.dark ? context.theme.border : context.theme.sunken, quiet);
    fill(withAlpha(context.theme.surprise[3], 0.5), below);
    fill(context.theme.surprise[3], above);
}

void paintEpisodeBands(QPainter& painter, const QRect& plot, const TrackContext& context)
{
    const auto view = context.axis.span();
    const auto& episodes = context.selection.episodes();
    double lastRight = -1e9;
    for (std::size_t i = 0; i < episodes.size(); ++i) {
        const auto span = context.data.spanOf(episodes[i]);
        if (!concerns(episodes[i], context.selection) || span.to < view.from || span.from > view.to)
            continue;
        const double left = std::max(std::floor(context.axis.xAt(span.from)), static_cast<double>(plot.left()));
        const double right = std::max(std::ceil(std::min(context.axis.xAt(span.to), context.axis.right())), left + 2.0);
        const bool chosen = static_cast<int>(i) == context.selection.chosenEpisode();
        if (!chosen && right <= lastRight)
            continue;
        lastRight = right;
        painter.fillRect(QRectF(left, plot.top() + dp(3), right - left, plot.height() - dp(3)),
                         withAlpha(context.theme.model, 0.10));
        painter.fillRect(QRectF(left, plot.top() + dp(3), right - left, dp(chosen ? 3 : 2)), context.theme.model);
        if (!chosen)
            continue;
        const QRectF head(left + dp(4), plot.top() + dp(6), right - left - dp(8), dp(14));
        const QString title = QObject::tr("Episode %1").arg(i + 1);
        const QString lasting = durationText(span.length());
        painter.setPen(context.theme.model);
        painter.setFont(interfaceFont(10, QFont::DemiBold));
        const int titleWidth = painter.fontMetrics().horizontalAdvance(title);
        if (head.width() < titleWidth)
            continue;
        painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter, title);
        painter.setFont(interfaceFont(10));
        if (context.data.axis == AxisKind::Time &&
            head.width() > titleWidth + painter.fontMetrics().horizontalAdvance(lasting) + dp(10))
            painter.drawText(head, Qt::AlignRight | Qt::AlignVCenter, lasting);
    }
}

/// The unit whose score stands at the cursor: of the cell under it, the one with the highest.
std::ptrdiff_t unitAtCursor(const TrackContext& context)
{
    if (context.cursor == noTime)
        return -1;
    const auto& series = context.data.series(context.selection.entity());
    if (const auto exact = series.at(context.cursor); exact >= 0)
        return exact;
    return -1;
}

} // namespace

QString ScoreTrack::name() const
{
    return QObject::tr("Ensemble score");
}

int ScoreTrack::height(const TrackContext& context) const
{
    return context.data.result->isScored() ? dp(126) : 0;
}

double ScoreTrack::scaleTop(const TrackContext& context)
{
    const auto view = context.axis.span();
    const auto highest = context.data.series(context.selection.entity()).scoreIn(view.from, view.to);
    const double wanted = std::max(
        {highest.empty() ? 1.0 : static_cast<double>(highest.max) * 1.08, context.selection.threshold() * 1.3, 1.0});
    return std::ceil(wanted);
}

double ScoreTrack::thresholdY(const TrackArea& area, const TrackContext& context)
{
    return std::clamp(yOf(context.selection.threshold(), scaleTop(context), area.plot), area.plot.top() + 2.0,
                      area.plot.bottom() - 1.0);
}

double ScoreTrack::scoreAtY(double y, const TrackArea& area, const TrackContext& context)
{
    return std::max((area.plot.bottom() + 1 - y) / (area.plot.height() - dp(headroom)) * scaleTop(context), 0.01);
}

QRect ScoreTrack::handleRect(const TrackArea& area, const TrackContext& context)
{
    const int y = static_cast<int>(std::lround(thresholdY(area, context)));
    return {area.readout.left() + dp(6), y - dp(9), area.readout.width() - dp(12), dp(18)};
}

void ScoreTrack::paint(QPainter& painter, const TrackArea& area, const TrackContext& context) const
{
    const int entity = context.selection.entity();
    const QString whose = entity == allEntities ? QObject::tr("highest of all")
                                                : context.data.entityNames[static_cast<std::size_t>(entity)];
    const bool isExcess = context.data.result->recipe.combination == pipeline::Combination::Excess;
    const QString scale = isExcess ? QObject::tr("ln spreads") : QObject::tr("−log₁₀ p");
    paintGutterTitle(painter, area.gutter, name(), {whose, scale}, context.theme);
    const double top = scaleTop(context);
    for (const double tick : scaleTicks(top))
        paintScaleLine(painter, area, std::min(yOf(tick, top, area.plot), area.plot.bottom() - 0.0), measureText(tick),
                       context.theme);
    painter.setClipRect(area.plot);
    const auto& series = context.data.series(entity);
    const auto columns = columnsOf(series, series.score, context.axis);
    paintEpisodeBands(painter, area.plot, context);
    paintFill(painter, columns, top, area.plot, context);
    const auto draw = [&](const std::vector<QRectF>& strokes, const QColor& colour) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawRects(strokes.data(), static_cast<int>(strokes.size()));
    };
    if (entity != allEntities && context.data.ranked.size() > 1) {
        draw(dottedStrokes(columnsOf(context.data.all, context.data.all.score, context.axis), top, area.plot),
             context.theme.muted);
        painter.setFont(interfaceFont(10));
        painter.setPen(context.theme.muted);
        painter.drawText(area.plot.adjusted(dp(5), dp(6), 0, 0), Qt::AlignLeft | Qt::AlignTop,
                         QObject::tr("dotted: highest of all entities"));
    }
    draw(curveStrokes(columns, top, area.plot), context.theme.text2);
    QPen rule(context.theme.threshold, 1.25);
    rule.setDashPattern({5, 3});
    painter.setPen(rule);
    const double y = crisp(thresholdY(area, context));
    painter.drawLine(QPointF(area.plot.left(), y), QPointF(area.plot.right(), y));
}

void ScoreTrack::paintReadout(QPainter& painter, const TrackArea& area, const TrackContext& context) const
{
    const auto position = unitAtCursor(context);
    if (position >= 0) {
        const auto& series = context.data.series(context.selection.entity());
        const auto unit = series.units[static_cast<std::size_t>(position)];
        const double score = series.score[static_cast<std::size_t>(position)];
        const bool flagged = score >= context.selection.threshold();
        QRect line(area.readout.left(), area.readout.top() + dp(4), area.readout.width(), dp(15));
        paintReadoutLine(painter, line, scoreText(score), flagged ? context.theme.model : context.theme.text,
                         flagged ? QFont::DemiBold : QFont::Normal);
        const auto& tails = context.data.result->tailP;
        if (unit < tails.size())
            paintReadoutLine(painter, line.translated(0, dp(15)),
                             QStringLiteral("p ") + shortProbabilityText(tails[unit]), context.theme.muted);
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(context.theme.accent, 1.5));
        painter.setBrush(context.theme.surface);
        const double x = std::clamp(context.axis.xAt(context.cursor), context.axis.left(), context.axis.right());
        painter.drawEllipse(QPointF(x, yOf(score, scaleTop(context), area.plot)), 3.5, 3.5);
        painter.restore();
    }
    const QRect handle = handleRect(area, context);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(context.theme.threshold);
    painter.drawRoundedRect(handle, dp(4), dp(4));
    painter.setPen(QPen(context.theme.surface, 1.0));
    for (const int dy : {-3, 0, 3})
        painter.drawLine(QPointF(handle.left() + dp(5), crisp(handle.center().y() + dp(dy))),
                         QPointF(handle.left() + dp(10), crisp(handle.center().y() + dp(dy))));
    painter.setFont(monoFont(11, QFont::DemiBold));
    painter.drawText(handle.adjusted(0, 0, -dp(6), 0), Qt::AlignRight | Qt::AlignVCenter,
                     thresholdText(context.selection.threshold()));
    painter.restore();
}

QString ScoreTrack::readout(const TrackContext& context) const
{
    const auto position = unitAtCursor(context);
    if (position < 0)
        return {};
    const double score = context.data.series(context.selection.entity()).score[static_cast<std::size_t>(position)];
    return QObject::tr("score %1, threshold %2").arg(scoreText(score), thresholdText(context.selection.threshold()));
}

} // namespace faultline::ui
