// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/live_context.h"
#include <algorithm>

namespace faultline::pipeline
{

namespace
{

/// Appends a row without text; its fields are set by the caller.
std::size_t appendRow(records::RecordTable& out, TimeUs time, const std::string& entity)
{
    const auto row = out.size();
    out.time.push_back(time);
    out.offset.push_back(0);
    out.bytes.push_back(0);
    out.templateId.push_back(records::noTemplate);
    out.entity.push_back(out.entities.intern(entity));
    out.messageStart.push_back(0);
    out.source.push_back(0);
    out.level.push_back(records::Level::None);
    out.flags.push_back(0);
    return row;
}

records::NumericField& fieldNamed(records::RecordTable& table, const std::string& name, const std::string& unit)
{
    if (const int index = table.fieldIndex(name); index >= 0)
        return table.fields[static_cast<std::size_t>(index)];
    return table.fields.emplace_back(name, unit);
}

} // namespace

LiveContext LiveContext::tailOf(const records::RecordTable& table, std::size_t rowsPerEntity)
{
    LiveContext context;
    for (const auto& field : table.fields)
        context.fields.push_back(field.name());
    std::vector<std::size_t> left(table.entities.size(), rowsPerEntity);
    std::vector<std::size_t> rows;
    for (std::size_t i = table.size(); i-- > 0;) {
        if (table.templateId[i] != records::noTemplate || left[table.entity[i]] == 0)
            continue;
        --left[table.entity[i]];
        rows.push_back(i);
    }
    std::reverse(rows.begin(), rows.end());
    for (const auto i : rows) {
        context.time.push_back(table.time[i]);
        context.entity.push_back(table.entities[table.entity[i]]);
        for (const auto& field : table.fields)
            context.values.push_back(field[i]);
    }
    return context;
}

records::RecordTable LiveContext::before(const records::RecordTable& table) const
{
    records::RecordTable out;
    for (const auto& name : table.entities.all())
        out.entities.intern(name);
    // Fields keep the new table's order, so that columns are the same with and without context.
    for (const auto& field : table.fields)
        out.fields.emplace_back(field.name(), field.unit());
    for (std::size_t r = 0; r < rows(); ++r) {
        const auto row = appendRow(out, time[r], entity[r]);
        for (std::size_t f = 0; f < fields.size(); ++f)
            fieldNamed(out, fields[f], "").set(row, values[r * fields.size() + f]);
    }
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto row = appendRow(out, table.time[i], table.entities[table.entity[i]]);
        for (const auto& field : table.fields)
            fieldNamed(out, field.name(), field.unit()).set(row, field[i]);
    }
    return out;
}

void LiveContext::save(TensorBundle& bundle, const std::string& prefix) const
{
    bundle.put(prefix + "/time", time);
    bundle.put(prefix + "/values", values, {rows(), fields.size()});
    bundle.facts["context"] = {{"fields", fields}, {"entity", entity}};
}

Result<LiveContext> LiveContext::load(const TensorBundle& bundle, const std::string& prefix)
{
    LiveContext context;
    auto fields = bundle.fact<std::vector<std::string>>("/context/fields");
    auto entity = bundle.fact<std::vector<std::string>>("/context/entity");
    auto time = bundle.vector<std::int64_t>(prefix + "/time");
    if (!fields || !entity || !time)
        return fail(!fields ? fields.error() : !entity ? entity.error() : time.error());
    auto values = bundle.vector<double>(prefix + "/values", time->size() * fields->size());
    if (!values)
        return fail(values.error());
    if (entity->size() != time->size())
        return fail({ErrorCode::Parse, "the model's last rows contradict themselves", {}, "the file is damaged"});
    context.fields = std::move(*fields);
    context.entity = std::move(*entity);
    context.time = std::move(*time);
    context.values = std::move(*values);
    return context;
}

} // namespace faultline::pipeline
