// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/line_layout.h"
#include "engine/records/header_forms.h"
#include "engine/records/header_match.h"

#include <algorithm>

namespace faultline::records
{

namespace
{

constexpr std::size_t scannedBytes = 64;

std::size_t measure(std::string_view s, std::size_t p)
{
    p += p < s.size() && s[p] == '+' ? 1U : 0U; // HAProxy, when it logs before the end
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
    if (end == header::nowhere || (part.zoned && !time.hasZone))
        return header::nowhere;
    if (shape == TimeShape::GlogDate)
        match.level = parseLevel(line.substr(position, 1)).value_or(Level::None);
    combineTimes(match, time, shape);
    return end;
}

/// The level word behind a key such as `level=` or `"level":` near the start of a text.
Level levelByKey(std::string_view text)
{
    text = text.substr(0, 256);
    for (const std::string_view key :
         {"level=", "lvl=", "severity=", "\"level\":", "\"lvl\":", "\"severity\":", "loglevel="}) {
        auto at = text.find(key);
        if (at == std::string_view::npos)
            continue;
        at = header::skipBlanks(text, at + key.size());
        at += text.substr(at).starts_with('"') ? 1U : 0U;
        auto end = at;
        while (end < text.size() && header::isLetter(text[end]))
            ++end;
        return parseLevel(text.substr(at, end - at)).value_or(Level::None);
    }
    return Level::None;
}

/// A time within the next 64 bytes, and the level that a key names or that stands right behind the time.
bool findTimePart(const HeaderPart& part, std::string_view line, std::size_t position, const TimestampOptions& options,
                  LineMatch& match, LinePart& where)
{
    const auto text = line.substr(position);
    std::size_t at = 0;
    const auto found = findTime(text, scannedBytes, at, options);
    const auto& shapes = part.shapes;
    if (match.level == Level::None)
        match.level = levelByKey(text);
    if (!found || (!shapes.empty() && std::find(shapes.begin(), shapes.end(), found->first) == shapes.end()))
        return false;
    combineTimes(match, found->second, found->first);
    where = {static_cast<std::uint32_t>(position + at),
             static_cast<std::uint32_t>(position + at + found->second.length)};
    if (match.level == Level::None) {
        auto behind = std::size_t{where.end};
        while (behind < line.size() && (header::isClosing(line[behind]) || header::isTail(line[behind])))
            ++behind;
        (void)header::level(line, header::skipBlanks(line, behind), match.level);
    }
    return true;
}

std::size_t matchKeyword(const HeaderPart& part, std::string_view line, std::size_t position, LineMatch& match)
{
    const auto text = line.substr(position);
    for (const auto& word : part.words) {
        if (!text.starts_with(word.text) || !header::atGap(text, word.text.size()))
            continue;
        if (word.level != Level::None)
            match.level = word.level;
        match.continues = match.continues || word.continues;
        match.partial = match.partial || word.partial;
        return position + word.text.size();
    }
    return header::nowhere;
}

/// A part at the line's end: the message ends before it.
std::size_t matchTrailing(std::size_t at, std::string_view line, std::size_t position, LinePart& where)
{
    if (at == header::nowhere)
        return header::nowhere;
    auto end = line.size();
    while (end > at && header::isBlank(line[end - 1]))
        --end;
    where = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)};
    return position;
}

/// The kinds that single programs need; kept apart, so that the usual ones stay small and fast.
std::size_t matchSpecial(const HeaderPart& part, std::string_view line, std::size_t position,
                         const TimestampOptions& options, LineMatch& match, LinePart& where)
{
    switch (part.kind) {
    case PartKind::FoundTime:
        return findTimePart(part, line, position, options, match, where) ? position : header::nowhere;
    case PartKind::Keyword:
        return matchKeyword(part, line, position, match);
    case PartKind::Mark:
        return position + part.prefix.size();
    case PartKind::Host:
        return header::host(line, position);
    case PartKind::Braced:
        return header::braced(line, position);
    case PartKind::ColonField:
        return header::colonField(line, position);
    case PartKind::ModulePath:
        return header::modulePath(line, position);
    case PartKind::SourceLine:
        return header::sourceLine(line, position);
    case PartKind::Channel:
        return header::channel(line, position, match.level);
    case PartKind::ThreadLevel:
        return header::threadLevel(line, position, match.level);
    case PartKind::AndroidTag:
        return header::androidTag(line, position, match.level);
    case PartKind::Uptime:
        return header::uptime(line, position);
    case PartKind::Service:
        return header::service(line, position);
    case PartKind::SystemCall:
        return header::systemCall(line, position);
    case PartKind::SlashMeasure:
        return header::slashMeasure(line, position);
    case PartKind::TrailingName:
        return matchTrailing(header::trailingName(line, position), line, position, where);
    case PartKind::TrailingTime:
        return matchTrailing(header::trailingTime(line, position), line, position, where);
    default:
        return header::nowhere;
    }
}

