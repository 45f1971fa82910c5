// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/charts/chart_data.h"
#include <array>
#include <cstdint>
#include <vector>

namespace faultline::ui
{

/// Which records the log shows: a stretch of the axis, one entity or all. Rows are in time order (file order without
/// times). Built in a worker, immutable after that; without an entity filter it costs nothing however many records
/// there are.
class LogSlice
{
public:
    struct Filter {
        AxisSpan span;            ///< empty: all of it
        int entity = allEntities; ///< of the feature table
        friend bool operator==(const Filter&, const Filter&) = default;
    };
    /// Highest level from warn on per 1/256 of the rows.
    static constexpr std::size_t mapCells = 256;
    struct MapCell {
        std::uint8_t level = 0;
    };

    [[nodiscard]] static Result<std::shared_ptr<const LogSlice>> build(ChartDataPtr data, const Filter& filter,
                                                                       JobContext& job);

    [[nodiscard]] const ChartDataPtr& data() const { return m_data; }
    [[nodiscard]] const Filter& filter() const { return m_filter; }
    [[nodiscard]] std::size_t rows() const { return m_picked ? m_rows.size() : m_last - m_first; }
    [[nodiscard]] std::uint32_t recordAt(std::size_t row) const;
    /// Where a record stands on the axis; noTime when nowhere.
    [[nodiscard]] TimeUs axisAt(std::size_t row) const;
    /// First row at or after a place of the axis; rows() when there is none.
    [[nodiscard]] std::size_t rowAtAxis(TimeUs place) const;
    /// The record's row; rows() when it is not part of the slice.
    [[nodiscard]] std::size_t rowOf(std::uint32_t record) const;
    [[nodiscard]] const std::array<MapCell, mapCells>& map() const { return m_map; }

private:
    [[nodiscard]] std::uint32_t ordered(std::size_t position) const;
    [[nodiscard]] TimeUs axisOfRecord(std::uint32_t record) const;
    Result<void> pick(JobContext& job);
    Result<void> drawMap(JobContext& job);

    ChartDataPtr m_data;
    Filter m_filter;
    bool m_byTime = true;  ///< positions count along Timeline::order(), else along the table
    bool m_picked = false; ///< m_rows lists the records, else positions [m_first, m_last)
    std::size_t m_first = 0, m_last = 0;
    std::vector<std::uint32_t> m_rows;
    std::array<MapCell, mapCells> m_map{};
};

using LogSlicePtr = std::shared_ptr<const LogSlice>; // shared: the model and its page worker read one immutable slice

} // namespace faultline::ui
