// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/delimited_batch.h"
#include "engine/core/text.h"
#include "engine/records/decimal.h"
#include "engine/records/record_table.h"
#include <algorithm>
#include <limits>

namespace faultline::records
{

namespace
{
constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t gatheredBytes = 24 * 1'024; // stay in the first-level cache while their columns are read

bool isAscii(std::string_view text)
{
    unsigned char seen = 0;
    for (const char c : text)
        seen |= static_cast<unsigned char>(c);
    return seen < 0x80;
}

/// Columns aligned with blanks, and whole lines, have no delimiters to gather by.
bool hasDelimiters(const Dialect& dialect)
{
    return !dialect.blanks && dialect.delimiter != '\0';
}
} // namespace

DelimitedBatch::DelimitedBatch(const DelimitedLayout& layout, std::string_view bytes, std::uint64_t offset)
    : m_layout(layout), m_bytes(bytes), m_offset(offset), m_ascii(isAscii(bytes)),
      m_marks(hasDelimiters(layout.dialect) ? bytes : std::string_view(), layout.dialect.delimiter),
      m_nextQuote(bytes.find('"')), m_fields(layout.columns.size())
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
    m_needed = m_texts;
    if (layout.session)
        m_needed.push_back(*layout.session);
    const auto firstByte = [this](char c) -> FirstByte& { return m_firstBytes[static_cast<unsigned char>(c)]; };
    for (const auto& header : layout.header)
        firstByte(header.front().empty() ? layout.dialect.delimiter : header.front().front()) =
            FirstByte::MayRepeatHeader;
    for (const char c : {' ', '\t', '\r', '\n', '"', layout.dialect.comment})
        firstByte(c) = FirstByte::Unusual;
}

RecordBatch DelimitedBatch::run()
{
    if (hasDelimiters(m_layout.dialect))
        readGathered();
    else
        readOneByOne();
    tallyNumbers();
    return std::move(m_batch);
}

void DelimitedBatch::readOneByOne()
{
    m_rows.emplace(m_bytes, m_layout.dialect);
    while (m_rows->next())
        takeNextRow();
}

void DelimitedBatch::readGathered()
{
    const auto& lines = m_marks.lines();
    std::size_t line = 0, position = 0;
    while (position < m_bytes.size()) {
        const Gathered row{.position = position, .mark = line == 0 ? 0 : lines[line - 1] + 1};
        if (line < lines.size() && gather(row, lines[line])) {
            position = m_marks[lines[line++]] + 1;
            if (position - m_gathered.front().position >= gatheredBytes)
                readNumbers();
            continue;
        }
        readNumbers();
        if (!m_rows)
            m_rows.emplace(m_bytes, m_layout.dialect);
        m_rows->seek(position);
        if (!m_rows->next())
            break;
        takeNextRow();
        position = m_rows->nextPosition();
        while (line < lines.size() && m_marks[lines[line]] < position)
            ++line;
    }
    readNumbers();
}

/// The row, comment or blank line where DelimitedRows stands.
void DelimitedBatch::takeNextRow()
{
    m_row = {.text = m_rows->row(), .fields = m_rows->fields(), .lines = m_rows->lineCount()};
    countLines();
    if (m_rows->comment())
        m_batch.headerLines += m_row.lines;
    else if (m_rows->blank())
        m_batch.blankLines += m_row.lines;
    else if (const auto problem = readRow())
        reject(*problem);
}

/// A field of a row without quotes.
DelimitedField DelimitedBatch::fieldOf(const Gathered& row, std::size_t column) const
{
    const std::size_t begin = column == 0 ? row.position : m_marks[row.mark + column - 1] + 1;
    std::size_t end = m_marks[row.mark + column];
    if (column + 1 == m_fields.size() && end > begin && m_bytes[end - 1] == '\r')
        --end;
    return {.raw = {m_bytes.data() + begin, end - begin}};
}

