// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include "engine/records/header_match.h"
#include "engine/records/layout_choice.h"
#include "engine/records/slow_query_log.h"
#include "engine/records/text_parser.h"
#include "engine/records/text_sample.h"
#include "engine/records/time_pattern.h"
#include "engine/records/time_words.h"
#include <algorithm>

namespace faultline::records
{

namespace
{

std::string zoneText(const Tally& tally, std::string_view timeText, const ParseOptions& options)
{
    if (tally.timed == 0)
        return {};
    if (tally.usualShape() == TimeShape::Epoch)
        return "UTC (epoch)";
    if (tally.usualShape() == TimeShape::Tai64Label)
        return "UTC (TAI64N)";
    if (tally.withZone * 2 > tally.timed)
        return zoneInLines(timeText);
    return options.zoneGiven ? options.zone.name() + " (given)" : "UTC (assumed)";
}

std::string countOf(std::size_t count, std::size_t all)
{
    return formatCount(count) + " of " + formatCount(all);
}

bool scans(const LineLayout& layout)
{
    return std::any_of(layout.parts.begin(), layout.parts.end(),
                       [](const HeaderPart& part) { return part.kind == PartKind::FoundTime; });
}

std::string orderReason(const Fit& fit, const std::string& timeFormat)
{
    const auto order = "dates are read as " + timeFormat.substr(0, timeFormat.find(' '));
    switch (fit.dayOrder) {
    case DayOrder::Range:
        return order + ": no other order of day and month fits all of the sample";
    case DayOrder::Span:
        return order + ", which fits the sample best: the times lie closer together than in the other order";
    default:
        if (fit.time.shortYearFirst && timeFormat.starts_with("yy") && !timeFormat.starts_with("yyyy"))
            return order + ": which part is the year cannot be decided, year first assumed, as Hadoop and Spark write";
        return order + ": which is the day and which the month cannot be decided, day first assumed";
    }
}

void explainTimes(const Fit& fit, std::string_view timeText, Detection& detection)
{
    auto& reasons = detection.reasons;
    const auto& tally = fit.tally;
    if (tally.timed > 0)
        reasons.push_back("time `" + detection.timeFormat + "` in " + countOf(tally.timed, tally.lines) +
                          " sampled lines");
    if (tally.usualShape() == TimeShape::DayMonthYear)
        reasons.push_back(orderReason(fit, detection.timeFormat));
    if (const auto word = zoneWordIn(timeText); !word.empty()) {
        const auto zone = zoneWord(word);
        if (zone && !zone->meaning.empty())
            reasons.emplace_back(zone->meaning);
        else if (!zone)
            reasons.push_back("no zone is known by the name " + std::string(word));
    }
    if (detection.zone == "UTC (assumed)")
        reasons.emplace_back("the times name no zone: UTC is assumed");
}

void explainLines(const Fit& fit, Detection& detection)
{
    auto& reasons = detection.reasons;
    const auto& layout = fit.layout;
    const auto without = fit.tally.lines - fit.tally.timed;
    if (layout.headed)
        reasons.emplace_back("lines without the header belong to the record before them");
    else if (layout.wholeStarts)
        reasons.emplace_back("lines that do not begin like the others of their stream belong to the record before");
    else if (without > 0 && layout.hasTime())
        reasons.push_back(formatCount(without) +
                          (layout.joinsLines ? " sampled lines without a time belong to the record before them"
                           : scans(layout)   ? " sampled lines without a time have that of the line before"
                                             : " sampled lines do not match; each is a record without a header"));
    if (layout.levelFromStatus)
        reasons.emplace_back("levels follow the status: 5xx error, 4xx warn, others info");
}

void explain(const Fit& fit, std::string_view timeText, Detection& detection)
{
    const auto& tally = fit.tally;
    auto& reasons = detection.reasons;
    if (fit.layout.parts.empty()) {
        reasons.push_back("hardly any of " + formatCount(tally.lines) +
                          (fit.layout.joinsLines
                               ? " sampled lines has a time or a header; each line that is not indented begins a record"
                               : " sampled lines has a time or a header; each line is a record"));
        return;
    }
    if (scans(fit.layout))
        reasons.emplace_back("the time stands near the start of the lines, which have no header in common");
    std::string columns;
    for (const auto& column : detection.columns)
        columns += (columns.empty() ? "" : ", ") + column;
    reasons.push_back(
        (fit.layout.name == "generic" ? "layout learned from the sample (" : "layout " + fit.layout.name + " (") +
        columns + "): " + countOf(tally.complete, tally.judged()) + " sampled lines parse completely");
    explainTimes(fit, timeText, detection);
    explainLines(fit, detection);
}

MissingDate missingDate(const Tally& tally)
{
    if (tally.withoutYear * 2 <= tally.timed || tally.timed == 0)
        return MissingDate::None;
    return tally.usualShape() == TimeShape::ClockOnly ? MissingDate::Day : MissingDate::Year;
}

/// The unit of the times that access logs end with: nginx writes seconds with a fraction; whole numbers are Apache's
/// %D, microseconds, or, when they are all small, its %T, seconds. Times that no line has are dropped.
void settleUnit(LineLayout& layout, const Lines& lines, std::string_view name, Detection& detection)
{
    constexpr double longestSeconds = 100.0; // hardly any request takes longer, hardly any less in microseconds
    const auto index = layout.partIndex(name);
    if (index < 0)
        return;
    auto& part = layout.parts[static_cast<std::size_t>(index)];
    LineMatch match;
    std::size_t values = 0, large = 0;
    bool fraction = false;
    for (const auto line : lines) {
        matchLine(layout, line, {}, match);
        const auto where = match.complete ? match.parts[static_cast<std::size_t>(index)] : LinePart{};
        const auto text = line.substr(where.begin, where.end - where.begin);
        const auto value = parseNumber(text);
        if (!value)
            continue;
        ++values;
        large += *value > longestSeconds ? 1U : 0U;
        fraction = fraction || text.find('.') != std::string_view::npos;
    }
    if (values == 0) {
        layout.parts.erase(layout.parts.begin() + index);
        return;
    }
    const bool seconds = fraction || large * 2 < values;
    part.unit = seconds ? "s" : "us";
    detection.reasons.push_back(std::string(name) + " is read in " + (seconds ? "seconds" : "microseconds") +
                                (fraction  ? ": it is written with a fraction"
                                 : seconds ? ": the numbers are whole and small"
                                           : ": the numbers are whole and large"));
}

std::vector<std::string> columnsOf(const LineLayout& layout)
{
    std::vector<std::string> columns;
    for (const auto& part : layout.parts)
        if (!part.name.empty())
            columns.push_back(part.name);
    columns.emplace_back("message");
    return columns;
}

} // namespace

Candidate detectText(std::string_view sample, const ParseOptions& options, const FileFacts& file)
{
    const TextSample lines(sample);
    if (auto slowQueries = detectSlowQueries(lines.lines(), options))
        return std::move(*slowQueries);
    auto fit = chooseLayout(lines.lines(), options.format);
    Detection detection{.kind = Kind::TextLog, .format = fit.layout.name, .confidence = fit.confidence};
    for (const auto* name : {"upstream_time", "request_time"})
        if (fit.layout.levelFromStatus)
            settleUnit(fit.layout, lines.lines(), name, detection);
    const auto unitReasons = std::exchange(detection.reasons, {});
    detection.columns = columnsOf(fit.layout);
    auto timeText = fit.tally.firstTime;
    while (!timeText.empty() && header::isOpening(timeText.front()))
        timeText.remove_prefix(1);
    if (fit.tally.timed > 0) {
        detection.timeFormat = timePattern(fit.tally.usualShape(), timeText, fit.time);
        detection.zone = zoneText(fit.tally, timeText, options);
    }
    explain(fit, timeText, detection);
    detection.reasons.insert(detection.reasons.end(), unitReasons.begin(), unitReasons.end());
    if (lines.hasEscapes())
        detection.reasons.emplace_back("terminal escapes (colours) are passed over");
    // Records begin in the first column wherever hardly any line of the sample shows otherwise.
    fit.layout.atMargin = fit.layout.atMargin ||
                          (fit.layout.hasTime() && fit.layout.joinsLines && fit.tally.indented * 20 <= fit.tally.timed);

    const auto missing = missingDate(fit.tally);
    if (missing == MissingDate::None && file.modified_us != 0)
        fit.time.assumedYear = toCivil(file.modified_us).year; // for single lines without a year among others with one
    const auto hasPart = [&](const std::string& name) { return fit.layout.partIndex(name) >= 0; };
    TextParserSetup setup{.layout = fit.layout, .time = fit.time, .zone = options.zone, .missing = missing};
    setup.entityPart = options.entityField.empty() ? fit.layout.entityPart : options.entityField;
    setup.keyPart = hasPart(options.sessionKey) ? options.sessionKey : "";
    setup.labelPart = hasPart(options.labelColumn) ? options.labelColumn : "";
    return {std::move(detection), std::make_shared<TextParser>(std::move(setup))};
}

} // namespace faultline::records
