// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/baseline.h"
#include "engine/features/baseline_fit.h"
#include "engine/features/text_tensors.h"
#include <algorithm>
#include <cmath>
#include <tbb/parallel_for.h>

namespace faultline::features
{

struct Baseline::Place {
    std::uint32_t row = 0; ///< 0: pooled, then the entities
    bool timed = false;
    DayTime time;
};

Result<Baseline> Baseline::fit(const FeatureTable& training, JobContext& job)
{
    if (training.units() == 0)
        return fail({ErrorCode::Numeric, "there are no units to learn the usual values from", {}, "give more data"});
    const auto sample = drawSample(training);
    std::vector<ColumnBaseline> columns(training.columns.size());
    job.begin("learning usual values", columns.size());
    tbb::parallel_for(std::size_t{0}, columns.size(), [&](std::size_t c) {
        if (!job.stopRequested())
            columns[c] = fitColumn(training, sample, c);
        (void)job.advance();
    });
    if (job.stopRequested())
        return cancelled();
    Baseline baseline;
    baseline.m_slotMiddle = sample.slotMiddle;
    for (const auto entity : sample.entities)
        baseline.m_entities.push_back(training.entities[entity]);
    for (std::size_t c = 0; c < columns.size(); ++c) {
        baseline.m_columns.push_back(training.columns[c].name);
        baseline.m_rhythm.push_back(columns[c].rhythm.bits());
        baseline.m_values.insert(baseline.m_values.end(), columns[c].values.begin(), columns[c].values.end());
    }
    baseline.index();
    return baseline;
}

void Baseline::index()
{
    m_begin.assign(1, 0);
    for (const auto bits : m_rhythm)
        m_begin.push_back(m_begin.back() + (m_entities.size() + 1) * (1 + DailyRhythm::fromBits(bits).slots()));
    m_rowOf.clear();
    for (std::uint32_t e = 0; e < m_entities.size(); ++e)
        m_rowOf.emplace(m_entities[e], e + 1);
}

std::uint32_t Baseline::entityRow(const std::string& entity) const
{
    const auto at = m_rowOf.find(entity);
    return at == m_rowOf.end() ? 0 : at->second;
}

Baseline::Place Baseline::placeOf(const FeatureTable& table, std::size_t unit, std::uint32_t row) const
{
    const auto moment = momentOf(table, unit);
    if (moment == noTime)
        return {.row = row};
    return {.row = row, .timed = true, .time = dayTimeOf(moment)};
}

Baseline::Typical Baseline::typicalAt(const Place& place, std::uint32_t column) const
{
    const auto rhythm = DailyRhythm::fromBits(m_rhythm[column]);
    const auto* row = m_values.data() + m_begin[column] + place.row * (1 + rhythm.slots());
    if (!rhythm.hourly || !place.timed)
        return row[0];
    const auto slots = slotsAt(place.time, rhythm, m_slotMiddle);
    const auto &a = row[1 + slots.first], &b = row[1 + slots.second];
    const auto between = [&](double from, double to) { return from + slots.share * (to - from); };
    return {.low = between(a.low, b.low),
            .centre = between(a.centre, b.centre),
            .high = between(a.high, b.high),
            .spread = between(a.spread, b.spread)};
}

std::vector<std::uint32_t> Baseline::matchColumns(const FeatureTable& table) const
{
    std::vector<std::uint32_t> matched;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        const auto& name = table.columns[c].name;
        auto at = m_columns.begin();
        if (c < m_columns.size() && m_columns[c] == name) // the usual case, and right for names that occur twice
            at += static_cast<std::ptrdiff_t>(c);
        else
            at = std::find(m_columns.begin(), m_columns.end(), name);
        matched.push_back(at == m_columns.end() ? unknown : static_cast<std::uint32_t>(at - m_columns.begin()));
    }
    return matched;
}

Baseline::Typical Baseline::typical(const FeatureTable& table, std::size_t unit, std::size_t column) const
{
    const auto matched = matchColumns(table)[column];
    if (matched == unknown)
        return {};
    const auto& entities = table.entities;
    const auto entity = table.entity[unit];
    return typicalAt(placeOf(table, unit, entity < entities.size() ? entityRow(entities[entity]) : 0), matched);
}