/// Whether the row is one line of as many fields as expected, and neither a comment, blank nor a header.
bool DelimitedBatch::looksPlain(const Gathered& row, std::size_t lineFeed)
{
    if (lineFeed + 1 - row.mark != m_fields.size())
        return false;
    if (m_nextQuote < row.position)
        m_nextQuote = m_bytes.find('"', row.position);
    if (m_nextQuote < m_marks[lineFeed])
        return false;
    const auto firstByte = m_firstBytes[static_cast<unsigned char>(m_bytes[row.position])];
    if (firstByte != FirstByte::MayRepeatHeader)
        return firstByte == FirstByte::Plain;
    const auto first = trim(fieldOf(row, 0).raw);
    return std::none_of(m_layout.header.begin(), m_layout.header.end(),
                        [&](const auto& header) { return header.front() == first; });
}

/// All of a plain row but its numbers; false, and nothing is done, when it is no such row or its time does not read.
bool DelimitedBatch::gather(const Gathered& row, std::size_t lineFeed)
{
    if (!looksPlain(row, lineFeed))
        return false;
    for (const auto column : m_needed)
        m_fields[column] = fieldOf(row, column);
    auto end = m_marks[lineFeed];
    if (end > row.position && m_bytes[end - 1] == '\r')
        --end;
    m_row = {.text = m_bytes.substr(row.position, end - row.position), .fields = m_fields, .lines = 1};
    const auto time = readTime();
    if (!time)
        return false;
    countLines();
    m_batch.linesWithTime += m_layout.time ? 1U : 0U;
    appendRecord(*time);
    m_gathered.push_back(row);
    return true;
}

/// The numbers of the rows that were gathered, column by column.
void DelimitedBatch::readNumbers()
{
    const char* const readable = m_bytes.data() + m_bytes.size();
    for (std::size_t i = 0; i < m_layout.values.size(); ++i) {
        const auto column = m_layout.values[i];
        const bool plain = m_layout.columns[column].style.plain();
        auto& numbers = numbersOf(i);
        for (const auto& row : m_gathered) {
            const auto field = fieldOf(row, column);
            const auto value = plain ? readDecimal(field.raw, readable) : std::nullopt;
            numbers.push_back(value ? *value : number(column, field));
        }
    }
    m_gathered.clear();
}

std::vector<double>& DelimitedBatch::numbersOf(std::size_t value)
{
    return m_batch.longValues ? m_batch.longValues->values : m_batch.fields[value].values;
}

