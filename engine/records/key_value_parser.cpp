// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/key_value_parser.h"
#include "engine/core/text.h"
#include "engine/records/record_table.h"
#include "engine/records/structured_batch.h"
#include <algorithm>
#include <array>

namespace faultline::records
{

namespace
{
/// One block's batch.
class KeyValueBatch
{
public:
    KeyValueBatch(const JsonLayout& layout, const KeyValueSyntax& syntax, std::string_view bytes, std::uint64_t offset)
        : m_layout(layout), m_syntax(syntax), m_bytes(bytes), m_offset(offset), m_records(layout),
          m_batch(m_records.batch())
    {
    }

    RecordBatch run()
    {
        for (std::size_t at = 0; at < m_bytes.size();) {
            const auto end = std::min(m_bytes.find('\n', at), m_bytes.size());
            auto line = m_bytes.substr(at, end - at);
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            takeLine(line, at);
            at = end + 1;
        }
        return std::move(m_batch);
    }

private:
    void takeLine(std::string_view line, std::size_t at);
    void takeRecord(std::string_view line, std::size_t at);
    void join(std::size_t end);

    const JsonLayout& m_layout;
    const KeyValueSyntax& m_syntax;
    std::string_view m_bytes;
    std::uint64_t m_offset;
    StructuredBatch m_records;
    RecordBatch& m_batch;
    KeyValueRecord m_record;
};

void KeyValueBatch::takeLine(std::string_view line, std::size_t at)
{
    ++m_batch.lines;
    m_batch.longestLineBytes = std::max<std::uint64_t>(m_batch.longestLineBytes, line.size());
    if (trim(line).empty()) {
        ++m_batch.blankLines;
        return;
    }
    if (line.find('\0') != std::string_view::npos)
        return m_records.reject(m_batch.lines, "NUL bytes (binary content)");
    m_batch.invalidUtf8Lines += invalidUtf8Bytes(line) > 0 ? 1U : 0U;
    if (m_syntax.read(line, m_record))
        return takeRecord(line, at);
    if (line.front() == ' ' || line.front() == '\t')
        return join(at + line.size());
    m_records.begin();
    m_records.setMessage(line);
    m_records.append({m_offset + at, static_cast<std::uint32_t>(line.size()), NoHeader}, 0);
}

/// A continuation line: to the record before it, or to the last one of the block before.
void KeyValueBatch::join(std::size_t end)
{
    ++m_batch.continuationLines;
    if (m_batch.offset.empty()) {
        m_batch.leadingContinuationBytes = end;
        return;
    }
    m_batch.bytes.back() = static_cast<std::uint32_t>(m_offset + end - m_batch.offset.back());
    m_batch.flags.back() |= Multiline;
}

void KeyValueBatch::takeRecord(std::string_view line, std::size_t at)
{
    m_records.begin();
    std::size_t next = 0;
    for (const auto& [key, value] : m_record.pairs())
        if (const auto id = m_layout.keys.find(JsonKeys::root, key, next); id != JsonKeys::none)
            m_records.take(m_layout.keys[id], value);
    if (!m_record.message.empty())
        m_records.setMessage(m_record.message);
    if (m_records.message().empty() && m_layout.shown.empty())
        m_records.setMessage(line);
    const auto message = m_records.message();
    const bool inLine = message.data() >= line.data() && message.data() < line.data() + line.size();
    const auto start = inLine ? message.data() - line.data() : 0;
    m_records.append({m_offset + at, static_cast<std::uint32_t>(line.size()), 0},
                     start <= UINT16_MAX ? static_cast<std::uint16_t>(start) : std::uint16_t{0});
}
} // namespace

RecordBatch KeyValueParser::parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const
{
    if (firstBlock && bytes.starts_with("\xEF\xBB\xBF")) {
        bytes.remove_prefix(3);
        offset += 3;
    }
    return KeyValueBatch(m_layout, m_syntax, bytes, offset).run();
}

void KeyValueSample::add(const KeyValueRecord& record)
{
    ++m_records;
    m_messages += record.message.empty() ? 0U : 1U;
    std::size_t next = 0;
    for (const auto& [key, value] : record.pairs()) {
        const auto id = m_keys.findOrAdd(JsonKeys::root, key, next);
        if (id == JsonKeys::none)
            continue;
        if (id > m_columns.size())
            m_columns.resize(id);
        m_columns[id - 1].key = id;
        m_columns[id - 1].values.emplace_back(value.substr(0, 1'024));
    }
}

void KeyValueSample::excludeNumbers(std::string_view key)
{
    m_notNumbers.emplace_back(key);
}

Result<JsonLayout> KeyValueSample::layout(const ParseOptions& options, const FileFacts& file, Detection& detection)
{
    for (auto& column : m_columns) {
        const auto& name = m_keys[column.key].path;
        detection.columns.push_back(name);
        std::array<std::size_t, 4> kinds{};
        std::size_t present = 0;
        for (const auto& value : column.values) {
            present += isMissingText(value) ? 0U : 1U;
            if (const auto quantity = readQuantity(value))
                ++kinds[static_cast<std::size_t>(quantity->kind)];
        }
        const auto most = std::max_element(kinds.begin(), kinds.end());
        const bool excluded = std::find(m_notNumbers.begin(), m_notNumbers.end(), name) != m_notNumbers.end();
        column.quantity = static_cast<QuantityKind>(most - kinds.begin());
        const bool numbers = *most > 0 && *most * 10 >= present * 9 && !excluded && !isIdentifierName(name);
        column.numbers = numbers ? column.values.size() : 0;
    }
    std::vector<std::string> reasons;
    auto layout = assignJsonRoles(m_keys, m_columns, options, toCivil(file.modified_us).year, reasons);
    if (layout && m_messages > 0) { // the syntax knows the message
        if (!layout->shown.empty())
            std::erase_if(reasons, [](const std::string& one) { return one.starts_with("no key holds a message"); });
        layout->shown.clear();
    }
    detection.reasons.insert(detection.reasons.end(), reasons.begin(), reasons.end());
    return layout;
}

Candidate detectKeyValues(std::string_view sample, const ParseOptions& options, const FileFacts& file)
{
    constexpr std::size_t surelyWholeBytes = 64 * 1'024;
    Candidate candidate;
    if (sample.starts_with("\xEF\xBB\xBF"))
        sample.remove_prefix(3);
    if (sample.size() >= surelyWholeBytes && sample.find('\n') != std::string_view::npos)
        sample = sample.substr(0, sample.rfind('\n'));
    const KeyValueSyntax* best = nullptr;
    KeyValueSample bestSample;
    std::size_t lines = 0;
    for (const auto& syntax : keyValueSyntaxes()) {
        if (!options.format.empty() && options.format != syntax.name)
            continue;
        KeyValueSample pairs;
        KeyValueRecord record;
        lines = 0;
        for (const auto line : split(sample, '\n')) {
            if (trim(line).empty() || line.front() == ' ' || line.front() == '\t')
                continue;
            if (++lines > KeyValueSample::maxRecords)
                break;
            if (syntax.read(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line, record))
                pairs.add(record);
        }
        if (pairs.records() > bestSample.records()) {
            best = &syntax;
            bestSample = std::move(pairs);
        }
    }
    if (best == nullptr)
        return candidate;
    lines = std::min(lines, KeyValueSample::maxRecords);
    auto& detection = candidate.detection;
    detection.format = best->name;
    detection.confidence = static_cast<double>(bestSample.records()) / static_cast<double>(lines);
    detection.reasons.push_back(formatCount(bestSample.records()) + " of " + formatCount(lines) +
                                " sampled lines are " + std::string(best->what));
    auto layout = bestSample.layout(options, file, detection);
    if (!layout) {
        candidate.error = std::move(layout.error());
        return candidate;
    }
    if (layout->time) {
        detection.timeFormat = layout->time->format();
        detection.zone = layout->time->zone();
    } else if (options.format.empty()) {
        detection.confidence *= 0.5; // pairs alone are weak: settings files are made of them
    }
    candidate.parser = std::make_shared<const KeyValueParser>(std::move(*layout), *best);
    return candidate;
}

} // namespace faultline::records