Matrix Baseline::standardise(const FeatureTable& table) const
{
    Matrix out(table.values.rows(), table.values.cols());
    const auto columns = matchColumns(table);
    std::vector<std::uint32_t> rows;
    for (const auto& entity : table.entities)
        rows.push_back(entityRow(entity));
    std::vector<std::uint8_t> isPhase;
    for (const auto& column : table.columns)
        isPhase.push_back(column.role == ColumnRole::Phase ? 1 : 0);
    constexpr std::size_t run = 1'024;
    const auto standardiseUnit = [&](std::size_t unit) {
        const auto place = placeOf(table, unit, table.entity[unit] < rows.size() ? rows[table.entity[unit]] : 0);
        const auto* from = table.row(unit).data();
        auto* to = out.row(static_cast<Eigen::Index>(unit)).data();
        for (std::size_t c = 0; c < columns.size(); ++c) {
            if (std::isnan(from[c]) || (columns[c] == unknown && isPhase[c] == 0)) {
                to[c] = 0.0;
            } else if (isPhase[c] != 0) {
                to[c] = from[c];
            } else {
                const auto usual = typicalAt(place, columns[c]);
                to[c] = std::clamp((from[c] - usual.centre) / usual.spread, -1e6, 1e6);
            }
        }
    };
    tbb::parallel_for(std::size_t{0}, (table.units() + run - 1) / run, [&](std::size_t r) {
        for (auto unit = r * run; unit < std::min(table.units(), (r + 1) * run); ++unit)
            standardiseUnit(unit);
    });
    return out;
}

void Baseline::save(TensorBundle& bundle, const std::string& prefix) const
{
    putTexts(bundle, prefix + "/entity", m_entities);
    putTexts(bundle, prefix + "/column", m_columns);
    bundle.put(prefix + "/rhythm", m_rhythm);
    bundle.put(prefix + "/slot_middle", std::vector<double>{m_slotMiddle});
    std::vector<double> numbers;
    for (const auto& [low, centre, high, spread] : m_values)
        numbers.insert(numbers.end(), {low, centre, high, spread});
    bundle.put(prefix + "/typical", numbers, {m_values.size(), 4});
}

Result<Baseline> Baseline::load(const TensorBundle& bundle, const std::string& prefix)
{
    auto entities = takeTexts(bundle, prefix + "/entity");
    auto columns = takeTexts(bundle, prefix + "/column");
    if (!entities || !columns)
        return fail(entities ? columns.error() : entities.error());
    auto rhythm = bundle.vector<std::uint8_t>(prefix + "/rhythm", columns->size());
    const auto middle = bundle.vector<double>(prefix + "/slot_middle", 1);
    if (!rhythm || !middle)
        return fail(rhythm ? middle.error() : rhythm.error());
    if (!(middle->front() >= 0.0 && middle->front() <= 1.0) ||
        std::any_of(rhythm->begin(), rhythm->end(), [](auto bits) { return bits > 7; }))
        return fail(damagedModel(prefix, "holds a value out of range"));
    Baseline baseline;
    baseline.m_entities = std::move(*entities);
    baseline.m_columns = std::move(*columns);
    baseline.m_rhythm = std::move(*rhythm);
    baseline.m_slotMiddle = middle->front();
    baseline.index();
    const auto numbers = bundle.vector<double>(prefix + "/typical");
    if (!numbers)
        return fail(numbers.error());
    if (numbers->size() % 4 != 0 || numbers->size() / 4 != baseline.m_begin.back())
        return fail(damagedModel(prefix, "does not hold as many values as its columns and entities need"));
    for (std::size_t i = 0; i < numbers->size(); i += 4) {
        const Typical typical{(*numbers)[i], (*numbers)[i + 1], (*numbers)[i + 2], (*numbers)[i + 3]};
        const bool finite = std::isfinite(typical.low) && std::isfinite(typical.centre) &&
                            std::isfinite(typical.high) && std::isfinite(typical.spread);
        if (!finite || !(typical.spread > 0.0))
            return fail(damagedModel(prefix, "holds a value out of range"));
        baseline.m_values.push_back(typical);
    }
    return baseline;
}

} // namespace faultline::features
