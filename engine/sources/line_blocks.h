// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/sources/byte_stream.h"
#include "engine/sources/source.h"

namespace faultline::sources
{

/// Cuts a byte stream into blocks at line ends. Each block has a buffer of its own, so that a parser may keep it while
/// the next one is read; only the unfinished line at a block's end is copied. Where the stream ended early, a last line
/// without its end is a block of its own, marked as unfinished.
class LineBlocks final : public BlockReader
{
public:
    LineBlocks(std::unique_ptr<ByteStream> stream, std::size_t blockBytes);
    [[nodiscard]] Result<std::optional<Block>> next() override;
    [[nodiscard]] std::uint64_t consumedFileBytes() const override { return m_stream->consumedFileBytes(); }

private:
    [[nodiscard]] std::size_t blockLength(std::string_view bytes, Block& block);

    std::unique_ptr<ByteStream> m_stream;
    std::size_t m_blockBytes;
    std::string m_carry; ///< the start of a line whose end was not in the block before
    std::uint64_t m_offset = 0;
    bool m_insideLine = false;
    bool m_atEnd = false;
    bool m_endedEarly = false;
};

} // namespace faultline::sources
