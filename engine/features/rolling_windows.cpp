// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/rolling_windows.h"
#include "engine/features/record_facts.h"
#include <algorithm>
#include <limits>
#include <map>
#include <tbb/parallel_for.h>

namespace faultline::features
{

namespace
{
constexpr double lowest = -std::numeric_limits<double>::infinity();

bool isRolling(Feature feature)
{
    return feature >= Feature::RollingRecords && feature <= Feature::RollingMaximum;
}

/// What is added up per window: records, errors, then sum, count and maximum of each field that a column needs.
struct FactLayout {
    std::vector<std::uint32_t> fields; ///< of the plan
    [[nodiscard]] std::size_t size() const { return 2 + 3 * fields.size(); }
    [[nodiscard]] std::size_t sum(std::size_t slot) const { return 2 + 3 * slot; }
    [[nodiscard]] double identity(std::size_t fact) const { return fact >= 2 && (fact - 2) % 3 == 2 ? lowest : 0.0; }
};

FactLayout layoutOf(const FeaturePlan& plan)
{
    FactLayout layout;
    for (const auto& column : plan.planned)
        if (column.feature == Feature::RollingMean || column.feature == Feature::RollingMaximum)
            layout.fields.push_back(static_cast<std::uint32_t>(column.argument / plan.options.rolling_us.size()));
    std::sort(layout.fields.begin(), layout.fields.end());
    layout.fields.erase(std::unique(layout.fields.begin(), layout.fields.end()), layout.fields.end());
    return layout;
}

std::int64_t longestLookBack(const FeaturePlan& plan)
{
    std::int64_t longest = 1;
    for (const auto span : plan.options.rolling_us)
        longest = std::max(longest, windowsIn(span, plan.options.window_us));
    return longest;
}

/// The windows of one entity: those of the grid, and before them as many as the longest look-back reaches.
class EntityWindows
{
public:
    EntityWindows(const FeaturePlan& plan, const records::RecordSet& records, const WindowGrid& grid,
                  const CellRecords& cells)
        : m_plan(plan), m_table(records.table), m_grid(grid), m_cells(cells), m_layout(layoutOf(plan)),
          m_fields(findFields(records.table, plan)), m_isError(records.table),
          m_before(static_cast<std::size_t>(longestLookBack(plan) - 1))
    {
        for (std::uint32_t e = 0; e < plan.tail.entities.size(); ++e)
            m_tailOf[plan.tail.entities[e]] = e;
    }

    [[nodiscard]] const FactLayout& layout() const { return m_layout; }
    [[nodiscard]] std::size_t before() const { return m_before; }
    [[nodiscard]] std::size_t size() const { return m_before + m_grid.windows; }
    [[nodiscard]] std::int64_t first() const { return m_grid.first - static_cast<std::int64_t>(m_before); }

    /// facts[fact][window].
    void gather(std::size_t entity, std::vector<std::vector<double>>& facts) const
    {
        facts.resize(m_layout.size());
        for (std::size_t f = 0; f < facts.size(); ++f)
            facts[f].assign(size(), m_layout.identity(f));
        recall(entity, facts);
        for (std::size_t w = 0; w < m_grid.windows; ++w)
            for (const auto i : members(w, entity))
                count(i, m_before + w, facts);
    }

    /// Calls see(window, template) for each log record of the entity, and for each template of the tail's windows.
    template <class See>
    void templates(std::size_t entity, See&& see) const
    {
        if (const auto at = m_tailOf.find(m_grid.entities[entity]); at != m_tailOf.end())
            for (const auto& seen :
                 std::ranges::equal_range(m_plan.tail.templates, at->second, {}, &RollingTail::Seen::entity))
                if (const auto window = placeOf(seen.window); window < m_before)
                    see(window, seen.templateId);
        for (std::size_t w = 0; w < m_grid.windows; ++w)
            for (const auto i : members(w, entity))
                if (isLog(m_table, i))
                    see(m_before + w, m_table.templateId[i]);
    }

private:
    [[nodiscard]] std::span<const std::uint32_t> members(std::size_t window, std::size_t entity) const
    {
        const auto cell = window * m_grid.entities.size() + entity;
        return std::span(m_cells.records).subspan(m_cells.begin[cell], m_cells.begin[cell + 1] - m_cells.begin[cell]);
    }

    /// Where the tail's window stands; beyond any window when it is too old or not older than the grid.
    [[nodiscard]] std::size_t placeOf(std::size_t tailWindow) const
    {
        const auto number =
            m_plan.tail.end - static_cast<std::int64_t>(m_plan.tail.windows) + static_cast<std::int64_t>(tailWindow);
        return number < first() || number >= m_grid.first ? size() : static_cast<std::size_t>(number - first());
    }

