// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/text.h"
#include "engine/records/json_lines.h"
#include "engine/records/json_parser.h"
#include <algorithm>

namespace faultline::records
{

namespace
{
constexpr std::size_t sampledLines = 2'000;
constexpr std::size_t surelyWholeBytes =
    64 * 1'024; ///< a sample shorter than this is the whole content, its last line whole
constexpr std::size_t sampledTextBytes = 1'024;

/// Collects keys and values of the sampled lines.
class JsonSample
{
public:
    explicit JsonSample(std::string_view text)
    {
        for (JsonLines lines(text); m_lines < sampledLines && lines.next();) {
            if (lines.kind() == JsonLines::Kind::Blank)
                continue;
            ++m_lines;
            if (lines.kind() != JsonLines::Kind::Object)
                continue;
            ++m_objects;
            collect(JsonKeys::root, lines.object(), 0);
        }
    }
    [[nodiscard]] std::size_t lines() const { return m_lines; }
    [[nodiscard]] std::size_t objects() const { return m_objects; }
    [[nodiscard]] const JsonKeys& keys() const { return m_keys; }
    [[nodiscard]] const std::vector<JsonColumn>& columns() const { return m_columns; }

private:
    void collect(JsonKeys::Id parent, simdjson::dom::object object, int depth)
    {
        std::size_t next = 0;
        for (const auto [key, value] : object) {
            const auto id = m_keys.findOrAdd(parent, key, next);
            if (id == JsonKeys::none)
                continue;
            simdjson::dom::object inner;
            if (value.get(inner) != simdjson::SUCCESS)
                add(id, value);
            else if (depth < JsonKeys::maxDepth)
                collect(id, inner, depth + 1);
        }
    }
    void add(JsonKeys::Id id, simdjson::dom::element value)
    {
        std::string_view text;
        std::int64_t whole = 0;
        double number = 0.0;
        std::string shown;
        if (value.get(text) == simdjson::SUCCESS)
            shown = text.substr(0, sampledTextBytes);
        else if (value.get(whole) == simdjson::SUCCESS)
            shown = std::to_string(whole);
        else if (value.get(number) == simdjson::SUCCESS)
            shown = formatNumber(number);
        else if (!value.is_bool())
            return; // an array or null says nothing about the key
        else
            shown = value.get_bool().value_unsafe() ? "true" : "false";
        if (id >= m_columnOf.size())
            m_columnOf.resize(id + std::size_t{1}, m_columnOf.max_size());
        if (m_columnOf[id] == m_columnOf.max_size()) {
            m_columnOf[id] = m_columns.size();
            m_columns.push_back({.key = id, .values = {}});
        }
        auto& column = m_columns[m_columnOf[id]];
        column.numbers += value.is_number() ? 1U : 0U;
        column.values.push_back(std::move(shown));
    }

    std::size_t m_lines = 0, m_objects = 0;
    JsonKeys m_keys;
    std::vector<JsonColumn> m_columns;
    std::vector<std::size_t> m_columnOf; ///< of each key; max_size(): none yet
};

std::string_view wholeLines(std::string_view sample)
{
    if (sample.starts_with("\xEF\xBB\xBF"))
        sample.remove_prefix(3);
    const auto lastEnd = sample.rfind('\n');
    return sample.size() >= surelyWholeBytes && lastEnd != std::string_view::npos ? sample.substr(0, lastEnd + 1)
                                                                                  : sample;
}
} // namespace

Candidate detectJsonLines(std::string_view sample, const ParseOptions& options, const FileFacts& file)
{
    Candidate candidate;
    auto& detection = candidate.detection;
    detection.kind = Kind::JsonLines;
    detection.format = "json_lines";
    const bool forced = options.format == "json_lines" || options.format == "json";
    if (!options.format.empty() && !forced)
        return candidate;
    const JsonSample json(wholeLines(sample));
    if (json.objects() == 0)
        return candidate;
    detection.confidence = forced ? 1.0 : static_cast<double>(json.objects()) / static_cast<double>(json.lines());
    detection.reasons.push_back(formatCount(json.objects()) + " of " + formatCount(json.lines()) +
                                " sampled lines are JSON objects");
    for (const auto& column : json.columns())
        detection.columns.push_back(json.keys()[column.key].path);
    auto layout =
        assignJsonRoles(json.keys(), json.columns(), options, toCivil(file.modified_us).year, detection.reasons);
    if (!layout) {
        detection.reasons.push_back(layout.error().text());
        candidate.error = std::move(layout.error());
        return candidate;
    }
    if (layout->time) {
        detection.timeFormat = layout->time->format();
        detection.zone = layout->time->zone();
    }
    candidate.parser = std::make_shared<const JsonLinesParser>(std::move(*layout));
    return candidate;
}

} // namespace faultline::records
