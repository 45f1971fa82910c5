// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/entity_order.h"
#include "engine/features/rolling_features.h"
#include "engine/features/unit_groups.h"
#include "engine/features/window_grid.h"
#include <bit>
#include <map>
#include <numbers>
#include <optional>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <unordered_map>

namespace faultline::features
{

namespace
{
/// One column of the table and what it takes to fill it.
struct SpanColumn {
    Eigen::Index column = 0;
    Feature feature = Feature::GapBefore;
    const records::NumericField* field = nullptr;
    DurationUs length = 0;
    double level = 0.0;
};

std::vector<SpanColumn> findSpanColumns(const FeaturePlan& plan, const records::RecordTable& table)
{
    const auto fields = findFields(table, plan);
    const auto& spans = plan.options.rolling_us;
    const auto& levels = plan.options.groups.quantileLevels;
    std::vector<SpanColumn> found;
    for (std::size_t c = 0; c < plan.planned.size(); ++c) {
        auto [feature, argument] = plan.planned[c];
        SpanColumn column{.column = static_cast<Eigen::Index>(c), .feature = feature};
        switch (feature) {
        case Feature::GapBefore:
            break;
        case Feature::RecentRate:
        case Feature::RecentEntropy:
            column.length = spans[argument];
            break;
        case Feature::RecentQuantile:
            column.level = levels[argument % levels.size()];
            argument = static_cast<std::uint32_t>(argument / levels.size());
            [[fallthrough]];
        case Feature::RecentDistinct:
        case Feature::RollingMean:
        case Feature::RollingMaximum:
            column.length = spans[argument % spans.size()];
            column.field = fields[argument / spans.size()];
            break;
        default:
            continue;
        }
        found.push_back(column);
    }
    return found;
}

using Rows = std::span<const std::uint32_t>; // of one entity, in time order

/// Adds each row, then takes out what lies the span or longer before it, then writes. Rows without a value are skipped.
template <class Add, class Remove, class Write>
void lookBack(const records::RecordTable& table, Rows rows, DurationUs length, const JobContext& job, Add&& add,
              Remove&& remove, Write&& write)
{
    constexpr std::size_t stride = 16'384;
    std::size_t tail = 0;
    for (std::size_t k = 0; k < rows.size(); ++k) {
        if (k % stride == 0 && job.stopRequested())
            return;
        const auto row = rows[k];
        add(row);
        const auto elapsed = [&](std::uint32_t from) {
            return static_cast<std::uint64_t>(table.time[row]) - static_cast<std::uint64_t>(table.time[from]);
        };
        while (elapsed(rows[tail]) >= static_cast<std::uint64_t>(length))
            remove(rows[tail++]);
        write(row);
    }
}

/// Counts of templates, and how many templates have each count: what an entropy needs without visiting every template.
class RecentEntropy
{
public:
    void add(std::uint32_t id) { move(m_count[id]++, 1); }
    void remove(std::uint32_t id)
    {
        const auto before = m_count[id]--;
        move(before, -1);
        if (before == 1)
            m_count.erase(id);
    }
    [[nodiscard]] double bits() const
    {
        double records = 0.0, templates = 0.0, weighted = 0.0;
        for (const auto& [count, held] : m_templatesWith) {
            const auto c = static_cast<double>(count), n = static_cast<double>(held);
            records += c * n;
            templates += n;
            weighted += n * c * std::log2(c);
        }
        if (records == 0.0)
            return 0.0;
        return std::log2(records) - weighted / records + (templates - 1.0) / (2.0 * records * std::numbers::ln2);
    }

private:
    void move(std::uint32_t from, int step)
    {
        if (from > 0)
            if (const auto at = m_templatesWith.find(from); --at->second == 0)
                m_templatesWith.erase(at);
        const auto to = static_cast<std::uint32_t>(static_cast<std::int64_t>(from) + step);
        if (to > 0)
            ++m_templatesWith[to];
    }
    std::unordered_map<std::uint32_t, std::uint32_t> m_count;
    std::map<std::uint32_t, std::uint32_t> m_templatesWith;
};

/// Values among a known set of values, with the k-th smallest in O(log n) (Fenwick 1994).
class OrderedValues
{
public:
    explicit OrderedValues(std::vector<double> values) : m_values(std::move(values))
    {
        std::sort(m_values.begin(), m_values.end());
        m_values.erase(std::unique(m_values.begin(), m_values.end()), m_values.end());
        m_sum.assign(m_values.size() + 1, 0);
    }
    void change(double value, std::int64_t by)
    {
        m_size += by;
        const auto rank = std::lower_bound(m_values.begin(), m_values.end(), value) - m_values.begin();
        for (auto i = static_cast<std::size_t>(rank) + 1; i < m_sum.size(); i += i & (~i + 1))
            m_sum[i] += by;
    }
    [[nodiscard]] double quantile(double level) const
    {
        if (m_size == 0)
            return missing;
        const double position = level * static_cast<double>(m_size - 1);
        const auto below = static_cast<std::int64_t>(position);
        const double low = smallest(below), share = position - static_cast<double>(below);
        return share <= 0.0 ? low : low + share * (smallest(below + 1) - low);
    }

private:
    [[nodiscard]] double smallest(std::int64_t k) const
    {
        std::size_t at = 0;
        for (auto step = std::bit_floor(m_sum.size()); step > 0; step /= 2)
            if (at + step < m_sum.size() && m_sum[at + step] <= k) {
                at += step;
                k -= m_sum[at];
            }
        return m_values[at];
    }
    std::vector<double> m_values;
    std::vector<std::int64_t> m_sum;
    std::int64_t m_size = 0;
};

/// Fills one column for one entity.
class EntityFiller
{
public:
    EntityFiller(FeatureTable& table, const records::RecordTable& records, Rows rows, const SpanColumn& column,
                 const JobContext& job)
        : m_table(table), m_records(records), m_rows(rows), m_column(column), m_job(job)
    {
    }

