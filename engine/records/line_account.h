// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/record_batch.h"

namespace faultline::records
{

/// Keeps a block's account of lines where records may share a line or span many: each line is counted once, as what
/// began on it first, and a record on a line that is counted already is counted as sharing.
class LineAccount
{
public:
    LineAccount(RecordBatch& batch, std::string_view text, const BlockContext& context);
    /// The bytes [begin, end) are a record; what lies before, behind the last one, is blank or frames the records.
    /// Returns the number of lines that it spans.
    std::uint64_t takeRecord(std::size_t begin, std::size_t end);
    /// The bytes [begin, end) are rejected.
    void reject(std::size_t begin, std::size_t end, const char* reason);
    /// What is left is no record.
    void finish();

private:
    std::uint64_t takeUnit(std::size_t begin, std::size_t& end);
    void pass(std::size_t end);
    void endLine(std::size_t position);

    RecordBatch& m_batch;
    std::string_view m_text;
    bool m_endsInsideLine;
    bool m_counted;         ///< the line that is read
    bool m_hasText = false; ///< the line that is read, outside of records
    bool m_open;            ///< the line has begun
    std::size_t m_at = 0, m_lineStart = 0;
};

} // namespace faultline::records
