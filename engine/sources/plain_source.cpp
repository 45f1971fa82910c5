// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/plain_source.h"
#include "engine/sources/line_blocks.h"
#include <algorithm>
#include <limits>

namespace faultline::sources
{

class PlainSource::Stream final : public ByteStream
{
public:
    explicit Stream(PlainSource& source) : m_source(&source), m_position(source.m_markBytes) {}

    Result<std::size_t> fill(std::span<char> target) override
    {
        const auto got = m_source->m_file.readAt(m_position, target);
        if (!got && m_position == m_source->m_markBytes)
            return got;
        if (!got)
            m_source->m_broken = true;
        const auto bytes = got.value_or(0);
        m_position += bytes;
        if (bytes < target.size() && m_position < m_source->fileBytes())
            m_source->m_endedAt = m_position;
        if (bytes < target.size())
            m_source->m_replaced = m_source->m_file.replaced();
        return bytes;
    }
    std::uint64_t consumedFileBytes() const override { return m_position; }
    bool endedEarly() const override { return m_source->m_file.changed(); }

private:
    PlainSource* m_source;
    std::uint64_t m_position;
};

double PlainSource::fractionAt(std::uint64_t offset) const
{
    const auto total = static_cast<double>(contentBytes());
    return total == 0.0 ? 1.0 : std::min(1.0, static_cast<double>(offset) / total);
}

std::string PlainSource::warning() const
{
    const auto end = m_endedAt.load();
    if (end == std::numeric_limits<std::uint64_t>::max())
        return m_replaced ? rotationWarning : "";
    return (m_broken ? "the file cannot be read beyond byte " : "the file was cut short while it was read, at byte ") +
           std::to_string(end) + " of " + std::to_string(fileBytes());
}

std::unique_ptr<BlockReader> PlainSource::blocks(std::size_t blockBytes)
{
    return std::make_unique<LineBlocks>(std::make_unique<Stream>(*this), blockBytes);
}

Result<std::string> PlainSource::read(std::uint64_t offset, std::size_t bytes) const
{
    const auto left = offset < contentBytes() ? contentBytes() - offset : 0;
    std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(left, bytes)), '\0');
    const auto got = m_file.readAt(m_markBytes + offset, text);
    if (!got)
        return tl::unexpected(got.error());
    text.resize(*got);
    return text;
}

} // namespace faultline::sources
