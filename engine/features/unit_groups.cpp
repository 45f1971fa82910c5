// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/unit_groups.h"
#include "engine/features/quantile.h"
#include "engine/features/window_grid.h"
#include <algorithm>
#include <bit>
#include <numbers>

namespace faultline::features
{

namespace
{
bool isGroup(Feature feature)
{
    return (feature >= Feature::RecordRate && feature <= Feature::TemplateRate) || feature == Feature::DayOfWeekSine ||
           feature == Feature::DayOfWeekCosine || feature == Feature::TimeOfDaySine ||
           feature == Feature::TimeOfDayCosine;
}

bool isGap(Feature feature)
{
    return feature >= Feature::GapMedian && feature <= Feature::GapVariation;
}

/// Whether a column is of what log records say, and so is missing where none are written.
bool ofLogs(Feature feature)
{
    switch (feature) {
    case Feature::FieldRatio:
    case Feature::FieldQuantile:
    case Feature::TimeOfDaySine:
    case Feature::TimeOfDayCosine:
    case Feature::DayOfWeekSine:
    case Feature::DayOfWeekCosine:
        return false;
    default:
        return true;
    }
}
} // namespace

double calendarValue(Feature feature, TimeUs time, const TimeZone& zone)
{
    if (time == noTime)
        return missing;
    const bool week = feature == Feature::DayOfWeekSine || feature == Feature::DayOfWeekCosine;
    const bool sine = feature == Feature::DayOfWeekSine || feature == Feature::TimeOfDaySine;
    const auto turn = week ? 7 * day_us : day_us;
    // The epoch was a Thursday; a week's turn begins with Monday.
    const auto local = time + zone.offsetAt(time) + (week ? 3 * day_us : 0);
    const auto inTurn = static_cast<double>(local - windowOf(local, turn) * turn);
    const double angle = 2.0 * std::numbers::pi * inTurn / static_cast<double>(turn);
    return sine ? std::sin(angle) : std::cos(angle);
}

double templateEntropy(TemplateCounter& templates, std::vector<double>& values)
{
    values.clear();
    double records = 0.0;
    for (const auto id : templates.seen()) {
        values.push_back(static_cast<double>(templates[id]));
        records += values.back();
    }
    if (values.empty())
        return 0.0;
    std::sort(values.begin(), values.end());
    double weighted = 0.0;
    for (const double count : values)
        weighted += count * std::log2(count);
    const double correction = static_cast<double>(values.size() - 1) / (2.0 * records * std::numbers::ln2);
    return std::log2(records) - weighted / records + correction;
}

GroupFiller::GroupFiller(const FeaturePlan& plan, const records::RecordSet& records)
    : m_plan(plan), m_records(records), m_fields(findFields(records.table, plan)), m_isError(records.table),
      m_sessions(plan.options.kind == UnitKind::Session)
{
    bool sessionsOf = false;
    for (std::size_t c = 0; c < plan.planned.size(); ++c) {
        const auto feature = plan.planned[c].feature;
        const bool basic = feature == Feature::ErrorShare && m_sessions;
        if (!isGroup(feature) && !basic)
            continue;
        m_columns.push_back(c);
        m_needsGaps |= isGap(feature);
        m_needsEvents |= basic || feature == Feature::RecordRate || feature == Feature::ErrorRate ||
                         feature == Feature::WarningShare || feature == Feature::TemplateShare;
        sessionsOf |= feature == Feature::DistinctSessions;
    }
    if (!sessionsOf)
        return;
    const auto& index = records.sessions;
    m_sessionBegin.assign(records.table.size() + 1, 0);
    for (const auto record : index.records)
        ++m_sessionBegin[record + std::size_t{1}];
    for (std::size_t i = 1; i < m_sessionBegin.size(); ++i)
        m_sessionBegin[i] += m_sessionBegin[i - 1];
    m_sessionsOf.resize(index.records.size());
    auto next = m_sessionBegin;
    for (std::uint32_t s = 0; s < index.keys.size(); ++s)
        for (auto i = index.begin[s]; i < index.begin[s + std::size_t{1}]; ++i)
            m_sessionsOf[next[index.records[i]]++] = s;
}

GroupFiller::Events GroupFiller::countEvents(const Unit& unit) const
{
    Events events;
    for (const auto i : unit.records) {
        if (!counts(i))
            continue;
        events.records += 1.0;
        events.errors += m_isError(i) ? 1.0 : 0.0;
        events.warnings += m_records.table.level[i] == records::Level::Warn ? 1.0 : 0.0;
    }
    return events;
}

GroupFiller::Gaps GroupFiller::gapsOf(const Unit& unit, Scratch& scratch) const
{
    auto& values = scratch.values;
    scratch.field = 0xffffffff;
    scratch.keys.clear();
    for (const auto i : unit.records)
        if (const auto time = m_records.table.time[i]; counts(i) && time != noTime)
            scratch.keys.push_back(std::bit_cast<std::uint64_t>(time) ^ (std::uint64_t{1} << 63)); // keeps the order
    if (scratch.keys.size() < 2)
        return {};
    if (!std::is_sorted(scratch.keys.begin(), scratch.keys.end()))
        std::sort(scratch.keys.begin(), scratch.keys.end());
    values.clear();
    double sum = 0.0;
    for (std::size_t k = 1; k < scratch.keys.size(); ++k) {
        values.push_back(static_cast<double>(scratch.keys[k] - scratch.keys[k - 1]) / second_us);
        sum += values.back();
    }
    const double mean = sum / static_cast<double>(values.size());
    double squares = 0.0;
    for (const double gap : values)
        squares += (gap - mean) * (gap - mean);
    Gaps gaps{.longest = *std::max_element(values.begin(), values.end())};
    if (mean > 0.0)
        gaps.variation = std::sqrt(squares / static_cast<double>(values.size())) / mean;
    gaps.median = quantile(values, 0.5);
    gaps.high = quantile(values, 0.95);
    return gaps;
}

double GroupFiller::distinct(const PlannedColumn& column, const Unit& unit, Scratch& scratch) const
{
    auto& keys = scratch.keys;
    keys.clear();
    for (const auto i : unit.records) {
        if (column.feature == Feature::DistinctEntities)
            keys.push_back(m_records.table.entity[i]);
        else if (column.feature == Feature::DistinctSessions)
            keys.insert(keys.end(), m_sessionsOf.begin() + m_sessionBegin[i],
                        m_sessionsOf.begin() + m_sessionBegin[i + std::size_t{1}]);
        else if (const double value = fieldValue(m_fields[column.argument], i); !std::isnan(value))
            keys.push_back(std::bit_cast<std::uint64_t>(value == 0.0 ? 0.0 : value)); // -0 is 0
    }
    std::sort(keys.begin(), keys.end());
    return static_cast<double>(std::unique(keys.begin(), keys.end()) - keys.begin());
}

double GroupFiller::quantileOf(std::uint32_t argument, const Unit& unit, Scratch& scratch) const
{
    const auto levels = static_cast<std::uint32_t>(m_plan.options.groups.quantileLevels.size());
    const auto field = argument / levels;
    if (scratch.field != field) { // the columns of a field stand side by side
        scratch.values.clear();
        for (const auto i : unit.records)
            if (const double value = fieldValue(m_fields[field], i); !std::isnan(value))
                scratch.values.push_back(value);
        scratch.field = field;
    }
    if (scratch.values.empty())
        return missing;
    return quantile(scratch.values, m_plan.options.groups.quantileLevels[argument % levels]);
}

double GroupFiller::sumOf(std::uint32_t field, const Unit& unit) const
{
    double sum = 0.0;
    for (const auto i : unit.records)
        if (const double value = fieldValue(m_fields[field], i); !std::isnan(value))
            sum += value;
    return sum;
}

double GroupFiller::ratioOf(std::uint32_t ratio, const Unit& unit) const
{
    const auto [above, below] = m_plan.ratios[ratio];
    double upper = 0.0, lower = 0.0;
    for (const auto i : unit.records) {
        const double a = fieldValue(m_fields[above], i), b = fieldValue(m_fields[below], i);
        if (std::isnan(a) || std::isnan(b))
            continue;
        upper += a;
        lower += b;
    }
    const double value = upper / lower;
    return std::isfinite(value) ? value : missing;
}

void GroupFiller::fill(const Unit& unit, TemplateCounter& templates, Scratch& scratch, double* row) const
{
    const auto events = m_needsEvents ? countEvents(unit) : Events{};
    const auto gaps = m_needsGaps ? gapsOf(unit, scratch) : Gaps{};
    scratch.field = 0xffffffff;
    const auto share = [&](double part) { return events.records > 0.0 ? part / events.records : 0.0; };
    const auto value = [&](const PlannedColumn& column) {
        switch (column.feature) {
        case Feature::RecordRate:
            return events.records / unit.seconds;
        case Feature::ErrorRate:
            return events.errors / unit.seconds;
        case Feature::FieldRate:
            return sumOf(column.argument, unit) / unit.seconds;
        case Feature::ErrorShare:
            return share(events.errors);
        case Feature::WarningShare:
            return share(events.warnings);
        case Feature::TemplateShare:
            return share(templates[column.argument]);
        case Feature::TemplateRate:
            return templates[column.argument] / unit.seconds;
        case Feature::FieldRatio:
            return ratioOf(column.argument, unit);
        case Feature::TemplateEntropy:
            scratch.field = 0xffffffff;
            return templateEntropy(templates, scratch.values);
        case Feature::GapMedian:
            return gaps.median;
        case Feature::GapHigh:
            return gaps.high;
        case Feature::GapMaximum:
            return gaps.longest;
        case Feature::GapVariation:
            return gaps.variation;
        case Feature::FieldQuantile:
            return quantileOf(column.argument, unit, scratch);
        case Feature::DistinctEntities:
        case Feature::DistinctSessions:
        case Feature::DistinctValues:
            return distinct(column, unit, scratch);
        default:
            return calendarValue(column.feature, unit.time, m_plan.options.zone);
        }
    };
    for (const auto c : m_columns) {
        const auto& column = m_plan.planned[c];
        row[c] = !unit.hasLogs && ofLogs(column.feature) ? missing : value(column);
    }
}

} // namespace faultline::features
