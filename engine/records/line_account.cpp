// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/line_account.h"
#include <algorithm>

namespace faultline::records
{

LineAccount::LineAccount(RecordBatch& batch, std::string_view text, const BlockContext& context)
    : m_batch(batch), m_text(text), m_endsInsideLine(context.endsInsideLine),
      m_counted(context.startsInsideLine && context.preface.starts_with(RecordCutter::lineCounted)),
      m_open(context.startsInsideLine)
{
}

void LineAccount::endLine(std::size_t position)
{
    ++m_batch.lines;
    m_batch.longestLineBytes = std::max<std::uint64_t>(m_batch.longestLineBytes, position - m_lineStart);
    m_lineStart = position + 1;
    m_counted = m_hasText = m_open = false;
}

/// Goes over text between records.
void LineAccount::pass(std::size_t end)
{
    for (; m_at < end; ++m_at) {
        const char c = m_text[m_at];
        if (c == '\n') {
            if (!m_counted)
                ++(m_hasText ? m_batch.headerLines : m_batch.blankLines);
            endLine(m_at);
            continue;
        }
        m_open = true;
        m_hasText |= c != ' ' && c != '\t' && c != '\r';
    }
}

/// Returns the line ends within; takes blanks off the end.
std::uint64_t LineAccount::takeUnit(std::size_t begin, std::size_t& end)
{
    pass(begin);
    while (end > begin && std::string_view(" \t\r\n").find(m_text[end - 1]) != std::string_view::npos)
        --end;
    m_batch.recordsSharingLines += m_counted ? 1U : 0U;
    std::uint64_t lineEnds = 0;
    const auto unit = m_text.substr(0, end); // not beyond: records may share one long line
    for (auto at = unit.find('\n', begin); at != std::string_view::npos; at = unit.find('\n', at + 1)) {
        endLine(at);
        ++lineEnds;
    }
    m_at = end;
    m_counted = m_open = true;
    return lineEnds;
}

std::uint64_t LineAccount::takeRecord(std::size_t begin, std::size_t end)
{
    const auto lineEnds = takeUnit(begin, end);
    m_batch.continuationLines += lineEnds;
    return lineEnds + 1;
}

void LineAccount::reject(std::size_t begin, std::size_t end, const char* reason)
{
    pass(begin);
    const auto first = m_batch.lines + 1;
    const auto lineEnds = takeUnit(begin, end);
    for (auto line = first; line <= first + lineEnds; ++line)
        m_batch.rejected.push_back({line, reason});
}

void LineAccount::finish()
{
    pass(m_text.size());
    if (!m_open || m_endsInsideLine)
        return;
    if (!m_counted)
        ++(m_hasText ? m_batch.headerLines : m_batch.blankLines);
    endLine(m_text.size());
}

} // namespace faultline::records
