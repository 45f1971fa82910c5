// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/pipeline/table_codec.h"
#include <algorithm>

namespace faultline::pipeline
{

namespace
{

using features::FeatureTable;

tl::unexpected<Error> inconsistent(const std::string& what)
{
    return fail({ErrorCode::Parse, "the stored feature table contradicts itself: " + what, {}, "the file is damaged"});
}

nlohmann::json columnsToJson(const std::vector<features::Column>& columns)
{
    auto out = nlohmann::json::array();
    for (const auto& c : columns)
        out.push_back({{"name", c.name},
                       {"unit", c.unit},
                       {"role", static_cast<int>(c.role)},
                       {"floor", c.noiseFloor},
                       {"template", c.templateId}});
    return out;
}

Result<std::vector<features::Column>> columnsFromJson(const nlohmann::json& json)
{
    std::vector<features::Column> out;
    try {
        for (const auto& c : json) {
            const auto role = c.at("role").get<int>();
            if (role < 0 || role > static_cast<int>(features::ColumnRole::Phase))
                return inconsistent("a column has an unknown role");
            out.push_back(
                {c.at("name"), c.at("unit"), static_cast<features::ColumnRole>(role), c.at("floor"), c.at("template")});
        }
    } catch (const nlohmann::json::exception&) {
        return inconsistent("its column list cannot be read");
    }
    return out;
}

bool rowsFit(const std::vector<std::int64_t>& begin, std::size_t entries)
{
    return std::is_sorted(begin.begin(), begin.end()) && begin.front() == 0 &&
           static_cast<std::size_t>(begin.back()) == entries;
}

Result<void> loadTemplates(const TensorBundle& bundle, const std::string& prefix, std::uint64_t templateCount,
                           FeatureTable& table)
{
    auto begin = bundle.vector<std::int64_t>(prefix + "/template_begin", table.units() + 1);
    if (!begin)
        return fail(begin.error());
    auto ids = bundle.vector<std::uint32_t>(prefix + "/template_id");
    if (!ids)
        return fail(ids.error());
    auto counts = bundle.vector<float>(prefix + "/template_count", ids->size());
    if (!counts)
        return fail(counts.error());
    const bool ordered = rowsFit(*begin, ids->size());
    const bool inRange = std::all_of(ids->begin(), ids->end(), [&](auto id) { return id < templateCount; });
    if (!ordered || !inRange)
        return inconsistent("template counts point outside it");
    table.templates.begin.assign(begin->begin(), begin->end());
    table.templates.templateId = std::move(*ids);
    table.templates.count = std::move(*counts);
    table.templates.templateCount = static_cast<std::uint32_t>(templateCount);
    return {};
}

Result<void> loadSequence(const TensorBundle& bundle, const std::string& prefix, std::uint64_t templateCount,
                          FeatureTable& table)
{
    auto begin = bundle.vector<std::int64_t>(prefix + "/sequence_begin", table.units() + 1);
    if (!begin)
        return fail(begin.error());
    auto ids = bundle.vector<std::uint32_t>(prefix + "/sequence_id");
    if (!ids)
        return fail(ids.error());
    if (!rowsFit(*begin, ids->size()) ||
        !std::all_of(ids->begin(), ids->end(), [&](auto id) { return id < templateCount; }))
        return inconsistent("template sequences point outside it");
    table.templateSequence.begin.assign(begin->begin(), begin->end());
    table.templateSequence.templateId = std::move(*ids);
    return {};
}

} // namespace

void saveTable(const FeatureTable& table, TensorBundle& bundle, const std::string& prefix)
{
    const auto cells = static_cast<std::size_t>(table.values.size());
    bundle.put<double>(prefix + "/values", std::span(table.values.data(), cells),
                       {table.units(), table.columns.size()});
    bundle.put(prefix + "/start", table.start);
    bundle.put(prefix + "/end", table.end);
    bundle.put(prefix + "/entity", table.entity);
    bundle.put(prefix + "/record", table.record);
    if (!table.templates.empty()) {
        bundle.put(prefix + "/template_begin",
                   std::vector<std::int64_t>(table.templates.begin.begin(), table.templates.begin.end()));
        bundle.put(prefix + "/template_id", table.templates.templateId);
        bundle.put(prefix + "/template_count", table.templates.count);
    }
    if (!table.templateSequence.empty()) {
        bundle.put(prefix + "/sequence_begin",
                   std::vector<std::int64_t>(table.templateSequence.begin.begin(), table.templateSequence.begin.end()));
        bundle.put(prefix + "/sequence_id", table.templateSequence.templateId);
    }
    bundle.facts["tables"][prefix] = {{"kind", static_cast<int>(table.kind)},
                                      {"columns", columnsToJson(table.columns)},
                                      {"entities", table.entities},
                                      {"keys", table.keys},
                                      {"has_templates", !table.templates.empty()},
                                      {"has_sequence", !table.templateSequence.empty()},
                                      {"template_count", table.templates.templateCount}};
}

Result<FeatureTable> loadTable(const TensorBundle& bundle, const std::string& prefix)
{
    FeatureTable table;
    std::uint64_t templateCount = 0;
    bool hasTemplates = false, hasSequence = false;
    try {
        const auto& facts = bundle.facts.at("tables").at(prefix);
        const auto kind = facts.at("kind").get<int>();
        if (kind < 0 || kind > static_cast<int>(features::UnitKind::Session))
            return inconsistent("unknown kind of unit");
        table.kind = static_cast<features::UnitKind>(kind);
        auto columns = columnsFromJson(facts.at("columns"));
        if (!columns)
            return fail(columns.error());
        table.columns = std::move(*columns);
        table.entities = facts.at("entities").get<std::vector<std::string>>();
        table.keys = facts.at("keys").get<std::vector<std::string>>();
        hasTemplates = facts.at("has_templates").get<bool>();
        hasSequence = facts.at("has_sequence").get<bool>();
        templateCount = facts.at("template_count").get<std::uint64_t>();
    } catch (const nlohmann::json::exception&) {
        return inconsistent("its description cannot be read");
    }
    auto start = bundle.vector<std::int64_t>(prefix + "/start");
    if (!start)
        return fail(start.error());
    const auto units = start->size();
    auto end = bundle.vector<std::int64_t>(prefix + "/end", units);
    auto entity = bundle.vector<std::uint32_t>(prefix + "/entity", units);
    auto record = bundle.vector<std::uint32_t>(prefix + "/record");
    auto values = bundle.vector<double>(prefix + "/values", units * table.columns.size());
    if (!end || !entity || !record || !values)
        return inconsistent("its columns differ in length");
    if ((!table.keys.empty() && table.keys.size() != units) || (!record->empty() && record->size() != units))
        return inconsistent("its columns differ in length");
    if (std::any_of(entity->begin(), entity->end(), [&](auto e) { return e >= table.entities.size(); }))
        return inconsistent("a unit has no entity");
    table.values = Eigen::Map<const features::Matrix>(values->data(), static_cast<Eigen::Index>(units),
                                                      static_cast<Eigen::Index>(table.columns.size()));
    table.start = std::move(*start);
    table.end = std::move(*end);
    table.entity = std::move(*entity);
    table.record = std::move(*record);
    if (hasTemplates)
        if (const auto done = loadTemplates(bundle, prefix, templateCount, table); !done)
            return fail(done.error());
    if (hasSequence)
        if (const auto done = loadSequence(bundle, prefix, templateCount, table); !done)
            return fail(done.error());
    return table;
}

} // namespace faultline::pipeline
