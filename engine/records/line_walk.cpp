// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/line_walk.h"
#include "engine/core/text.h"
#include "engine/records/header_match.h"
#include "engine/records/record_table.h"
#include <algorithm>

namespace faultline::records
{

LineWalk::LineWalk(std::string_view bytes, RecordBatch& batch) : m_bytes(bytes), m_batch(batch)
{
    unsigned char any = 0;
    for (const char c : bytes) // vectorised by the compiler
        any |= static_cast<unsigned char>(c);
    m_allAscii = any < 0x80;
    m_hasNul = bytes.find('\0') != std::string_view::npos;
}

bool LineWalk::next()
{
    while (m_next < m_bytes.size()) {
        const auto end = std::min(m_bytes.find('\n', m_next), m_bytes.size());
        m_line = m_bytes.substr(m_next, end - m_next);
        if (m_line.ends_with('\r'))
            m_line.remove_suffix(1);
        m_next = end + 1;
        ++m_batch.lines;
        m_batch.longestLineBytes = std::max<std::uint64_t>(m_batch.longestLineBytes, m_line.size());
        if (header::skipBlanks(m_line, 0) == m_line.size()) {
            ++m_batch.blankLines;
        } else if (m_hasNul && m_line.find('\0') != std::string_view::npos) {
            m_batch.rejected.push_back({m_batch.lines, "NUL bytes (binary content)"});
        } else {
            m_batch.invalidUtf8Lines += !m_allAscii && invalidUtf8Bytes(m_line) > 0 ? 1U : 0U;
            return true;
        }
    }
    return false;
}

void continueRecord(RecordBatch& batch, std::uint64_t blockOffset, std::size_t end)
{
    ++batch.continuationLines;
    if (batch.offset.empty()) {
        batch.leadingContinuationBytes = end;
        return;
    }
    const auto bytes = blockOffset + end - batch.offset.back();
    batch.bytes.back() = static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes, UINT32_MAX));
    batch.flags.back() |= Multiline;
}

} // namespace faultline::records
