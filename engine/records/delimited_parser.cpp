// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/delimited_parser.h"
#include "engine/core/text.h"
#include "engine/records/decimal.h"
#include "engine/records/delimited_rows.h"
#include "engine/records/json_message.h"
#include "engine/records/record_table.h"
#include <algorithm>
#include <limits>

namespace faultline::records
{

namespace
{
constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

bool isAscii(std::string_view text)
{
    unsigned char seen = 0;
    for (const char c : text)
        seen |= static_cast<unsigned char>(c);
    return seen < 0x80;
}

/// Makes one batch of one block.
class BatchBuilder
{
public:
    BatchBuilder(const DelimitedLayout& layout, std::string_view bytes, std::uint64_t offset)
        : m_layout(layout), m_bytes(bytes), m_offset(offset), m_rows(bytes, layout.dialect), m_ascii(isAscii(bytes))
    {
        m_batch.entities.intern("");
        m_batch.columns.resize(layout.columns.size());
        if (!layout.series.empty())
            m_batch.longValues.emplace();
        else
            for (const auto column : layout.values)
                m_batch.fields.push_back(
                    {.name = layout.columns[column].name, .unit = layout.columns[column].unit, .values = {}});
        for (std::size_t i = 0; i < layout.columns.size(); ++i)
            if (layout.columns[i].role != FieldRole::Value)
                m_texts.push_back(i);
    }

    RecordBatch run()
    {
        while (m_rows.next()) {
            countLines();
            if (m_rows.comment())
                m_batch.headerLines += m_rows.lineCount();
            else if (m_rows.blank())
                m_batch.blankLines += m_rows.lineCount();
            else if (auto problem = readRow())
                reject(std::move(*problem));
        }
        tallyNumbers();
        return std::move(m_batch);
    }

private:
    void countLines();
    void reject(std::string reason);
    [[nodiscard]] std::optional<std::string> readRow();
    [[nodiscard]] bool repeatsHeader();
    void reserve();
    void appendRecord(const ZonedTime& time);
    void appendMessage();
    void appendLongValue();
    [[nodiscard]] std::uint32_t entity();
    [[nodiscard]] double number(std::size_t column);
    void tallyTexts();
    void tallyNumbers();
    [[nodiscard]] std::string_view text(std::size_t column) { return m_rows.fields()[column].text(m_scratch); }
    [[nodiscard]] std::string_view joined(const std::vector<std::size_t>& columns);

