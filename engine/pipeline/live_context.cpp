// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/live_context.h"
#include "engine/features/text_tensors.h"
#include <algorithm>
#include <numeric>

namespace faultline::pipeline
{

namespace
{

/// What a record is, beside its fields.
struct Facts {
    TimeUs time = noTime;
    std::uint32_t templateId = records::noTemplate;
    records::Level level = records::Level::None;
};

/// Appends a record without text; its fields are set by the caller.
std::size_t append(records::RecordTable& out, const Facts& facts, const std::string& entity)
{
    const auto row = out.size();
    out.time.push_back(facts.time);
    out.offset.push_back(0);
    out.bytes.push_back(0);
    out.templateId.push_back(facts.templateId);
    out.entity.push_back(out.entities.intern(entity));
    out.messageStart.push_back(0);
    out.source.push_back(0);
    out.level.push_back(facts.level);
    out.flags.push_back(0);
    return row;
}

records::NumericField& fieldNamed(records::RecordTable& table, const std::string& name, const std::string& unit)
{
    if (const int index = table.fieldIndex(name); index >= 0)
        return table.fields[static_cast<std::size_t>(index)];
    return table.fields.emplace_back(name, unit);
}

LiveContext copyRecords(const records::RecordTable& table, const std::vector<std::uint32_t>& wanted)
{
    LiveContext context;
    for (const auto& field : table.fields)
        context.fields.push_back(field.name());
    for (const auto i : wanted) {
        context.time.push_back(table.time[i]);
        context.entity.push_back(table.entities[table.entity[i]]);
        context.templateId.push_back(table.templateId[i]);
        context.level.push_back(static_cast<std::uint8_t>(table.level[i]));
        for (const auto& field : table.fields)
            context.values.push_back(field[i]);
    }
    return context;
}

/// Both sides' sessions by key, those of the context first.
records::SessionIndex joinSessions(const LiveContext& context, const records::SessionIndex& index)
{
    records::SessionIndex joined;
    std::vector<LiveContext::Member> members;
    for (const auto& [key, record] : context.members)
        members.push_back({joined.keys.intern(context.keys[key]), record});
    const auto shift = static_cast<std::uint32_t>(context.rows());
    for (std::uint32_t key = 0; key < index.keys.size(); ++key)
        for (auto i = index.begin[key]; i < index.begin[key + std::size_t{1}]; ++i)
            members.push_back({joined.keys.intern(index.keys[key]), index.records[i] + shift});
    joined.begin.assign(joined.keys.size() + 1, 0);
    for (const auto& member : members)
        ++joined.begin[member.key + std::size_t{1}];
    std::inclusive_scan(joined.begin.begin(), joined.begin.end(), joined.begin.begin());
    joined.records.resize(members.size());
    auto next = joined.begin;
    for (const auto& member : members)
        joined.records[next[member.key]++] = member.record;
    return joined;
}

} // namespace

LiveContext LiveContext::tailOf(const records::RecordTable& table, const LookBack& lookBack)
{
    TimeUs newest = noTime;
    for (std::size_t i = 0; i < table.size(); ++i)
        newest = std::max(newest, table.time[i]);
    std::vector<std::size_t> left(std::max<std::size_t>(table.entities.size(), 1), lookBack.rows);
    std::vector<bool> last(left.size(), true);
    std::vector<std::uint32_t> wanted;
    for (std::size_t i = table.size(); i-- > 0;) {
        const auto entity = table.entity[i];
        const bool metric = table.templateId[i] == records::noTemplate;
        const bool recent = table.time[i] != noTime && newest - table.time[i] < lookBack.span_us;
        if (!last[entity] && !recent && !(metric && left[entity] > 0))
            continue;
        last[entity] = false;
        left[entity] -= metric && left[entity] > 0 ? 1U : 0U;
        wanted.push_back(static_cast<std::uint32_t>(i));
    }
    std::reverse(wanted.begin(), wanted.end());
    return copyRecords(table, wanted);
}

LiveContext LiveContext::of(const records::RecordTable& table, const records::SessionIndex& open)
{
    auto wanted = open.records;
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    auto context = copyRecords(table, wanted);
    context.keys = open.keys.all();
    for (std::uint32_t key = 0; key < context.keys.size(); ++key)
        for (auto i = open.begin[key]; i < open.begin[key + std::size_t{1}]; ++i) {
            const auto at = std::lower_bound(wanted.begin(), wanted.end(), open.records[i]);
            context.members.push_back({key, static_cast<std::uint32_t>(at - wanted.begin())});
        }
    return context;
}

records::RecordSet LiveContext::before(const records::RecordSet& set) const
{
    records::RecordSet joined;
    auto& out = joined.table;
    const auto& table = set.table;
    joined.templates.templates = set.templates.templates;
    for (const auto& name : table.entities.all())
        out.entities.intern(name);
    // Fields keep the new table's order, so that columns are the same with and without context.
    for (const auto& field : table.fields)
        out.fields.emplace_back(field.name(), field.unit());
    for (std::size_t r = 0; r < rows(); ++r) {
        const auto row = append(out, {time[r], templateId[r], static_cast<records::Level>(level[r])}, entity[r]);
        for (std::size_t f = 0; f < fields.size(); ++f)
            if (const double value = values[r * fields.size() + f]; !std::isnan(value))
                fieldNamed(out, fields[f], "").set(row, value);
    }
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto row =
            append(out, {table.time[i], table.templateId[i], table.level[i]}, table.entities[table.entity[i]]);
        for (const auto& field : table.fields)
            if (const double value = field[i]; !std::isnan(value))
                fieldNamed(out, field.name(), field.unit()).set(row, value);
    }
    joined.sessions = joinSessions(*this, set.sessions);
    return joined;
}

