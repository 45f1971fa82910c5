// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/otlp_parser.h"
#include "engine/records/field_roles.h"
#include "engine/records/json_documents.h"
#include "engine/records/json_layout.h"
#include "engine/records/json_scanner.h"
#include "engine/records/record_table.h"
#include <algorithm>
#include <array>
#include <charconv>

namespace faultline::records
{

namespace
{
using simdjson::dom::element;
using simdjson::dom::object;

enum class Signal : std::uint8_t { Logs, Metrics, Traces };

Signal signalOf(const std::string& array)
{
    return array == "resourceLogs" ? Signal::Logs : array == "resourceMetrics" ? Signal::Metrics : Signal::Traces;
}

/// 64-bit numbers are texts in this encoding, though not everybody keeps to it.
std::optional<std::int64_t> readWhole(element value)
{
    std::int64_t whole = 0;
    std::uint64_t large = 0;
    std::string_view text;
    if (value.get(whole) == simdjson::SUCCESS)
        return whole;
    if (value.get(large) == simdjson::SUCCESS || value.get(text) != simdjson::SUCCESS)
        return std::nullopt;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), whole);
    return problem == std::errc{} && end == text.data() + text.size() ? std::optional(whole) : std::nullopt;
}

std::optional<double> readDouble(element value)
{
    double number = 0.0;
    if (value.get(number) == simdjson::SUCCESS)
        return number;
    std::string_view text;
    return value.get(text) == simdjson::SUCCESS ? readNumber(text) : std::nullopt;
}

