// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/json_lines.h"
#include "engine/records/json_scanner.h"
#include "engine/records/line_account.h"

namespace faultline::records
{

/// Walks over the records of a block of JSON that is not one object a line (see JsonScanner) and keeps the account of
/// the lines: what is no record is rejected, brackets around records are header lines.
class JsonDocuments
{
public:
    JsonDocuments(std::string_view text, const std::vector<std::string>& path, const BlockContext& context,
                  RecordBatch& batch);
    /// Goes to the next object; false at the end.
    [[nodiscard]] bool next();
    [[nodiscard]] std::string_view record() const { return m_text.substr(m_begin, m_end - m_begin); }
    [[nodiscard]] std::size_t position() const { return m_begin; }
    [[nodiscard]] simdjson::dom::object object() const { return m_json.object(); } ///< valid until next()
    /// The object is a record, or stands for `records` of them.
    std::uint64_t take(std::size_t records = 1);
    void reject(const char* reason) { m_account.reject(m_begin, m_end, reason); }

private:
    [[nodiscard]] bool takeUnit(JsonScanner::Event event);
    void finish();

    std::string_view m_text;
    RecordBatch& m_batch;
    JsonScanner m_scanner;
    LineAccount m_account;
    JsonText m_json;
    std::size_t m_at = 0, m_begin = 0, m_end = 0, m_shell = 0;
    bool m_finished = false;
};

} // namespace faultline::records
