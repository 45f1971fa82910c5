// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/journal_export.h"
#include "engine/core/text.h"
#include "engine/records/key_value_parser.h"
#include "engine/records/line_account.h"
#include "engine/records/record_table.h"
#include "engine/records/structured_batch.h"
#include <algorithm>
#include <optional>
#include <utility>

namespace faultline::records
{

namespace
{
enum class FieldKind : std::uint8_t {
    Text,
    Binary,
    EntryEnd,
    Unfinished, ///< the text ends inside the field
    Broken,
};

struct Field {
    FieldKind kind = FieldKind::Unfinished;
    std::string_view name{}, value{};
    std::size_t end = 0; ///< behind its line end
};

bool isName(std::string_view text)
{
    const auto isByte = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), isByte);
}

/// The field that begins at `at`. A length that cannot be is Broken, for nobody can say where such a field ends.
Field fieldAt(std::string_view text, std::size_t at)
{
    const auto lineEnd = text.find('\n', at);
    if (lineEnd == std::string_view::npos)
        return {};
    const auto line = text.substr(at, lineEnd - at);
    if (line.empty() || line == "\r")
        return {.kind = FieldKind::EntryEnd, .end = lineEnd + 1};
    if (const auto equals = line.find('='); equals != std::string_view::npos) {
        const bool named = isName(line.substr(0, equals));
        return {named ? FieldKind::Text : FieldKind::Broken, line.substr(0, equals), line.substr(equals + 1),
                lineEnd + 1};
    }
    if (!isName(line))
        return {.kind = FieldKind::Broken, .end = lineEnd + 1};
    const auto start = lineEnd + 1;
    if (text.size() < start + 8)
        return {};
    std::uint64_t length = 0;
    for (std::size_t i = 8; i-- > 0;)
        length = length << 8 | static_cast<unsigned char>(text[start + i]);
    if (length > RecordCutter::maxRecordBytes)
        return {.kind = FieldKind::Broken, .end = lineEnd + 1};
    if (text.size() < start + 8 + length + 1)
        return {};
    const auto end = start + 8 + static_cast<std::size_t>(length);
    if (text[end] != '\n')
        return {.kind = FieldKind::Broken, .end = lineEnd + 1};
    return {FieldKind::Binary, line, text.substr(start + 8, static_cast<std::size_t>(length)), end + 1};
}

/// Behind the next empty line, or npos.
std::size_t behindEmptyLine(std::string_view text, std::size_t at)
{
    const auto end = text.find("\n\n", at == 0 ? 0 : at - 1);
    return end == std::string_view::npos ? end : end + 2;
}

/// One entry of a text.
struct Entry {
    std::size_t end = 0; ///< behind the empty line that ends it
    bool whole = true;   ///< all of its fields could be read
};

/// The entry that begins at `at`; nullopt when its end is not in the text.
template <class Take>
std::optional<Entry> readEntry(std::string_view text, std::size_t at, Take&& take)
{
    for (;;) {
        const auto field = fieldAt(text, at);
        if (field.kind == FieldKind::Unfinished)
            return std::nullopt;
        if (field.kind == FieldKind::EntryEnd)
            return Entry{field.end, true};
        if (field.kind == FieldKind::Broken) {
            const auto end = behindEmptyLine(text, field.end);
            return end == std::string_view::npos ? std::nullopt : std::optional(Entry{end, false});
        }
        take(field);
        at = field.end;
    }
}

class JournalBatch
{
public:
    JournalBatch(const JsonLayout& layout, const BlockContext& context, std::string_view bytes)
        : m_layout(layout), m_bytes(bytes), m_offset(context.offset), m_records(layout),
          m_account(m_records.batch(), bytes, context)
    {
    }
    RecordBatch run();

private:
    [[nodiscard]] std::optional<Entry> read(std::string_view text);
    void takeField(const Field& field);
    void append(std::size_t begin, std::size_t end);

    const JsonLayout& m_layout;
    std::string_view m_bytes;
    std::uint64_t m_offset;
    StructuredBatch m_records;
    LineAccount m_account;
    std::size_t m_next = 0, m_fields = 0;
    std::uint16_t m_messageStart = 0;
    const char* m_entry = nullptr; ///< where the entry that is read begins
};

void JournalBatch::takeField(const Field& field)
{
    ++m_fields;
    const auto id = m_layout.keys.find(JsonKeys::root, field.name, m_next);
    if (id == JsonKeys::none)
        return;
    m_records.take(m_layout.keys[id], field.value);
    if (m_layout.keys[id].role != FieldRole::Message)
        return;
    const auto start = static_cast<std::size_t>(field.value.data() - m_entry);
    m_messageStart = start <= UINT16_MAX ? static_cast<std::uint16_t>(start) : std::uint16_t{0};
}

