// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/format_times.h"
#include "engine/core/text.h"
#include <algorithm>
#include <array>

namespace faultline::records
{

namespace
{

constexpr int placeholderYear = 2000; // see MissingDate

TimeUs inYear(TimeUs time_us, int year)
{
    auto civil = toCivil(time_us);
    civil.year = year;
    return fromCivil(civil);
}

} // namespace

FormatTimes FormatTimes::learn(const UserFormat& format, std::span<const std::string_view> values,
                               const Context& context)
{
    FormatTimes times;
    times.m_formats = format.times;
    times.m_assumedYear = context.assumedYear;
    if (times.m_formats.empty()) {
        ParseOptions options;
        options.zone = context.zone;
        times.m_learned = FieldTime::learn({.values = values, .assumedYear = placeholderYear, .options = &options});
    }
    std::array<std::size_t, 3> missing{};
    std::size_t zoned = 0, read = 0;
    for (const auto value : values)
        if (const auto raw = times.readRaw(value)) {
            ++missing[static_cast<std::size_t>(raw->missing)];
            zoned += raw->hasZone ? 1U : 0U;
            ++read;
        }
    times.m_missing = static_cast<MissingDate>(std::max_element(missing.begin(), missing.end()) - missing.begin());
    times.m_zoneInText = read > 0 && zoned * 2 > read;
    return times;
}

std::optional<FormatTimes::Raw> FormatTimes::readRaw(std::string_view text) const
{
    for (const auto& format : m_formats)
        if (const auto reading = format.read(text))
            return Raw{reading->time_us, reading->hasZone, format.missingDate()};
    if (!m_formats.empty())
        return std::nullopt;
    if (m_learned) {
        const auto reading = m_learned->readLocal(text);
        if (!reading)
            return std::nullopt;
        return Raw{reading->time_us, reading->hasZone, reading->hasYear ? MissingDate::None : MissingDate::Year};
    }
    const auto plain = trim(text);
    const auto clock = parseTime(TimeShape::ClockOnly, plain);
    if (!clock || clock->length != plain.size())
        return std::nullopt;
    return Raw{clock->time_us, false, MissingDate::Day};
}

std::optional<FormatTimes::Reading> FormatTimes::read(std::string_view text) const
{
    const auto raw = readRaw(text);
    if (!raw)
        return std::nullopt;
    if (m_missing == MissingDate::Day)
        return Reading{((raw->time_us % day_us) + day_us) % day_us, false};
    if (m_missing == MissingDate::Year)
        return Reading{inYear(raw->time_us, placeholderYear), false};
    if (raw->missing == MissingDate::Year)
        return Reading{inYear(raw->time_us, m_assumedYear), false};
    if (raw->missing == MissingDate::Day)
        return std::nullopt; // a clock alone among full times tells nothing
    return Reading{raw->time_us, raw->hasZone};
}

std::string FormatTimes::description() const
{
    std::string all;
    for (const auto& format : m_formats)
        all += (all.empty() ? "" : " or ") + format.text();
    if (!all.empty())
        return all;
    return m_learned ? m_learned->format() : "HH:mm:ss or any other shape that is known";
}

std::string_view timeTextOf(const FormatMatcher& line, const FormatRoles& roles, std::string& scratch)
{
    if (roles.date < 0 || roles.date == roles.time)
        return line.text(roles.time);
    const auto date = line.text(roles.date), time = line.text(roles.time);
    if (date.empty() || time.empty())
        return date.empty() ? time : date;
    scratch.assign(date).append(" ").append(time);
    return scratch;
}

} // namespace faultline::records
