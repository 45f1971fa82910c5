// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/compressed_stream.h"
#include "engine/core/text.h"
#include "engine/sources/expansion_limit.h"
#include <algorithm>
#include <cstring>

namespace faultline::sources
{

namespace
{

constexpr std::size_t inputBytes = 128 * 1024;
constexpr std::size_t magicBytes = 6;

} // namespace

Error ExpansionLimit::error(const std::string& path, std::uint64_t content, std::uint64_t packedBytes)
{
    return {ErrorCode::Io,
            "grew to " + formatBytes(content) + " of content out of " + formatBytes(packedBytes) +
                " and was stopped: this may be a decompression bomb",
            {path, 0, 0},
            "if you trust the file, read it with --allow-expansion"};
}

CompressedStream::CompressedStream(std::unique_ptr<ByteStream> packed, CompressedStreamSetup setup)
    : m_packed(std::move(packed)), m_setup(std::move(setup)), m_codec(makeCodec(m_setup.compression)),
      m_buffer(inputBytes)
{
}

/// Moves what is left to the front of the buffer and fills it up.
Result<void> CompressedStream::refill()
{
    if (m_setup.stop->requested())
        return cancelled();
    const auto left = m_input.size();
    if (left != 0)
        std::memmove(m_buffer.data(), m_input.data(), left);
    const auto added = m_packed->fill({reinterpret_cast<char*>(m_buffer.data()) + left, m_buffer.size() - left});
    if (!added)
        return tl::unexpected(added.error());
    m_taken += *added;
    m_inputEnded = *added < m_buffer.size() - left;
    m_input = {m_buffer.data(), left + *added};
    return {};
}

Result<void> CompressedStream::stopAt(const std::string& what)
{
    m_problem = what + " at byte " + std::to_string(consumedFileBytes()) +
                (m_setup.packedBytes != 0 ? " of " + std::to_string(m_setup.packedBytes) : "");
    m_done = true;
    if (m_content == 0)
        return fail({ErrorCode::Io, m_problem, {m_setup.path, 0, 0}, "copy or download the file again"});
    m_problem += "; everything before was read";
    return {};
}

/// Steps over padding to the next member's first byte, or to the end.
Result<void> CompressedStream::nextMember()
{
    const std::string name = compressionName(m_setup.compression);
    while (true) {
        if (m_input.size() < magicBytes && !m_inputEnded)
            if (auto done = refill(); !done)
                return done;
        const auto zeros = std::find_if(m_input.begin(), m_input.end(), [](unsigned char byte) { return byte != 0; });
        m_input = m_input.subspan(static_cast<std::size_t>(zeros - m_input.begin()));
        if (m_input.size() >= magicBytes || m_inputEnded)
            break;
    }
    if (m_input.empty()) {
        m_done = true;
        return {};
    }
    const std::string_view next(reinterpret_cast<const char*>(m_input.data()), m_input.size());
    if (compressionOf(next) != m_setup.compression && m_taken != m_input.size())
        return stopAt("there is something that is not " + name + " behind the " + name + " data,");
    if (!m_codec->begin())
        return stopAt("no memory left to decompress,");
    m_inMember = true;
    return {};
}

Result<void> CompressedStream::step(std::span<unsigned char>& output)
{
    if (m_input.empty() && !m_inputEnded)
        if (auto done = refill(); !done)
            return done;
    const auto inBefore = m_input.size(), outBefore = output.size();
    const auto outcome = m_codec->decode(m_input, output);
    m_content += outBefore - output.size();
    const std::string name = compressionName(m_setup.compression);
    if (outcome == Codec::Outcome::Damaged)
        return stopAt("the " + name + " data is damaged (" + m_codec->reason() + ")");
    if (outcome == Codec::Outcome::MemberEnd)
        m_inMember = false;
    else if (inBefore == m_input.size() && outBefore == output.size())
        return stopAt(m_inputEnded ? "the " + name + " data ends early: the file is incomplete,"
                                   : "the " + name + " data is damaged (it does not go on)");
    const auto packed = m_setup.packedBytes != 0 ? m_setup.packedBytes : consumedFileBytes();
    if (!m_setup.allowExpansion && ExpansionLimit::exceeded(m_content, packed))
        return tl::unexpected(ExpansionLimit::error(m_setup.path, m_content, packed));
    return {};
}

Result<std::size_t> CompressedStream::fill(std::span<char> target)
{
    std::span<unsigned char> output(reinterpret_cast<unsigned char*>(target.data()), target.size());
    while (!m_done && !output.empty())
        if (auto done = m_inMember ? step(output) : nextMember(); !done)
            return tl::unexpected(done.error());
    return target.size() - output.size();
}

} // namespace faultline::sources