/// nullopt for a time that is missing, which is written as 0.
std::optional<TimeUs> timeOf(object record, std::string_view key)
{
    element value;
    if (record.at_key(key).get(value) != simdjson::SUCCESS)
        return std::nullopt;
    const auto time_ns = readWhole(value);
    return time_ns && *time_ns > 0 ? std::optional<TimeUs>(*time_ns / 1'000) : std::nullopt;
}

Level levelOfSeverity(std::int64_t number)
{
    constexpr std::array steps{Level::Debug, Level::Debug, Level::Info, Level::Warn, Level::Error, Level::Fatal};
    return number >= 1 && number <= 24 ? steps[static_cast<std::size_t>((number - 1) / 4)] : Level::None;
}

/// The text of an AnyValue; anything but text as JSON.
std::string textOf(element any)
{
    std::string_view text;
    object wrapped;
    if (any.get(text) == simdjson::SUCCESS)
        return std::string(text);
    if (any.get(wrapped) == simdjson::SUCCESS)
        for (const auto [key, value] : wrapped)
            return value.get(text) == simdjson::SUCCESS ? std::string(text) : simdjson::minify(value);
    return {};
}

/// Calls `take(key, value)` for each attribute.
template <class Take>
void forEachAttribute(object holder, Take&& take)
{
    simdjson::dom::array attributes;
    if (holder.at_key("attributes").get(attributes) != simdjson::SUCCESS)
        return;
    for (const auto attribute : attributes) {
        std::string_view key;
        element value;
        if (attribute.at_key("key").get(key) == simdjson::SUCCESS &&
            attribute.at_key("value").get(value) == simdjson::SUCCESS)
            take(key, value);
    }
}

/// Calls `take(span)` for each object of the array at `path` inside the object that `text` is.
template <class Take>
void forEachObject(std::string_view text, std::vector<std::string> path, Take&& take)
{
    JsonScanner scanner(std::move(path));
    std::size_t at = 0, begin = 0;
    for (auto event = JsonScanner::Event::LineEnd; event != JsonScanner::Event::Exhausted;) {
        event = scanner.next(text, at, 0);
        if (event == JsonScanner::Event::UnitBegin)
            begin = at;
        else if (event == JsonScanner::Event::RecordEnd)
            take(text.substr(begin, at - begin));
    }
}

/// One block's records.
class OtlpBatch
{
public:
    OtlpBatch(Signal signal, const std::string& array, const ParseOptions& options, const BlockContext& context,
              std::string_view bytes)
        : m_signal(signal), m_array(array), m_options(options), m_context(context), m_bytes(bytes)
    {
        m_batch.entities.intern("");
    }

    RecordBatch run()
    {
        for (JsonDocuments resources(m_bytes, {m_array}, m_context, m_batch); resources.next();) {
            const auto before = m_batch.time.size();
            takeResource(resources.object(), resources.record());
            (void)resources.take(m_batch.time.size() - before);
        }
        return std::move(m_batch);
    }

private:
    void takeResource(object resource, std::string_view text);
    void takeScope(std::string_view text);
    void takeMetric(std::string_view text);
    void takeLog(object record, std::string_view text);
    void takeSpan(object span, std::string_view text);
    void takePoint(object point, std::string_view text);
    void takeAttributes(object record);
    void takeKey(std::string_view name, std::string_view text);
    void setField(std::string_view name, std::string_view unit, double value);
    void append(std::string_view text, TimeUs time_us, Level level, std::uint32_t shape);
    [[nodiscard]] bool read(JsonText& json, std::string_view text) const
    {
        return json.read(text, static_cast<std::size_t>(m_bytes.data() + m_bytes.size() - text.data())) ==
               JsonKind::Object;
    }
    [[nodiscard]] std::size_t record() const { return m_batch.time.size(); }

    Signal m_signal;
    const std::string& m_array;
    const ParseOptions& m_options;
    const BlockContext& m_context;
    std::string_view m_bytes;
    RecordBatch m_batch;
    std::uint32_t m_resourceEntity = 0, m_entity = 0;
    std::string m_metric, m_unit;
    JsonText m_metricJson, m_json;
};

void OtlpBatch::takeResource(object element, std::string_view text)
{
    constexpr std::array<std::string_view, 6> names{"service.name",   "k8s.deployment.name", "k8s.pod.name",
                                                    "container.name", "host.name",           "host.id"};
    std::size_t best = names.size() + 1;
    m_resourceEntity = 0;
    object resource;
    if (element.at_key("resource").get(resource) == simdjson::SUCCESS)
        forEachAttribute(resource, [&](std::string_view key, simdjson::dom::element value) {
            const auto rank = static_cast<std::size_t>(std::find(names.begin(), names.end(), key) - names.begin());
            const bool asked = key == m_options.entityField;
            if (!asked && (rank >= names.size() || rank >= best))
                return;
            best = asked ? 0 : rank + 1;
            m_resourceEntity = m_batch.entities.intern(textOf(value));
        });
    const auto scopes = m_signal == Signal::Logs      ? "scopeLogs"
                        : m_signal == Signal::Metrics ? "scopeMetrics"
                                                      : "scopeSpans";
    forEachObject(text, {scopes}, [this](std::string_view scope) { takeScope(scope); });
}

void OtlpBatch::takeScope(std::string_view text)
{
    if (m_signal == Signal::Metrics)
        return forEachObject(text, {"metrics"}, [this](std::string_view metric) { takeMetric(metric); });
    forEachObject(text, {m_signal == Signal::Logs ? "logRecords" : "spans"}, [this](std::string_view record) {
        if (!read(m_json, record))
            return;
        m_entity = m_resourceEntity;
        if (m_signal == Signal::Logs)
            takeLog(m_json.object(), record);
        else
            takeSpan(m_json.object(), record);
    });
}

void OtlpBatch::takeMetric(std::string_view text)
{
    std::string_view name, unit;
    if (!read(m_metricJson, text) || m_metricJson.object().at_key("name").get(name) != simdjson::SUCCESS)
        return;
    m_metric = name.substr(0, 256);
    m_unit = m_metricJson.object().at_key("unit").get(unit) == simdjson::SUCCESS ? std::string(unit) : "";
    for (const char* kind : {"gauge", "sum", "histogram", "exponentialHistogram", "summary"})
        forEachObject(text, {kind, "dataPoints"}, [this](std::string_view point) {
            m_entity = m_resourceEntity;
            if (read(m_json, point))
                takePoint(m_json.object(), point);
        });
}

void OtlpBatch::setField(std::string_view name, std::string_view unit, double value)
{
    auto found = std::find_if(m_batch.fields.begin(), m_batch.fields.end(),
                              [&](const RecordBatch::Field& field) { return field.name == name; });
    if (found == m_batch.fields.end()) {
        if (m_batch.fields.size() >= JsonLayout::maxFields || name.size() > 256)
            return;
        found = m_batch.fields.insert(found, {std::string(name), std::string(unit), {}});
    }
    found->values.resize(record(), std::numeric_limits<double>::quiet_NaN());
    found->values.push_back(value);
}

void OtlpBatch::takeKey(std::string_view name, std::string_view text)
{
    if (!text.empty() && name == m_options.sessionKey)
        m_batch.keyHits.push_back({static_cast<std::uint32_t>(record()), m_batch.keys.intern(text)});
}

void OtlpBatch::takeAttributes(object record)
{
    forEachAttribute(record, [&](std::string_view key, element value) {
        object wrapped;
        element number;
        const bool isNumber =
            value.get(wrapped) == simdjson::SUCCESS && (wrapped.at_key("intValue").get(number) == simdjson::SUCCESS ||
                                                        wrapped.at_key("doubleValue").get(number) == simdjson::SUCCESS);
        if (key == m_options.entityField)
            m_entity = m_batch.entities.intern(textOf(value));
        if (key == m_options.sessionKey)
            takeKey(key, textOf(value));
        if (isNumber && m_signal != Signal::Metrics && !isIdentifierName(key) && !isStatusName(key))
            if (const auto read = readDouble(number))
                setField(key, unitOfName(key), *read);
    });
    for (const char* name : {"traceId", "spanId"}) {
        std::string_view text;
        if (record.at_key(name).get(text) == simdjson::SUCCESS)
            takeKey(name, text);
    }
}

void OtlpBatch::append(std::string_view text, TimeUs time_us, Level level, std::uint32_t shape)
{
    m_batch.offset.push_back(m_context.offset + static_cast<std::uint64_t>(text.data() - m_bytes.data()));
    m_batch.bytes.push_back(static_cast<std::uint32_t>(text.size()));
    m_batch.messageStart.push_back(0);
    m_batch.level.push_back(level);
    m_batch.flags.push_back(text.find('\n') != std::string_view::npos ? std::uint8_t{Multiline} : std::uint8_t{0});
    m_batch.entity.push_back(m_entity);
    m_batch.shape.push_back(shape);
    m_batch.linesWithTime += time_us != noTime ? 1U : 0U;
    m_batch.time.push_back(time_us);
}

void OtlpBatch::takeLog(object log, std::string_view text)
{
    element value;
    std::string_view word;
    Level level = Level::None;
    if (log.at_key("severityNumber").get(value) == simdjson::SUCCESS)
        level = levelOfSeverity(readWhole(value).value_or(0));
    if (level == Level::None && log.at_key("severityText").get(word) == simdjson::SUCCESS)
        level = readLevel(word).value_or(Level::None);
    auto time_us = timeOf(log, "timeUnixNano");
    if (!time_us)
        time_us = timeOf(log, "observedTimeUnixNano");
    takeAttributes(log);
    const auto body = log.at_key("body").get(value) == simdjson::SUCCESS ? textOf(value) : std::string();
    append(text, time_us.value_or(noTime), level, m_batch.shapes.add(body));
}

void OtlpBatch::takeSpan(object span, std::string_view text)
{
    const auto start = timeOf(span, "startTimeUnixNano");
    const auto end = timeOf(span, "endTimeUnixNano");
    if (start && end)
        setField("duration", "ms", static_cast<double>(*end - *start) / 1'000.0);
    takeAttributes(span);
    element code;
    std::string_view name, codeName;
    object status;
    Level level = Level::Info;
    if (span.at_key("status").get(status) == simdjson::SUCCESS && status.at_key("code").get(code) == simdjson::SUCCESS)
        if (readWhole(code) == 2 || (code.get(codeName) == simdjson::SUCCESS && codeName == "STATUS_CODE_ERROR"))
            level = Level::Error;
    if (span.at_key("name").get(name) != simdjson::SUCCESS)
        name = {};
    append(text, start.value_or(noTime), level, m_batch.shapes.add(name));
}

void OtlpBatch::takePoint(object point, std::string_view text)
{
    element value;
    for (const char* key : {"asDouble", "asInt"})
        if (point.at_key(key).get(value) == simdjson::SUCCESS)
            if (const auto number = readDouble(value))
                setField(m_metric, m_unit, *number);
    for (const auto& [key, ending] : {std::pair{"count", ".count"}, std::pair{"sum", ".sum"}})
        if (point.at_key(key).get(value) == simdjson::SUCCESS)
            if (const auto number = readDouble(value))
                setField(m_metric + ending, key == std::string_view("sum") ? m_unit : "", *number);
    takeAttributes(point);
    append(text, timeOf(point, "timeUnixNano").value_or(noTime), Level::None, templates::noShape);
}

class OtlpParser final : public BlockParser
{
public:
    OtlpParser(std::string array, ParseOptions options) : m_array(std::move(array)), m_options(std::move(options)) {}
    [[nodiscard]] std::unique_ptr<RecordCutter> cutter() const override
    {
        return std::make_unique<JsonCutter>(std::vector<std::string>{m_array});
    }
    [[nodiscard]] RecordBatch parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const override
    {
        return parseIn({.offset = offset, .firstBlock = firstBlock, .preface = {}}, bytes);
    }
    [[nodiscard]] RecordBatch parseIn(const BlockContext& context, std::string_view bytes) const override
    {
        return OtlpBatch(signalOf(m_array), m_array, m_options, context, bytes).run();
    }

private:
    std::string m_array;
    ParseOptions m_options;
};
} // namespace

bool isOtlp(const std::vector<std::string>& path)
{
    return path.size() == 1 &&
           (path[0] == "resourceLogs" || path[0] == "resourceMetrics" || path[0] == "resourceSpans");
}

void describeOtlp(const std::string& array, Detection& detection)
{
    const auto signal = signalOf(array);
    detection.format = signal == Signal::Logs      ? "otlp_logs"
                       : signal == Signal::Metrics ? "otlp_metrics"
                                                   : "otlp_traces";
    detection.hasMessage = signal != Signal::Metrics;
    detection.timeFormat = "epoch nanoseconds";
    detection.zone = "UTC (counted since 1970)";
    detection.columns = {"time", "service.name", "attributes"};
    if (detection.hasMessage)
        detection.columns.insert(detection.columns.end(), {"level", "message", "traceId", "spanId"});
    detection.reasons.push_back("JSON documents with `" + array + "`, as OpenTelemetry writes them");
}

std::shared_ptr<const BlockParser> makeOtlpParser(const std::string& array, const ParseOptions& options)
{
    return std::make_shared<const OtlpParser>(array, options);
}

} // namespace faultline::records
