// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/missing_rows.h"
#include "engine/records/sampling.h"
#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <vector>

namespace faultline::records
{

namespace
{
constexpr std::size_t timesOfSeries = 4'096, timesInAll = std::size_t{4} << 20;
constexpr std::size_t fewestTimes = 20;
constexpr double longestJitter = 1.5;
constexpr std::size_t recordsBetweenChecks = 1U << 20;

struct Series {
    std::vector<TimeUs> first; ///< its first times
    DurationUs step_us = 0;    ///< 0: not regular
    TimeUs last = noTime;
};

class Rows
{
public:
    Rows(const RecordSet& records, std::size_t begin, std::size_t end, JobContext& job)
        : m_records(records), m_begin(begin), m_end(end), m_job(job)
    {
    }

    Result<MissingRows> count()
    {
        if (!eachRow([this](std::size_t row, Series& series) { keepFirst(row, series); }))
            return cancelled();
        for (auto& [entity, series] : m_series)
            learnStep(series);
        if (m_out.series > 0 && !eachRow([this](std::size_t row, Series& series) { follow(row, series); }))
            return cancelled();
        return m_out;
    }

private:
    /// False when the job was stopped.
    template <class Do>
    bool eachRow(const Do& visit)
    {
        const auto& table = m_records.table;
        Series* series = nullptr;
        for (auto row = m_begin; row < m_end; ++row) {
            if ((row - m_begin) % recordsBetweenChecks == recordsBetweenChecks - 1 && m_job.stopRequested())
                return false;
            if (table.time[row] == noTime || (table.flags[row] & TimeInherited) != 0)
                continue;
            if (series == nullptr || table.entity[row] != m_entity) {
                m_entity = table.entity[row];
                series = &m_series[m_entity];
            }
            visit(row, *series);
        }
        return true;
    }

    void keepFirst(std::size_t row, Series& series)
    {
        if (series.first.size() == timesOfSeries || m_kept == timesInAll)
            return;
        series.first.push_back(m_records.table.time[row]);
        ++m_kept;
    }

    void learnStep(Series& series)
    {
        const auto sampling = samplingOf(series.first);
        series.first = {};
        if (!sampling.regular || sampling.times < fewestTimes)
            return;
        series.step_us = sampling.step_us;
        ++m_out.series;
    }

    void follow(std::size_t row, Series& series)
    {
        const auto time = m_records.table.time[row];
        if (series.step_us == 0 || time <= series.last)
            return;
        const auto before = series.last;
        series.last = time;
        ++m_out.expected;
        if (m_out.step_us == 0)
            m_out.step_us = series.step_us;
        const double steps = static_cast<double>(time - before) / static_cast<double>(series.step_us);
        if (before == noTime || steps <= longestJitter)
            return;
        const auto missing = static_cast<std::uint64_t>(std::max(1LL, std::llround(steps) - 1));
        m_out.expected += missing;
        m_out.missing += missing;
        ++m_out.gaps;
        if (missing <= m_out.longestRows)
            return;
        m_out.longestRows = missing;
        m_out.step_us = series.step_us;
        m_out.longest = {.begin = before, .end = time, .line = m_records.lineNumber(row)};
    }

    const RecordSet& m_records;
    std::size_t m_begin, m_end;
    JobContext& m_job;
    std::unordered_map<EntityId, Series> m_series;
    EntityId m_entity = 0;
    std::size_t m_kept = 0;
    MissingRows m_out;
};
} // namespace

Result<MissingRows> missingRows(const RecordSet& records, std::size_t begin, std::size_t end, JobContext& job)
{
    return Rows(records, begin, end, job).count();
}

} // namespace faultline::records
