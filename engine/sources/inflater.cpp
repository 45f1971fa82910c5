// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/inflater.h"
#include <algorithm>
#include <array>

namespace faultline::sources
{

namespace
{

constexpr std::size_t inputBytes = 64 * 1024;
constexpr std::size_t windowBytes = 32 * 1024;
constexpr int gzipFormat = 15 + 16; // window bits, plus 16: expect a gzip header (zlib manual, inflateInit2)
constexpr int rawFormat = -15;
constexpr std::size_t trailerBytes = 8; // CRC-32 and length, RFC 1952

bool startsBefore(std::uint64_t out, const AccessPoint& point)
{
    return out < point.out;
}

} // namespace

bool AccessIndex::wants(std::uint64_t out) const
{
    const std::lock_guard lock(m_mutex);
    return out >= m_points.back().out + spacing;
}

void AccessIndex::add(AccessPoint point)
{
    const std::lock_guard lock(m_mutex);
    if (point.out >= m_points.back().out + spacing)
        m_points.push_back(std::move(point));
}

AccessPoint AccessIndex::nearest(std::uint64_t out) const
{
    const std::lock_guard lock(m_mutex);
    return *std::prev(std::upper_bound(m_points.begin(), m_points.end(), out, startsBefore));
}

double AccessIndex::filePosition(std::uint64_t out, std::uint64_t contentBytes, std::uint64_t fileBytes) const
{
    const std::lock_guard lock(m_mutex);
    const auto next = std::upper_bound(m_points.begin(), m_points.end(), out, startsBefore);
    const auto& before = *std::prev(next);
    const auto outEnd = next == m_points.end() ? std::max(contentBytes, before.out + 1) : next->out;
    const auto inEnd = next == m_points.end() ? fileBytes : next->in;
    const auto share = std::min(1.0, static_cast<double>(out - before.out) / static_cast<double>(outEnd - before.out));
    return static_cast<double>(before.in) + share * (static_cast<double>(inEnd) - static_cast<double>(before.in));
}

Inflater::Inflater(const FileHandle& file, AccessIndex& index, const AccessPoint& from)
    : m_file(&file), m_index(&index), m_input(inputBytes), m_in(from.in), m_out(from.out), m_raw(!from.memberStart)
{
    if (inflateInit2(&m_stream, m_raw ? rawFormat : gzipFormat) != Z_OK) {
        m_done = true;
        m_problem = "no memory left to inflate";
        return;
    }
    if (!m_raw)
        return;
    if (from.bits > 0) {
        std::array<char, 1> partial{};
        if (m_file->readAt(from.in - 1, partial).value_or(0) == 1)
            inflatePrime(&m_stream, from.bits, static_cast<unsigned char>(partial[0]) >> (8 - from.bits));
    }
    inflateSetDictionary(&m_stream, reinterpret_cast<const Bytef*>(from.window.data()),
                         static_cast<uInt>(from.window.size()));
}

Inflater::~Inflater()
{
    inflateEnd(&m_stream);
}

void Inflater::stopAt(const std::string& what)
{
    m_problem = what + " at byte " + std::to_string(consumedFileBytes()) + " of " + std::to_string(m_file->bytes()) +
                "; everything before was read";
    m_done = true;
}

bool Inflater::refill()
{
    const auto got = m_file->readAt(m_in, {reinterpret_cast<char*>(m_input.data()), m_input.size()});
    if (!got)
        stopAt("the file cannot be read");
    const auto bytes = got.value_or(0);
    m_in += bytes;
    m_stream.next_in = m_input.data();
    m_stream.avail_in = static_cast<uInt>(bytes);
    return bytes > 0;
}

std::size_t Inflater::fill(std::span<char> target)
{
    m_stream.next_out = reinterpret_cast<Bytef*>(target.data());
    m_stream.avail_out = static_cast<uInt>(std::min<std::size_t>(target.size(), 1U << 30));
    while (!m_done && m_stream.avail_out > 0) {
        if (m_stream.avail_in == 0 && !refill()) {
            if (!m_done)
                stopAt("the gzip data ends early: the file is incomplete,");
            break;
        }
        const auto before = m_stream.avail_out;
        const int code = inflate(&m_stream, Z_BLOCK);
        m_out += before - m_stream.avail_out;
        if (code == Z_STREAM_END)
            m_done = !nextMember();
        else if (code != Z_OK && code != Z_BUF_ERROR)
            stopAt(std::string("the gzip data is damaged (") + (m_stream.msg != nullptr ? m_stream.msg : "bad data") +
                   ")");
        else if ((m_stream.data_type & 128) != 0 && (m_stream.data_type & 64) == 0 && m_index->wants(m_out))
            addPoint(); // at the end of a deflate block that is not the member's last
    }
    return static_cast<std::size_t>(m_stream.next_out - reinterpret_cast<Bytef*>(target.data()));
}

void Inflater::addPoint()
{
    AccessPoint point{.out = m_out, .in = consumedFileBytes(), .bits = m_stream.data_type & 7};
    point.window.resize(windowBytes);
    uInt length = 0;
    if (inflateGetDictionary(&m_stream, reinterpret_cast<Bytef*>(point.window.data()), &length) != Z_OK)
        return;
    point.window.resize(length);
    m_index->add(std::move(point));
}

bool Inflater::skip(std::size_t bytes)
{
    while (bytes > 0) {
        if (m_stream.avail_in == 0 && !refill())
            return false;
        const auto step = std::min<std::size_t>(bytes, m_stream.avail_in);
        m_stream.next_in += step;
        m_stream.avail_in -= static_cast<uInt>(step);
        bytes -= step;
    }
    return true;
}

bool Inflater::nextMember()
{
    if (m_raw && !skip(trailerBytes))
        return false;
    m_raw = false;
    // Some writers pad with zeros behind the last member; anything else that is not a header is not ours to guess at.
    while (m_stream.avail_in > 0 || refill()) {
        if (*m_stream.next_in != 0)
            break;
        if (!skip(1))
            return false;
    }
    if (m_stream.avail_in == 0)
        return false;
    if (*m_stream.next_in != 0x1f) {
        stopAt("there is something that is not gzip behind the gzip data,");
        return false;
    }
    if (m_index->wants(m_out))
        m_index->add({.out = m_out, .in = consumedFileBytes(), .memberStart = true});
    return inflateReset2(&m_stream, gzipFormat) == Z_OK;
}

} // namespace faultline::sources
