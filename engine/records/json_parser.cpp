// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/json_parser.h"
#include "engine/core/text.h"
#include "engine/records/json_lines.h"
#include "engine/records/json_message.h"
#include <algorithm>
#include <charconv>
#include <limits>

namespace faultline::records
{

namespace
{
using simdjson::dom::element_type;

/// Finds where a message stands in its line, so that it can be shown without the rest. Messages of one file mostly
/// start at the same column, so the last one's place is tried first.
class MessageFinder
{
public:
    explicit MessageFinder(const std::string& key) : m_quotedKey('"' + key + '"') {}

    /// 0 when the message is not there as it is (it holds escapes).
    std::uint16_t find(std::string_view line, std::string_view message)
    {
        if (message.empty())
            return 0;
        if (m_keyAt < line.size() && stands(line, m_keyAt, message))
            return m_start;
        for (auto at = line.find(m_quotedKey); at != std::string_view::npos; at = line.find(m_quotedKey, at + 1))
            if (stands(line, at, message)) {
                m_keyAt = at;
                return m_start;
            }
        return 0;
    }

private:
    bool stands(std::string_view line, std::size_t keyAt, std::string_view message)
    {
        if (line.compare(keyAt, m_quotedKey.size(), m_quotedKey) != 0)
            return false;
        auto at = keyAt + m_quotedKey.size();
        while (at < line.size() && (line[at] == ' ' || line[at] == ':' || line[at] == '\t'))
            ++at;
        if (at >= line.size() || line[at] != '"' || at >= std::numeric_limits<std::uint16_t>::max())
            return false;
        m_start = static_cast<std::uint16_t>(at + 1);
        return line.compare(at + 1, message.size(), message) == 0 &&
               line.substr(at + 1 + message.size()).starts_with('"');
    }

    std::string m_quotedKey;
    std::size_t m_keyAt = 0;
    std::uint16_t m_start = 0;
};

/// Makes one batch of one block.
class JsonBatchBuilder
{
public:
    JsonBatchBuilder(const JsonLayout& layout, std::string_view bytes, std::uint64_t offset)
        : m_layout(layout), m_offset(offset), m_lines(bytes), m_finder(layout.messageKey)
    {
        for (const auto& field : layout.fields)
            m_batch.fields.push_back({.name = field.name, .unit = field.unit, .values = {}});
        m_batch.entities.intern("");
    }

    RecordBatch run();

private:
    /// What the keys of one line came to.
    struct Line {
        ZonedTime time;
        Level level = Level::None;
        std::uint32_t entity = 0;
        std::string_view message;
        bool hasMessage = false;
    };

    void takeObject(JsonKeys::Id parent, simdjson::dom::object object, int depth);
    void takeScalar(const JsonKeys::Node& node, simdjson::dom::element value);
    void setField(std::uint32_t field, simdjson::dom::element value);
    [[nodiscard]] ZonedTime readTime(simdjson::dom::element value) const;
    [[nodiscard]] Level levelOf(simdjson::dom::element value) const;
    [[nodiscard]] std::string_view textOf(simdjson::dom::element value);
    void appendRecord();
    void reject(const char* reason) { m_batch.rejected.push_back({.line = m_batch.lines, .reason = reason}); }
    [[nodiscard]] std::size_t record() const { return m_batch.time.size(); }

