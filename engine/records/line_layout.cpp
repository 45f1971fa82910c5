// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/line_layout.h"
#include "engine/records/header_match.h"

namespace faultline::records
{

namespace
{

constexpr std::size_t scannedBytes = 64;

std::size_t measure(std::string_view s, std::size_t p)
{
    const auto start = p;
    while (p < s.size() && (header::isDigit(s[p]) || s[p] == '.'))
        ++p;
    if (p == start && p < s.size() && s[p] == '-')
        ++p;
    return p > start && header::atGap(s, p) ? p : header::nowhere;
}

/// A date and a clock that stand apart are one time; otherwise the first full time counts.
void combineTimes(LineMatch& match, const ParsedTime& time, TimeShape shape)
{
    if (!match.hasTime() || (match.shape == TimeShape::DateOnly && shape != TimeShape::ClockOnly)) {
        match.time = time;
        match.shape = shape;
    } else if (match.shape == TimeShape::DateOnly) {
        match.time.time_us += time.time_us;
        match.shape = TimeShape::IsoDateTime;
    }
}

std::size_t matchTimePart(const HeaderPart& part, std::string_view line, std::size_t position,
                          const TimestampOptions& options, LineMatch& match)
{
    ParsedTime time;
    TimeShape shape{};
    const auto end = matchTime(line, position, part.shapes, options, time, shape);
    if (end == header::nowhere)
        return end;
    if (shape == TimeShape::GlogDate)
        match.level = parseLevel(line.substr(position, 1)).value_or(Level::None);
    combineTimes(match, time, shape);
    return end;
}

std::size_t matchPart(const HeaderPart& part, std::string_view line, std::size_t position,
                      const TimestampOptions& options, LineMatch& match)
{
    if (!part.prefix.empty() && line.substr(position, part.prefix.size()) != part.prefix)
        return header::nowhere;
    switch (part.kind) {
    case PartKind::Time:
        return matchTimePart(part, line, position, options, match);
    case PartKind::Level:
        return header::level(line, position, match.level);
    case PartKind::Priority:
        return header::priority(line, position, match.level);
    case PartKind::Token:
        return header::token(line, position);
    case PartKind::Number:
        return header::number(line, position);
    case PartKind::Separator:
        return header::separator(line, position);
    case PartKind::Bracketed:
        return header::bracketed(line, position);
    case PartKind::Component:
        return header::component(line, position);
    case PartKind::Piped:
        return header::piped(line, position);
    case PartKind::Dashed:
        return header::dashed(line, position);
    case PartKind::Padded:
        return header::padded(line, position);
    case PartKind::Quoted:
    case PartKind::Request:
        return header::quoted(line, position);
    case PartKind::Measure:
        return measure(line, position);
    case PartKind::StructuredData:
        return header::structuredData(line, position);
    }
    return header::nowhere;
}

/// The level word behind `level=`, `lvl=` or `severity=` near the start of a line.
Level levelByKey(std::string_view line)
{
    line = line.substr(0, 256);
    for (const std::string_view key : {"level=", "lvl=", "severity="}) {
        auto at = line.find(key);
        if (at == std::string_view::npos)
            continue;
        at += key.size() + (line.substr(at + key.size()).starts_with('"') ? 1U : 0U);
        auto end = at;
        while (end < line.size() && header::isLetter(line[end]))
            ++end;
        return parseLevel(line.substr(at, end - at)).value_or(Level::None);
    }
    return Level::None;
}

void scanLine(std::string_view line, const TimestampOptions& options, LineMatch& match)
{
    std::size_t position = 0;
    const auto found = findTime(line, scannedBytes, position, options);
    match.complete = found.has_value();
    match.reached = found ? 1 : 0;
    match.messageBegin = 0;
    match.messageEnd = static_cast<std::uint32_t>(line.size());
    if (!found)
        return;
    match.shape = found->first;
    match.time = found->second;
    match.level = levelByKey(line);
    match.parts[0] = {static_cast<std::uint32_t>(position),
                      static_cast<std::uint32_t>(position + found->second.length)};
}

} // namespace

bool LineLayout::hasTime() const
{
    for (const auto& part : parts)
        if (part.kind == PartKind::Time)
            return true;
    return false;
}

int LineLayout::partIndex(std::string_view partName) const
{
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (parts[i].name == partName && !partName.empty())
            return static_cast<int>(i);
    return -1;
}

std::size_t matchTime(std::string_view line, std::size_t position, const std::vector<TimeShape>& shapes,
                      const TimestampOptions& options, ParsedTime& time, TimeShape& shape)
{
    if (position < line.size() && header::isOpening(line[position]))
        ++position;
    if (position >= line.size())
        return header::nowhere;
    for (const auto candidate : shapes) {
        const auto parsed = parseTime(candidate, line.substr(position), options);
        if (!parsed)
            continue;
        time = *parsed;
        shape = candidate;
        auto end = position + parsed->length;
        if (end < line.size() && header::isClosing(line[end]))
            ++end;
        if (end < line.size() && header::isTail(line[end]))
            ++end;
        return end;
    }
    return header::nowhere;
}

void matchLine(const LineLayout& layout, std::string_view line, const TimestampOptions& options, LineMatch& match)
{
    match.time.time_us = noTime;
    match.level = Level::None;
    match.complete = true;
    if (layout.scans)
        return scanLine(line, options, match);
    auto position = header::skipBlanks(line, 0);
    std::size_t message = header::nowhere, messageEnd = line.size();
    std::size_t i = 0;
    for (; i < layout.parts.size(); ++i) {
        const auto& part = layout.parts[i];
        const auto end = matchPart(part, line, position, options, match);
        if (end == header::nowhere) {
            match.parts[i] = {};
            if (part.optional)
                continue;
            match.complete = false;
            break;
        }
        match.parts[i] = {static_cast<std::uint32_t>(position), static_cast<std::uint32_t>(end)};
        if (part.kind == PartKind::Request) {
            message = position + 1;
            messageEnd = end - 1;
        }
        position = header::skipBlanks(line, end);
    }
    match.reached = i;
    match.messageBegin = static_cast<std::uint32_t>(message == header::nowhere ? position : message);
    match.messageEnd = static_cast<std::uint32_t>(messageEnd);
}

std::string_view partText(const HeaderPart& part, std::string_view text)
{
    if (part.kind == PartKind::Component || part.kind == PartKind::Bracketed || part.kind == PartKind::Number)
        while (!text.empty() && (header::isTail(text.back()) || header::isBlank(text.back())))
            text.remove_suffix(1);
    if (part.kind == PartKind::Component) {
        const auto open = text.rfind('[');
        if (open != std::string_view::npos && open > 0 && text.back() == ']')
            text = text.substr(0, open);
    } else if (part.kind == PartKind::Dashed) {
        while (!text.empty() && (text.back() == '-' || header::isBlank(text.back())))
            text.remove_suffix(1);
    } else if (part.kind == PartKind::Piped) {
        text.remove_suffix(1);
    } else if (text.size() >= 2 && ((header::isOpening(text.front()) && header::isClosing(text.back())) ||
                                    (text.front() == '"' && text.back() == '"'))) {
        text = text.substr(1, text.size() - 2);
    }
    return text;
}

} // namespace faultline::records
