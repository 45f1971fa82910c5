// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/svg_timeline.h"
#include "engine/core/text.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>

namespace faultline::pipeline
{

namespace
{

constexpr double width = 960.0, left = 100.0, right = 12.0;
constexpr double recordsHeight = 84.0, scoreHeight = 120.0, axisHeight = 22.0, gap = 10.0;
constexpr std::size_t wholeColumns = 424,
                      episodeColumns = 106; ///< bars of 2 px over the whole input, of 8 px around an episode

/// The stretch that a picture shows, in time or, without times, in unit numbers.
struct Axis {
    double from = 0.0, to = 1.0;
    bool isTime = false;
    std::size_t columns = wholeColumns;
    [[nodiscard]] double x(double value) const { return left + (value - from) / (to - from) * (width - left - right); }
};

std::string fixed(double value)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f", value);
    return text.data();
}

std::string rect(double x, double y, double w, double h, const std::string& style)
{
    return "<rect x=\"" + fixed(x) + "\" y=\"" + fixed(y) + "\" width=\"" + fixed(w) + "\" height=\"" + fixed(h) +
           "\" class=\"" + style + "\"/>";
}

std::string text(double x, double y, const std::string& words, const std::string& style)
{
    return "<text x=\"" + fixed(x) + "\" y=\"" + fixed(y) + "\" class=\"" + style + "\">" + words + "</text>";
}

double unitPosition(const AnalysisResult& result, std::size_t unit, bool isTime)
{
    return isTime ? static_cast<double>(result.table.start[unit]) : static_cast<double>(unit);
}

Axis wholeAxis(const AnalysisResult& result)
{
    Axis axis{0.0, static_cast<double>(std::max<std::size_t>(1, result.table.units())), false};
    TimeUs from = noTime, to = noTime;
    for (std::size_t i = 0; i < result.table.units(); ++i) {
        if (result.table.start[i] == noTime)
            continue;
        from = from == noTime ? result.table.start[i] : std::min(from, result.table.start[i]);
        to = to == noTime ? result.table.end[i] : std::max(to, result.table.end[i]);
    }
    if (from != noTime && to > from)
        axis = {static_cast<double>(from), static_cast<double>(to), true};
    return axis;
}

std::string clockLabel(TimeUs time, DurationUs span)
{
    static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto civil = toCivil(time);
    std::array<char, 48> out{};
    if (span > 2 * day_us)
        std::snprintf(out.data(), out.size(), "%d %s %02d:%02d", civil.day,
                      months[static_cast<std::size_t>(civil.month - 1)], civil.hour, civil.minute);
    else
        std::snprintf(out.data(), out.size(), "%02d:%02d:%02d", civil.hour, civil.minute, civil.second);
    return out.data();
}

std::string axisLabels(const Axis& axis, double y)
{
    std::string out;
    for (int i = 0; i <= 6; ++i) {
        const double value = axis.from + (axis.to - axis.from) * i / 6.0;
        const auto label = axis.isTime
                               ? clockLabel(static_cast<TimeUs>(value), static_cast<DurationUs>(axis.to - axis.from))
                               : formatCount(static_cast<std::uint64_t>(value));
        out += text(axis.x(value), y, label, i == 0 ? "tick first" : i == 6 ? "tick last" : "tick");
    }
    return out;
}

std::string recordsTrack(const AnalysisResult& result, const Axis& axis, double top)
{
    if (!result.timeline || !axis.isTime)
        return {};
    const auto counts =
        result.timeline->counts(static_cast<TimeUs>(axis.from), static_cast<TimeUs>(axis.to), axis.columns);
    std::uint32_t most = 1;
    for (const auto& bucket : counts) {
        std::uint32_t sum = 0;
        for (const auto n : bucket)
            sum += n;
        most = std::max(most, sum);
    }
    static constexpr std::array<const char*, records::levelCount> styles = {"none", "debug", "info",
                                                                            "warn", "error", "fatal"};
    const double bar = (width - left - right) / static_cast<double>(axis.columns);
    std::string out = text(0, top + 12, "Records", "label");
    out += text(left - 6, top + 10, formatCount(most), "scale");
    for (std::size_t b = 0; b < counts.size(); ++b) {
        double y = top + recordsHeight;
        for (std::size_t level = 0; level < records::levelCount; ++level) {
            const double h = recordsHeight * counts[b][level] / most;
            if (h < 0.05)
                continue;
            y -= h;
            out += rect(left + bar * static_cast<double>(b), y, std::max(1.0, bar - 0.5), h, styles[level]);
        }
    }
    return out;
}

/// Highest score per pixel column, of one entity or of all.
std::vector<double> highestPerColumn(const AnalysisResult& result, const Axis& axis,
                                     std::optional<std::uint32_t> entity)
{
    std::vector<double> highest(axis.columns, 0.0);
    const auto share = [&](double position) { return (position - axis.from) / (axis.to - axis.from); };
    const auto last = static_cast<double>(axis.columns) - 1.0;
    for (std::size_t i = 0; i < result.table.units(); ++i) {
        if ((axis.isTime && result.table.start[i] == noTime) || (entity && result.table.entity[i] != *entity))
            continue;
        const double begin = unitPosition(result, i, axis.isTime);
        const double end = axis.isTime ? static_cast<double>(result.table.end[i]) : begin + 1.0;
        if (share(end) <= 0.0 || share(begin) >= 1.0)
            continue;
        const double scale = static_cast<double>(axis.columns);
        const auto first = static_cast<std::size_t>(std::clamp(std::floor(share(begin) * scale), 0.0, last));
        const auto beyond = static_cast<std::size_t>(std::clamp(std::ceil(share(end) * scale), 1.0, scale));
        for (auto column = first; column < std::max(beyond, first + 1); ++column)
            highest[column] = std::max(highest[column], result.score[i]);
    }
    return highest;
}

std::string episodesShade(const AnalysisResult& result, const Axis& axis, double top,
                          std::optional<std::uint32_t> entity)
{
    std::string out;
    for (const auto& episode : result.episodes) {
        if (entity && episode.entity != *entity)
            continue;
        const double from = axis.isTime ? static_cast<double>(episode.onset) : static_cast<double>(episode.firstUnit);
        const double to = axis.isTime ? static_cast<double>(episode.end) : static_cast<double>(episode.lastUnit + 1);
        if (to < axis.from || from > axis.to)
            continue;
        const double x0 = axis.x(std::max(from, axis.from)), x1 = axis.x(std::min(to, axis.to));
        out += rect(x0, top, std::max(1.5, x1 - x0), scoreHeight, "episode") +
               rect(x0, top, std::max(1.5, x1 - x0), 2, "flagged");
    }
    return out;
}

std::string scoreTrack(const AnalysisResult& result, const Axis& axis, double top, std::optional<std::uint32_t> entity)
{
    const auto highest = highestPerColumn(result, axis, entity);
    const double threshold = result.threshold.value;
    const double most = std::max(
        {1.0, std::isfinite(threshold) ? threshold * 1.3 : 1.0, *std::max_element(highest.begin(), highest.end())});
    const double bar = (width - left - right) / static_cast<double>(axis.columns);
    std::string out = episodesShade(result, axis, top, entity);
    for (std::size_t b = 0; b < axis.columns; ++b) {
        const double h = scoreHeight * highest[b] / most;
        if (h >= 0.3)
            out += rect(left + bar * static_cast<double>(b), top + scoreHeight - h, std::max(1.0, bar - 0.3), h,
                        highest[b] >= threshold ? "flagged" : "quiet");
    }
    const double line = top + scoreHeight - scoreHeight * threshold / most;
    out += "<line x1=\"" + fixed(left) + "\" x2=\"" + fixed(width - right) + "\" y1=\"" + fixed(line) + "\" y2=\"" +
           fixed(line) + "\" class=\"threshold\"/>";
    out += text(0, top + 12, "Score", "label") + text(left - 6, line + 4, formatMeasure(threshold), "scale") +
           text(left - 6, top + 10, formatMeasure(most), "scale");
    return out;
}

std::string picture(const AnalysisResult& result, const Axis& axis, std::optional<std::uint32_t> entity,
                    const std::string& title)
{
    const bool withRecords = result.timeline && axis.isTime;
    const double scoreTop = withRecords ? recordsHeight + gap : 0.0;
    const double height = scoreTop + scoreHeight + axisHeight;
    std::string out =
        "<svg viewBox=\"0 0 " + fixed(width) + " " + fixed(height) + "\" role=\"img\" aria-label=\"" + title + "\">";
    out += recordsTrack(result, axis, 0.0) + scoreTrack(result, axis, scoreTop, entity) + axisLabels(axis, height - 6);
    return out + "</svg>";
}

} // namespace

std::string svgTimeline(const AnalysisResult& result)
{
    return picture(result, wholeAxis(result), std::nullopt, "Records and ensemble score over the whole input");
}

std::string svgEpisode(const AnalysisResult& result, const decisions::Episode& episode)
{
    auto axis = wholeAxis(result);
    const double from = axis.isTime ? static_cast<double>(episode.onset) : static_cast<double>(episode.firstUnit);
    const double to = axis.isTime ? static_cast<double>(episode.end) : static_cast<double>(episode.lastUnit + 1);
    if (axis.isTime && episode.onset == noTime)
        return {};
    const double unit = axis.isTime
                            ? static_cast<double>(std::max<DurationUs>(1, result.table.end[episode.firstUnit] -
                                                                              result.table.start[episode.firstUnit]))
                            : 1.0;
    const double margin = std::max(2.0 * (to - from), 30.0 * unit);
    axis.from = std::max(axis.from, from - margin);
    axis.to = std::min(axis.to, to + margin);
    if (!(axis.to > axis.from))
        return {};
    axis.columns = episodeColumns;
    return picture(result, axis, episode.entity, "Score of this entity around the episode");
}

} // namespace faultline::pipeline
