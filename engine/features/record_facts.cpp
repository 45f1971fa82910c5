// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/features/record_facts.h"
#include <algorithm>
#include <array>
#include <numeric>
#include <tbb/parallel_for.h>

namespace faultline::features
{

const records::NumericField* findField(const records::RecordTable& table, std::string_view name)
{
    for (const auto& field : table.fields)
        if (field.name() == name)
            return &field;
    return nullptr;
}

std::vector<const records::NumericField*> findFields(const records::RecordTable& table, const FeaturePlan& plan)
{
    std::vector<const records::NumericField*> found;
    for (const auto& field : plan.fields)
        found.push_back(findField(table, field.name));
    return found;
}

ErrorRule::ErrorRule(const records::RecordTable& table) : m_table(&table), m_status(nullptr)
{
    for (const std::string_view name : {"status", "status_code", "http_status"})
        if (m_status == nullptr)
            m_status = findField(table, name);
}

std::vector<FieldUse> countFieldUse(const records::RecordTable& table, const RecordRange& range)
{
    std::vector<FieldUse> use(table.fields.size());
    tbb::parallel_for(std::size_t{0}, use.size(), [&](std::size_t f) {
        for (auto i = range.first; i < range.last; ++i) {
            if (std::isnan(fieldValue(&table.fields[f], i)) || table.time[i] >= range.before)
                continue;
            ++(isLog(table, i) ? use[f].inLogs : use[f].inMetrics);
        }
    });
    return use;
}

FieldChoice chooseFields(const records::RecordTable& table, const RecordRange& range, bool causalColumns)
{
    const auto use = countFieldUse(table, range);
    bool anyMetrics = false;
    for (auto i = range.first; i < range.last && !anyMetrics; ++i)
        anyMetrics = !isLog(table, i) && table.time[i] < range.before;
    FieldChoice choice;
    for (std::uint32_t f = 0; f < use.size(); ++f) {
        const bool named = causalColumns && anyMetrics && use[f].inLogs == 0;
        if (use[f].inMetrics > 0 || named)
            choice.metric.push_back(f);
        if (use[f].inLogs > 0)
            choice.log.push_back(f);
    }
    if (choice.log.size() > maxLogFields) {
        std::stable_sort(choice.log.begin(), choice.log.end(),
                         [&](auto a, auto b) { return use[a].inLogs > use[b].inLogs; });
        choice.log.resize(maxLogFields);
        std::sort(choice.log.begin(), choice.log.end());
    }
    return choice;
}

std::size_t templateCount(const records::RecordSet& records)
{
    std::size_t count = records.templates.size();
    const auto& ids = records.table.templateId;
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (ids[i] != records::noTemplate && ids[i] >= count)
            count = ids[i] + std::size_t{1};
    return count;
}

std::vector<std::int64_t> countTemplates(const records::RecordSet& records)
{
    std::vector<std::int64_t> counts(templateCount(records));
    const auto& ids = records.table.templateId;
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (ids[i] != records::noTemplate)
            ++counts[ids[i]];
    return counts;
}

std::vector<std::uint32_t> frequentTemplates(const std::vector<std::int64_t>& counts, std::size_t limit)
{
    std::vector<std::uint32_t> ids(counts.size());
    std::iota(ids.begin(), ids.end(), 0U);
    std::erase_if(ids, [&](auto id) { return counts[id] == 0; });
    std::stable_sort(ids.begin(), ids.end(), [&](auto a, auto b) { return counts[a] > counts[b]; });
    ids.resize(std::min(ids.size(), limit));
    return ids;
}

void planTemplateColumns(FeaturePlan& plan, const records::RecordSet& records, const std::string& unit)
{
    const auto& templates = records.templates.templates;
    for (const auto id : frequentTemplates(countTemplates(records), plan.options.templateColumns)) {
        const auto name = id < templates.size() ? templates[id].id : '#' + std::to_string(id);
        plan.add({.name = "template " + name, .unit = unit, .role = ColumnRole::Count, .templateId = id},
                 Feature::TemplateCount, id);
    }
}

std::string shortDuration(DurationUs duration)
{
    struct Step {
        DurationUs length;
        const char* name;
    };
    static constexpr std::array<Step, 6> steps{
        {{day_us, " d"}, {hour_us, " h"}, {minute_us, " min"}, {second_us, " s"}, {1'000, " ms"}, {1, " us"}}};
    for (const auto& step : steps)
        if (duration % step.length == 0 && (duration > step.length || step.length <= second_us))
            return std::to_string(duration / step.length) + step.name;
    return std::to_string(duration) + " us";
}

std::string perDuration(DurationUs duration)
{
    return "per " + shortDuration(duration);
}

Result<void> checkTableSize(std::uint64_t units, std::size_t columns)
{
    if (units <= maxTableValues / std::max<std::size_t>(columns, 1))
        return {};
    return fail({ErrorCode::Config,
                 std::to_string(units) + " units of " + std::to_string(columns) + " features need over 4 GiB of memory",
                 {},
                 "choose a larger window, fewer columns, or a part of the data"});
}

} // namespace faultline::features
