// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/resample.h"
#include "engine/features/entity_order.h"
#include "engine/features/quantile.h"
#include "engine/features/window_grid.h"
#include <algorithm>
#include <limits>

namespace faultline::features
{

namespace
{
tl::unexpected<Error> refuse(std::string what, std::string hint)
{
    return fail({ErrorCode::Config, std::move(what), {}, std::move(hint)});
}

Result<DurationUs> stepOf(const EntityOrder& order, const records::RecordTable& table, const ResampleOptions& options)
{
    if (options.every_us != ResampleOptions::automatic)
        return options.every_us;
    std::vector<double> steps;
    for (std::size_t e = 0; e < order.entities(); ++e) {
        const auto rows = order.of(e);
        for (std::size_t k = 1; k < rows.size(); ++k)
            if (const auto step = table.time[rows[k]] - table.time[rows[k - 1]]; step > 0)
                steps.push_back(static_cast<double>(step));
    }
    if (steps.empty())
        return refuse("no two metric rows of an entity differ in time, so there is no step to resample to",
                      "name the step, for example every: 1min");
    return std::max<DurationUs>(1, static_cast<DurationUs>(std::llround(quantile(steps, 0.5))));
}

/// What the rows of one step come to.
class Step
{
public:
    explicit Step(std::size_t fields) : m_cells(fields) {}
    void clear() { std::fill(m_cells.begin(), m_cells.end(), Cell{}); }
    void take(const records::RecordTable& table, std::size_t row)
    {
        for (std::size_t f = 0; f < m_cells.size(); ++f) {
            const double value = fieldValue(&table.fields[f], row);
            if (std::isnan(value))
                continue;
            auto& cell = m_cells[f];
            cell.sum += value;
            cell.count += 1.0;
            cell.last = value;
            cell.largest = std::max(cell.largest, value);
        }
    }
    [[nodiscard]] double value(std::size_t field, ResampleOptions::Value with) const
    {
        const auto& cell = m_cells[field];
        if (cell.count == 0.0)
            return missing;
        switch (with) {
        case ResampleOptions::Value::Mean:
            return cell.sum / cell.count;
        case ResampleOptions::Value::Sum:
            return cell.sum;
        case ResampleOptions::Value::Last:
            return cell.last;
        case ResampleOptions::Value::Maximum:
            break;
        }
        return cell.largest;
    }

private:
    struct Cell {
        double sum = 0.0, count = 0.0, last = 0.0, largest = -std::numeric_limits<double>::infinity();
    };
    std::vector<Cell> m_cells;
};

/// The set that grows.
class Resampler
{
public:
    Resampler(const records::RecordSet& from, DurationUs every, const ResampleOptions& options)
        : m_from(from), m_every(every), m_options(options), m_step(from.table.fields.size())
    {
        m_to.sources = from.sources;
        m_to.reports = from.reports;
        m_to.templates = from.templates;
        m_to.table.entities = from.table.entities;
        for (const auto& field : from.table.fields)
            m_to.table.fields.emplace_back(field.name(), field.unit());
    }

    void addEntity(std::span<const std::uint32_t> rows,
                   const std::function<const std::string&(const std::string&, const std::string&)>& chooseLabel,
                   const JobContext& job)
    {
        const auto& time = m_from.table.time;
        const auto first = m_to.table.size();
        for (std::size_t k = 0; k < rows.size() && !job.stopRequested();) {
            const auto number = windowOf(time[rows[k]], m_every);
            while (m_to.table.size() > first && m_to.table.time[m_to.table.size() - 1] < (number - 1) * m_every)
                addGap(rows[k - 1]);
            m_step.clear();
            auto label = rows[k];
            for (; k < rows.size() && windowOf(time[rows[k]], m_every) == number; ++k) {
                m_step.take(m_from.table, rows[k]);
                if (!m_from.labels.empty() &&
                    &chooseLabel(m_from.labels[label], m_from.labels[rows[k]]) == &m_from.labels[rows[k]])
                    label = rows[k];
            }
            const auto row = copy(rows[k - 1], number * m_every, label);
            for (std::size_t f = 0; f < m_to.table.fields.size(); ++f)
                if (const double value = m_step.value(f, m_options.with); !std::isnan(value))
                    m_to.table.fields[f].set(row, value);
        }
        if (m_options.gaps == ResampleOptions::Gap::Linear)
            for (auto& field : m_to.table.fields)
                drawLines(field, first);
    }

