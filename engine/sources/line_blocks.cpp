// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/line_blocks.h"
#include <algorithm>
#include <cstring>

namespace faultline::sources
{

LineBlocks::LineBlocks(std::unique_ptr<ByteStream> stream, std::size_t blockBytes)
    : m_stream(std::move(stream)), m_blockBytes(std::max<std::size_t>(blockBytes, 1))
{
}

Result<std::optional<Block>> LineBlocks::next()
{
    auto buffer = std::make_shared_for_overwrite<char[]>(m_blockBytes);
    std::size_t held = m_carry.size();
    std::memcpy(buffer.get(), m_carry.data(), held);
    if (!m_atEnd) {
        const auto added = m_stream->fill({buffer.get() + held, m_blockBytes - held});
        if (!added)
            return tl::unexpected(added.error());
        m_atEnd = *added < m_blockBytes - held;
        m_endedEarly = m_atEnd && m_stream->endedEarly();
        held += *added;
    }
    if (held == 0)
        return std::optional<Block>();

    Block block{.bytes = {}, .offset = m_offset, .startsInsideLine = m_insideLine, .owner = nullptr};
    const std::string_view bytes(buffer.get(), held);
    const auto length = blockLength(bytes, block);
    block.bytes = bytes.substr(0, length);
    block.owner = std::shared_ptr<const void>(std::move(buffer), block.bytes.data());
    m_carry.assign(bytes.substr(length));
    m_insideLine = block.endsInsideLine;
    m_offset += length;
    return std::optional(std::move(block));
}

std::size_t LineBlocks::blockLength(std::string_view bytes, Block& block)
{
    if (m_insideLine) {
        const auto lineEnd = bytes.find('\n');
        block.endsInsideLine = lineEnd == std::string_view::npos && !m_atEnd;
        return lineEnd == std::string_view::npos ? bytes.size() : lineEnd + 1;
    }
    const auto lineEnd = bytes.rfind('\n');
    if (m_atEnd) {
        block.unfinished = m_endedEarly && lineEnd == std::string_view::npos;
        return m_endedEarly && !block.unfinished ? lineEnd + 1 : bytes.size();
    }
    block.endsInsideLine = lineEnd == std::string_view::npos;
    return block.endsInsideLine ? bytes.size() : lineEnd + 1;
}

} // namespace faultline::sources
