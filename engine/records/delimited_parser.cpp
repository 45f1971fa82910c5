// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/delimited_parser.h"
#include "engine/core/text.h"
#include "engine/records/delimited_batch.h"
#include "engine/records/delimited_rows.h"
#include <algorithm>

namespace faultline::records
{

namespace
{
constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

/// What stands before the table: a title, comments, the header.
void addHead(std::string_view head, RecordBatch& batch)
{
    while (!head.empty()) {
        const auto end = std::min(head.find('\n'), head.size());
        auto line = head.substr(0, end);
        head.remove_prefix(std::min(end + 1, head.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        ++batch.lines;
        ++(trim(line).empty() ? batch.blankLines : batch.headerLines);
        batch.longestLineBytes = std::max<std::uint64_t>(batch.longestLineBytes, line.size());
        batch.invalidUtf8Lines += invalidUtf8Bytes(line) > 0 ? 1U : 0U;
    }
}

std::size_t headBytesIn(std::string_view bytes, std::uint64_t offset, std::uint64_t headBytes)
{
    return offset >= headBytes ? 0
                               : static_cast<std::size_t>(std::min<std::uint64_t>(headBytes - offset, bytes.size()));
}
} // namespace

RecordBatch DelimitedParser::parse(std::string_view bytes, std::uint64_t offset, bool firstBlock) const
{
    const auto head = headBytesIn(bytes, offset, m_layout.headBytes);
    const auto mark = firstBlock && head == 0 && bytes.starts_with(byteOrderMark) ? byteOrderMark.size() : 0;
    const auto skipped = head + mark;
    auto batch = DelimitedBatch(m_layout, bytes.substr(skipped), offset + skipped).run();
    RecordBatch before;
    addHead(bytes.substr(0, head), before);
    for (auto& rejection : batch.rejected)
        rejection.line += before.lines;
    batch.lines += before.lines;
    batch.blankLines += before.blankLines;
    batch.headerLines += before.headerLines;
    batch.invalidUtf8Lines += before.invalidUtf8Lines;
    batch.longestLineBytes = std::max(batch.longestLineBytes, before.longestLineBytes);
    return batch;
}

std::size_t DelimitedParser::wholeBytes(std::string_view bytes, std::uint64_t offset) const
{
    const auto head = headBytesIn(bytes, offset, m_layout.headBytes);
    const auto table = bytes.substr(head);
    if (m_layout.dialect.blanks || table.find('"') == std::string_view::npos)
        return bytes.size();
    for (DelimitedRows rows(table, m_layout.dialect); rows.next();)
        if (rows.openAtEnd())
            return head + rows.position();
    return bytes.size();
}

} // namespace faultline::records