    void fill() const
    {
        switch (m_column.feature) {
        case Feature::GapBefore:
            return gaps();
        case Feature::RecentRate:
            return rate();
        case Feature::RecentEntropy:
            return entropy();
        case Feature::RecentDistinct:
            return distinct();
        case Feature::RecentQuantile:
            return quantiles();
        default:
            return aggregate();
        }
    }

private:
    void put(std::uint32_t row, double value) const
    {
        m_table.values(static_cast<Eigen::Index>(row), m_column.column) = value;
    }
    [[nodiscard]] double value(std::uint32_t row) const { return fieldValue(m_column.field, row); }

    void gaps() const
    {
        for (std::size_t k = 1; k < m_rows.size(); ++k)
            put(m_rows[k], static_cast<double>(static_cast<std::uint64_t>(m_records.time[m_rows[k]]) -
                                               static_cast<std::uint64_t>(m_records.time[m_rows[k - 1]])) /
                               second_us);
    }

    void rate() const
    {
        double held = 0.0;
        const double seconds = static_cast<double>(m_column.length) / second_us;
        lookBack(
            m_records, m_rows, m_column.length, m_job, [&](auto) { held += 1.0; }, [&](auto) { held -= 1.0; },
            [&](auto row) { put(row, held / seconds); });
    }

    void entropy() const
    {
        RecentEntropy recent;
        lookBack(
            m_records, m_rows, m_column.length, m_job, [&](auto row) { recent.add(m_records.templateId[row]); },
            [&](auto row) { recent.remove(m_records.templateId[row]); }, [&](auto row) { put(row, recent.bits()); });
    }

    void distinct() const
    {
        std::unordered_map<std::uint64_t, std::uint32_t> held;
        const auto key = [&](std::uint32_t row) -> std::optional<std::uint64_t> {
            const double v = value(row);
            if (std::isnan(v))
                return std::nullopt;
            return std::bit_cast<std::uint64_t>(v == 0.0 ? 0.0 : v);
        };
        const auto remove = [&](std::uint32_t row) {
            if (const auto k = key(row))
                if (const auto at = held.find(*k); --at->second == 0)
                    held.erase(at);
        };
        const auto add = [&](std::uint32_t row) {
            if (const auto k = key(row))
                ++held[*k];
        };
        lookBack(m_records, m_rows, m_column.length, m_job, add, remove,
                 [&](auto row) { put(row, static_cast<double>(held.size())); });
    }

    void quantiles() const
    {
        std::vector<double> values;
        for (const auto row : m_rows)
            if (const double v = value(row); !std::isnan(v))
                values.push_back(v);
        OrderedValues held(std::move(values));
        const auto change = [&](std::uint32_t row, int by) {
            if (const double v = value(row); !std::isnan(v))
                held.change(v, by);
        };
        lookBack(
            m_records, m_rows, m_column.length, m_job, [&](auto row) { change(row, 1); },
            [&](auto row) { change(row, -1); }, [&](auto row) { put(row, held.quantile(m_column.level)); });
    }

