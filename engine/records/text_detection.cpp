// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include "engine/records/header_match.h"
#include "engine/records/layout_catalogue.h"
#include "engine/records/layout_learning.h"
#include "engine/records/text_parser.h"
#include "engine/records/zone_text.h"
#include <algorithm>
#include <cstring>
#include <map>

namespace faultline::records
{

namespace
{

constexpr std::size_t sampleLines = 2000;
constexpr std::size_t cutSampleBytes = 128 * 1024; // a sample at least this long was probably cut from a longer file
constexpr double leastTimedShare = 0.05; // under this, times in the lines are chance and each line is a record
/// Lines without any header: nothing speaks for it. Above rows that merely hold commas, below a table with named
/// columns.
constexpr double textConfidence = 0.35;
constexpr double learnedTrust = 0.95, timeOnlyTrust = 0.9, noTimeTrust = 0.8,
                 halfTimeTrust = 0.97; // learned layouts give way to formats that explain more

/// How the lines of a sample fare under a layout.
struct Tally {
    std::size_t lines = 0, continuation = 0, timed = 0, complete = 0, withZone = 0, withoutYear = 0;
    TimeUs earliest = std::numeric_limits<TimeUs>::max(), latest = noTime;
    std::map<TimeShape, std::size_t> shapes;
    std::string_view firstTime; ///< the text of the first time, for describing its spelling

