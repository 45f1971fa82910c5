// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include "engine/records/json_roles.h"
#include "engine/records/named_zones.h"
#include <algorithm>
#include <tuple>

namespace faultline::records
{

Result<void> JsonRoleAssignment::takeNamedTime()
{
    const auto column = resolve(m_options.timeColumn, "time");
    if (!column)
        return fail(column.error());
    if (!m_profiles[*column].time || m_taken[*column])
        return fail({ErrorCode::Config,
                     "key " + quoted(*column) + " does not hold times that can be read",
                     {},
                     "dates, or seconds, ms, us or ns since 1970, are read as times"});
    setTime(*column, *m_profiles[*column].time);
    return {};
}

void JsonRoleAssignment::setTime(std::size_t column, const FieldTime& time)
{
    take(column, FieldRole::Time);
    m_layout.time = time;
    m_time = column;
    m_reasons.push_back("key " + quoted(column) + " is the time (" + time.format() + ", read in " +
                        formatCount(time.fit().read) + " of " + formatCount(time.fit().present) + " sampled lines)");
}

void JsonRoleAssignment::takeTime()
{
    if (!m_layout.time) {
        using Rank = std::tuple<int, std::size_t>;
        const auto column = best([&](std::size_t i) -> std::optional<Rank> {
            const auto& profile = m_profiles[i];
            if (!profile.time || isTruthName(profile.name) || isFractionName(profile.name))
                return std::nullopt;
            // Present in few lines only: a fact about something else than the line.
            const bool rare = profile.present * 2 < m_profiles.front().values;
            return Rank{timeNameRank(profile.name).value_or(1'000) + (rare ? 10'000 : 0), i};
        });
        if (column)
            setTime(*column, *m_profiles[*column].time);
    }
    for (std::size_t i = 0; i < m_profiles.size(); ++i)
        if (!m_taken[i] && m_profiles[i].time)
            take(i, FieldRole::Ignored);
}

/// A time may be spread over two values: a date and a clock, or seconds and what is left of them.
void JsonRoleAssignment::takeTimeParts()
{
    if (!m_time)
        return;
    if (m_layout.time->format() == timeShapeName(TimeShape::DateOnly))
        takeClock(*m_time);
    else if (m_layout.time->format() == "epoch seconds")
        takeFraction(*m_time);
}

void JsonRoleAssignment::takeClock(std::size_t date)
{
    const auto& dates = m_columns[date].values;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const auto& clocks = m_columns[i].values;
        if (m_taken[i] || clocks.size() != dates.size() || !parseTime(TimeShape::ClockOnly, clocks.front()))
            continue;
        std::vector<std::string> joined;
        for (std::size_t row = 0; row < std::min<std::size_t>(dates.size(), 500); ++row)
            joined.push_back(dates[row] + ' ' + clocks[row]);
        const std::vector<std::string_view> values(joined.begin(), joined.end());
        const auto time = FieldTime::learn({.values = values, .options = &m_options});
        if (!time)
            continue;
        m_layout.time = time;
        take(i, FieldRole::Time);
        node(date).timePart = TimePart::Date;
        node(i).timePart = TimePart::Clock;
        m_reasons.push_back("key " + quoted(i) + " holds the time of day");
        return;
    }
}

void JsonRoleAssignment::takeFraction(std::size_t seconds)
{
    const auto& name = m_profiles[seconds].name;
    const auto parent = name.substr(0, name.rfind('.') == std::string::npos ? 0 : name.rfind('.'));
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const auto& other = m_profiles[i].name;
        const auto otherParent = other.substr(0, other.rfind('.') == std::string::npos ? 0 : other.rfind('.'));
        if (i == seconds || otherParent != parent || !isFractionName(other))
            continue;
        take(i, FieldRole::Time);
        node(i).timePart = TimePart::Nanoseconds;
        m_reasons.push_back("key " + quoted(i) + " holds the nanoseconds of the time");
        return;
    }
}

/// A key that names the zone of local times beside it, in nearly all records: `"timezone": "Europe/Berlin"`.
void JsonRoleAssignment::takeZone()
{
    const bool local = m_time && node(*m_time).timePart == TimePart::Whole && !m_layout.time->isEpoch() &&
                       !m_layout.time->namesZones() && m_layout.missingDate() == MissingDate::None;
    if (!local)
        return;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (m_taken[i] || !isZoneName(m_profiles[i].name))
            continue;
        NamedZones zones;
        const auto& values = m_columns[i].values;
        const auto known = std::count_if(values.begin(), values.end(),
                                         [&](const std::string& name) { return zones.find(name) != nullptr; });
        if (known == 0 || static_cast<std::size_t>(known) * 10 < m_profiles[*m_time].present * 9)
            continue;
        take(i, FieldRole::Time);
        node(i).timePart = TimePart::Zone;
        m_layout.zoneKey = m_profiles[i].name;
        m_reasons.push_back("key " + quoted(i) + " names the zone of the times");
        return;
    }
}

} // namespace faultline::records