    void keep(std::size_t record)
    {
        const auto row = copy(record, m_from.table.time[record], record);
        for (std::size_t f = 0; f < m_to.table.fields.size(); ++f)
            if (const double value = m_from.table.fields[f][record]; !std::isnan(value))
                m_to.table.fields[f].set(row, value);
    }

    [[nodiscard]] records::RecordSet take() { return std::move(m_to); }

private:
    std::size_t copy(std::size_t record, TimeUs time, std::size_t label)
    {
        auto& to = m_to.table;
        const auto& from = m_from.table;
        const auto row = to.size();
        to.time.push_back(time);
        to.offset.push_back(from.offset[record]);
        to.bytes.push_back(from.bytes[record]);
        to.templateId.push_back(from.templateId[record]);
        to.entity.push_back(from.entity[record]);
        to.messageStart.push_back(from.messageStart[record]);
        to.source.push_back(from.source[record]);
        to.level.push_back(from.level[record]);
        to.flags.push_back(from.flags[record]);
        if (!m_from.labels.empty())
            m_to.labels.push_back(m_from.labels[label]);
        const auto line = m_from.lineNumber(record);
        if (row == 0 || line != m_lastLine + 1)
            m_to.lineJumps.push_back({row, line});
        m_lastLine = line;
        return row;
    }

    void addGap(std::size_t before)
    {
        const auto previous = m_to.table.size() - 1;
        const auto row = copy(before, m_to.table.time[previous] + m_every, before);
        if (m_options.gaps == ResampleOptions::Gap::Hold)
            for (auto& field : m_to.table.fields)
                if (const double value = field[previous]; !std::isnan(value))
                    field.set(row, value);
    }

    /// Between two rows that hold a value, those that hold none.
    void drawLines(records::NumericField& field, std::size_t first) const
    {
        auto last = m_to.table.size();
        for (auto row = first; row < m_to.table.size(); ++row) {
            const double value = field[row];
            if (std::isnan(value))
                continue;
            if (last < row && row - last > 1) {
                const double from = field[last], slope = (value - from) / static_cast<double>(row - last);
                for (auto between = last + 1; between < row; ++between)
                    field.set(between, from + slope * static_cast<double>(between - last));
            }
            last = row;
        }
    }

    const records::RecordSet& m_from;
    DurationUs m_every;
    ResampleOptions m_options;
    Step m_step;
    records::RecordSet m_to;
    std::uint64_t m_lastLine = 0;
};

Result<void> checkSize(const EntityOrder& order, const records::RecordTable& table, DurationUs every)
{
    std::uint64_t steps = 0;
    for (std::size_t e = 0; e < order.entities(); ++e)
        if (const auto rows = order.of(e); !rows.empty()) {
            const auto span = static_cast<std::uint64_t>(table.time[rows.back()]) -
                              static_cast<std::uint64_t>(table.time[rows.front()]);
            steps += span / static_cast<std::uint64_t>(every) + 1;
            if (steps > maxCells)
                return refuse("steps of " + shortDuration(every) + " make over 20 million rows",
                              "choose a longer step, and look whether a few rows carry a wrong date");
        }
    return {};
}
} // namespace

Result<records::RecordSet>
resample(const records::RecordSet& records, const ResampleOptions& options,
         const std::function<const std::string&(const std::string&, const std::string&)>& chooseLabel, JobContext& job)
{
    const auto& table = records.table;
    const auto onGrid = [&](std::size_t i) { return !isLog(table, i) && table.time[i] != noTime; };
    const EntityOrder order(table, onGrid);
    std::size_t rows = 0;
    for (std::size_t e = 0; e < order.entities(); ++e)
        rows += order.of(e).size();
    if (rows == 0)
        return refuse("there is no metric row with a time to resample",
                      "name the time column, or leave `resample` out");
    const auto every = stepOf(order, table, options);
    if (!every)
        return fail(every.error());
    if (auto fits = checkSize(order, table, *every); !fits)
        return fail(fits.error());
    Resampler resampler(records, *every, options);
    job.begin("resampling", order.entities());
    for (std::size_t e = 0; e < order.entities(); ++e) {
        resampler.addEntity(order.of(e), chooseLabel, job);
        if (!job.advance())
            return cancelled();
    }
    for (std::size_t i = 0; i < table.size(); ++i)
        if (!onGrid(i))
            resampler.keep(i);
    return resampler.take();
}

} // namespace faultline::features