    void recall(std::size_t entity, std::vector<std::vector<double>>& facts) const
    {
        const auto& tail = m_plan.tail;
        const auto at = m_tailOf.find(m_grid.entities[entity]);
        if (at == m_tailOf.end() || tail.facts != m_layout.size())
            return;
        for (std::size_t w = 0; w < tail.windows; ++w)
            if (const auto window = placeOf(w); window < m_before)
                for (std::size_t f = 0; f < tail.facts; ++f)
                    facts[f][window] = tail.values[(at->second * tail.windows + w) * tail.facts + f];
    }

    void count(std::uint32_t record, std::size_t window, std::vector<std::vector<double>>& facts) const
    {
        if (isLog(m_table, record)) {
            facts[0][window] += 1.0;
            facts[1][window] += m_isError(record) ? 1.0 : 0.0;
        }
        for (std::size_t slot = 0; slot < m_layout.fields.size(); ++slot) {
            const double value = fieldValue(m_fields[m_layout.fields[slot]], record);
            if (std::isnan(value))
                continue;
            const auto fact = m_layout.sum(slot);
            facts[fact][window] += value;
            facts[fact + 1][window] += 1.0;
            facts[fact + 2][window] = std::max(facts[fact + 2][window], value);
        }
    }

    const FeaturePlan& m_plan;
    const records::RecordTable& m_table;
    const WindowGrid& m_grid;
    const CellRecords& m_cells;
    FactLayout m_layout;
    std::vector<const records::NumericField*> m_fields;
    ErrorRule m_isError;
    std::size_t m_before;
    std::map<std::string, std::uint32_t> m_tailOf;
};

/// Fills the columns of one entity, one after the other.
class EntityColumns
{
public:
    EntityColumns(FeatureTable& table, const FeaturePlan& plan, const EntityWindows& windows, std::size_t entities,
                  std::size_t entity, std::size_t logsFrom)
        : m_table(table), m_plan(plan), m_windows(windows), m_entities(entities), m_entity(entity), m_logsFrom(logsFrom)
    {
        windows.gather(entity, m_facts);
    }

    void fill(std::size_t column)
    {
        const auto [feature, argument] = m_plan.planned[column];
        const auto spans = m_plan.options.rolling_us.size();
        const bool ofField = feature == Feature::RollingMean || feature == Feature::RollingMaximum;
        const auto length = static_cast<std::size_t>(
            windowsIn(m_plan.options.rolling_us[ofField ? argument % spans : argument], m_plan.options.window_us));
        if (ofField)
            fillField(column, static_cast<std::uint32_t>(argument / spans), length);
        else if (feature == Feature::RollingTemplates)
            fillTemplates(column, length);
        else
            fillRecords(column, length);
    }

private:
    static double add(double a, double b) { return a + b; }
    static double larger(double a, double b) { return std::max(a, b); }

    void put(std::size_t column, bool ofLogs, const std::function<double(std::size_t)>& value)
    {
        for (auto w = m_windows.before(); w < m_windows.size(); ++w) {
            const auto window = w - m_windows.before();
            const double cell = ofLogs && window < m_logsFrom ? missing : value(w);
            m_table.values(static_cast<Eigen::Index>(window * m_entities + m_entity),
                           static_cast<Eigen::Index>(column)) = std::isfinite(cell) ? cell : missing;
        }
    }

    void fillRecords(std::size_t column, std::size_t length)
    {
        slide(m_facts[0], m_windows.first(), length, 0.0, add, m_first);
        if (m_plan.planned[column].feature == Feature::RollingRecords)
            return put(column, true, [&](std::size_t w) { return m_first[w]; });
        slide(m_facts[1], m_windows.first(), length, 0.0, add, m_second);
        put(column, true, [&](std::size_t w) { return m_first[w] > 0.0 ? m_second[w] / m_first[w] : 0.0; });
    }

    void fillField(std::size_t column, std::uint32_t field, std::size_t length)
    {
        const auto& fields = m_windows.layout().fields;
        const auto slot =
            static_cast<std::size_t>(std::lower_bound(fields.begin(), fields.end(), field) - fields.begin());
        const auto fact = m_windows.layout().sum(slot);
        if (m_plan.planned[column].feature == Feature::RollingMaximum) {
            slide(m_facts[fact + 2], m_windows.first(), length, lowest, larger, m_first);
            return put(column, false, [&](std::size_t w) { return m_first[w]; });
        }
        slide(m_facts[fact], m_windows.first(), length, 0.0, add, m_first);
        slide(m_facts[fact + 1], m_windows.first(), length, 0.0, add, m_second);
        put(column, false, [&](std::size_t w) { return m_first[w] / m_second[w]; });
    }

