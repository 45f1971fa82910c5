// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/layout_choice.h"
#include "engine/records/header_match.h"
#include "engine/records/layout_catalogue.h"
#include "engine/records/layout_learning.h"
#include "engine/records/text_sample.h"
#include <algorithm>
#include <set>

namespace faultline::records
{

namespace
{

/// Lines without any header: nothing speaks for it. Above rows that merely hold commas, below a table with named
/// columns.
constexpr double textConfidence = 0.35;
constexpr double learnedTrust = 0.95, timeOnlyTrust = 0.9, noTimeTrust = 0.8,
                 halfTimeTrust = 0.97;    // learned layouts give way to formats that explain more
constexpr double objectTrust = 0.45;      // of times found in what looks like JSON or key=value pairs
constexpr double knownOverTimeOnly = 0.7; // a known layout may miss so many lines and still beat a time alone
constexpr double leastEnvelopeShare = 0.9, leastInnerShare = 0.5, leastHeadedInner = 0.7;
constexpr std::size_t fewServices = 50;

bool has(const LineLayout& layout, PartKind kind)
{
    return std::any_of(layout.parts.begin(), layout.parts.end(),
                       [&](const HeaderPart& part) { return part.kind == kind; });
}

bool onlyTime(const LineLayout& layout)
{
    return !has(layout, PartKind::Level) && !has(layout, PartKind::Component) && !has(layout, PartKind::Bracketed);
}

std::size_t fieldsOf(const LineLayout& layout)
{
    return static_cast<std::size_t>(std::count_if(layout.parts.begin(), layout.parts.end(), [](const HeaderPart& part) {
        return part.kind != PartKind::Separator;
    }));
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

HeaderPart foundTime(std::string name)
{
    return {.kind = PartKind::FoundTime, .name = std::move(name)};
}

/// Whether most lines at the margin look like parts of JSON or begin with key=value, which have readers of their own.
bool looksLikeObjects(const Lines& lines)
{
    std::size_t objects = 0, atMargin = 0;
    for (const auto line : lines) {
        const auto first = header::skipBlanks(line, 0);
        const char mark = line[first];
        const bool json = mark == '{' || mark == '}' || mark == '"';
        const auto name = line.find_first_of("= \t:[(", first);
        const bool pair = name != std::string_view::npos && name > first && line[name] == '=';
        objects += json || pair ? 1U : 0U;
        atMargin += json || pair || first == 0 ? 1U : 0U;
    }
    return objects * 2 > atMargin;
}

/// A layout for lines that have a time near their start but no header in common.
Fit scanningFit(const Lines& lines)
{
    const LineLayout layout{.name = "generic", .parts = {foundTime("time")}};
    auto fit = fitOf(layout, lines);
    fit.confidence *= fit.confidence < 0.5 ? 0.0 : looksLikeObjects(lines) ? objectTrust : timeOnlyTrust;
    return fit;
}

/// Whether indented lines go on with the ones before: there are some, most of them begin with something other than a
/// number in a column, and they do not make up nearly all of the text.
bool goesOnIndented(const Lines& lines)
{
    std::size_t indented = 0, words = 0;
    for (const auto line : lines) {
        const auto first = header::skipBlanks(line, 0);
        indented += first > 0 ? 1U : 0U;
        words += first > 0 && !header::isDigit(line[first]) ? 1U : 0U;
    }
    const auto atMargin = lines.size() - indented;
    return indented >= 2 && atMargin >= 2 && !header::isBlank(lines.front().front()) && words * 5 >= indented * 4 &&
           indented * 20 >= lines.size();
}

/// Each line is a record. Times count where whole dates stand in a twentieth of the lines, or in two at least that
/// differ.
Fit textFit(const Lines& lines)
{
    Fit fit{.layout = {.name = "text", .joinsLines = false}};
    auto scanned = foundTime("time");
    scanned.shapes = {TimeShape::IsoDateTime, TimeShape::SyslogDate,   TimeShape::ClfDate,
                      TimeShape::CtimeDate,   TimeShape::DayMonthYear, TimeShape::CompactDateTime,
                      TimeShape::YearDayTime, TimeShape::Tai64Label};
    scanned.optional = true;
    auto withTimes = fitOf({.name = "text", .parts = {scanned}, .joinsLines = false}, lines);
    const auto& tally = withTimes.tally;
    if (tally.timed * 20 >= lines.size() ? tally.timed > 0 : tally.timed >= 2 && tally.earliest < tally.latest)
        fit = std::move(withTimes);
    else
        fit.tally = tallyOf(fit.layout, lines, fit.time);
    if (!lines.empty() && fit.tally.timed == 0 && goesOnIndented(lines))
        fit.layout.atMargin = fit.layout.joinsLines = true;
    fit.confidence = lines.empty() ? 0.0 : textConfidence;
    return fit;
}

Fit learnedFit(const Lines& lines)
{
    auto best = textFit(lines);
    auto heads = lines;
    std::erase_if(heads, looksLikeContinuation);
    if (heads.empty())
        heads = lines;
    for (const bool dayFirst : {true, false}) {
        auto layout = learnLayout(heads, {.assumedYear = 2000, .dayFirst = dayFirst, .shortYearFirst = dayFirst});
        if (layout.parts.empty())
            continue;
        auto fit = fitOf(layout, lines);
        fit.confidence *= trustIn(fit);
        if (fit.confidence > best.confidence)
            best = std::move(fit);
    }
    if (best.layout.name == "text" || !best.layout.hasTime())
        if (auto fit = scanningFit(lines); fit.confidence > best.confidence)
            return fit;
    return best;
}

/// The measure of a learned layout is taken down a little, so that a known one wins where both fit.
Fit namedOrLearned(const Lines& lines)
{
    auto learned = learnedFit(lines);
    const bool bare = learned.layout.name != "text" && learned.layout.hasTime() && onlyTime(learned.layout);
    Fit named;
    named.confidence = learned.confidence * (bare ? knownOverTimeOnly : 1.0);
    for (const auto& layout : namedLayouts()) {
        if (layout.onlyByName)
            continue;
        auto fit = fitOf(layout, lines);
        const bool readsLess = layout.general && fieldsOf(learned.layout) > fieldsOf(layout);
        const bool losesTimes = fit.tally.timed * 20 < learned.tally.timed * 19;
        if (fit.confidence <= named.confidence || (fit.confidence <= learned.confidence && losesTimes) ||
            (readsLess && learned.confidence > fit.confidence * timeOnlyTrust))
            continue;
        named = std::move(fit);
    }
    return named.layout.name.empty() ? learned : named;
}

void addInner(LineLayout& layout, const LineLayout& inner)
{
    for (auto part : inner.parts) {
        if (layout.parts.size() == LineLayout::maxParts)
            return;
        if (part.name == "time" && layout.hasTime())
            part.name = "app_time";
        while (layout.partIndex(part.name) >= 0)
            part.name += "_2";
        layout.parts.push_back(std::move(part));
    }
}

/// What follows the envelope, and the services that are named when the envelope names them.
Lines openEnvelope(const LineLayout& envelope, const Lines& lines, std::set<std::string_view>& streams)
{
    Lines inner;
    LineMatch match;
    const auto stream = static_cast<std::size_t>(std::max(0, envelope.partIndex(envelope.streamPart)));
    for (const auto line : lines) {
        matchLine(envelope, line, {.assumedYear = 2000}, match);
        if (!match.complete)
            continue;
        streams.insert(line.substr(match.parts[stream].begin, match.parts[stream].end - match.parts[stream].begin));
        if (match.messageBegin < line.size())
            inner.push_back(line.substr(match.messageBegin));
    }
    return inner;
}

/// The envelope with the layout of what it holds, when that has one. Lines within an envelope that do not begin like
/// the others of their stream go on with the record before.
Fit envelopeFit(const LineLayout& envelope, const Lines& lines)
{
    std::set<std::string_view> streams;
    const auto inner = openEnvelope(envelope, lines, streams);
    if (static_cast<double>(inner.size()) < leastEnvelopeShare * static_cast<double>(lines.size()) ||
        streams.size() > std::max<std::size_t>(2, std::min(fewServices, lines.size() / 2))) {
        auto bare = fitOf(envelope, lines);
        bare.confidence = 0.0; // rather a table whose first column holds names
        return bare;
    }
    auto layout = envelope;
    const auto within = namedOrLearned(inner);
    if (within.confidence >= leastInnerShare && !within.layout.parts.empty() &&
        !has(within.layout, PartKind::FoundTime)) {
        addInner(layout, within.layout);
        layout.levelFromStatus = within.layout.levelFromStatus;
        layout.wholeStarts = within.layout.joinsLines && within.confidence >= leastHeadedInner &&
                             (within.layout.hasTime() || has(within.layout, PartKind::Level));
    } else if (layout.hasTime() || scanningFit(inner).tally.timed * 5 >= inner.size()) {
        auto scanned = foundTime(layout.hasTime() ? "" : "time");
        scanned.optional = true;
        layout.parts.push_back(std::move(scanned));
    }
    layout.joinsLines = envelope.hasTime() || layout.wholeStarts;
    auto fit = fitOf(layout, lines);
    fit.confidence = fit.tally.share(fit.tally.complete);
    return fit;
}

Fit forcedFit(const Lines& lines, const std::string& name)
{
    Fit best;
    for (const auto& layout : envelopes())
        if (layout.name == name)
            return envelopeFit(layout, lines);
    for (const auto& layout : namedLayouts()) {
        if (layout.name != name)
            continue;
        auto fit = fitOf(layout, lines);
        fit.confidence = fit.tally.share(layout.core > 0 ? fit.tally.whole : fit.tally.complete);
        if (best.layout.name.empty() || fit.confidence > best.confidence)
            best = std::move(fit);
    }
    return best;
}

} // namespace

Fit chooseLayout(const Lines& lines, const std::string& forced)
{
    if (forced == "text") {
        auto fit = textFit(lines);
        fit.confidence = 1.0;
        return fit;
    }
    if (forced == "generic")
        return learnedFit(lines);
    if (!forced.empty())
        if (auto fit = forcedFit(lines, forced); !fit.layout.name.empty())
            return fit;
    auto best = namedOrLearned(lines);
    for (const auto& envelope : envelopes()) {
        const auto share = tallyOf(envelope, lines, {.assumedYear = 2000});
        if (share.share(share.complete) < leastEnvelopeShare)
            continue;
        if (auto fit = envelopeFit(envelope, lines); fit.confidence >= best.confidence)
            best = std::move(fit);
    }
    return best;
}

} // namespace faultline::records
