// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/json_parser.h"
#include "engine/core/text.h"
#include "engine/records/json_documents.h"
#include "engine/records/json_values.h"
#include "engine/records/message_finder.h"
#include "engine/records/record_table.h"
#include <algorithm>

namespace faultline::records
{

namespace
{

RecordBatch parseLines(const JsonLayout& layout, std::string_view bytes, std::uint64_t offset)
{
    StructuredBatch records(layout);
    JsonValues values(layout, records);
    MessageFinder finder(layout.messageKey);
    auto& batch = records.batch();
    for (JsonLines lines(bytes); lines.next();) {
        ++batch.lines;
        const auto line = lines.line();
        batch.longestLineBytes = std::max<std::uint64_t>(batch.longestLineBytes, line.size());
        if (lines.kind() == JsonKind::Object) {
            records.begin();
            values.take(lines.object());
            records.append({offset + lines.position(), static_cast<std::uint32_t>(line.size())},
                           finder.find(line, records.message()));
        } else if (lines.kind() == JsonKind::Blank) {
            ++batch.blankLines;
        } else {
            const bool badText = lines.kind() == JsonKind::InvalidUtf8 ||
                                 (lines.kind() == JsonKind::Invalid && invalidUtf8Bytes(line) > 0);
            batch.invalidUtf8Lines += badText ? 1U : 0U;
            records.reject(batch.lines, jsonProblem(lines.kind()));
        }
    }
    return std::move(batch);
}

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

RecordBatch JsonParser::parseIn(const BlockContext& given, std::string_view bytes) const
{
    constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
    auto context = given;
    if (context.firstBlock && bytes.starts_with(byteOrderMark)) {
        bytes.remove_prefix(byteOrderMark.size());
        context.offset += byteOrderMark.size();
    }
    return m_framing.lines ? parseLines(m_layout, bytes, context.offset)
                           : parseDocuments(m_layout, m_framing.path, bytes, context);
}

} // namespace faultline::records
