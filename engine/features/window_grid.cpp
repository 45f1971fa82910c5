// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/window_grid.h"
#include "engine/features/record_facts.h"
#include <algorithm>
#include <limits>
#include <numeric>
#include <tbb/parallel_for.h>
#include <unordered_map>

namespace faultline::features
{

namespace
{
constexpr std::uint32_t noCell = std::numeric_limits<std::uint32_t>::max();
constexpr TimeUs never = std::numeric_limits<TimeUs>::max();

struct EntityFacts {
    std::uint64_t records = 0;
    TimeUs first = never, firstLog = never;
};

struct TableFacts {
    std::vector<EntityFacts> entities;
    TimeUs first = never, last = noTime;
};

TableFacts surveyEntities(const records::RecordTable& table)
{
    TableFacts facts;
    facts.entities.resize(std::max<std::size_t>(table.entities.size(), 1));
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto time = table.time[i];
        if (time == noTime)
            continue;
        auto& entity = facts.entities[table.entity[i]];
        ++entity.records;
        entity.first = std::min(entity.first, time);
        if (isLog(table, i))
            entity.firstLog = std::min(entity.firstLog, time);
        facts.first = std::min(facts.first, time);
        facts.last = std::max(facts.last, time);
    }
    return facts;
}

std::string entityName(const records::RecordTable& table, std::uint32_t id)
{
    return id < table.entities.size() ? table.entities[id] : std::string();
}

/// Record table ids of the entities that are not known yet and get a place of their own, in the grid's order.
std::vector<std::uint32_t> chooseNew(const TableFacts& facts, const std::vector<std::uint32_t>& candidates,
                                     std::size_t places, bool causal)
{
    auto chosen = candidates;
    const auto merit = [&](std::uint32_t id) {
        return causal ? facts.entities[id].first : -static_cast<std::int64_t>(facts.entities[id].records);
    };
    std::stable_sort(chosen.begin(), chosen.end(), [&](auto a, auto b) { return merit(a) < merit(b); });
    chosen.resize(std::min(chosen.size(), places));
    if (!causal) // chosen by how much they say, they still stand in the order of their appearance
        std::sort(chosen.begin(), chosen.end());
    return chosen;
}

void placeEntities(WindowGrid& grid, const records::RecordTable& table, const TableFacts& facts, const EntityRule& rule,
                   std::size_t limit)
{
    std::unordered_map<std::string, std::uint32_t> idOf;
    for (std::uint32_t id = 0; id < facts.entities.size(); ++id)
        if (facts.entities[id].records > 0)
            idOf.emplace(entityName(table, id), id);
    grid.slotOf.assign(facts.entities.size(), noCell);
    const auto place = [&](const std::string& name, std::uint32_t id) {
        if (id != noCell)
            grid.slotOf[id] = static_cast<std::uint32_t>(grid.entities.size());
        grid.entities.push_back(name);
    };
    bool others = false;
    for (const auto& name : rule.known) {
        const auto at = idOf.find(name);
        if (name == otherEntities)
            others = rule.keepKnown;
        else if (at != idOf.end() || rule.keepKnown)
            place(name, at == idOf.end() ? noCell : at->second);
    }
    std::vector<std::uint32_t> fresh;
    for (std::uint32_t id = 0; id < facts.entities.size(); ++id)
        if (facts.entities[id].records > 0 && grid.slotOf[id] == noCell && entityName(table, id) != otherEntities)
            fresh.push_back(id);
    const auto known =
        rule.known.size() - (std::find(rule.known.begin(), rule.known.end(), otherEntities) != rule.known.end());
    for (const auto id : chooseNew(facts, fresh, limit > known ? limit - known : 0, rule.causal))
        place(entityName(table, id), id);
    const auto other = static_cast<std::uint32_t>(grid.entities.size());
    for (std::uint32_t id = 0; id < facts.entities.size(); ++id)
        if (grid.slotOf[id] == noCell && facts.entities[id].records > 0) {
            grid.slotOf[id] = other;
            others = true;
        }
    if (others)
        grid.entities.emplace_back(otherEntities);
}

/// What the error about too many windows says: the span, so that a stray date is seen, and a window that would do.
Error tooManyCells(const TableFacts& facts, DurationUs length, std::uint64_t windows, std::size_t entities)
{
    const double excess = static_cast<double>(windows) * static_cast<double>(entities) / static_cast<double>(maxCells);
    const auto wanted = std::ceil(excess * static_cast<double>(length) / static_cast<double>(minute_us));
    const auto remedy =
        wanted < 1e9 ? shortDuration(static_cast<DurationUs>(wanted) * minute_us) : std::string("a day");
    return {ErrorCode::Config,
            "windows of " + shortDuration(length) + " from " + formatIso8601(facts.first) + " to " +
                formatIso8601(facts.last) + " for " + std::to_string(entities) + " entities make over 20 million units",
            {},
            "choose a larger window, at least " + remedy + ", and look whether a few records carry a wrong date"};
}

/// Windows from a first time on, for times that may lie far apart.
std::uint64_t windowsBetween(std::int64_t first, TimeUs last, DurationUs length)
{
    return static_cast<std::uint64_t>(windowOf(last, length)) - static_cast<std::uint64_t>(first) + 1;
}

/// Leaves out a first or last window that the data covers in part only: its counts are low because the file begins or
/// ends there, not because something fell silent. Partial means that what is missing is over a tenth of the window and
/// over 20 mean steps between records, so that sparse data keeps its windows. Live runs keep all: they cannot know
/// where the data ends.
void dropPartialEdges(WindowGrid& grid, const TableFacts& facts, std::size_t records)
{
    constexpr std::uint64_t fewestWindows = 10;
    const auto step =
        static_cast<double>(facts.last - facts.first) / static_cast<double>(std::max<std::size_t>(records, 2) - 1);
    const auto allowed = std::max(0.1 * static_cast<double>(grid.length), 20.0 * step);
    const auto begin = grid.first * grid.length;
    const auto end = begin + static_cast<TimeUs>(grid.windows) * grid.length;
    if (grid.windows > fewestWindows && static_cast<double>(facts.first - begin) > allowed) {
        ++grid.first;
        --grid.windows;
    }
    if (grid.windows > fewestWindows && static_cast<double>(end - facts.last) > allowed)
        --grid.windows;
}

void noteFirsts(WindowGrid& grid, const TableFacts& facts)
{
    grid.firstWindow.assign(grid.entities.size(), WindowGrid::noLog);
    grid.firstLog.assign(grid.entities.size(), WindowGrid::noLog);
    for (std::size_t id = 0; id < facts.entities.size(); ++id) {
        const auto& entity = facts.entities[id];
        if (grid.slotOf[id] == noCell)
            continue;
        const auto number = [&](TimeUs time) {
            return static_cast<std::uint32_t>(std::max<std::int64_t>(0, windowOf(time, grid.length) - grid.first));
        };
        auto& firstWindow = grid.firstWindow[grid.slotOf[id]];
        firstWindow = std::min(firstWindow, number(entity.first));
        auto& firstLog = grid.firstLog[grid.slotOf[id]];
        if (entity.firstLog != never)
            firstLog = std::min(firstLog, number(entity.firstLog));
    }
}
} // namespace

