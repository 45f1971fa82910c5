// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/json_sample.h"
#include "engine/core/text.h"
#include "engine/records/json_documents.h"
#include "engine/records/json_values.h"
#include <algorithm>
#include <array>

namespace faultline::records
{

namespace
{
constexpr std::size_t sampledTextBytes = 1'024;

/// The array of objects that takes most of the bytes of a text's first object, found without a whole object at hand.
class ShellSearch
{
public:
    struct Found {
        std::vector<std::string> path;
        std::size_t bytes = 0, elements = 0;
    };
    explicit ShellSearch(std::string_view text) : m_text(text)
    {
        const auto start = text.find('{');
        for (m_at = start; m_at < text.size() && !m_done; ++m_at)
            step(text[m_at]);
        m_objectBytes = m_at - std::min(start, m_at);
        close();
    }
    [[nodiscard]] const Found& best() const { return m_best; }
    [[nodiscard]] std::size_t objectBytes() const { return m_objectBytes; }
    [[nodiscard]] bool timed() const { return m_timed; }
    [[nodiscard]] std::string_view rest() const { return m_text.substr(std::min(m_at, m_text.size())); }

private:
    void step(char c);
    void readString();
    void open(char c);
    void close()
    {
        if (m_current.elements > 0 && m_at - m_arrayStart > m_best.bytes) {
            m_best = m_current;
            m_best.bytes = m_at - m_arrayStart;
        }
        m_current = {};
    }

