// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/time.h"
#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace faultline::features
{

enum class UnitKind : std::uint8_t { Row, Window, Session };
[[nodiscard]] std::string unitKindName(UnitKind kind); ///< "row", "window", "session"

/// Units x columns, row-major: a unit's features lie side by side. Missing is NaN.
using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

enum class ColumnRole : std::uint8_t {
    Value,   ///< a measurement, any sign
    Count,   ///< events per unit, >= 0
    Share,   ///< ratio in [0, 1]
    Novelty, ///< counts of things never or hardly ever seen; zero is normal
    Phase,   ///< time of day or week; context for models, never itself a reason
};

struct Column {
    std::string name; ///< "errors", "latency_ms p95", "template T-3f2a9c01"
    std::string unit; ///< "per 60 s", "ms", ""
    ColumnRole role = ColumnRole::Value;
    /// Differences below this are rounding or counting noise and never unusual, in the column's unit. 0 = derive from the data.
    double noiseFloor = 0.0;
    std::uint32_t templateId = 0xffffffff; ///< for a column that counts one template: which
};

/// Sparse template counts per unit (compressed rows): unit i's entries are [begin[i], begin[i + 1]).
struct SparseCounts {
    std::vector<std::uint64_t> begin; ///< units + 1 entries, or empty when there are no templates
    std::vector<std::uint32_t> templateId;
    std::vector<float> count;
    std::uint32_t templateCount = 0; ///< ids are below this
    [[nodiscard]] bool empty() const { return begin.empty(); }
};

/// The templates of each unit's log records, in time order: unit i's are [begin[i], begin[i + 1]). Filled only where
/// FeatureOptions::templateSequence asks for it: 4 bytes a record.
struct TemplateSequence {
    std::vector<std::uint64_t> begin; ///< units + 1 entries, or empty when it was not asked for
    std::vector<std::uint32_t> templateId;
    [[nodiscard]] bool empty() const { return begin.empty(); }
    [[nodiscard]] std::span<const std::uint32_t> of(std::size_t unit) const
    {
        return std::span(templateId).subspan(begin[unit], begin[unit + 1] - begin[unit]);
    }
};

/// What the detectors see. Cost: 8 bytes a cell, 20 bytes a unit, 8 bytes a sparse entry.
struct FeatureTable {
    UnitKind kind = UnitKind::Row;
    std::vector<Column> columns;
    Matrix values;                     ///< rows() units x columns.size()
    std::vector<TimeUs> start, end;    ///< per unit, [start, end); for rows both are the record's time; noTime when unknown
    std::vector<std::uint32_t> entity; ///< per unit, index into entities
    std::vector<std::string> entities; ///< [0] may be "": no entity
    std::vector<std::string> keys;     ///< session keys per unit; empty for other kinds
    std::vector<std::uint32_t> record; ///< Row: the unit's record; empty for other kinds
    SparseCounts templates;            ///< Window and Session over logs
    TemplateSequence templateSequence; ///< Window and Session, on demand; ids are below templates.templateCount

    [[nodiscard]] std::size_t units() const { return static_cast<std::size_t>(values.rows()); }
    [[nodiscard]] std::span<const double> row(std::size_t unit) const
    {
        return {values.data() + unit * static_cast<std::size_t>(values.cols()), static_cast<std::size_t>(values.cols())};
    }
    /// A copy of units [first, last), columns and entities kept.
    [[nodiscard]] FeatureTable slice(std::size_t first, std::size_t last) const;
    /// Appends the other table's units; columns must be equal, entities are joined by name.
    void append(const FeatureTable& other);
};

} // namespace faultline::features