Result<WindowGrid> layWindows(const records::RecordTable& table, const FeatureOptions& options, const EntityRule& rule)
{
    const auto facts = surveyEntities(table);
    if (facts.last == noTime)
        return fail({ErrorCode::Config,
                     "no record carries a time, so there are no time windows",
                     {},
                     "name the time column, or score rows or sessions"});
    if (table.size() >= noCell)
        return fail({ErrorCode::Config, "more than 4,294,967,294 records", {}, "analyze a part of them"});
    WindowGrid grid{.first = windowOf(facts.first, options.window_us), .length = options.window_us};
    grid.windows = windowsBetween(grid.first, facts.last, grid.length);
    placeEntities(grid, table, facts, rule, options.maxEntities);
    if (grid.windows > maxCells / grid.entities.size())
        return fail(tooManyCells(facts, grid.length, grid.windows, grid.entities.size()));
    if (!rule.causal)
        dropPartialEdges(grid, facts, table.size());
    noteFirsts(grid, facts);
    if (rule.keepKnown)
        for (std::size_t e = 0; e < grid.entities.size(); ++e)
            if (std::find(rule.known.begin(), rule.known.end(), grid.entities[e]) != rule.known.end())
                grid.firstWindow[e] = 0;
    return grid;
}

CellRecords sortIntoCells(const records::RecordTable& table, const WindowGrid& grid)
{
    std::vector<std::uint32_t> cellOf(table.size());
    const auto entities = static_cast<std::uint32_t>(grid.entities.size());
    constexpr std::size_t run = 65'536;
    tbb::parallel_for(std::size_t{0}, (table.size() + run - 1) / run, [&](std::size_t r) {
        const auto last = std::min(table.size(), (r + 1) * run);
        for (auto i = r * run; i < last; ++i) {
            const auto time = table.time[i];
            const auto window = time == noTime ? -1 : windowOf(time, grid.length) - grid.first;
            const bool inside = window >= 0 && window < static_cast<std::int64_t>(grid.windows);
            cellOf[i] = inside ? static_cast<std::uint32_t>(window) * entities + grid.slotOf[table.entity[i]] : noCell;
        }
    });
    CellRecords cells;
    cells.begin.assign(grid.cells() + 1, 0);
    for (const auto cell : cellOf)
        if (cell != noCell)
            ++cells.begin[cell];
    // Each entry first becomes the end of its cell; filling backwards then moves it to the cell's beginning, in table
    // order.
    std::inclusive_scan(cells.begin.begin(), cells.begin.end(), cells.begin.begin());
    cells.records.resize(cells.begin.back());
    for (auto i = cellOf.size(); i-- > 0;)
        if (cellOf[i] != noCell)
            cells.records[--cells.begin[cellOf[i]]] = static_cast<std::uint32_t>(i);
    return cells;
}

} // namespace faultline::features
