// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/time_pattern.h"
#include "engine/records/header_match.h"
#include "engine/records/time_words.h"
#include "engine/records/zone_text.h"
#include <algorithm>
#include <cstring>

namespace faultline::records
{

namespace
{

bool isCapital(char c)
{
    return c >= 'A' && c <= 'Z';
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

/// "dd-MMM-yyyy" and the like, with the marks of the text.
std::string namedMonthPattern(std::string_view text)
{
    const auto mark = text.find_first_of("/- ");
    if (mark == std::string_view::npos)
        return timeShapeName(TimeShape::ClfDate);
    const auto yearAt = text.find(text[mark], mark + 1);
    const std::string separator(1, text[mark]);
    if (yearAt == std::string_view::npos || text.substr(yearAt + 1, 3).find(':') != std::string_view::npos)
        return "dd" + separator + "MMM HH:mm:ss";
    const auto clockAt = text.find_first_of(": ", yearAt + 1);
    return "dd" + separator + "MMM" + separator + "yyyy" +
           std::string(1, clockAt == std::string_view::npos ? ' ' : text[clockAt]) + "HH:mm:ss";
}

} // namespace

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
    if (shape == TimeShape::ClfDate)
        return namedMonthPattern(text);
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

std::string_view zoneWordIn(std::string_view timeText)
{
    std::size_t end = timeText.size();
    while (end > 0) {
        while (end > 0 && !isCapital(timeText[end - 1]))
            --end;
        auto begin = end;
        while (begin > 0 && isCapital(timeText[begin - 1]))
            --begin;
        const auto word = timeText.substr(begin, end - begin);
        const bool behindClock = begin >= 2 && (header::isDigit(timeText[begin - 1]) ||
                                                (timeText[begin - 1] == ' ' && header::isDigit(timeText[begin - 2])));
        if (word.size() >= 3 && word.size() <= 5 && behindClock && monthWord(word).month == 0)
            return word;
        end = begin;
    }
    return {};
}

std::string zoneInLines(std::string_view timeText)
{
    if (const auto word = zoneWordIn(timeText); !word.empty()) {
        const auto known = zoneWord(word);
        if (known && known->offset_us == 0)
            return "UTC (in each line)";
        return std::string(word) + " (in each line)";
    }
    return zoneInText(timeText) + " (in each line)";
}

} // namespace faultline::records
