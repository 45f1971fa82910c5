// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/delimited_parser.h"
#include "engine/core/text.h"
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
        : m_layout(layout), m_offset(offset), m_rows(bytes, layout.delimiter), m_ascii(isAscii(bytes))
    {
        for (const auto column : layout.values)
            m_batch.fields.push_back(
                {.name = layout.columns[column].name, .unit = layout.columns[column].unit, .values = {}});
        m_batch.entities.intern("");
    }

    RecordBatch run(bool headerExpected)
    {
        while (m_rows.next()) {
            countLines();
            if (m_rows.blank())
                m_batch.blankLines += m_rows.lineCount();
            else if (headerExpected) {
                m_batch.headerLines += m_rows.lineCount();
                headerExpected = false;
            } else if (auto problem = readRow())
                reject(std::move(*problem));
        }
        return std::move(m_batch);
    }

private:
    void countLines();
    void reject(std::string reason);
    [[nodiscard]] std::optional<std::string> readRow();
    [[nodiscard]] std::optional<ZonedTime> readTime();
    [[nodiscard]] bool repeatsHeader();
    void appendRecord(const ZonedTime& time);
    void appendMessage();
    [[nodiscard]] std::string_view text(std::size_t column) { return m_rows.fields()[column].text(m_scratch); }

    const DelimitedLayout& m_layout;
    std::uint64_t m_offset;
    DelimitedRows m_rows;
    bool m_ascii;
    RecordBatch m_batch;
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

std::optional<ZonedTime> BatchBuilder::readTime()
{
    const auto& columns = m_layout.timeColumns;
    if (columns.size() == 1)
        return m_layout.time->readZoned(text(columns.front()));
    m_joined.clear();
    for (const auto column : columns)
        m_joined.append(m_joined.empty() ? "" : " ").append(trim(text(column)));
    return m_layout.time->readZoned(m_joined);
}

/// Files that were joined carry their header again in the middle.
bool BatchBuilder::repeatsHeader()
{
    if (!m_layout.hasHeader)
        return false;
    for (std::size_t i = 0; i < m_layout.columns.size(); ++i)
        if (trim(text(i)) != m_layout.columns[i].name)
            return false;
    return true;
}

std::optional<std::string> BatchBuilder::readRow()
{
    if (m_rows.problem() == DelimitedRows::Problem::UnclosedQuote)
        return "a quote is not closed (within its block of the file)";
    if (m_rows.problem() == DelimitedRows::Problem::TextAfterQuote)
        return "text follows a closing quote";
    const auto width = m_layout.columns.size();
    if (const auto count = m_rows.fieldCount(); count != width)
        return count > 2 * width + 100
                   ? "far more fields than the " + std::to_string(width) + " expected"
                   : std::to_string(count) + " fields where " + std::to_string(width) + " are expected";
    std::optional<ZonedTime> time = ZonedTime{};
    if (m_layout.time) {
        time = readTime();
        if (!time && repeatsHeader()) {
            m_batch.headerLines += m_rows.lineCount();
            return std::nullopt;
        }
        if (!time)
            return isMissingText(text(m_layout.timeColumns.front()))
                       ? "the time is missing"
                       : "the time does not read as " + m_layout.time->format();
        ++m_batch.linesWithTime;
    }
    appendRecord(*time);
    return std::nullopt;
}

void BatchBuilder::appendRecord(const ZonedTime& time)
{
    const auto record = static_cast<std::uint32_t>(m_batch.time.size());
    m_batch.time.push_back(time.time_us);
    m_batch.offset.push_back(m_offset + m_rows.position());
    m_batch.bytes.push_back(static_cast<std::uint32_t>(m_rows.row().size()));
    m_batch.continuationLines += m_rows.lineCount() - 1;
    m_batch.flags.push_back(
        static_cast<std::uint8_t>(time.flags | (m_rows.lineCount() > 1 ? RecordFlag::Multiline : 0)));
    m_batch.entity.push_back(m_layout.entity ? m_batch.entities.intern(trim(text(*m_layout.entity))) : 0);
    m_batch.level.push_back(m_layout.level ? readLevel(text(*m_layout.level)).value_or(Level::None) : Level::None);
    appendMessage();
    for (std::size_t i = 0; i < m_layout.values.size(); ++i)
        m_batch.fields[i].values.push_back(readNumber(m_rows.fields()[m_layout.values[i]].raw).value_or(missing));
    if (m_layout.label)
        m_batch.labels.emplace_back(trim(text(*m_layout.label)));
    if (m_layout.session)
        if (const auto key = trim(text(*m_layout.session)); !key.empty())
            m_batch.keyHits.push_back({.record = record, .key = m_batch.keys.intern(key)});
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

RecordBatch DelimitedParser::parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const
{
    if (firstBlock && bytes.starts_with(byteOrderMark)) {
        bytes.remove_prefix(byteOrderMark.size());
        offset += byteOrderMark.size();
    }
    return BatchBuilder(m_layout, bytes, offset).run(firstBlock && m_layout.hasHeader);
}

} // namespace faultline::records
