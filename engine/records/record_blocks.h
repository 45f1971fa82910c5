// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/record_batch.h"
#include "engine/records/record_cutter.h"
#include "engine/sources/source.h"
#include <memory>

namespace faultline::records
{

/// A block that begins and ends between records.
struct RecordBlock {
    sources::Block block;
    BlockContext context;
    /// (A piece of) a record that is longer than RecordCutter::maxRecordBytes.
    struct TooLong {
        bool first = false;               ///< the record begins here
        std::uint64_t firstLineBytes = 0; ///< of all pieces so far, up to their first line end
    };
    std::optional<TooLong> tooLong{};
};

/// Cuts a source's blocks again, where its format's records end. What is left of a block is put before the next one, so
/// at most maxRecordBytes and a block are held. Without a cutter blocks are passed on as they are.
class RecordBlocks
{
public:
    RecordBlocks(std::unique_ptr<sources::BlockReader> reader, std::unique_ptr<RecordCutter> cutter);
    /// As BlockReader::next().
    [[nodiscard]] Result<std::optional<RecordBlock>> next();
    [[nodiscard]] std::uint64_t consumedFileBytes() const { return m_reader->consumedFileBytes(); }

private:
    [[nodiscard]] Result<void> readMore();
    [[nodiscard]] std::optional<RecordBlock> last();
    [[nodiscard]] RecordBlock take(std::size_t bytes);
    [[nodiscard]] RecordBlock takeTooLong(std::size_t bytes, bool ends);

    std::unique_ptr<sources::BlockReader> m_reader;
    std::unique_ptr<RecordCutter> m_cutter;
    std::string_view m_pending;
    std::shared_ptr<const void> m_owner; // shared: blocks that were handed out view the same bytes
    std::uint64_t m_offset = 0;          ///< of m_pending
    std::size_t m_examined = 0;          ///< of m_pending
    std::string m_preface;               ///< of the next block
    bool m_insideLine = false;
    bool m_givenUp = false;
    bool m_tooLongHasLineEnd = false;
    std::uint64_t m_tooLongBytes = 0; ///< of its first line, in the pieces so far
    std::optional<sources::Block> m_halfLine; ///< at the end of a content that ended early
    bool m_atEnd = false;
};

/// The account of a piece of a record that is too long: each of its lines is rejected.
[[nodiscard]] RecordBatch rejectTooLong(const RecordBlock& piece);

} // namespace faultline::records
