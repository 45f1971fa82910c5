// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/group_columns.h"
#include "engine/features/quantile.h"
#include "engine/features/record_facts.h"
#include "engine/features/rolling_windows.h"
#include "engine/features/template_counter.h"
#include "engine/features/template_novelty.h"
#include "engine/features/template_sequence.h"
#include "engine/features/unit_builders.h"
#include "engine/features/unit_groups.h"
#include "engine/features/unit_vectors.h"
#include "engine/features/window_grid.h"
#include <algorithm>
#include <numeric>

namespace faultline::features
{

namespace
{
/// A thread's working space for one cell at a time.
struct Scratch {
    TemplateCounter templates;
    GroupFiller::Scratch groups{};
    std::vector<double> values{}; ///< of the field and kind of record that were gathered last
    std::uint32_t field = 0;
    bool ofLogs = false, gathered = false;
};

/// Fills the rows of a table, one cell each.
class CellFiller
{
public:
    CellFiller(const FeaturePlan& plan, const records::RecordSet& set, const WindowGrid& grid, const CellRecords& cells)
        : m_plan(plan), m_table(set.table), m_grid(grid), m_cells(cells), m_fields(findFields(set.table, plan)),
          m_isError(set.table), m_groups(plan, set)
    {
    }

    /// `logsFrom`: per entity, the window from which on it is known to write logs, so that none is a zero.
    void setLogsFrom(std::vector<std::uint32_t> logsFrom) { m_logsFrom = std::move(logsFrom); }

    void fill(std::size_t cell, Scratch& scratch, double* row) const
    {
        const auto entities = m_grid.entities.size();
        const Cell here{.cell = cell,
                        .hasLogs = cell / entities >= m_logsFrom[cell % entities],
                        .events = countEvents(cell, scratch.templates)};
        scratch.gathered = false;
        for (std::size_t c = 0; c < m_plan.planned.size(); ++c)
            row[c] = valueOf(m_plan.planned[c], here, scratch);
        if (m_groups.any())
            m_groups.fill({.records = members(cell),
                           .seconds = static_cast<double>(m_grid.length) / second_us,
                           .time = m_grid.startOf(cell / entities) + m_grid.length / 2,
                           .hasLogs = here.hasLogs},
                          scratch.templates, scratch.groups, row);
    }

private:
    struct Events {
        double records = 0.0, errors = 0.0, warnings = 0.0;
    };
    struct Cell {
        std::size_t cell = 0;
        bool hasLogs = false;
        Events events;
    };

    [[nodiscard]] std::span<const std::uint32_t> members(std::size_t cell) const
    {
        return std::span(m_cells.records).subspan(m_cells.begin[cell], m_cells.begin[cell + 1] - m_cells.begin[cell]);
    }

    [[nodiscard]] Events countEvents(std::size_t cell, TemplateCounter& templates) const
    {
        Events events;
        for (const auto i : members(cell)) {
            const auto id = m_table.templateId[i];
            if (id == records::noTemplate)
                continue;
            templates.add(id);
            events.records += 1.0;
            events.errors += m_isError(i) ? 1.0 : 0.0;
            events.warnings += m_table.level[i] == records::Level::Warn ? 1.0 : 0.0;
        }
        return events;
    }

    /// The cell's values of a field, in log records or in metric records. Columns of one field stand side by side, so
    /// that what was gathered for the first serves the others.
    [[nodiscard]] std::vector<double>& gather(std::size_t cell, std::uint32_t field, bool ofLogs,
                                              Scratch& scratch) const
    {
        if (scratch.gathered && scratch.field == field && scratch.ofLogs == ofLogs)
            return scratch.values;
        scratch.values.clear();
        if (m_fields[field] != nullptr)
            for (const auto i : members(cell))
                if (const double value = fieldValue(m_fields[field], i);
                    !std::isnan(value) && isLog(m_table, i) == ofLogs)
                    scratch.values.push_back(value);
        scratch.field = field;
        scratch.ofLogs = ofLogs;
        scratch.gathered = true;
        return scratch.values;
    }

    [[nodiscard]] double valueOf(const PlannedColumn& column, const Cell& here, Scratch& scratch) const
    {
        switch (column.feature) {
        case Feature::FieldMean:
        case Feature::FieldMaximum:
            return metricValue(column, gather(here.cell, column.argument, false, scratch));
        case Feature::FieldCount:
        case Feature::FieldMedian:
        case Feature::FieldHigh:
            return here.hasLogs ? logFieldValue(column, gather(here.cell, column.argument, true, scratch)) : missing;
        default:
            return here.hasLogs ? eventValue(column, here.events, scratch.templates) : missing;
        }
    }

    [[nodiscard]] static double metricValue(const PlannedColumn& column, const std::vector<double>& values)
    {
        if (values.empty())
            return missing;
        if (column.feature == Feature::FieldMaximum)
            return *std::max_element(values.begin(), values.end());
        const auto count = static_cast<double>(values.size());
        double mean = 0.0;
        for (const double value : values)
            mean += value / count; // divided first: the sum of huge values must not overflow
        return mean;
    }

