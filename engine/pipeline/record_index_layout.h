// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/record_table.h"
#include <cstddef>

namespace faultline::pipeline
{

/// What writer and reader of a record index must agree on.
inline constexpr int recordIndexVersion = 1;
inline constexpr std::size_t indexChunkRecords = ChunkedVector<TimeUs>::chunkSize;
inline constexpr std::size_t indexArrayBlockBytes = 4ULL << 20;
inline constexpr std::size_t indexRecordBytes = 8 + 8 + 4 + 4 + 4 + 2 + 2 + 1 + 1;

/// The columns of a chunk in the order of the file; times and offsets as differences, which compress to almost nothing.
template <class Table, class Take>
void eachColumn(Table& table, const Take& take)
{
    take(table.time, true);
    take(table.offset, true);
    take(table.bytes, false);
    take(table.templateId, false);
    take(table.entity, false);
    take(table.messageStart, false);
    take(table.source, false);
    take(table.level, false);
    take(table.flags, false);
}

} // namespace faultline::pipeline
