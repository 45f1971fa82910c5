// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/features/feature_table.h"
#include "engine/records/loader.h"
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace faultline::explain
{

/// How often each template occurs for each entity over a whole table: what an episode's counts are compared with.
/// Sessions are compared with all sessions, whatever their entity. Cost: one pass over the template counts (about 50 ms
/// for 10 M of them), 40 bytes per template and entity.
struct TemplateTotals {
    struct Group {
        std::unordered_map<std::uint32_t, double> count; ///< by template
        std::uint64_t units = 0;                         ///< that hold at least one template
        std::int64_t first = 0;                          ///< position (see positionOf) of the first such unit
    };
    std::vector<Group> groups;           ///< by groupOf()
    std::vector<std::int64_t> firstSeen; ///< by template: lowest position of a unit that holds it, whatever its entity

    /// `records` may be null; then only tables with template counts of their own (Window, Session) have totals.
    [[nodiscard]] static TemplateTotals of(const features::FeatureTable& table, const records::RecordSet* records);
};

/// The entity of a unit; 0 for all sessions.
[[nodiscard]] inline std::uint32_t groupOf(const features::FeatureTable& table, std::size_t unit)
{
    return table.kind == features::UnitKind::Session ? 0 : table.entity[unit];
}

/// Where a unit stands in time, or in the table when it carries no time.
[[nodiscard]] inline std::int64_t positionOf(const features::FeatureTable& table, std::size_t unit)
{
    return table.start[unit] == noTime ? static_cast<std::int64_t>(unit) : table.start[unit];
}

/// Calls take(template, count) for each template of a unit.
template <class Take>
void forEachTemplate(const features::FeatureTable& table, const records::RecordSet* records, std::size_t unit,
                     const Take& take)
{
    if (!table.templates.empty()) {
        for (auto i = table.templates.begin[unit]; i < table.templates.begin[unit + 1]; ++i)
            take(table.templates.templateId[i], static_cast<double>(table.templates.count[i]));
    } else if (records != nullptr && unit < table.record.size()) {
        if (const auto id = records->table.templateId[table.record[unit]]; id != records::noTemplate)
            take(id, 1.0);
    }
}

} // namespace faultline::explain
