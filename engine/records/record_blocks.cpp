// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/record_blocks.h"
#include <algorithm>
#include <cstring>
#include <utility>

namespace faultline::records
{

RecordBlocks::RecordBlocks(std::unique_ptr<sources::BlockReader> reader, std::unique_ptr<RecordCutter> cutter)
    : m_reader(std::move(reader)), m_cutter(std::move(cutter))
{
}

Result<std::optional<RecordBlock>> RecordBlocks::next()
{
    if (!m_cutter) {
        auto block = m_reader->next();
        if (!block)
            return tl::unexpected(block.error());
        if (!*block)
            return std::optional<RecordBlock>();
        BlockContext context{.offset = (*block)->offset, .firstBlock = (*block)->offset == 0, .preface = {}};
        return std::optional(RecordBlock{std::move(**block), std::move(context)});
    }
    for (;;) {
        const auto cut = m_cutter->cut(m_pending, m_examined);
        m_examined = cut.examined;
        if (cut.end > 0)
            return std::optional(m_givenUp ? takeTooLong(cut.end, true) : take(cut.end));
        if (m_atEnd)
            return last();
        if (m_givenUp && !m_pending.empty())
            return std::optional(takeTooLong(m_pending.size(), false));
        if (m_pending.size() > RecordCutter::maxRecordBytes) {
            m_givenUp = true;
            m_tooLongBytes = 0;
            m_tooLongHasLineEnd = false;
            m_cutter->giveUp();
            auto first = takeTooLong(m_pending.size(), false);
            first.tooLong->first = true;
            return std::optional(std::move(first));
        }
        if (auto more = readMore(); !more)
            return tl::unexpected(more.error());
    }
}

/// What is pending at the end of the content; nothing at all when the last line's end has been handed out.
std::optional<RecordBlock> RecordBlocks::last()
{
    if (m_pending.empty() && !m_insideLine) {
        const auto half = std::exchange(m_halfLine, std::nullopt);
        return half ? std::optional(RecordBlock{*half, {.offset = half->offset, .preface = {}}}) : std::nullopt;
    }
    auto block = m_givenUp ? takeTooLong(m_pending.size(), true) : take(m_pending.size());
    m_insideLine = false;
    return block;
}

/// Appends the source's next block to what is pending; copies only when something is.
Result<void> RecordBlocks::readMore()
{
    auto block = m_reader->next();
    if (!block)
        return tl::unexpected(block.error());
    if (!*block || (*block)->unfinished) {
        m_atEnd = true;
        m_halfLine = std::move(*block);
        return {};
    }
    const auto fresh = (*block)->bytes;
    if (m_pending.empty()) {
        m_offset = (*block)->offset;
        m_pending = fresh;
        m_owner = (*block)->owner;
        return {};
    }
    auto buffer = std::make_shared_for_overwrite<char[]>(m_pending.size() + fresh.size());
    std::memcpy(buffer.get(), m_pending.data(), m_pending.size());
    std::memcpy(buffer.get() + m_pending.size(), fresh.data(), fresh.size());
    m_pending = {buffer.get(), m_pending.size() + fresh.size()};
    m_owner = std::shared_ptr<const void>(std::move(buffer), m_pending.data());
    return {};
}

RecordBlock RecordBlocks::take(std::size_t bytes)
{
    RecordBlock taken;
    taken.block = {.bytes = m_pending.substr(0, bytes), .offset = m_offset, .owner = m_owner};
    taken.context = {.offset = m_offset, .firstBlock = m_offset == 0, .preface = m_preface};
    taken.context.startsInsideLine = m_insideLine;
    m_pending.remove_prefix(bytes);
    m_offset += bytes;
    m_examined -= std::min(m_examined, bytes);
    m_insideLine = !taken.block.bytes.ends_with('\n');
    taken.context.endsInsideLine = m_insideLine && !(m_atEnd && m_pending.empty());
    m_preface = m_cutter->preface();
    return taken;
}

RecordBlock RecordBlocks::takeTooLong(std::size_t bytes, bool ends)
{
    auto taken = take(bytes);
    const auto lineEnd = taken.block.bytes.find('\n');
    if (!m_tooLongHasLineEnd)
        m_tooLongBytes += std::min(lineEnd, taken.block.bytes.size());
    m_tooLongHasLineEnd |= lineEnd != std::string_view::npos;
    taken.tooLong = {.first = false, .firstLineBytes = m_tooLongBytes};
    m_givenUp = !ends;
    return taken;
}

RecordBatch rejectTooLong(const RecordBlock& piece)
{
    const auto bytes = piece.block.bytes;
    RecordBatch batch;
    const auto lineEnds = static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    const bool endsLine = bytes.ends_with('\n');
    const bool hasOpenLine = !endsLine && (!bytes.empty() || piece.context.startsInsideLine);
    batch.lines = lineEnds + (hasOpenLine && !piece.context.endsInsideLine ? 1U : 0U);
    // A line is rejected where its first byte stands, so that pieces of a line count once.
    const bool beginsLine = !bytes.empty() && (piece.tooLong->first || !piece.context.startsInsideLine);
    const auto rejected = (beginsLine ? 1U : 0U) + lineEnds - (endsLine ? 1U : 0U);
    for (std::uint64_t line = 1; line <= rejected; ++line)
        batch.rejected.push_back({line, "the record is longer than 16 MiB"});
    batch.longestLineBytes = piece.tooLong->firstLineBytes;
    if (piece.tooLong->first && piece.context.preface.starts_with(RecordCutter::lineCounted))
        batch.recordsSharingLines = 1;
    return batch;
}

} // namespace faultline::records
