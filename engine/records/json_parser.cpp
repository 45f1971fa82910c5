// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/json_parser.h"
#include "engine/core/text.h"
#include "engine/records/json_documents.h"
#include "engine/records/json_values.h"
#include "engine/records/line_walk.h"
#include "engine/records/message_finder.h"
#include "engine/records/record_table.h"
#include <algorithm>

namespace faultline::records
{

namespace
{

/// A line of text that goes on with what stands above it: a frame of a stack trace, its cause.
bool continuesText(std::string_view line)
{
    const auto text = trim(line);
    return line.front() == ' ' || line.front() == '\t' || text.starts_with("at ") || text.starts_with("Caused by") ||
           text.starts_with("...");
}

/// One block of lines.
class JsonLineBatch
{
public:
    JsonLineBatch(const JsonLayout& layout, const JsonFraming& framing, std::string_view bytes,
                  const BlockContext& context)
        : m_framing(framing), m_bytes(bytes), m_context(context), m_records(layout), m_values(layout, m_records),
          m_finder(layout.messageKey), m_reader(framing.start), m_walk(bytes, m_records.batch())
    {
    }

    RecordBatch run()
    {
        while (m_walk.next()) {
            const auto kind = m_reader.read(m_walk.line(), m_bytes.size() - m_walk.position());
            if (kind == JsonKind::Object)
                takeObject();
            else if (kind == JsonKind::Blank)
                ++m_records.batch().blankLines;
            else if (m_reader.isText())
                takeText();
            else
                m_records.reject(m_records.batch().lines, jsonProblem(kind));
        }
        return std::move(m_records.batch());
    }

private:
    void takeObject()
    {
        m_records.begin();
        m_values.take(m_reader.object());
        append(m_finder.find(m_walk.line(), m_records.message()), 0);
    }
    void takeText()
    {
        const auto content = m_reader.content();
        const bool first = m_context.firstBlock && m_records.records() == 0;
        if (continuesText(content) && !first)
            return continueRecord(m_records.batch(), m_context.offset, m_walk.end());
        m_records.begin();
        m_records.setMessage(content);
        append(static_cast<std::uint16_t>(content.data() - m_walk.line().data()), NoHeader); // at most a short prefix
    }
    void append(std::uint16_t messageStart, std::uint8_t flags)
    {
        if (m_framing.serviceIsEntity && !m_reader.service().empty())
            m_records.setEntity(m_reader.service());
        m_records.append({.offset = m_context.offset + m_walk.position(),
                          .bytes = static_cast<std::uint32_t>(m_walk.line().size()),
                          .flags = flags},
                         messageStart);
    }

    const JsonFraming& m_framing;
    std::string_view m_bytes;
    const BlockContext& m_context;
    StructuredBatch m_records;
    JsonValues m_values;
    MessageFinder m_finder;
    JsonLine m_reader;
    LineWalk m_walk;
};

RecordBatch parseDocuments(const JsonLayout& layout, const std::vector<std::string>& path, std::string_view bytes,
                           const BlockContext& context)
{
    StructuredBatch records(layout);
    JsonValues values(layout, records);
    MessageFinder finder(layout.messageKey);
    for (JsonDocuments documents(bytes, path, context, records.batch()); documents.next();) {
        const auto lines = documents.take();
        records.begin();
        values.take(documents.object());
        records.append({.offset = context.offset + documents.position(),
                        .bytes = static_cast<std::uint32_t>(documents.record().size()),
                        .flags = lines > 1 ? std::uint8_t{Multiline} : std::uint8_t{0}},
                       finder.find(documents.record(), records.message()));
    }
    return std::move(records.batch());
}
} // namespace

std::unique_ptr<RecordCutter> JsonParser::cutter() const
{
    if (m_framing.lines)
        return std::make_unique<LineCutter>();
    return std::make_unique<JsonCutter>(m_framing.path);
}

RecordBatch JsonParser::parseIn(const BlockContext& context, std::string_view bytes) const
{
    return m_framing.lines ? JsonLineBatch(m_layout, m_framing, bytes, context).run()
                           : parseDocuments(m_layout, m_framing.path, bytes, context);
}

} // namespace faultline::records
