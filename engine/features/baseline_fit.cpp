// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/baseline_fit.h"
#include "engine/features/quantile.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace faultline::features
{

namespace
{
using Typical = Baseline::Typical;
constexpr std::size_t mostEntities = 1'000;
constexpr std::size_t enoughUnits = 100'000;
constexpr double enoughAlone = 30.0; ///< units from which on an entity stands on its own

/// A fixed draw that no period in the data can fall into step with (the finaliser of SplitMix64).
std::uint64_t scramble(std::uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

std::vector<std::uint32_t> draw(std::vector<std::uint32_t> units)
{
    if (units.size() <= enoughUnits)
        return units;
    const double share = static_cast<double>(enoughUnits) / static_cast<double>(units.size());
    const auto limit = static_cast<std::uint64_t>(share * 0x1p32);
    std::erase_if(units, [&](std::uint32_t unit) { return (scramble(unit + 1ULL) >> 32) >= limit; });
    return units;
}

void noteTimes(const FeatureTable& table, BaselineSample& sample)
{
    TimeUs first = std::numeric_limits<TimeUs>::max(), last = noTime;
    for (std::size_t i = 0; i < table.units(); ++i) {
        if (table.start[i] == noTime)
            return;
        first = std::min(first, table.start[i]);
        last = std::max(last, table.end[i]);
    }
    const double span = static_cast<double>(last) - static_cast<double>(first);
    sample.timed = span >= 3.0 * day_us;
    sample.weekends = span >= 14.0 * day_us;
    if (!sample.timed)
        return;
    double sum = 0.0;
    sample.time.reserve(table.units());
    for (std::size_t i = 0; i < table.units(); ++i) {
        sample.time.push_back(dayTimeOf(momentOf(table, i)));
        sum += sample.time.back().hour - std::floor(sample.time.back().hour);
    }
    sample.slotMiddle = sum / static_cast<double>(table.units());
}

/// What holds for a column as a whole.
struct ColumnFloor {
    ColumnRole role = ColumnRole::Value;
    double given = 0.0, derived = 0.0;

    [[nodiscard]] double at(double centre) const
    {
        if (given > 0.0)
            return std::max(given, derived);
        const bool counts = role == ColumnRole::Count || role == ColumnRole::Novelty;
        return counts ? std::max(derived, std::sqrt(std::max(centre, 0.0) + 1.0)) : derived;
    }
};

ColumnFloor floorOf(const Column& column, std::span<const double> sorted)
{
    ColumnFloor floor{.role = column.role, .given = column.noiseFloor, .derived = 1e-12};
    if (sorted.empty())
        return floor;
    const double low = sortedQuantile(sorted, 0.05), high = sortedQuantile(sorted, 0.95);
    const double rounding = 1e-9 * std::max(std::abs(low), std::abs(high));
    const bool measured =
        column.noiseFloor <= 0.0 && column.role != ColumnRole::Count && column.role != ColumnRole::Novelty;
    floor.derived = std::max({floor.derived, rounding, measured ? 1e-3 * (high - low) : 0.0});
    return floor;
}

/// Typical of values in ascending order; `deviations` is working space.
Typical typicalOf(std::span<const double> sorted, const ColumnFloor& floor, std::vector<double>& deviations)
{
    Typical typical{.spread = floor.at(0.0)};
    if (sorted.empty())
        return typical;
    typical.low = sortedQuantile(sorted, 0.1);
    typical.high = sortedQuantile(sorted, 0.9);
    typical.centre = floor.role == ColumnRole::Novelty ? 0.0 : sortedQuantile(sorted, 0.5);
    deviations.assign(sorted.begin(), sorted.end());
    for (auto& deviation : deviations)
        deviation -= typical.centre;
    typical.spread = std::max(robustSpread(deviations), floor.at(typical.centre));
    return typical;
}

Typical mix(const Typical& own, const Typical& pooled, double weight)
{
    const auto between = [&](double a, double b) { return weight * a + (1.0 - weight) * b; };
    return {.low = between(own.low, pooled.low),
            .centre = between(own.centre, pooled.centre),
            .high = between(own.high, pooled.high),
            .spread = between(own.spread, pooled.spread)};
}

double ownWeight(std::size_t units)
{
    const auto n = static_cast<double>(units);
    return n >= enoughAlone ? 1.0 : n / (n + enoughAlone);
}

/// A column side by side: entities are gathered from it faster than from the rows.
std::vector<double> copyColumn(const FeatureTable& table, std::size_t column)
{
    std::vector<double> values(table.units());
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = table.values(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(column));
    return values;
}

std::vector<TimedValue> timedValues(std::span<const double> column, const BaselineSample& sample,
                                    std::span<const std::uint32_t> units)
{
    std::vector<TimedValue> values;
    values.reserve(units.size());
    for (const auto unit : units)
        if (std::isfinite(column[unit]))
            values.push_back({column[unit], sample.timed ? sample.time[unit] : DayTime{}});
    return values;
}

/// A part of the values that is enough to tell whether there is a rhythm: a few hundred an hour of the day.
std::vector<TimedValue> thinned(std::span<const TimedValue> values)
{
    constexpr std::size_t enough = 8'192;
    if (values.size() <= enough)
        return {values.begin(), values.end()};
    const auto step = static_cast<double>(values.size()) / static_cast<double>(enough);
    std::vector<TimedValue> part;
    part.reserve(enough);
    for (std::size_t k = 0; k < enough;
         ++k) { // one of each stretch, at no fixed distance, so that no period falls into step
        const auto from = static_cast<std::size_t>(static_cast<double>(k) * step);
        const auto to = static_cast<std::size_t>(static_cast<double>(k + 1) * step);
        part.push_back(
            values[std::min(from + scramble(k + 1) % std::max<std::size_t>(to - from, 1), values.size() - 1)]);
    }
    return part;
}

std::vector<double> sortedValues(std::span<const TimedValue> values)
{
    std::vector<double> sorted;
    for (const auto& each : values)
        sorted.push_back(each.value);
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

/// The rhythm that predicts best; the simplest of those nearly as good, and none unless it explains a fifth.
DailyRhythm chooseRhythm(std::span<const std::vector<TimedValue>> groups, std::span<const Typical> typical,
                         const BaselineSample& sample)
{
    std::vector<std::vector<TimedValue>> parts;
    for (const auto& group : groups)
        parts.push_back(thinned(group));
    static constexpr std::array<DailyRhythm, 4> candidates{
        {{true, false, false}, {true, false, true}, {true, true, false}, {true, true, true}}};
    DailyRhythm best;
    double bestLeft = 0.8;
    for (const auto& candidate : candidates) {
        if (candidate.weekendsApart && !sample.weekends)
            continue;
        double sum = 0.0, weight = 0.0;
        for (std::size_t g = 0; g < parts.size(); ++g) {
            const auto n = static_cast<double>(parts[g].size());
            if (parts[g].size() < 3 * hoursPerDay)
                continue;
            sum += n * unexplainedSpread(parts[g], candidate, sample.slotMiddle, typical[g].centre);
            weight += n;
        }
        const double left = weight > 0.0 ? sum / weight : 1.0;
        if (left <= bestLeft * (best.hourly ? 0.98 : 1.0)) {
            best = candidate;
            bestLeft = left;
        }
    }
    return best;
}

/// The slots of one entity. Around interpolated centres the deviations of three neighbouring hours say how wide a slot
/// is.
std::vector<Typical> typicalSlots(std::span<const TimedValue> values, const Typical& whole, DailyRhythm rhythm,
                                  const BaselineSample& sample, const ColumnFloor& floor)
{
    const auto centres = slotCentres(values, rhythm, whole.centre);
    std::vector<std::vector<double>> deviations(centres.size());
    std::vector<double> all;
    for (const auto& [value, time] : values) {
        const double deviation = value - slotsAt(time, rhythm, sample.slotMiddle).of(centres);
        deviations[slotOf(time, rhythm)].push_back(deviation);
        all.push_back(deviation);
    }
    const double usual = robustSpread(all);
    std::vector<Typical> slots;
    std::vector<double> near;
    for (std::size_t s = 0; s < centres.size(); ++s) {
        near = deviations[s];
        for (const auto neighbour : {slotBefore(s), slotAfter(s)})
            near.insert(near.end(), deviations[neighbour].begin(), deviations[neighbour].end());
        Typical slot{.low = centres[s], .centre = centres[s], .high = centres[s]};
        if (!near.empty()) {
            slot.low += std::min(0.0, quantile(near, 0.1));
            slot.high += std::max(0.0, quantile(near, 0.9));
        }
        const double weight = ownWeight(near.size());
        slot.spread = weight * robustSpread(near) + (1.0 - weight) * usual;
        slot.spread = std::max(slot.spread, floor.at(slot.centre));
        slots.push_back(slot);
    }
    return slots;
}

/// For an entity with too few values for slots of its own: the pooled day, moved to its level.
std::vector<Typical> movedSlots(std::span<const Typical> pooled, const Typical& pooledWhole, const Typical& whole)
{
    std::vector<Typical> slots(pooled.begin(), pooled.end());
    const double shift = whole.centre - pooledWhole.centre;
    for (auto& slot : slots) {
        slot.low += shift;
        slot.centre += shift;
        slot.high += shift;
    }
    return slots;
}
} // namespace

TimeUs momentOf(const FeatureTable& table, std::size_t unit)
{
    const auto start = table.start[unit];
    return table.kind == UnitKind::Window && start != noTime ? start + (table.end[unit] - start) / 2 : start;
}

BaselineSample drawSample(const FeatureTable& table)
{
    BaselineSample sample;
    std::vector<std::vector<std::uint32_t>> byEntity(std::max<std::size_t>(table.entities.size(), 1));
    std::vector<std::uint32_t> all(table.units());
    std::iota(all.begin(), all.end(), 0U);
    for (const auto unit : all)
        byEntity[table.entity[unit]].push_back(unit);
    std::vector<std::uint32_t> order(byEntity.size());
    std::iota(order.begin(), order.end(), 0U);
    std::erase_if(order, [&](auto e) { return byEntity[e].empty(); });
    std::stable_sort(order.begin(), order.end(),
                     [&](auto a, auto b) { return byEntity[a].size() > byEntity[b].size(); });
    order.resize(std::min(order.size(), mostEntities));
    if (order.size() > 1) // a single entity is what is pooled
        sample.entities = order;
    sample.units.push_back(draw(std::move(all)));
    for (const auto entity : sample.entities)
        sample.units.push_back(draw(std::move(byEntity[entity])));
    noteTimes(table, sample);
    return sample;
}

ColumnBaseline fitColumn(const FeatureTable& table, const BaselineSample& sample, std::size_t column)
{
    std::vector<std::vector<TimedValue>> groups;
    std::vector<Typical> whole;
    std::vector<double> deviations;
    ColumnFloor floor;
    const auto values = copyColumn(table, column);
    for (const auto& units : sample.units) {
        groups.push_back(timedValues(values, sample, units));
        const auto sorted = sortedValues(groups.back());
        if (whole.empty())
            floor = floorOf(table.columns[column], sorted);
        const auto own = typicalOf(sorted, floor, deviations);
        whole.push_back(whole.empty() ? own : mix(own, whole.front(), ownWeight(sorted.size())));
    }
    ColumnBaseline fitted;
    const bool mayVary = sample.timed && table.columns[column].role != ColumnRole::Novelty &&
                         table.columns[column].role != ColumnRole::Phase;
    if (mayVary) { // decided by the entities that say most
        const std::size_t first = groups.size() > 1 ? 1 : 0, count = std::min<std::size_t>(groups.size() - first, 8);
        fitted.rhythm =
            chooseRhythm(std::span(groups).subspan(first, count), std::span(whole).subspan(first, count), sample);
    }
    std::vector<Typical> pooled;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        fitted.values.push_back(whole[g]);
        if (!fitted.rhythm.hourly)
            continue;
        const bool enough = g == 0 || groups[g].size() >= 3 * fitted.rhythm.slots();
        const auto slots = enough ? typicalSlots(groups[g], whole[g], fitted.rhythm, sample, floor)
                                  : movedSlots(pooled, whole.front(), whole[g]);
        if (g == 0)
            pooled = slots;
        fitted.values.insert(fitted.values.end(), slots.begin(), slots.end());
    }
    return fitted;
}

} // namespace faultline::features
