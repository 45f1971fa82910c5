// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/job.h"
#include "engine/features/feature_plan.h"
#include "engine/records/loader.h"
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace faultline::features
{

inline constexpr double missing = std::numeric_limits<double>::quiet_NaN();
/// Log records carry at most this many numeric fields into the table, the most filled ones.
inline constexpr std::size_t maxLogFields = 32;
/// With FeatureOptions::causalColumns, fit() sees this many units.
inline constexpr std::size_t causalUnits = 100;
/// Largest feature table that is built: 2^29 values are 4 GiB.
inline constexpr std::uint64_t maxTableValues = 1ULL << 29;

/// A numeric field by name, or nullptr.
[[nodiscard]] const records::NumericField* findField(const records::RecordTable& table, std::string_view name);
/// The plan's fields in this table, nullptr where it has none of that name.
[[nodiscard]] std::vector<const records::NumericField*> findFields(const records::RecordTable& table,
                                                                   const FeaturePlan& plan);

/// A field's value; missing for infinities too, and for a field that is not there. Beyond +-1e150 it stops, so that squares and
/// sums of what a hostile file holds stay finite.
[[nodiscard]] inline double fieldValue(const records::NumericField* field, std::size_t record)
{
    if (field == nullptr)
        return missing;
    const double value = (*field)[record];
    return std::isfinite(value) ? std::clamp(value, -1e150, 1e150) : missing;
}

[[nodiscard]] inline bool isLog(const records::RecordTable& table, std::size_t record)
{
    return table.templateId[record] != records::noTemplate;
}

/// Whether a record reports an error: by its level, or by an HTTP status from 400 on.
class ErrorRule
{
public:
    explicit ErrorRule(const records::RecordTable& table);
    [[nodiscard]] bool operator()(std::size_t record) const
    {
        return m_table->level[record] >= records::Level::Error || (m_status != nullptr && (*m_status)[record] >= 400.0);
    }

private:
    const records::RecordTable* m_table;
    const records::NumericField* m_status;
};

/// A run of records [first, last) that fit() may look at.
struct RecordRange {
    std::size_t first = 0, last = 0;
    TimeUs before = std::numeric_limits<TimeUs>::max(); ///< and only those earlier than this
};

/// How much of each numeric field stands in log records and in metric records.
struct FieldUse {
    std::uint64_t inLogs = 0, inMetrics = 0;
};
[[nodiscard]] std::vector<FieldUse> countFieldUse(const records::RecordTable& table, const RecordRange& range);

/// The fields worth columns, as indices into the table's fields in their order: of log records the most filled ones, of
/// metric records all. With causalColumns metric fields count although the range holds no value of them yet: a header
/// names them.
struct FieldChoice {
    std::vector<std::uint32_t> log, metric;
};
[[nodiscard]] FieldChoice chooseFields(const records::RecordTable& table, const RecordRange& range, bool causalColumns);

/// Number of templates: one more than the largest id that the set or the records know. O(records).
[[nodiscard]] std::size_t templateCount(const records::RecordSet& records);
/// Log records of each template. O(records).
[[nodiscard]] std::vector<std::int64_t> countTemplates(const records::RecordSet& records);
/// The most frequent templates, most frequent first (ties by id), at most `limit`.
[[nodiscard]] std::vector<std::uint32_t> frequentTemplates(const std::vector<std::int64_t>& counts, std::size_t limit);
/// Column "template T-3f2a9c01" for each of the most frequent templates.
void planTemplateColumns(FeaturePlan& plan, const records::RecordSet& records, const std::string& unit);

/// "per 60 s", "per 5 min", "per 250 ms".
[[nodiscard]] std::string perDuration(DurationUs duration);
/// "60 s", "5 min", "250 ms".
[[nodiscard]] std::string shortDuration(DurationUs duration);

/// Config error when a table of that size would not fit.
[[nodiscard]] Result<void> checkTableSize(std::uint64_t units, std::size_t columns);

} // namespace faultline::features