    [[nodiscard]] std::size_t judged() const { return lines - continuation; }
    [[nodiscard]] double share(std::size_t count) const
    {
        return judged() == 0 ? 0.0 : static_cast<double>(count) / static_cast<double>(judged());
    }
    [[nodiscard]] TimeShape usualShape() const
    {
        const auto most =
            std::max_element(shapes.begin(), shapes.end(), [](auto& a, auto& b) { return a.second < b.second; });
        return most == shapes.end() ? TimeShape::IsoDateTime : most->first;
    }
};

/// A layout with the reading of ambiguous dates that fits the sample best.
struct Fit {
    LineLayout layout;
    TimestampOptions time{.assumedYear = 2000};
    Tally tally;
    double confidence = 0.0;
};

std::vector<std::string_view> linesOf(std::string_view sample)
{
    if (sample.size() >= cutSampleBytes && sample.find('\n') != std::string_view::npos)
        sample = sample.substr(0, sample.rfind('\n'));
    if (sample.starts_with("\xEF\xBB\xBF"))
        sample.remove_prefix(3);
    std::vector<std::string_view> lines;
    for (auto line : split(sample, '\n')) {
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        if (header::skipBlanks(line, 0) < line.size() && line.find('\0') == std::string_view::npos)
            lines.push_back(line);
    }
    if (lines.size() <= sampleLines)
        return lines;
    std::vector<std::string_view> some;
    for (std::size_t i = 0; i < sampleLines; ++i)
        some.push_back(lines[i * lines.size() / sampleLines]);
    return some;
}

/// Indented lines, stack traces, and directives such as `#Fields:`.
bool looksLikeContinuation(std::string_view line)
{
    for (const std::string_view start : {" ", "\t", "at ", "Caused by", "Traceback", "...", "}", ")", "#"})
        if (line.starts_with(start))
            return true;
    return false;
}

Tally tallyOf(const LineLayout& layout, const std::vector<std::string_view>& lines, const TimestampOptions& options)
{
    Tally tally{.lines = lines.size()};
    const bool timed = layout.hasTime();
    const auto timePart = static_cast<std::size_t>(std::max(0, layout.partIndex("time")));
    LineMatch match;
    for (const auto line : lines) {
        matchLine(layout, line, options, match);
        tally.complete += match.complete ? 1U : 0U;
        if (!match.hasTime()) {
            tally.continuation += timed && looksLikeContinuation(line) ? 1U : 0U;
            continue;
        }
        ++tally.timed;
        ++tally.shapes[match.shape];
        tally.withZone += match.time.hasZone ? 1U : 0U;
        tally.withoutYear += match.time.hasYear ? 0 : 1;
        tally.earliest = std::min(tally.earliest, match.time.time_us);
        tally.latest = std::max(tally.latest, match.time.time_us);
        if (tally.firstTime.empty())
            tally.firstTime =
                line.substr(match.parts[timePart].begin, match.parts[timePart].end - match.parts[timePart].begin);
    }
    return tally;
}

/// 03/12/2026 may be March or December. The reading under which most lines have a time wins, then the one under which
/// they span the least time, then day before month.
Fit fitOf(const LineLayout& layout, const std::vector<std::string_view>& lines)
{
    Fit best{.layout = layout};
    best.tally = tallyOf(layout, lines, best.time);
    if (best.tally.shapes.contains(TimeShape::DayMonthYear) || best.tally.timed == 0) {
        const TimestampOptions dayFirst{.assumedYear = 2000, .dayFirst = true, .shortYearFirst = false};
        const TimestampOptions monthFirst{.assumedYear = 2000, .dayFirst = false, .shortYearFirst = false};
        for (const auto& options : {dayFirst, monthFirst}) {
            auto tally = tallyOf(layout, lines, options);
            const auto span = [](const Tally& t) { return t.timed == 0 ? 0 : t.latest - t.earliest; };
            if (tally.timed > best.tally.timed || (tally.timed == best.tally.timed && span(tally) < span(best.tally))) {
                best.time = options;
                best.tally = std::move(tally);
            }
        }
    }
    best.confidence = best.tally.share(best.tally.complete);
    if (layout.hasTime() && best.tally.share(best.tally.timed) < leastTimedShare)
        best.confidence = 0.0;
    return best;
}

bool onlyTime(const LineLayout& layout)
{
    return std::none_of(layout.parts.begin(), layout.parts.end(), [](const HeaderPart& part) {
        return part.kind == PartKind::Level || part.kind == PartKind::Component || part.kind == PartKind::Bracketed;
    });
}

double trustIn(const Fit& learned)
{
    if (!learned.layout.hasTime())
        return noTimeTrust;
    const auto shape = learned.tally.usualShape();
    const bool half =
        shape == TimeShape::ClockOnly || shape == TimeShape::DateOnly; // perhaps of a date read the wrong way
    return (onlyTime(learned.layout) ? timeOnlyTrust : learnedTrust) * (half ? halfTimeTrust : 1.0);
}

/// A layout for lines that have a time near their start but no header in common.
Fit scanningFit(const std::vector<std::string_view>& lines)
{
    const LineLayout layout{.name = "generic", .parts = {{.kind = PartKind::Time, .name = "time"}}, .scans = true};
    auto fit = fitOf(layout, lines);
    fit.confidence *= fit.confidence >= 0.5 ? timeOnlyTrust : 0.0;
    return fit;
}

Fit learnedFit(const std::vector<std::string_view>& lines)
{
    Fit best{.layout = {.name = "text"}};
    best.tally = tallyOf(best.layout, lines, best.time);
    best.confidence = lines.empty() ? 0.0 : textConfidence;
    auto heads = lines;
    std::erase_if(heads, looksLikeContinuation);
    for (const bool dayFirst : {true, false}) {
        auto layout = learnLayout(heads, {.assumedYear = 2000, .dayFirst = dayFirst, .shortYearFirst = dayFirst});
        if (layout.parts.empty())
            continue;
        auto fit = fitOf(layout, lines);
        fit.confidence *= trustIn(fit);
        if (fit.confidence > best.confidence)
            best = std::move(fit);
    }
    if (!best.layout.hasTime())
        if (auto fit = scanningFit(lines); fit.confidence > best.confidence)
            return fit;
    return best;
}

Fit bestFit(const std::vector<std::string_view>& lines, const std::string& forced)
{
    if (forced == "text") {
        Fit plain{.layout = {.name = "text"}};
        plain.tally = tallyOf(plain.layout, lines, plain.time);
        plain.confidence = 1.0;
        return plain;
    }
    if (const auto* layout = namedLayout(forced))
        return fitOf(*layout, lines);
    Fit best = learnedFit(lines);
    if (forced == "generic")
        return best;
    // The measure of a learned layout is taken down a little, so that a known one wins where both fit.
    for (const auto& layout : namedLayouts())
        if (auto fit = fitOf(layout, lines); fit.confidence > best.confidence)
            best = std::move(fit);
    return best;
}

/// "dd/MM/yyyy" as the options order the parts and as the text separates them.
std::string dateOrder(std::string_view text, const TimestampOptions& order)
{
    const auto first = text.find_first_of("/.-"), second = text.find_first_of("/.-", first + 1);
    const bool shortYear =
        second == std::string_view::npos || second + 3 >= text.size() || !header::isDigit(text[second + 3]);
    const std::string mark(1, first == std::string_view::npos ? '/' : text[first]);
    if (shortYear && order.shortYearFirst)
        return "yy" + mark + "MM" + mark + "dd";
    return (order.dayFirst ? "dd" + mark + "MM" : "MM" + mark + "dd") + mark + (shortYear ? "yy" : "yyyy");
}

/// The spelling of the first time: digits as pattern letters, all else as it stands.
std::string timePattern(TimeShape shape, std::string_view text, const TimestampOptions& order)
{
    const auto digits = static_cast<std::size_t>(
        std::find_if_not(text.begin(), text.end(), [](char c) { return header::isDigit(c); }) - text.begin());
    if (shape == TimeShape::Epoch)
        return digits <= 10   ? "epoch seconds"
               : digits == 13 ? "epoch milliseconds"
               : digits == 16 ? "epoch microseconds"
                              : "epoch nanoseconds";
    auto name = timeShapeName(shape);
    if (shape == TimeShape::IsoDateTime && text.size() >= 19)
        for (const std::size_t i : {4U, 7U, 10U, 13U, 16U})
            name[i] = text[i];
    if (shape == TimeShape::CompactDateTime && digits >= 8)
        name = digits == 14 ? "yyyyMMddHHmmss" : "yyyyMMdd" + std::string(1, text[8]) + "HHmmss";
    if (shape == TimeShape::MonthDayTime && text.size() > 2)
        name[2] = text[2];
    if (shape == TimeShape::DayMonthYear)
        name = dateOrder(text, order) + " HH:mm:ss";
    const auto seconds = name.size();
    if ((shape == TimeShape::IsoDateTime || shape == TimeShape::MonthDayTime || shape == TimeShape::ClockOnly) &&
        text.size() > seconds + 1 && std::strchr(".,:", text[seconds]) != nullptr &&
        header::isDigit(text[seconds + 1])) {
        name += text[seconds];
        for (auto i = seconds + 1; i < text.size() && header::isDigit(text[i]); ++i)
            name += 'S';
    }
    return name;
}

std::string zoneText(const Tally& tally, std::string_view timeText, const ParseOptions& options)
{
    if (tally.timed == 0)
        return {};
    if (tally.usualShape() == TimeShape::Epoch)
        return "UTC (epoch)";
    if (tally.withZone * 2 > tally.timed)
        return zoneInText(timeText) + " (in each line)";
    return options.zoneGiven ? options.zone.name() + " (given)" : "UTC (assumed)";
}

std::string countOf(std::size_t count, std::size_t all)
{
    return formatCount(count) + " of " + formatCount(all);
}

void explain(const Fit& fit, const std::vector<std::string_view>& lines, Detection& detection)
{
    const auto& tally = fit.tally;
    auto& reasons = detection.reasons;
    if (fit.layout.parts.empty()) {
        reasons.push_back("hardly any of " + formatCount(lines.size()) +
                          " sampled lines has a time or a header; each line is a record");
        return;
    }
    if (fit.layout.scans)
        reasons.emplace_back("the time stands near the start of the lines, which have no header in common");
    std::string columns;
    for (const auto& column : detection.columns)
        columns += (columns.empty() ? "" : ", ") + column;
    reasons.push_back(
        (fit.layout.name == "generic" ? "layout learned from the sample (" : "layout " + fit.layout.name + " (") +
        columns + "): " + countOf(tally.complete, tally.judged()) + " sampled lines parse completely");
    if (tally.timed > 0)
        reasons.push_back("time `" + detection.timeFormat + "` in " + countOf(tally.timed, lines.size()) +
                          " sampled lines");
    if (const auto without = lines.size() - tally.timed; without > 0 && fit.layout.hasTime())
        reasons.push_back(formatCount(without) +
                          (fit.layout.joinsLines ? " sampled lines without a time belong to the record before them"
                                                 : " sampled lines do not match; each is a record without a header"));
    if (tally.usualShape() == TimeShape::DayMonthYear)
        reasons.push_back("dates are read as " + detection.timeFormat.substr(0, detection.timeFormat.find(' ')) +
                          ", which fits the sample best");
    if (detection.zone == "UTC (assumed)")
        reasons.emplace_back("the times name no zone: UTC is assumed");
    if (fit.layout.levelFromStatus)
        reasons.emplace_back("levels follow the status: 5xx error, 4xx warn, others info");
}

MissingDate missingDate(const Tally& tally)
{
    if (tally.withoutYear * 2 <= tally.timed || tally.timed == 0)
        return MissingDate::None;
    return tally.usualShape() == TimeShape::ClockOnly ? MissingDate::Day : MissingDate::Year;
}

/// The unit of an access log's request time: nginx writes seconds with a fraction, Apache's %D whole microseconds.
void settleUnits(LineLayout& layout, const std::vector<std::string_view>& lines)
{
    const auto index = layout.partIndex("request_time");
    if (index < 0)
        return;
    LineMatch match;
    for (const auto line : lines) {
        matchLine(layout, line, {}, match);
        const auto part = match.complete ? match.parts[static_cast<std::size_t>(index)] : LinePart{};
        if (part.end == part.begin)
            continue;
        const bool fraction = line.substr(part.begin, part.end - part.begin).find('.') != std::string_view::npos;
        layout.parts[static_cast<std::size_t>(index)].unit = fraction ? "s" : "us";
        return;
    }
    layout.parts.erase(layout.parts.begin() + index); // no line has it
}

} // namespace

Candidate detectText(std::string_view sample, const ParseOptions& options, const FileFacts& file)
{
    const auto lines = linesOf(sample);
    auto fit = bestFit(lines, options.format);
    settleUnits(fit.layout, lines);

    Detection detection{.kind = Kind::TextLog, .format = fit.layout.name, .confidence = fit.confidence};
    for (const auto& part : fit.layout.parts)
        if (!part.name.empty())
            detection.columns.push_back(part.name);
    detection.columns.emplace_back("message");
    if (fit.tally.timed > 0) {
        auto timeText = fit.tally.firstTime;
        while (!timeText.empty() && header::isOpening(timeText.front()))
            timeText.remove_prefix(1);
        detection.timeFormat = timePattern(fit.tally.usualShape(), timeText, fit.time);
        detection.zone = zoneText(fit.tally, timeText, options);
    }
    explain(fit, lines, detection);

    const auto missing = missingDate(fit.tally);
    if (missing == MissingDate::None && file.modified_us != 0)
        fit.time.assumedYear = toCivil(file.modified_us).year; // for single lines without a year among others with one
    const auto has = [&](const std::string& name) { return fit.layout.partIndex(name) >= 0; };
    TextParserSetup setup{.layout = fit.layout, .time = fit.time, .zone = options.zone, .missing = missing};
    setup.entityPart = options.entityField.empty() ? fit.layout.entityPart : options.entityField;
    setup.keyPart = has(options.sessionKey) ? options.sessionKey : "";
    setup.labelPart = has(options.labelColumn) ? options.labelColumn : "";
    return {std::move(detection), std::make_shared<TextParser>(std::move(setup))};
}

} // namespace faultline::records
