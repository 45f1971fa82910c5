// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/models/log_slice.h"
#include "engine/pipeline/analysis.h"
#include <algorithm>

namespace faultline::ui
{

Result<LogSlicePtr> LogSlice::build(ChartDataPtr data, const Filter& filter, JobContext& job)
{
    auto slice = std::make_shared<LogSlice>();
    slice->m_data = std::move(data);
    slice->m_filter = filter;
    if (!slice->m_data->hasRecords())
        return LogSlicePtr(slice);
    const auto& run = *slice->m_data->result;
    slice->m_byTime = slice->m_data->axis == AxisKind::Time;
    slice->m_last = slice->m_byTime ? run.timeline->order().size() : run.records->table.size();
    if (!filter.span.empty() && slice->m_byTime) {
        slice->m_first = run.timeline->lowerBound(filter.span.from);
        slice->m_last = run.timeline->lowerBound(filter.span.to);
    } else if (!filter.span.empty()) {
        slice->m_first = slice->rowAtAxis(filter.span.from);
        slice->m_last = slice->rowAtAxis(filter.span.to);
    }
    if (filter.entity != allEntities)
        if (const auto picked = slice->pick(job); !picked)
            return fail(picked.error());
    if (const auto drawn = slice->drawMap(job); !drawn)
        return fail(drawn.error());
    return LogSlicePtr(slice);
}

/// Entities of the feature table and of the records are joined by name; what the table calls "(other)" stands for many
/// and is not filtered by.
Result<void> LogSlice::pick(JobContext& job)
{
    const auto& run = *m_data->result;
    const auto& table = run.records->table;
    const auto wanted = table.entities.find(run.table.entities[static_cast<std::size_t>(m_filter.entity)]);
    if (!wanted)
        return {};
    for (std::size_t i = m_first; i < m_last; ++i) {
        const auto record = ordered(i);
        if (table.entity[record] == *wanted)
            m_rows.push_back(record);
        if (i % 65'536 == 0 && job.stopRequested())
            return cancelled();
    }
    m_picked = true;
    return {};
}

Result<void> LogSlice::drawMap(JobContext& job)
{
    const auto& table = m_data->result->records->table;
    const std::size_t count = rows();
    for (std::size_t row = 0; row < count; ++row) {
        auto& cell = m_map[row * mapCells / count];
        const auto level = static_cast<std::uint8_t>(table.level[recordAt(row)]);
        if (level >= static_cast<std::uint8_t>(records::Level::Warn))
            cell.level = std::max(cell.level, level);
        if (row % 65'536 == 0 && job.stopRequested())
            return cancelled();
    }
    return {};
}

std::uint32_t LogSlice::ordered(std::size_t position) const
{
    return m_byTime ? m_data->result->timeline->order()[position] : static_cast<std::uint32_t>(position);
}

std::uint32_t LogSlice::recordAt(std::size_t row) const
{
    return m_picked ? m_rows[row] : ordered(m_first + row);
}

TimeUs LogSlice::axisOfRecord(std::uint32_t record) const
{
    const auto& run = *m_data->result;
    if (m_byTime)
        return run.records->table.time[record];
    if (!run.isScored())
        return static_cast<TimeUs>(record);
    // Rows without time: a unit's place on the axis is its index.
    const auto& unitRecords = run.table.record;
    const auto unit = std::lower_bound(unitRecords.begin(), unitRecords.end(), record);
    return unit == unitRecords.end() ? noTime : static_cast<TimeUs>(unit - unitRecords.begin());
}

TimeUs LogSlice::axisAt(std::size_t row) const
{
    return row < rows() ? axisOfRecord(recordAt(row)) : noTime;
}

std::size_t LogSlice::rowAtAxis(TimeUs place) const
{
    std::size_t low = 0, high = rows();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (axisAt(middle) < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

std::size_t LogSlice::rowOf(std::uint32_t record) const
{
    // Rows come by place, and those of one place by record.
    const auto wanted = std::pair(axisOfRecord(record), record);
    std::size_t low = 0, high = rows();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (std::pair(axisAt(middle), recordAt(middle)) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low < rows() && recordAt(low) == record ? low : rows();
}

} // namespace faultline::ui
