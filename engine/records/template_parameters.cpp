// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/template_parameters.h"
#include "engine/records/templates/message_values.h"
#include "engine/records/templates/nearest_template.h"
#include <algorithm>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <unordered_map>

namespace faultline::records
{

namespace
{

using templates::ParameterType;

/// One column to fill.
struct Column {
    std::uint32_t templateIndex = 0;
    std::uint32_t position = 0; ///< of the variable, from 0
    std::string name, unit;
};

bool isNumeric(ParameterType type)
{
    return type == ParameterType::Integer || type == ParameterType::Float || type == ParameterType::Duration ||
           type == ParameterType::Size;
}

std::string baseUnit(ParameterType type)
{
    return type == ParameterType::Duration ? "ms" : type == ParameterType::Size ? "bytes" : "";
}

Column columnFor(const templates::TemplateSet& set, std::uint32_t index, std::uint32_t position)
{
    const auto& of = set.templates[index];
    const auto& parameter = of.parameters[position];
    auto name = parameter.name.empty() ? of.id + " #" + std::to_string(position + 1) : parameter.name + " [" + of.id + "]";
    return {.templateIndex = index, .position = position, .name = std::move(name), .unit = baseUnit(parameter.type())};
}

std::vector<Column> automaticColumns(const RecordSet& set)
{
    std::vector<std::pair<std::uint64_t, std::uint32_t>> byCount(set.templates.size());
    for (std::uint32_t i = 0; i < byCount.size(); ++i)
        byCount[i].second = i;
    for (std::size_t i = 0; i < set.table.size(); ++i)
        if (const auto id = set.table.templateId[i]; id != noTemplate)
            ++byCount[id].first;
    std::sort(byCount.begin(), byCount.end(),
              [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
    std::vector<Column> columns;
    for (const auto& [count, index] : byCount)
        for (std::uint32_t p = 0; p < set.templates.templates[index].parameters.size(); ++p)
            if (columns.size() < maxParameterColumns &&
                isNumeric(set.templates.templates[index].parameters[p].type()))
                columns.push_back(columnFor(set.templates, index, p));
    return columns;
}

tl::unexpected<Error> unknown(const templates::TemplateList& all, const std::string& name, const JobContext& job)
{
    templates::NearestTemplate nearest(name, job);
    for (const auto& each : all)
        nearest.offer(each.id, each.text);
    return fail({ErrorCode::Config,
                 "`parameters` names the template " + name + ", which these records do not have",
                 {},
                 nearest.hint() + "; `faultline templates` lists them"});
}

Result<std::vector<Column>> namedColumns(const RecordSet& set, const std::vector<templates::ParameterField>& wanted,
                                         const JobContext& job)
{
    std::vector<Column> columns;
    const auto& all = set.templates.templates;
    for (const auto& field : wanted) {
        const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) {
            return each.id == field.templateId || each.text == field.templateId;
        });
        if (found == all.end())
            return unknown(all, field.templateId, job);
        if (field.position == 0 || field.position > found->parameters.size())
            return fail({ErrorCode::Config,
                         "`parameters` names position " + std::to_string(field.position) + " of " + field.templateId +
                             ", which has " + std::to_string(found->parameters.size()) + " variables",
                         {},
                         "positions count the `<*>` of the template's text from 1"});
        auto column = columnFor(set.templates, static_cast<std::uint32_t>(found - all.begin()), field.position - 1);
        if (!field.name.empty())
            column.name = field.name;
        if (!field.unit.empty())
            column.unit = field.unit;
        columns.push_back(std::move(column));
    }
    return columns;
}

/// Consecutive records of one source whose text is read at once.
struct Stretch {
    std::size_t first = 0, end = 0;
};
constexpr std::uint64_t stretchBytes = 4U << 20;

std::vector<Stretch> stretchesOf(const RecordTable& table)
{
    std::vector<Stretch> stretches;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const bool joins = !stretches.empty() && table.source[i] == table.source[stretches.back().first] &&
                           table.offset[i] >= table.offset[stretches.back().first] &&
                           table.offset[i] + table.bytes[i] - table.offset[stretches.back().first] <= stretchBytes;
        if (!joins)
            stretches.push_back({.first = i, .end = i});
        stretches.back().end = i + 1;
    }
    return stretches;
}

struct Value {
    std::size_t record = 0;
    std::uint32_t column = 0;
    double number = 0.0;
};

class StretchReader
{
public:
    StretchReader(const RecordSet& set, const std::vector<Column>& columns)
        : m_set(set), m_columns(columns), m_reader(set.templates), m_ofTemplate(set.templates.size())
    {
        for (std::uint32_t c = 0; c < columns.size(); ++c)
            m_ofTemplate[columns[c].templateIndex].push_back(c);
    }