void DelimitedBatch::countLines()
{
    m_batch.lines += m_row.lines;
    const auto row = m_row.text;
    if (m_row.lines == 1) {
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

void DelimitedBatch::reject(const std::string& reason)
{
    const auto first = m_batch.lines - m_row.lines + 1;
    for (auto line = first; line <= m_batch.lines; ++line)
        m_batch.rejected.push_back({.line = line, .reason = reason});
}

/// Files that were joined carry their header again in the middle.
bool DelimitedBatch::repeatsHeader()
{
    const auto first = m_row.fields.front().raw;
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

std::optional<std::string> DelimitedBatch::readRow()
{
    if (m_rows->problem() == DelimitedRows::Problem::UnclosedQuote)
        return "a quote is not closed within " + formatCount(DelimitedRows::maxQuotedBytes) + " bytes";
    if (m_rows->problem() == DelimitedRows::Problem::TextAfterQuote)
        return "text follows a closing quote";
    const auto width = m_layout.columns.size();
    if (const auto count = m_rows->fieldCount(); count != width)
        return count > 2 * width + 100
                   ? "far more fields than the " + std::to_string(width) + " expected"
                   : std::to_string(count) + " fields where " + std::to_string(width) + " are expected";
    if (repeatsHeader()) {
        m_batch.headerLines += m_row.lines;
        return std::nullopt;
    }
    const auto time = readTime();
    if (!time)
        return isMissingText(text(m_layout.time->parts().front().column))
                   ? "the time is missing"
                   : "the time does not read as " + m_layout.time->format();
    m_batch.linesWithTime += m_layout.time ? 1U : 0U;
    appendRecord(*time);
    for (std::size_t i = 0; i < m_layout.values.size(); ++i)
        numbersOf(i).push_back(number(m_layout.values[i], m_row.fields[m_layout.values[i]]));
    return std::nullopt;
}

/// That of the row; none, not a wrong one, where there is no column of times.
std::optional<ZonedTime> DelimitedBatch::readTime()
{
    return m_layout.time ? m_layout.time->read([this](std::size_t column) { return text(column); }, m_joined)
                         : std::optional(ZonedTime{});
}

/// Rows of a table are about equally long: room for all of them once, instead of growing every column many times.
void DelimitedBatch::reserve()
{
    const auto rows = m_bytes.size() / (m_row.text.size() + 1) * 9 / 8 + 16;
    m_batch.time.reserve(rows);
    m_batch.offset.reserve(rows);
    for (auto& field : m_batch.fields)
        field.values.reserve(rows);
}

std::string_view DelimitedBatch::joined(const std::vector<std::size_t>& columns)
{
    if (columns.size() == 1)
        return trim(text(columns.front()));
    m_joined.clear();
    for (const auto column : columns)
        if (const auto part = trim(text(column)); !part.empty())
            m_joined.append(m_joined.empty() ? "" : "/").append(part);
    return m_joined;
}

double DelimitedBatch::number(std::size_t column, const DelimitedField& field)
{
    const auto& style = m_layout.columns[column].style;
    if (const auto value = style.plain() ? readNumber(field.raw) : style.read(field.text(m_scratch)))
        return *value;
    if (isMissingText(field.raw))
        m_batch.columns[column].addMissing();
    else
        m_batch.columns[column].addUnreadable();
    return missing;
}

void DelimitedBatch::appendRecord(const ZonedTime& time)
{
    if (m_batch.time.empty())
        reserve();
    const auto record = static_cast<std::uint32_t>(m_batch.time.size());
    m_batch.time.push_back(time.time_us);
    m_batch.offset.push_back(m_offset + static_cast<std::uint64_t>(m_row.text.data() - m_bytes.data()));
    m_batch.bytes.push_back(static_cast<std::uint32_t>(m_row.text.size()));
    m_batch.continuationLines += m_row.lines - 1;
    m_batch.flags.push_back(static_cast<std::uint8_t>(time.flags | (m_row.lines > 1 ? RecordFlag::Multiline : 0)));
    m_batch.entity.push_back(m_layout.entity.empty() ? 0 : m_batch.entities.intern(joined(m_layout.entity)));
    m_batch.level.push_back(m_layout.level ? readLevel(text(*m_layout.level)).value_or(Level::None) : Level::None);
    appendMessage();
    if (m_batch.longValues)
        m_batch.longValues->series.push_back(m_batch.longValues->names.intern(joined(m_layout.series)));
    tallyTexts();
    if (m_layout.label)
        m_batch.labels.emplace_back(trim(text(*m_layout.label)));
    if (m_layout.session)
        if (const auto key = trim(text(*m_layout.session)); !key.empty())
            m_batch.keyHits.push_back({.record = record, .key = m_batch.keys.intern(key)});
}

void DelimitedBatch::tallyTexts()
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
void DelimitedBatch::tallyNumbers()
{
    for (std::size_t i = 0; i < m_layout.values.size(); ++i)
        m_batch.columns[m_layout.values[i]].addNumbers(numbersOf(i));
}

void DelimitedBatch::appendMessage()
{
    std::size_t start = 0;
    if (m_layout.message) {
        const auto& field = m_row.fields[*m_layout.message];
        start = static_cast<std::size_t>(field.raw.data() - m_row.text.data());
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

} // namespace faultline::records