    const JsonLayout& m_layout;
    std::uint64_t m_offset;
    JsonLines m_lines;
    MessageFinder m_finder;
    JsonMessage m_unwrapper;
    RecordBatch m_batch;
    Line m_line;
    std::array<char, 32> m_number{};
};

RecordBatch JsonBatchBuilder::run()
{
    while (m_lines.next()) {
        ++m_batch.lines;
        m_batch.longestLineBytes = std::max<std::uint64_t>(m_batch.longestLineBytes, m_lines.line().size());
        switch (m_lines.kind()) {
        case JsonLines::Kind::Object:
            m_line = {};
            takeObject(JsonKeys::root, m_lines.object(), 0);
            appendRecord();
            break;
        case JsonLines::Kind::Blank:
            ++m_batch.blankLines;
            break;
        case JsonLines::Kind::Invalid:
            m_batch.invalidUtf8Lines += invalidUtf8Bytes(m_lines.line()) > 0 ? 1U : 0U;
            reject("the line is not valid JSON");
            break;
        case JsonLines::Kind::InvalidUtf8:
            ++m_batch.invalidUtf8Lines;
            reject("the line is not valid UTF-8");
            break;
        case JsonLines::Kind::OtherJson:
            reject("the line is JSON but not an object");
            break;
        }
    }
    return std::move(m_batch);
}

void JsonBatchBuilder::takeObject(JsonKeys::Id parent, simdjson::dom::object object, int depth)
{
    std::size_t next = 0;
    for (const auto [key, value] : object) {
        const auto id = m_layout.keys.find(parent, key, next);
        if (id == JsonKeys::none)
            continue;
        const auto& node = m_layout.keys[id];
        simdjson::dom::object inner;
        if (!node.children.empty() && depth < JsonKeys::maxDepth && value.get(inner) == simdjson::SUCCESS)
            takeObject(id, inner, depth + 1);
        else if (node.role != FieldRole::Ignored || node.session)
            takeScalar(node, value);
    }
}

void JsonBatchBuilder::takeScalar(const JsonKeys::Node& node, simdjson::dom::element value)
{
    switch (node.role) {
    case FieldRole::Time:
        m_line.time = readTime(value);
        break;
    case FieldRole::Value:
        setField(node.field, value);
        break;
    case FieldRole::Entity:
        m_line.entity = m_batch.entities.intern(textOf(value));
        break;
    case FieldRole::Level:
        m_line.level = levelOf(value);
        break;
    case FieldRole::Message:
        m_line.hasMessage = value.get(m_line.message) == simdjson::SUCCESS;
        break;
    case FieldRole::Label:
        m_batch.labels.resize(record() + 1);
        m_batch.labels.back() = textOf(value);
        break;
    case FieldRole::Series: // of tables only
    case FieldRole::Ignored:
        break;
    }
    if (!node.session)
        return;
    if (const auto key = textOf(value); !key.empty())
        m_batch.keyHits.push_back({.record = static_cast<std::uint32_t>(record()), .key = m_batch.keys.intern(key)});
}

void JsonBatchBuilder::setField(std::uint32_t field, simdjson::dom::element value)
{
    double number = 0.0;
    if (value.get(number) != simdjson::SUCCESS)
        return;
    auto& values = m_batch.fields[field].values;
    if (values.size() <= record()) // else the key stands twice in the line: the last one counts
        values.resize(record() + 1, std::numeric_limits<double>::quiet_NaN());
    values.back() = number;
}

ZonedTime JsonBatchBuilder::readTime(simdjson::dom::element value) const
{
    std::string_view text;
    std::int64_t whole = 0;
    double number = 0.0;
    if (!m_layout.time)
        return {};
    if (value.get(text) == simdjson::SUCCESS)
        return m_layout.time->readZoned(text).value_or(ZonedTime{});
    if (value.get(whole) == simdjson::SUCCESS)
        return {m_layout.time->read(whole).value_or(noTime)};
    return {value.get(number) == simdjson::SUCCESS ? m_layout.time->read(number).value_or(noTime) : noTime};
}

Level JsonBatchBuilder::levelOf(simdjson::dom::element value) const
{
    std::string_view text;
    double number = 0.0;
    if (value.get(text) == simdjson::SUCCESS)
        return readLevel(text).value_or(Level::None);
    return value.get(number) == simdjson::SUCCESS ? levelOfNumber(number) : Level::None;
}

/// Text as it is, whole numbers and truth values as written; "" for anything else.
std::string_view JsonBatchBuilder::textOf(simdjson::dom::element value)
{
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS)
        return text;
    bool truth = false;
    if (value.get(truth) == simdjson::SUCCESS)
        return truth ? "true" : "false";
    std::int64_t whole = 0;
    double number = 0.0;
    std::to_chars_result end{m_number.data(), {}};
    if (value.get(whole) == simdjson::SUCCESS)
        end = std::to_chars(m_number.data(), m_number.data() + m_number.size(), whole);
    else if (value.get(number) == simdjson::SUCCESS)
        end = std::to_chars(m_number.data(), m_number.data() + m_number.size(), number);
    return {m_number.data(), static_cast<std::size_t>(end.ptr - m_number.data())};
}

void JsonBatchBuilder::appendRecord()
{
    m_batch.messageStart.push_back(m_finder.find(m_lines.line(), m_line.message));
    if (m_line.hasMessage) {
        const auto content = m_unwrapper.unwrap(m_line.message);
        if (m_line.level == Level::None)
            m_line.level = content.level != Level::None ? content.level : levelInText(content.text);
        m_batch.shape.push_back(m_batch.shapes.add(content.text));
    } else {
        m_batch.shape.push_back(templates::noShape);
    }
    m_batch.linesWithTime += m_line.time.time_us != noTime ? 1U : 0U;
    m_batch.offset.push_back(m_offset + m_lines.position());
    m_batch.bytes.push_back(static_cast<std::uint32_t>(m_lines.line().size()));
    m_batch.level.push_back(m_line.level);
    m_batch.flags.push_back(m_line.time.flags);
    m_batch.entity.push_back(m_line.entity);
    if (m_layout.labels)
        m_batch.labels.resize(record() + 1);
    m_batch.time.push_back(m_line.time.time_us);
}
} // namespace

RecordBatch JsonLinesParser::parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const
{
    constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
    if (firstBlock && bytes.starts_with(byteOrderMark)) {
        bytes.remove_prefix(byteOrderMark.size());
        offset += byteOrderMark.size();
    }
    return JsonBatchBuilder(m_layout, bytes, offset).run();
}

} // namespace faultline::records