    /// A template counts in the windows from where it occurs to `length - 1` later, until it occurs again.
    void fillTemplates(std::size_t column, std::size_t length)
    {
        std::vector<double> change(m_windows.size() + 1, 0.0);
        std::map<std::uint32_t, std::size_t> until; // template -> first window that does not look back on it any more
        m_windows.templates(m_entity, [&](std::size_t window, std::uint32_t id) {
            auto& end = until[id];
            const auto from = std::max(window, end), to = std::min(window + length, m_windows.size());
            if (from < to) {
                change[from] += 1.0;
                change[to] -= 1.0;
            }
            end = std::max(end, to);
        });
        for (std::size_t w = 1; w < change.size(); ++w)
            change[w] += change[w - 1];
        put(column, true, [&](std::size_t w) { return change[w]; });
    }

    FeatureTable& m_table;
    const FeaturePlan& m_plan;
    const EntityWindows& m_windows;
    std::size_t m_entities, m_entity, m_logsFrom;
    std::vector<std::vector<double>> m_facts;
    std::vector<double> m_first, m_second;
};
} // namespace

void slide(std::span<const double> values, std::int64_t first, std::size_t length, double identity,
           const std::function<double(double, double)>& op, std::vector<double>& out)
{
    const auto block = static_cast<std::int64_t>(length);
    const auto inBlock = [&](std::size_t i) {
        const auto place = (first + static_cast<std::int64_t>(i)) % block;
        return place < 0 ? place + block : place;
    };
    std::vector<double> toEnd(values.begin(), values.end());
    for (auto i = values.size(); i-- > 1;)
        if (inBlock(i) != 0)
            toEnd[i - 1] = op(toEnd[i - 1], toEnd[i]);
    out.assign(values.size(), identity);
    double fromBegin = identity;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto place = inBlock(i);
        fromBegin = place == 0 ? values[i] : op(fromBegin, values[i]);
        const bool wholeBlock = place == block - 1;
        const auto start = i + 1 >= length ? i + 1 - length : 0;
        const bool sameBlock = wholeBlock || static_cast<std::int64_t>(i - start) <= place;
        out[i] = sameBlock ? fromBegin : op(toEnd[start], fromBegin);
    }
}

bool hasRollingColumns(const FeaturePlan& plan)
{
    return plan.options.kind == UnitKind::Window &&
           std::any_of(plan.planned.begin(), plan.planned.end(), [](const auto& p) { return isRolling(p.feature); });
}

Result<void> fillRollingWindows(FeatureTable& table, const FeaturePlan& plan, const records::RecordSet& records,
                                const WindowGrid& grid, const CellRecords& cells,
                                std::span<const std::uint32_t> logsFrom, JobContext& job)
{
    if (!hasRollingColumns(plan))
        return {};
    const EntityWindows windows(plan, records, grid, cells);
    const auto entities = grid.entities.size();
    job.begin("looking back", entities);
    tbb::parallel_for(std::size_t{0}, entities, [&](std::size_t e) {
        if (job.stopRequested())
            return;
        EntityColumns columns(table, plan, windows, entities, e, logsFrom[e]);
        for (std::size_t c = 0; c < plan.planned.size() && !job.stopRequested(); ++c)
            if (isRolling(plan.planned[c].feature))
                columns.fill(c);
        (void)job.advance();
    });
    if (job.stopRequested())
        return cancelled();
    return {};
}

RollingTail rollingTail(const FeaturePlan& plan, const records::RecordSet& records, const WindowGrid& grid,
                        const CellRecords& cells)
{
    const EntityWindows windows(plan, records, grid, cells);
    const auto kept = windows.before(), from = windows.size() - kept;
    RollingTail tail{.end = grid.first + static_cast<std::int64_t>(grid.windows),
                     .windows = kept,
                     .facts = windows.layout().size(),
                     .entities = grid.entities};
    std::vector<std::vector<double>> facts;
    for (std::uint32_t e = 0; e < grid.entities.size(); ++e) {
        windows.gather(e, facts);
        for (std::size_t w = from; w < windows.size(); ++w)
            for (const auto& fact : facts)
                tail.values.push_back(fact[w]);
        std::vector<RollingTail::Seen> seen;
        windows.templates(e, [&](std::size_t window, std::uint32_t id) {
            if (window >= from)
                seen.push_back({e, static_cast<std::uint32_t>(window - from), id});
        });
        const auto key = [](const RollingTail::Seen& s) { return std::pair(s.window, s.templateId); };
        std::ranges::sort(seen, {}, key);
        const auto rest = std::ranges::unique(seen, {}, key);
        seen.erase(rest.begin(), rest.end());
        tail.templates.insert(tail.templates.end(), seen.begin(), seen.end());
    }
    return tail;
}

} // namespace faultline::features