    [[nodiscard]] static double logFieldValue(const PlannedColumn& column, std::vector<double>& values)
    {
        if (column.feature == Feature::FieldCount)
            return static_cast<double>(values.size());
        return values.empty() ? missing : quantile(values, column.feature == Feature::FieldMedian ? 0.5 : 0.95);
    }

    [[nodiscard]] static double eventValue(const PlannedColumn& column, const Events& events,
                                           const TemplateCounter& templates)
    {
        switch (column.feature) {
        case Feature::Records:
            return events.records;
        case Feature::Errors:
            return events.errors;
        case Feature::Warnings:
            return events.warnings;
        case Feature::ErrorShare:
            return events.records > 0.0 ? events.errors / events.records : 0.0;
        case Feature::DistinctTemplates:
            return static_cast<double>(templates.distinct());
        case Feature::TemplateCount:
            return templates[column.argument];
        default:
            return 0.0; // filled later: groups, novelty, what looks at other windows
        }
    }

    const FeaturePlan& m_plan;
    const records::RecordTable& m_table;
    const WindowGrid& m_grid;
    const CellRecords& m_cells;
    std::vector<const records::NumericField*> m_fields;
    ErrorRule m_isError;
    GroupFiller m_groups;
    std::vector<std::uint32_t> m_logsFrom;
};

UnitRecords membersOf(const CellRecords& cells)
{
    return [&cells](std::size_t cell) {
        return std::span(cells.records).subspan(cells.begin[cell], cells.begin[cell + 1] - cells.begin[cell]);
    };
}

/// From which window on each entity is known to write logs. Causal: its first log record, unless training has told.
std::vector<std::uint32_t> logsFrom(const FeaturePlan& plan, const WindowGrid& grid,
                                    const Featurizer::ComputeOptions& options)
{
    auto from = grid.firstLog;
    for (std::size_t e = 0; e < from.size(); ++e) {
        const auto at = std::find(plan.entities.begin(), plan.entities.end(), grid.entities[e]);
        const bool taught = !options.isTrainingData && at != plan.entities.end() &&
                            plan.entityLogs[static_cast<std::size_t>(at - plan.entities.begin())] != 0;
        if (taught || (!options.causal && from[e] != WindowGrid::noLog))
            from[e] = 0;
    }
    return from;
}

FeatureTable emptyTable(const FeaturePlan& plan, const WindowGrid& grid)
{
    FeatureTable table{.kind = UnitKind::Window, .columns = plan.columns, .entities = grid.entities};
    const auto units = grid.cells();
    table.values.resize(static_cast<Eigen::Index>(units), static_cast<Eigen::Index>(plan.columns.size()));
    table.start.resize(units);
    table.end.resize(units);
    table.entity.resize(units);
    for (std::uint64_t cell = 0; cell < units; ++cell) {
        table.start[cell] = grid.startOf(cell / grid.entities.size());
        table.end[cell] = table.start[cell] + grid.length;
        table.entity[cell] = static_cast<std::uint32_t>(cell % grid.entities.size());
    }
    return table;
}

/// Keeps the units that `keep` names, in their order.
template <class Keep>
void dropUnits(FeatureTable& table, Keep&& keep)
{
    std::size_t kept = 0;
    for (std::size_t unit = 0; unit < table.start.size(); ++unit) {
        if (!keep(unit))
            continue;
        table.values.row(static_cast<Eigen::Index>(kept)) = table.values.row(static_cast<Eigen::Index>(unit));
        table.start[kept] = table.start[unit];
        table.end[kept] = table.end[unit];
        table.entity[kept] = table.entity[unit];
        // Units that go have no records, so the entries stay as they are.
        for (auto* begin : {&table.templates.begin, &table.templateSequence.begin})
            if (!begin->empty())
                (*begin)[kept + 1] = (*begin)[unit + 1];
        ++kept;
    }
    table.values.conservativeResize(static_cast<Eigen::Index>(kept), Eigen::NoChange);
    table.start.resize(kept);
    table.end.resize(kept);
    table.entity.resize(kept);
    for (auto* begin : {&table.templates.begin, &table.templateSequence.begin})
        if (!begin->empty())
            begin->resize(kept + 1);
}

/// The records that fit() may look at: all, or with causalColumns those of the windows that the first hundred units
/// fill.
RecordRange trainingRange(const records::RecordTable& table, const FeatureOptions& options, const WindowGrid& grid)
{
    RecordRange range{.last = table.size()};
    if (!options.causalColumns)
        return range;
    std::uint64_t window = 0, units = 0;
    for (; window < grid.windows && units < causalUnits; ++window)
        units += static_cast<std::uint64_t>(std::count_if(grid.firstWindow.begin(), grid.firstWindow.end(),
                                                          [&](auto first) { return first <= window; }));
    range.before = grid.startOf(std::max<std::uint64_t>(units > causalUnits ? window - 1 : window, 1));
    return range;
}

bool anyLogs(const records::RecordTable& table, const RecordRange& range)
{
    for (auto i = range.first; i < range.last; ++i)
        if (isLog(table, i) && table.time[i] != noTime && table.time[i] < range.before)
            return true;
    return false;
}

void planFieldColumns(FeaturePlan& plan, const records::RecordTable& table, const FieldChoice& choice)
{
    const auto add = [&](std::uint32_t f) {
        plan.fields.push_back({table.fields[f].name(), table.fields[f].unit(), 0.0});
        return static_cast<std::uint32_t>(plan.fields.size() - 1);
    };
    for (const auto f : choice.log) {
        const auto field = add(f);
        const auto& [name, unit, floor] = plan.fields.back();
        const auto per = perDuration(plan.options.window_us);
        plan.add({.name = name + " count", .unit = per, .role = ColumnRole::Count}, Feature::FieldCount, field);
        plan.add({.name = name + " p50", .unit = unit, .role = ColumnRole::Value}, Feature::FieldMedian, field);
        plan.add({.name = name + " p95", .unit = unit, .role = ColumnRole::Value}, Feature::FieldHigh, field);
    }
    for (const auto f : choice.metric) {
        const auto field = add(f);
        const auto& [name, unit, floor] = plan.fields.back();
        plan.add({.name = name + " mean", .unit = unit, .role = ColumnRole::Value}, Feature::FieldMean, field);
        plan.add({.name = name + " max", .unit = unit, .role = ColumnRole::Value}, Feature::FieldMaximum, field);
    }
}
} // namespace

Result<FeaturePlan> planWindows(const records::RecordSet& training, const FeatureOptions& options)
{
    const auto grid = layWindows(training.table, options, {.causal = options.causalColumns});
    if (!grid)
        return fail(grid.error());
    if (grid->windows < 4 && !options.causalColumns)
        return fail({ErrorCode::Config,
                     "the records span only " + std::to_string(grid->windows) + " windows of " +
                         shortDuration(options.window_us),
                     {},
                     "choose a smaller window, so that there are dozens of them"});
    FeaturePlan plan{.options = options};
    if (!options.causalColumns) {
        plan.entities = grid->entities;
        for (const auto firstLog : grid->firstLog)
            plan.entityLogs.push_back(firstLog != WindowGrid::noLog ? 1 : 0);
    }
    const auto range = trainingRange(training.table, options, *grid);
    const auto per = perDuration(options.window_us);
    const bool logs = anyLogs(training.table, range);
    if (logs) {
        planEventColumns(plan, per);
        // One error more or less among a hundred records is no news.
        plan.add({.name = "error share", .role = ColumnRole::Share, .noiseFloor = 0.01}, Feature::ErrorShare);
        plan.add({.name = "rare templates", .unit = "decades", .role = ColumnRole::Novelty}, Feature::RareTemplates);
    }
    const auto choice = chooseFields(training.table, range, options.causalColumns);
    planFieldColumns(plan, training.table, choice);
    if (!options.causalColumns)
        planTemplateColumns(plan, training, per);
    planRollingWindows(plan, training.table, choice, logs);
    if (auto done = planGroups(plan, training, range,
                               static_cast<double>(grid->windows) * static_cast<double>(grid->length));
        !done)
        return fail(done.error());
    return plan;
}

Result<FeatureTable> computeWindows(const FeaturePlan& plan, const records::RecordSet& records,
                                    const Featurizer::ComputeOptions& options, JobContext& job)
{
    const auto grid = windowGrid(plan, records, options);
    if (!grid)
        return fail(grid.error());
    if (auto fits = checkTableSize(grid->cells(), plan.columns.size()); !fits)
        return fail(fits.error());
    job.begin("counting windows", grid->cells());
    const auto cells = sortIntoCells(records.table, *grid);
    auto table = emptyTable(plan, *grid);
    CellFiller filler(plan, records, *grid, cells);
    const auto writing = logsFrom(plan, *grid, options);
    filler.setLogsFrom(writing);
    const auto templates = std::max(templateCount(records), plan.known.documentFrequency.size());
    auto counts = fillUnits(
        table.units(), templates, job, [&] { return Scratch{.templates = TemplateCounter(templates)}; },
        [&](std::size_t unit, Scratch& scratch) {
            filler.fill(unit, scratch, table.values.row(static_cast<Eigen::Index>(unit)).data());
        });
    if (!counts)
        return fail(counts.error());
    table.templates = std::move(*counts);
    if (plan.options.templateSequence) {
        auto sequence = sequenceTemplates(table.units(), membersOf(cells), records, job);
        if (!sequence)
            return fail(sequence.error());
        table.templateSequence = std::move(*sequence);
    }
    if (auto done = fillRollingWindows(table, plan, records, *grid, cells, writing, job); !done)
        return fail(done.error());
    if (auto done = fillVectors(table, plan, records, membersOf(cells), options, job); !done)
        return fail(done.error());
    // What will come is not known yet, live: an entity exists from its first record on.
    if (options.causal && std::any_of(grid->firstWindow.begin(), grid->firstWindow.end(), [](auto w) { return w > 0; }))
        dropUnits(table, [&](std::size_t unit) {
            return unit / grid->entities.size() >= grid->firstWindow[unit % grid->entities.size()];
        });
    fillNovelty(table, plan, options);
    return table;
}

} // namespace faultline::features
