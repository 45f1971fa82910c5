// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/record_batch.h"
#include <string_view>

namespace faultline::records
{

/// Goes over the lines of a block and does for its batch what is the same in every format whose records are lines:
/// counts them, their length, and those that are not UTF-8; settles those that are blank or hold NUL bytes.
class LineWalk
{
public:
    LineWalk(std::string_view bytes, RecordBatch& batch);

    /// Goes to the next line that may be a record; false at the end.
    [[nodiscard]] bool next();
    [[nodiscard]] std::string_view line() const { return m_line; } ///< without its line end
    [[nodiscard]] std::size_t position() const { return static_cast<std::size_t>(m_line.data() - m_bytes.data()); }
    [[nodiscard]] std::size_t end() const { return position() + m_line.size(); }
    /// What the block holds anywhere, so that lines need not be asked one by one.
    [[nodiscard]] bool allAscii() const { return m_allAscii; }

private:
    std::string_view m_bytes;
    RecordBatch& m_batch;
    std::size_t m_next = 0;
    std::string_view m_line;
    bool m_allAscii = true, m_hasNul = false;
};

/// Counts a line that goes on with the record before it; when the batch has none yet, with the last one of the block
/// before. `end`: of the line, from the start of the block, which begins at `blockOffset`.
void continueRecord(RecordBatch& batch, std::uint64_t blockOffset, std::size_t end);

} // namespace faultline::records