void JournalBatch::append(std::size_t begin, std::size_t end)
{
    const auto lines = m_account.takeRecord(begin, end);
    while (end > begin && m_bytes[end - 1] == '\n')
        --end;
    m_records.append({.offset = m_offset + begin,
                      .bytes = static_cast<std::uint32_t>(end - begin),
                      .flags = lines > 1 ? std::uint8_t{Multiline} : std::uint8_t{0}},
                     m_messageStart);
}

/// Reads the entry that begins at the start of `text`; its fields go to the batch.
std::optional<Entry> JournalBatch::read(std::string_view text)
{
    m_records.begin();
    m_next = m_fields = 0;
    m_messageStart = 0;
    m_entry = text.data();
    return readEntry(text, 0, [this](const Field& field) { takeField(field); });
}

RecordBatch JournalBatch::run()
{
    std::string last;
    for (std::size_t at = 0; at < m_bytes.size();) {
        auto entry = read(m_bytes.substr(at));
        const auto end = entry ? at + entry->end : m_bytes.size();
        if (!entry) { // the content's last entry may lack the empty line behind it
            last.assign(m_bytes.substr(at)).append(m_bytes.ends_with('\n') ? "\n" : "\n\n");
            entry = read(last);
        }
        if (!entry || !entry->whole)
            m_account.reject(at, end, "a field of the entry is cut off or not of the export format");
        else if (m_fields > 0)
            append(at, end);
        at = end;
    }
    m_account.finish();
    return std::move(m_records.batch());
}
} // namespace

RecordCutter::Cut JournalCutter::cut(std::string_view pending, std::size_t)
{
    std::size_t end = 0;
    while (end < pending.size()) {
        const auto entry = m_givenUp ? std::optional(Entry{behindEmptyLine(pending, 0), false})
                                     : readEntry(pending, end, [](const Field&) {});
        if (!entry || entry->end == std::string_view::npos)
            break;
        end = entry->end;
        if (std::exchange(m_givenUp, false))
            return {end, end};
    }
    return {end, pending.size()};
}

RecordBatch JournalParser::parseIn(const BlockContext& context, std::string_view bytes) const
{
    return JournalBatch(m_layout, context, bytes).run();
}

bool looksLikeJournalExport(std::string_view sample)
{
    return sample.starts_with("__CURSOR=") || sample.starts_with("__REALTIME_TIMESTAMP=");
}

Candidate detectJournalExport(std::string_view sample, const ParseOptions& options, const FileFacts& file)
{
    Candidate candidate;
    const bool asked = options.format == "journal_export";
    if ((!options.format.empty() && !asked) || (!asked && !looksLikeJournalExport(sample)))
        return candidate;
    KeyValueSample pairs;
    std::size_t entries = 0;
    for (std::size_t at = 0; at < sample.size() && entries < KeyValueSample::maxRecords;) {
        KeyValueRecord record;
        const auto take = [&](const Field& field) { record.add(field.name, field.value); };
        auto entry = readEntry(sample, at, take);
        if (!entry && at > 0)
            break; // the sample's end cuts it
        ++entries;
        if ((!entry || entry->whole) && !record.pairs().empty())
            pairs.add(record);
        at = entry ? entry->end : sample.size();
    }
    if (pairs.records() == 0)
        return candidate;
    auto& detection = candidate.detection;
    detection.format = "journal_export";
    detection.confidence = static_cast<double>(pairs.records()) / static_cast<double>(entries);
    detection.reasons.push_back(formatCount(pairs.records()) + " of " + formatCount(entries) +
                                " sampled entries are of journald's export format");
    for (const auto* name : {"_PID", "_UID", "_GID", "__MONOTONIC_TIMESTAMP", "SYSLOG_FACILITY", "_AUDIT_LOGINUID",
                             "CODE_LINE", "_LINE_BREAK", "ERRNO", "__SEQNUM"})
        pairs.excludeNumbers(name);
    auto layout = pairs.layout(options, file, detection);
    if (!layout) {
        candidate.error = std::move(layout.error());
        return candidate;
    }
    if (layout->time) {
        detection.timeFormat = layout->time->format();
        detection.zone = layout->zoneText();
    }
    candidate.parser = std::make_shared<const JournalParser>(std::move(*layout));
    return candidate;
}

} // namespace faultline::records