    std::string_view m_text;
    std::size_t m_at = 0, m_depth = 0, m_arrayStart = 0, m_arrayDepth = 0, m_objectBytes = 0;
    std::string m_string;
    std::vector<std::string> m_keys; ///< by depth, at most two
    Found m_current, m_best;
    bool m_done = false, m_timed = false;
};

void ShellSearch::readString()
{
    const auto start = ++m_at;
    while (m_at < m_text.size() && m_text[m_at] != '"')
        m_at += m_text[m_at] == '\\' ? 2U : 1U;
    m_string = m_text.substr(start, std::min<std::size_t>(m_at - start, 256));
}

void ShellSearch::open(char c)
{
    const bool inArray = m_arrayDepth > 0;
    if (!inArray && c == '[' && m_depth >= 1 && m_depth <= 2 && m_keys.size() == m_depth) {
        m_current.path = m_keys;
        m_arrayStart = m_at;
        m_arrayDepth = m_depth + 1;
    } else if (inArray && c == '{' && m_depth == m_arrayDepth) {
        ++m_current.elements;
    }
    ++m_depth;
}

void ShellSearch::step(char c)
{
    if (c == '"') {
        readString();
    } else if (c == ':' && m_arrayDepth == 0 && m_depth >= 1 && m_depth <= 2) {
        m_keys.resize(m_depth - 1);
        m_keys.push_back(m_string);
        const auto value = m_text.find_first_not_of(" \t\r\n", m_at + 1);
        const bool scalar = value != std::string_view::npos && m_text[value] != '{' && m_text[value] != '[';
        m_timed |= m_depth == 1 && scalar && isTimeName(m_string);
    } else if (c == '{' || c == '[') {
        open(c);
    } else if (c == '}' || c == ']') {
        if (m_depth == m_arrayDepth && m_arrayDepth > 0) {
            close();
            m_arrayDepth = 0;
        }
        m_done = --m_depth == 0;
    }
}

bool isShellKey(const std::string& key)
{
    constexpr std::array<std::string_view, 19> known{
        "Records", "records",      "items",           "logs",          "events",  "entries", "logEvents",
        "hits",    "data",         "value",           "values",        "Events",  "results", "Items",
        "rows",    "resourceLogs", "resourceMetrics", "resourceSpans", "messages"};
    return std::find(known.begin(), known.end(), key) != known.end();
}

struct Flavour {
    std::string_view name;
    std::array<std::string_view, 4> keys;
};

// The ones with the most telling keys first.
constexpr std::array flavours{
    Flavour{"journald_json", {"__REALTIME_TIMESTAMP", "MESSAGE"}},
    Flavour{"clef", {"@t", "@mt"}},
    Flavour{"clef", {"@t", "@m"}},
    Flavour{"ecs", {"@timestamp", "ecs.version"}},
    Flavour{"gelf", {"version", "host", "short_message"}},
    Flavour{"cloudtrail", {"eventVersion", "eventSource", "eventName"}},
    Flavour{"cloudflare", {"RayID", "ClientIP"}},
    Flavour{"log4j2_json", {"instant.epochSecond", "loggerName"}},
    Flavour{"log4j2_json", {"timeMillis", "loggerName"}},
    Flavour{"kubernetes_events", {"involvedObject.kind", "reason"}},
    Flavour{"kubernetes_events", {"regarding.kind", "reason"}},
    Flavour{"kubernetes_audit", {"auditID", "verb", "stage"}},
    Flavour{"bunyan", {"v", "pid", "hostname", "msg"}},
    Flavour{"pino", {"pid", "hostname", "level", "time"}},
    Flavour{"caddy", {"request.method", "ts", "logger"}},
    Flavour{"zap", {"level", "ts", "caller", "msg"}},
    Flavour{"logback_json", {"@timestamp", "logger_name", "thread_name"}},
    Flavour{"logrus", {"level", "msg", "time"}},
    Flavour{"docker_json", {"log", "stream", "time"}},
    Flavour{"nginx_json", {"remote_addr", "status", "request"}},
    Flavour{"nginx_json", {"remote_addr", "status", "request_uri"}},
};
} // namespace

JsonSample JsonSample::ofLines(std::string_view text, JsonLineStart start)
{
    JsonSample sample;
    for (JsonLines lines(text, start); sample.m_units < maxUnits && lines.next();) {
        if (lines.kind() == JsonKind::Blank)
            continue;
        ++sample.m_units;
        sample.m_texts += lines.reader().isText() ? 1U : 0U;
        if (lines.kind() != JsonKind::Object)
            continue;
        ++sample.m_objects;
        sample.collect(JsonKeys::root, lines.object(), 0);
    }
    return sample;
}

JsonSample JsonSample::ofDocuments(std::string_view text, const std::vector<std::string>& path)
{
    JsonSample sample;
    RecordBatch batch;
    for (JsonDocuments documents(text, path, {}, batch); sample.m_objects < maxUnits && documents.next();) {
        ++sample.m_objects;
        (void)documents.take();
        sample.collect(JsonKeys::root, documents.object(), 0);
    }
    sample.m_units = sample.m_objects + batch.rejected.size();
    return sample;
}

bool JsonSample::has(std::string_view path) const
{
    const auto is = [&](const JsonColumn& column) { return m_keys[column.key].path == path; };
    return std::any_of(m_columns.begin(), m_columns.end(), is);
}

void JsonSample::collect(JsonKeys::Id parent, simdjson::dom::object object, int depth)
{
    std::size_t next = 0;
    for (const auto [key, value] : object) {
        const auto id = m_keys.findOrAdd(parent, key, next);
        if (id == JsonKeys::none) {
            m_tooManyKeys = true;
            continue;
        }
        simdjson::dom::object inner;
        if (value.get(inner) != simdjson::SUCCESS)
            add(id, value);
        else if (depth < JsonKeys::maxDepth)
            collect(id, inner, depth + 1);
    }
}

void JsonSample::add(JsonKeys::Id id, simdjson::dom::element value)
{
    std::string_view text;
    std::int64_t whole = 0;
    double number = 0.0;
    simdjson::dom::array array;
    std::string shown;
    bool isNumber = value.is_number();
    if (value.get(text) == simdjson::SUCCESS) {
        shown = text.substr(0, sampledTextBytes);
    } else if (value.get(whole) == simdjson::SUCCESS) {
        shown = std::to_string(whole);
    } else if (value.get(number) == simdjson::SUCCESS) {
        shown = formatNumber(number);
    } else if (value.get(array) == simdjson::SUCCESS) {
        const auto summary = summarize(array, messageNameRank(m_keys[id].path).has_value());
        isNumber = summary.mean.has_value();
        shown = isNumber ? formatNumber(*summary.mean) : summary.text.substr(0, sampledTextBytes);
    } else if (value.is_bool()) {
        shown = value.get_bool().value_unsafe() ? "true" : "false";
    }
    if (shown.empty() && !value.is_string())
        return; // null, or an array of objects, says nothing about the key
    if (id >= m_columnOf.size())
        m_columnOf.resize(id + std::size_t{1}, m_columnOf.max_size());
    if (m_columnOf[id] == m_columnOf.max_size()) {
        m_columnOf[id] = m_columns.size();
        m_columns.push_back({.key = id, .values = {}});
    }
    auto& column = m_columns[m_columnOf[id]];
    column.numbers += isNumber ? 1U : 0U;
    column.values.push_back(std::move(shown));
}

std::vector<std::string> shellPath(std::string_view text)
{
    const ShellSearch search(text);
    const auto& best = search.best();
    if (best.elements == 0 || search.timed())
        return {};
    const bool alone = trim(search.rest()).empty();
    const bool known = isShellKey(best.path.back());
    const bool mostly = best.bytes * 2 >= search.objectBytes();
    const bool otlp = best.path.back().starts_with("resource") && known && best.path.size() == 1;
    return otlp || (mostly && (known || (alone && best.elements >= 2))) ? best.path : std::vector<std::string>{};
}

std::string jsonFlavour(const JsonSample& sample)
{
    for (const auto& flavour : flavours)
        if (std::all_of(flavour.keys.begin(), flavour.keys.end(),
                        [&](std::string_view key) { return key.empty() || sample.has(key); }))
            return std::string(flavour.name);
    return {};
}

} // namespace faultline::records
