// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/json_documents.h"

namespace faultline::records
{

JsonDocuments::JsonDocuments(std::string_view text, const std::vector<std::string>& path, const BlockContext& context,
                             RecordBatch& batch)
    : m_text(text), m_batch(batch), m_scanner(path, context.preface.ends_with(JsonCutter::insideArray)),
      m_account(batch, text, context)
{
}

bool JsonDocuments::next()
{
    using Event = JsonScanner::Event;
    for (;;) {
        const auto event = m_scanner.next(m_text, m_at, 0);
        switch (event) {
        case Event::Exhausted:
            finish();
            return false;
        case Event::UnitBegin:
            m_begin = m_at;
            break;
        case Event::ShellBegin:
            m_shell = m_at;
            break;
        case Event::ShellEnd:
            if (!m_scanner.shellHadArray())
                m_account.reject(m_shell, m_at, "the object does not hold the array of records");
            break;
        case Event::LineEnd:
            break;
        default:
            m_end = m_at;
            if (takeUnit(event))
                return true;
        }
    }
}

bool JsonDocuments::takeUnit(JsonScanner::Event event)
{
    if (event == JsonScanner::Event::JunkEnd) {
        m_account.reject(m_begin, m_end, "the text is not a JSON object");
        return false;
    }
    const auto kind =
        event == JsonScanner::Event::BrokenEnd ? JsonKind::Invalid : m_json.read(record(), m_text.size() - m_begin);
    if (kind == JsonKind::Object)
        return true;
    m_batch.invalidUtf8Lines += kind == JsonKind::InvalidUtf8 ? 1U : 0U;
    m_account.reject(m_begin, m_end,
                     kind == JsonKind::InvalidUtf8 ? "the object is not valid UTF-8" : "the object is not valid JSON");
    return false;
}

std::uint64_t JsonDocuments::take(std::size_t records)
{
    if (records == 0) {
        m_account.reject(m_begin, m_end, "the object holds no record");
        return 0;
    }
    m_batch.recordsSharingLines += records - 1;
    return m_account.takeRecord(m_begin, m_end);
}

void JsonDocuments::finish()
{
    if (m_finished)
        return;
    m_finished = true;
    if (m_scanner.insideUnit())
        m_account.reject(m_begin, m_text.size(), "the object is not closed, or not valid JSON");
    m_account.finish();
}

} // namespace faultline::records