    /// Unreadable text gives no values: it was readable a moment ago, and the loader has told what it could not read.
    [[nodiscard]] std::vector<Value> read(const Stretch& stretch) const
    {
        std::vector<Value> values;
        const auto& table = m_set.table;
        auto first = stretch.first;
        while (first < stretch.end && !isWanted(first))
            ++first;
        if (first == stretch.end)
            return values;
        const auto begin = table.offset[first];
        const auto last = stretch.end - 1;
        const auto text = m_set.sources[table.source[first]]->read(
            begin, static_cast<std::size_t>(table.offset[last] + table.bytes[last] - begin));
        if (!text)
            return values;
        for (auto i = first; i < stretch.end; ++i)
            if (isWanted(i) && table.offset[i] - begin < text->size())
                readRecord(i, std::string_view(*text).substr(static_cast<std::size_t>(table.offset[i] - begin)), values);
        return values;
    }

private:
    [[nodiscard]] bool isWanted(std::size_t record) const
    {
        const auto id = m_set.table.templateId[record];
        return id != noTemplate && !m_ofTemplate[id].empty();
    }

    void readRecord(std::size_t record, std::string_view text, std::vector<Value>& values) const
    {
        const auto& table = m_set.table;
        text = text.substr(0, table.bytes[record]);
        text = text.substr(std::min<std::size_t>(table.messageStart[record], text.size()));
        text = text.substr(0, text.find('\n'));
        if (text.ends_with('\r'))
            text.remove_suffix(1);
        const auto found = m_reader.valuesOf(table.templateId[record], text);
        for (const auto c : m_ofTemplate[table.templateId[record]])
            if (m_columns[c].position < found.size())
                if (const auto number = templates::numberOfValue(found[m_columns[c].position]))
                    values.push_back({.record = record, .column = c, .number = number->value});
    }

    const RecordSet& m_set;
    const std::vector<Column>& m_columns;
    templates::MessageValues m_reader;
    std::vector<std::vector<std::uint32_t>> m_ofTemplate; ///< columns
};

} // namespace

Result<void> addParameterFields(RecordSet& set, const templates::ParameterFields& wanted, JobContext& job)
{
    auto columns = wanted.automatic ? Result<std::vector<Column>>(automaticColumns(set)) : namedColumns(set, wanted.named, job);
    if (!columns)
        return fail(columns.error());
    if (columns->empty())
        return {};
    const auto firstField = set.table.fields.size();
    for (const auto& column : *columns)
        set.table.fields.emplace_back(column.name, column.unit);
    const StretchReader reader(set, *columns);
    const auto stretches = stretchesOf(set.table);
    job.begin("reading parameters", stretches.size());
    const auto wave = static_cast<std::size_t>(2 * tbb::this_task_arena::max_concurrency());
    for (std::size_t from = 0; from < stretches.size(); from += wave) {
        const auto count = std::min(wave, stretches.size() - from);
        std::vector<std::vector<Value>> values(count);
        tbb::parallel_for(std::size_t{0}, count, [&](std::size_t i) { values[i] = reader.read(stretches[from + i]); });
        for (const auto& part : values)
            for (const auto& value : part)
                set.table.fields[firstField + value.column].set(value.record, value.number);
        if (!job.advance(count))
            return cancelled();
    }
    return {};
}

} // namespace faultline::records