std::size_t matchKind(const HeaderPart& part, std::string_view line, std::size_t position,
                      const TimestampOptions& options, LineMatch& match, LinePart& where)
{
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
    default:
        return matchSpecial(part, line, position, options, match, where);
    }
}

/// Where the part ends that begins at `position`; `where` is set to its text.
std::size_t matchPart(const HeaderPart& part, std::string_view line, std::size_t position,
                      const TimestampOptions& options, LineMatch& match, LinePart& where)
{
    where = {};
    if (!part.prefix.empty() && line.substr(position, part.prefix.size()) != part.prefix)
        return header::nowhere;
    const auto end = matchKind(part, line, position, options, match, where);
    if (end == header::nowhere)
        return end;
    if (where.end == 0)
        where = {static_cast<std::uint32_t>(position), static_cast<std::uint32_t>(end)};
    const bool asAsked =
        (part.contains == '\0' || line.substr(position, end - position).find(part.contains) != header::nowhere) &&
        (part.suffix.empty() || line.substr(position, end - position).ends_with(part.suffix)) &&
        (part.bytes == 0 || end - position == part.bytes);
    if (!asAsked && part.kind == PartKind::Time)
        match.time.time_us = noTime;
    return asAsked ? end : header::nowhere;
}

/// The message when not all parts behind the core are there: what follows the core.
void keepCore(const LineLayout& layout, std::size_t coreEnd, std::string_view line, LineMatch& match)
{
    match.reached = layout.core;
    match.messageBegin = static_cast<std::uint32_t>(coreEnd);
    match.messageEnd = static_cast<std::uint32_t>(line.size());
    match.complete = true;
}

} // namespace

bool LineLayout::hasTime() const
{
    for (const auto& part : parts)
        if (part.kind == PartKind::Time || part.kind == PartKind::FoundTime)
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
    if (position < line.size() &&
        (header::isOpening(line[position]) || line[position] == '*')) // Cisco: not synchronised
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
    match.whole = true;
    match.continues = match.partial = false;
    auto position = header::skipBlanks(line, 0);
    auto coreEnd = position;
    std::size_t message = header::nowhere, messageEnd = line.size();
    std::size_t i = 0;
    for (; i < layout.parts.size(); ++i) {
        const auto& part = layout.parts[i];
        auto& where = match.parts[i];
        if (i == layout.core)
            coreEnd = position;
        const auto end = matchPart(part, line, position, options, match, where);
        if (end == header::nowhere) {
            where = {};
            if (part.optional)
                continue;
            match.whole = false;
            break;
        }
        if (part.kind == PartKind::Request || part.isMessage) {
            const std::size_t quotes = part.kind == PartKind::Request ? 1 : 0;
            message = position + quotes;
            messageEnd = end - quotes;
        } else if (end == position && where.begin > position) {
            messageEnd = std::min<std::size_t>(messageEnd, part.kind == PartKind::FoundTime ? messageEnd : where.begin);
        }
        position = header::skipBlanks(line, end);
    }
    match.complete = match.whole;
    match.reached = i;
    match.messageBegin = static_cast<std::uint32_t>(message == header::nowhere ? position : message);
    match.messageEnd = std::max(match.messageBegin, static_cast<std::uint32_t>(messageEnd));
    if (!match.whole && layout.core > 0 && i >= layout.core)
        keepCore(layout, coreEnd, line, match);
}

std::string_view partText(const HeaderPart& part, std::string_view text)
{
    const auto dropTail = [&](auto&& isDropped) {
        while (!text.empty() && isDropped(text.back()))
            text.remove_suffix(1);
    };
    switch (part.kind) {
    case PartKind::Component:
    case PartKind::Bracketed:
    case PartKind::Number:
    case PartKind::ColonField:
    case PartKind::ModulePath:
    case PartKind::SourceLine:
    case PartKind::Channel:
    case PartKind::Uptime:
    case PartKind::Service:
        dropTail([](char c) { return header::isTail(c) || header::isBlank(c); });
        break;
    case PartKind::Dashed:
        dropTail([](char c) { return c == '-' || header::isBlank(c); });
        return text;
    case PartKind::Piped:
    case PartKind::SlashMeasure:
        text.remove_suffix(text.empty() ? 0U : 1U);
        return text;
    default:
        break;
    }
    if (part.kind == PartKind::Component) {
        const auto open = text.rfind('[');
        if (open != std::string_view::npos && open > 0 && text.back() == ']')
            text = text.substr(0, open);
    } else if (part.kind == PartKind::Channel) {
        text = text.substr(0, text.rfind('.'));
    } else if (text.size() >= 2 && ((header::isOpening(text.front()) && header::isClosing(text.back())) ||
                                    (text.front() == '"' && text.back() == '"'))) {
        text = text.substr(1, text.size() - 2);
    }
    return text;
}

} // namespace faultline::records