    const DelimitedLayout& m_layout;
    std::string_view m_bytes;
    std::uint64_t m_offset;
    DelimitedRows m_rows;
    bool m_ascii;
    RecordBatch m_batch;
    std::vector<std::size_t> m_texts; ///< columns that do not become fields
    std::string m_scratch, m_joined;
    JsonMessage m_unwrapper;
};

void BatchBuilder::countLines()
{
    m_batch.lines += m_rows.lineCount();
    const auto row = m_rows.row();
    if (m_rows.lineCount() == 1) {
        m_batch.longestLineBytes = std::max<std::uint64_t>(m_batch.longestLineBytes, row.size());
        if (!m_ascii && invalidUtf8Bytes(row) > 0)
            ++m_batch.invalidUtf8Lines;
        return;
    }
    for (const auto line : split(row, '\n')) {
        m_batch.longestLineBytes = std::max<std::uint64_t>(m_batch.longestLineBytes, line.size());
        if (!m_ascii && invalidUtf8Bytes(line) > 0)
            ++m_batch.invalidUtf8Lines;
    }
}

void BatchBuilder::reject(std::string reason)
{
    const auto first = m_batch.lines - m_rows.lineCount() + 1;
    for (auto line = first; line <= m_batch.lines; ++line)
        m_batch.rejected.push_back({.line = line, .reason = reason});
}

/// Files that were joined carry their header again in the middle.
bool BatchBuilder::repeatsHeader()
{
    const auto first = m_rows.fields().front().raw;
    for (const auto& header : m_layout.header) {
        if (header.front() != trim(first) && header.front().find('"') == std::string::npos)
            continue;
        bool same = true;
        for (std::size_t i = 0; same && i < header.size(); ++i)
            same = trim(text(i)) == header[i];
        if (same)
            return true;
    }
    return false;
}

std::optional<std::string> BatchBuilder::readRow()
{
    if (m_rows.problem() == DelimitedRows::Problem::UnclosedQuote)
        return "a quote is not closed within " + formatCount(DelimitedRows::maxQuotedBytes) + " bytes";
    if (m_rows.problem() == DelimitedRows::Problem::TextAfterQuote)
        return "text follows a closing quote";
    const auto width = m_layout.columns.size();
    if (const auto count = m_rows.fieldCount(); count != width)
        return count > 2 * width + 100
                   ? "far more fields than the " + std::to_string(width) + " expected"
                   : std::to_string(count) + " fields where " + std::to_string(width) + " are expected";
    if (repeatsHeader()) {
        m_batch.headerLines += m_rows.lineCount();
        return std::nullopt;
    }
    std::optional<ZonedTime> time = ZonedTime{};
    if (m_layout.time) {
        time = m_layout.time->read([this](std::size_t column) { return text(column); }, m_joined);
        if (!time)
            return isMissingText(text(m_layout.time->parts().front().column))
                       ? "the time is missing"
                       : "the time does not read as " + m_layout.time->format();
        ++m_batch.linesWithTime;
    }
    appendRecord(*time);
    return std::nullopt;
}

/// Rows of a table are about equally long: room for all of them once, instead of growing every column many times.
void BatchBuilder::reserve()
{
    const auto rows = m_bytes.size() / (m_rows.row().size() + 1) * 9 / 8 + 16;
    m_batch.time.reserve(rows);
    m_batch.offset.reserve(rows);
    for (auto& field : m_batch.fields)
        field.values.reserve(rows);
}

std::string_view BatchBuilder::joined(const std::vector<std::size_t>& columns)
{
    if (columns.size() == 1)
        return trim(text(columns.front()));
    m_joined.clear();
    for (const auto column : columns)
        if (const auto part = trim(text(column)); !part.empty())
            m_joined.append(m_joined.empty() ? "" : "/").append(part);
    return m_joined;
}

double BatchBuilder::number(std::size_t column)
{
    const auto& layout = m_layout.columns[column];
    const auto& field = m_rows.fields()[column];
    if (layout.style.plain()) [[likely]] {
        if (const auto value = readDecimal(field.raw)) [[likely]]
            return *value;
        if (const auto value = readNumber(field.raw)) // with blanks or a plus
            return *value;
    } else if (const auto value = layout.style.read(text(column))) {
        return *value;
    }
    if (isMissingText(field.raw))
        m_batch.columns[column].addMissing();
    else
        m_batch.columns[column].addUnreadable();
    return missing;
}

void BatchBuilder::appendRecord(const ZonedTime& time)
{
    if (m_batch.time.empty())
        reserve();
    const auto record = static_cast<std::uint32_t>(m_batch.time.size());
    m_batch.time.push_back(time.time_us);
    m_batch.offset.push_back(m_offset + m_rows.position());
    m_batch.bytes.push_back(static_cast<std::uint32_t>(m_rows.row().size()));
    m_batch.continuationLines += m_rows.lineCount() - 1;
    m_batch.flags.push_back(
        static_cast<std::uint8_t>(time.flags | (m_rows.lineCount() > 1 ? RecordFlag::Multiline : 0)));
    m_batch.entity.push_back(m_layout.entity.empty() ? 0 : m_batch.entities.intern(joined(m_layout.entity)));
    m_batch.level.push_back(m_layout.level ? readLevel(text(*m_layout.level)).value_or(Level::None) : Level::None);
    appendMessage();
    if (m_batch.longValues)
        appendLongValue();
    else
        for (std::size_t i = 0; i < m_layout.values.size(); ++i)
            m_batch.fields[i].values.push_back(number(m_layout.values[i]));
    tallyTexts();
    if (m_layout.label)
        m_batch.labels.emplace_back(trim(text(*m_layout.label)));
    if (m_layout.session)
        if (const auto key = trim(text(*m_layout.session)); !key.empty())
            m_batch.keyHits.push_back({.record = record, .key = m_batch.keys.intern(key)});
}

void BatchBuilder::appendLongValue()
{
    auto& values = *m_batch.longValues;
    values.series.push_back(values.names.intern(joined(m_layout.series)));
    values.values.push_back(number(m_layout.values.front()));
}

void BatchBuilder::tallyTexts()
{
    for (const auto column : m_texts) {
        const auto cell = text(column);
        auto& tally = m_batch.columns[column];
        if (isMissingText(cell)) {
            tally.addMissing();
            continue;
        }
        tally.addText(cell);
        if (!m_layout.columns[column].numbers)
            continue;
        if (const auto value = m_layout.columns[column].style.read(cell))
            tally.addRange(*value);
    }
}

/// Columns of numbers in one go, which is faster than value by value.
void BatchBuilder::tallyNumbers()
{
    if (m_batch.longValues)
        return m_batch.columns[m_layout.values.front()].addNumbers(m_batch.longValues->values);
    for (std::size_t i = 0; i < m_layout.values.size(); ++i)
        m_batch.columns[m_layout.values[i]].addNumbers(m_batch.fields[i].values);
}

void BatchBuilder::appendMessage()
{
    std::size_t start = 0;
    if (m_layout.message) {
        const auto& field = m_rows.fields()[*m_layout.message];
        start = static_cast<std::size_t>(field.raw.data() - m_rows.row().data());
        const auto content = m_unwrapper.unwrap(field.text(m_scratch));
        auto& level = m_batch.level.back();
        if (level == Level::None)
            level = content.level != Level::None ? content.level : levelInText(content.text);
        m_batch.shape.push_back(m_batch.shapes.add(content.text));
    } else {
        m_batch.shape.push_back(templates::noShape);
    }
    m_batch.messageStart.push_back(
        start <= std::numeric_limits<std::uint16_t>::max() ? static_cast<std::uint16_t>(start) : std::uint16_t{0});
}
} // namespace

namespace
{
/// What stands before the table: a title, comments, the header.
void addHead(std::string_view head, RecordBatch& batch)
{
    while (!head.empty()) {
        const auto end = std::min(head.find('\n'), head.size());
        auto line = head.substr(0, end);
        head.remove_prefix(std::min(end + 1, head.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        ++batch.lines;
        ++(trim(line).empty() ? batch.blankLines : batch.headerLines);
        batch.longestLineBytes = std::max<std::uint64_t>(batch.longestLineBytes, line.size());
        batch.invalidUtf8Lines += invalidUtf8Bytes(line) > 0 ? 1U : 0U;
    }
}

std::size_t headBytesIn(std::string_view bytes, std::uint64_t offset, std::uint64_t headBytes)
{
    return offset >= headBytes ? 0
                               : static_cast<std::size_t>(std::min<std::uint64_t>(headBytes - offset, bytes.size()));
}
} // namespace

RecordBatch DelimitedParser::parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const
{
    const auto head = headBytesIn(bytes, offset, m_layout.headBytes);
    const auto mark = firstBlock && head == 0 && bytes.starts_with(byteOrderMark) ? byteOrderMark.size() : 0;
    const auto skipped = head + mark;
    auto batch = BatchBuilder(m_layout, bytes.substr(skipped), offset + skipped).run();
    RecordBatch before;
    addHead(bytes.substr(0, head), before);
    for (auto& rejection : batch.rejected)
        rejection.line += before.lines;
    batch.lines += before.lines;
    batch.blankLines += before.blankLines;
    batch.headerLines += before.headerLines;
    batch.invalidUtf8Lines += before.invalidUtf8Lines;
    batch.longestLineBytes = std::max(batch.longestLineBytes, before.longestLineBytes);
    return batch;
}

std::size_t DelimitedParser::wholeBytes(std::string_view bytes, std::uint64_t offset) const
{
    const auto head = headBytesIn(bytes, offset, m_layout.headBytes);
    const auto table = bytes.substr(head);
    if (m_layout.dialect.blanks || table.find('"') == std::string_view::npos)
        return bytes.size();
    for (DelimitedRows rows(table, m_layout.dialect); rows.next();)
        if (rows.openAtEnd())
            return head + rows.position();
    return bytes.size();
}

} // namespace faultline::records