    /// Mean or maximum. Blocks of the span's length begin at multiples of it, so that a look-back is the end of one
    /// block and the beginning of the next: what it comes to depends on its own rows alone, to the last bit.
    void aggregate() const
    {
        struct Total {
            double sum = 0.0, count = 0.0, largest = -std::numeric_limits<double>::infinity();
            void add(const Total& other)
            {
                sum += other.sum;
                count += other.count;
                largest = std::max(largest, other.largest);
            }
        };
        const auto single = [&](std::uint32_t row) {
            const double v = value(row);
            return std::isnan(v) ? Total{} : Total{v, 1.0, v};
        };
        const auto block = [&](std::size_t k) { return windowOf(m_records.time[m_rows[k]], m_column.length); };
        std::vector<Total> toEnd(m_rows.size());
        for (auto k = m_rows.size(); k-- > 0;) {
            toEnd[k] = single(m_rows[k]);
            if (k + 1 < m_rows.size() && block(k + 1) == block(k))
                toEnd[k].add(toEnd[k + 1]);
        }
        Total fromBegin;
        std::size_t start = 0, k = 0;
        lookBack(
            m_records, m_rows, m_column.length, m_job,
            [&](auto row) {
                if (k > 0 && block(k) != block(k - 1))
                    fromBegin = {};
                fromBegin.add(single(row));
            },
            [&](auto) { ++start; },
            [&](auto row) {
                Total all = block(start) == block(k) ? Total{} : toEnd[start];
                all.add(fromBegin);
                if (all.count > 0.0)
                    put(row, m_column.feature == Feature::RollingMean ? all.sum / all.count : all.largest);
                ++k;
            });
    }

    FeatureTable& m_table;
    const records::RecordTable& m_records;
    Rows m_rows;
    const SpanColumn& m_column;
    const JobContext& m_job;
};

/// Which records a column looks at.
enum class Kind : std::uint8_t { Logs, Metrics, All };

Kind kindOf(Feature feature)
{
    if (feature == Feature::RecentRate || feature == Feature::RecentEntropy)
        return Kind::Logs;
    return feature == Feature::RollingMean || feature == Feature::RollingMaximum ? Kind::Metrics : Kind::All;
}
} // namespace

Result<void> fillRowSpans(FeatureTable& table, const FeaturePlan& plan, const records::RecordSet& records,
                          JobContext& job)
{
    const auto columns = findSpanColumns(plan, records.table);
    for (const auto kind : {Kind::Logs, Kind::Metrics, Kind::All}) {
        std::vector<SpanColumn> mine;
        for (const auto& column : columns)
            if (kindOf(column.feature) == kind)
                mine.push_back(column);
        if (mine.empty())
            continue;
        const EntityOrder order(records.table, [&](std::size_t i) {
            return kind == Kind::All || isLog(records.table, i) == (kind == Kind::Logs);
        });
        job.begin("looking back", mine.size() * order.entities());
        tbb::parallel_for(std::size_t{0}, mine.size() * order.entities(), [&](std::size_t k) {
            if (job.advance())
                EntityFiller(table, records.table, order.of(k / mine.size()), mine[k % mine.size()], job).fill();
        });
        if (job.stopRequested())
            return cancelled();
    }
    return {};
}

void fillRowGroups(FeatureTable& table, const FeaturePlan& plan, const records::RecordTable& records)
{
    const auto fields = findFields(records, plan);
    for (std::size_t c = 0; c < plan.planned.size(); ++c) {
        const auto [feature, argument] = plan.planned[c];
        const bool calendar = feature == Feature::TimeOfDaySine || feature == Feature::TimeOfDayCosine ||
                              feature == Feature::DayOfWeekSine || feature == Feature::DayOfWeekCosine;
        if (!calendar && feature != Feature::FieldRatio)
            continue;
        tbb::parallel_for(std::size_t{0}, table.units(), [&, feature = feature, argument = argument](std::size_t i) {
            double value = missing;
            if (calendar) {
                value = calendarValue(feature, records.time[i], plan.options.zone);
            } else {
                const auto [above, below] = plan.ratios[argument];
                value = fieldValue(fields[above], i) / fieldValue(fields[below], i);
            }
            table.values(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(c)) =
                std::isfinite(value) ? value : missing;
        });
    }
}

} // namespace faultline::features
