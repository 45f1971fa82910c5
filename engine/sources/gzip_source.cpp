// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/gzip_source.h"
#include "engine/sources/expansion_limit.h"
#include "engine/sources/line_blocks.h"
#include <algorithm>

namespace faultline::sources
{

namespace
{

constexpr std::size_t stretchLimit = 16U << 20;
constexpr std::size_t recentLimit = 4;
constexpr std::size_t stepBytes = 256U << 10;

/// For the rare position that lies further from its access point than a stretch may be long.
std::string readFar(Inflater& inflater, std::uint64_t offset, std::size_t bytes)
{
    std::string buffer(stepBytes, '\0');
    while (inflater.position() < offset) {
        const auto step =
            static_cast<std::size_t>(std::min<std::uint64_t>(offset - inflater.position(), buffer.size()));
        if (inflater.fill({buffer.data(), step}) < step)
            return {};
    }
    std::string text(bytes, '\0');
    text.resize(inflater.fill(text));
    return text;
}

} // namespace

class GzipSource::Stream final : public ByteStream
{
public:
    explicit Stream(GzipSource& source)
        : m_source(&source), m_inflater(source.m_file, source.m_index, source.m_index.nearest(0))
    {
    }

    Result<std::size_t> fill(std::span<char> target) override
    {
        const auto bytes = m_inflater.fill(target);
        if (m_inflater.position() > m_source->m_contentBytes)
            m_source->m_contentBytes = m_inflater.position();
        const auto packed = m_source->fileBytes();
        if (!m_source->m_allowExpansion && ExpansionLimit::exceeded(m_inflater.position(), packed))
            return tl::unexpected(ExpansionLimit::error(m_source->path(), m_inflater.position(), packed));
        if (bytes == target.size())
            return bytes;
        if (m_inflater.problem().empty()) {
            note(m_source->m_file.replaced() ? rotationWarning : "");
            return bytes;
        }
        if (m_inflater.position() == 0)
            return fail(
                {ErrorCode::Io, m_inflater.problem(), {m_source->path(), 0, 0}, "copy or download the file again"});
        note(m_inflater.problem());
        return bytes;
    }
    std::uint64_t consumedFileBytes() const override { return m_inflater.consumedFileBytes(); }
    bool endedEarly() const override { return !m_inflater.problem().empty() || m_source->m_file.changed(); }

private:
    void note(const std::string& warning)
    {
        const std::lock_guard lock(m_source->m_mutex);
        m_source->m_warning = warning;
    }

    GzipSource* m_source;
    Inflater m_inflater;
};

double GzipSource::fractionAt(std::uint64_t offset) const
{
    if (fileBytes() == 0)
        return 1.0;
    return std::min(1.0, m_index.filePosition(offset, contentBytes(), fileBytes()) / static_cast<double>(fileBytes()));
}

std::string GzipSource::warning() const
{
    const std::lock_guard lock(m_mutex);
    return m_warning;
}

std::unique_ptr<BlockReader> GzipSource::blocks(std::size_t blockBytes)
{
    return std::make_unique<LineBlocks>(std::make_unique<Stream>(*this), blockBytes);
}

GzipSource::Stretch& GzipSource::stretchAt(const AccessPoint& point) const
{
    const auto known =
        std::find_if(m_recent.begin(), m_recent.end(), [&](const Stretch& s) { return s.start == point.out; });
    if (known != m_recent.end()) {
        m_recent.splice(m_recent.begin(), m_recent, known);
        return m_recent.front();
    }
    if (m_recent.size() == recentLimit)
        m_recent.pop_back();
    m_recent.push_front({point.out, {}, std::make_unique<Inflater>(m_file, m_index, point)});
    return m_recent.front();
}

Result<std::string> GzipSource::read(std::uint64_t offset, std::size_t bytes) const
{
    const std::lock_guard lock(m_mutex);
    const auto point = m_index.nearest(offset);
    const auto wantedEnd = offset - point.out + bytes;
    if (wantedEnd > stretchLimit) {
        Inflater inflater(m_file, m_index, point);
        return readFar(inflater, offset, bytes);
    }
    auto& stretch = stretchAt(point);
    while (stretch.bytes.size() < wantedEnd) {
        const auto held = stretch.bytes.size();
        stretch.bytes.resize(held + stepBytes);
        const auto added = stretch.inflater->fill({stretch.bytes.data() + held, stepBytes});
        stretch.bytes.resize(held + added);
        if (added < stepBytes)
            break;
    }
    const auto start = std::min<std::size_t>(static_cast<std::size_t>(offset - point.out), stretch.bytes.size());
    if (stretch.bytes.empty() && !stretch.inflater->problem().empty())
        return fail({ErrorCode::Io, stretch.inflater->problem(), {path(), 0, 0}, "copy or download the file again"});
    return stretch.bytes.substr(start, bytes);
}

} // namespace faultline::sources
