// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/timestamp.h"
#include "engine/records/time_reader.h"
#include "engine/records/time_shapes.h"
#include <array>

namespace faultline::records
{

namespace
{

constexpr std::array shapesThatStartWithDigits{
    TimeShape::IsoDateTime,  TimeShape::ClfDate,     TimeShape::CompactDateTime,
    TimeShape::DayMonthYear, TimeShape::YearDayTime, TimeShape::MonthDayTime,
    TimeShape::DateOnly,     TimeShape::Epoch,       TimeShape::ClockOnly};
constexpr std::array shapesThatStartWithLetters{TimeShape::CtimeDate, TimeShape::SyslogDate, TimeShape::GlogDate};

bool isWordCharacter(char c)
{
    return detail::isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.' ||
           c == '/' || c == ':' || c == '+';
}

} // namespace

std::optional<ParsedTime> parseTime(TimeShape shape, std::string_view text, const TimestampOptions& options)
{
    switch (shape) {
    case TimeShape::IsoDateTime:
        return detail::parseIso(text);
    case TimeShape::SyslogDate:
        return detail::parseSyslog(text, options);
    case TimeShape::ClfDate:
        return detail::parseClf(text, options);
    case TimeShape::CtimeDate:
        return detail::parseCtime(text, options);
    case TimeShape::CompactDateTime:
        return detail::parseCompact(text);
    case TimeShape::MonthDayTime:
        return detail::parseMonthDay(text, options);
    case TimeShape::DayMonthYear:
        return detail::parseDayMonthYear(text, options);
    case TimeShape::GlogDate:
        return detail::parseGlog(text, options);
    case TimeShape::Epoch:
        return detail::parseEpoch(text);
    case TimeShape::DateOnly:
        return detail::parseDateOnly(text);
    case TimeShape::ClockOnly:
        return detail::parseClockOnly(text);
    case TimeShape::YearDayTime:
        return detail::parseYearDay(text);
    case TimeShape::Tai64Label:
        return detail::parseTai64(text);
    }
    return std::nullopt;
}

std::optional<std::pair<TimeShape, ParsedTime>> parseAnyTime(std::string_view text, const TimestampOptions& options)
{
    if (text.size() < 8)
        return std::nullopt;
    const auto tryAll = [&](const auto& shapes) -> std::optional<std::pair<TimeShape, ParsedTime>> {
        for (const auto shape : shapes)
            if (const auto parsed = parseTime(shape, text, options))
                return std::pair(shape, *parsed);
        return std::nullopt;
    };
    if (detail::isDigit(text[0]))
        return tryAll(shapesThatStartWithDigits);
    if (const auto letter = static_cast<char>(text[0] | 0x20); letter >= 'a' && letter <= 'w')
        return tryAll(shapesThatStartWithLetters);
    if (const auto label = text[0] == '@' ? detail::parseTai64(text) : std::nullopt)
        return std::pair(TimeShape::Tai64Label, *label);
    return std::nullopt;
}

std::optional<std::pair<TimeShape, ParsedTime>> findTime(std::string_view text, std::size_t within,
                                                         std::size_t& position, const TimestampOptions& options)
{
    const auto inWord = [&](std::size_t i) {
        const bool jsonValue = i > 1 && text[i - 1] == ':' && text[i - 2] == '"'; // "ts":1761019822.31
        return i > 0 && isWordCharacter(text[i - 1]) && !jsonValue;
    };
    for (std::size_t i = 0; i < text.size() && i < within; ++i) {
        if (inWord(i))
            continue;
        if (const auto found = parseAnyTime(text.substr(i), options)) {
            position = i;
            return found;
        }
    }
    return std::nullopt;
}

std::string timeShapeName(TimeShape shape)
{
    constexpr std::array names{"yyyy-MM-dd HH:mm:ss",
                               "MMM d HH:mm:ss",
                               "dd/MMM/yyyy:HH:mm:ss",
                               "EEE MMM dd HH:mm:ss yyyy",
                               "yyMMdd HHmmss",
                               "MM-dd HH:mm:ss",
                               "dd/MM/yyyy HH:mm:ss",
                               "MMdd HH:mm:ss",
                               "epoch",
                               "yyyy-MM-dd",
                               "HH:mm:ss",
                               "yyyy-DDD HH:mm:ss",
                               "TAI64N"};
    return names[static_cast<std::size_t>(shape)];
}

} // namespace faultline::records
