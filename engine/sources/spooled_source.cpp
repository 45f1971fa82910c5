// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/spooled_source.h"
#include "engine/sources/line_blocks.h"
#include <algorithm>

namespace faultline::sources
{

class SpooledSource::Reader final : public ByteStream
{
public:
    explicit Reader(const SpooledSource& source) : m_source(&source) {}

    Result<std::size_t> fill(std::span<char> target) override
    {
        const std::lock_guard lock(m_source->m_mutex);
        const auto got = m_source->readAt(m_position, target);
        m_position += got.value_or(0);
        // While it pulls it reports what was consumed; a second reader goes by its share of the content.
        m_consumed = m_position >= m_source->m_spool.bytes()
                         ? m_source->m_consumed
                         : static_cast<std::uint64_t>(static_cast<double>(m_source->m_consumed) *
                                                      static_cast<double>(m_position) /
                                                      static_cast<double>(m_source->m_spool.bytes()));
        return got;
    }
    std::uint64_t consumedFileBytes() const override { return m_consumed; }
    bool endedEarly() const override
    {
        const std::lock_guard lock(m_source->m_mutex);
        return m_source->m_endedEarly;
    }

private:
    const SpooledSource* m_source;
    std::uint64_t m_position = 0, m_consumed = 0;
};

SpooledSource::SpooledSource(SpooledFacts facts, std::unique_ptr<ByteStream> content)
    : m_facts(std::move(facts)), m_content(std::move(content)), m_spool(m_facts.spoolFolder)
{
}

std::uint64_t SpooledSource::contentBytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_spool.bytes();
}

double SpooledSource::fractionAt(std::uint64_t offset) const
{
    const std::lock_guard lock(m_mutex);
    const auto known = static_cast<double>(m_spool.bytes());
    if (known == 0.0)
        return m_content ? 0.0 : 1.0;
    const double read = m_content && m_facts.fileBytes != 0
                            ? static_cast<double>(m_consumed) / static_cast<double>(m_facts.fileBytes)
                            : 1.0;
    return std::min(1.0, read * static_cast<double>(offset) / known);
}

std::string SpooledSource::warning() const
{
    const std::lock_guard lock(m_mutex);
    return m_problem;
}

std::unique_ptr<BlockReader> SpooledSource::blocks(std::size_t blockBytes)
{
    return std::make_unique<LineBlocks>(std::make_unique<Reader>(*this), blockBytes);
}

/// Takes the next content from the stream and keeps a copy of it.
Result<std::size_t> SpooledSource::pull(std::span<char> target) const
{
    if (m_error)
        return tl::unexpected(*m_error);
    if (!m_content)
        return 0;
    auto got = m_content->fill(target);
    m_consumed = m_content->consumedFileBytes();
    m_problem = m_content->problem();
    Result<void> kept;
    if (got)
        kept = m_spool.append({target.data(), *got});
    if (got && kept && *got < target.size()) {
        m_endedEarly = m_content->endedEarly();
        m_content.reset();
        kept = m_spool.finish();
    }
    if (!kept)
        got = tl::unexpected(kept.error());
    if (!got)
        m_error = got.error();
    return got;
}

Result<std::size_t> SpooledSource::readAt(std::uint64_t position, std::span<char> target) const
{
    std::string passed;
    while (m_spool.bytes() < position) { // a far position before anything was streamed
        passed.resize(Spool::frameBytes);
        const auto got = pull(std::span(passed).first(
            static_cast<std::size_t>(std::min<std::uint64_t>(passed.size(), position - m_spool.bytes()))));
        if (!got)
            return got;
        if (*got == 0)
            return 0;
    }
    const auto known = m_spool.readAt(position, target);
    if (!known || *known == target.size())
        return known;
    const auto pulled = pull(target.subspan(*known));
    if (!pulled)
        return pulled;
    return *known + *pulled;
}

Result<std::string> SpooledSource::read(std::uint64_t offset, std::size_t bytes) const
{
    const std::lock_guard lock(m_mutex);
    const auto known = m_spool.bytes();
    if (!m_content)
        bytes = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, known - std::min(known, offset)));
    std::string text(bytes, '\0');
    const auto got = readAt(offset, text);
    if (!got)
        return tl::unexpected(got.error());
    text.resize(*got);
    return text;
}

} // namespace faultline::sources