void LiveContext::save(TensorBundle& bundle, const std::string& prefix) const
{
    bundle.put(prefix + "/time", time);
    bundle.put(prefix + "/template", templateId);
    bundle.put(prefix + "/level", level);
    bundle.put(prefix + "/values", values, {rows(), fields.size()});
    features::putTexts(bundle, prefix + "/field", fields);
    features::putTexts(bundle, prefix + "/entity", entity);
    features::putTexts(bundle, prefix + "/key", keys);
    std::vector<std::uint32_t> pairs;
    for (const auto& [key, record] : members)
        pairs.insert(pairs.end(), {key, record});
    bundle.put(prefix + "/members", pairs);
}

Result<LiveContext> LiveContext::load(const TensorBundle& bundle, const std::string& prefix)
{
    LiveContext context;
    auto time = bundle.vector<std::int64_t>(prefix + "/time");
    if (!time)
        return fail(time.error());
    auto templates = bundle.vector<std::uint32_t>(prefix + "/template", time->size());
    auto level = bundle.vector<std::uint8_t>(prefix + "/level", time->size());
    auto fields = features::takeTexts(bundle, prefix + "/field");
    auto entity = features::takeTexts(bundle, prefix + "/entity");
    auto keys = features::takeTexts(bundle, prefix + "/key");
    const auto pairs = bundle.vector<std::uint32_t>(prefix + "/members");
    if (!templates || !level || !fields || !entity || !keys || !pairs)
        return fail(features::damagedModel(prefix, "are incomplete"));
    auto values = bundle.vector<double>(prefix + "/values", time->size() * fields->size());
    if (!values)
        return fail(values.error());
    bool good = entity->size() == time->size() && pairs->size() % 2 == 0 &&
                std::all_of(level->begin(), level->end(),
                            [](auto l) { return l <= static_cast<std::uint8_t>(records::Level::Fatal); });
    for (std::size_t i = 0; good && i < pairs->size(); i += 2) {
        good = (*pairs)[i] < keys->size() && (*pairs)[i + 1] < time->size();
        context.members.push_back({(*pairs)[i], (*pairs)[i + 1]});
    }
    if (!good)
        return fail(features::damagedModel(prefix, "contradict themselves"));
    context.time = std::move(*time);
    context.entity = std::move(*entity);
    context.templateId = std::move(*templates);
    context.level = std::move(*level);
    context.fields = std::move(*fields);
    context.values = std::move(*values);
    context.keys = std::move(*keys);
    return context;
}

} // namespace faultline::pipeline
