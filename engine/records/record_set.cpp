// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/loader.h"
#include <algorithm>

namespace faultline::records
{

Result<std::string> RecordSet::text(std::size_t record, std::size_t limitBytes) const
{
    const auto span = table.span(record);
    return sources[table.source[record]]->read(span.offset, std::min<std::size_t>(span.bytes, limitBytes));
}

std::uint64_t RecordSet::lineNumber(std::size_t record) const
{
    const auto after = std::upper_bound(lineJumps.begin(), lineJumps.end(), record,
                                        [](std::size_t r, const LineJump& jump) { return r < jump.record; });
    if (after == lineJumps.begin())
        return 0;
    const auto& jump = *std::prev(after);
    return jump.line + (record - jump.record);
}

} // namespace faultline::records
