// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/codec.h"
#include <algorithm>
#include <array>
#include <bzlib.h>
#include <limits>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

namespace faultline::sources
{

namespace
{

constexpr std::uint64_t xzMemoryBytes = 256ULL << 20;
using Outcome = Codec::Outcome;
using Input = std::span<const unsigned char>;
using Output = std::span<unsigned char>;

unsigned int bounded(std::size_t bytes)
{
    return static_cast<unsigned int>(std::min<std::size_t>(bytes, std::numeric_limits<unsigned int>::max()));
}

/// RFC 1952.
class GzipCodec final : public Codec
{
public:
    ~GzipCodec() override { inflateEnd(&m_stream); }
    bool begin() override
    {
        constexpr int gzipFormat = 15 + 16; // window bits, plus 16: expect a gzip header (zlib manual)
        const bool first = !m_begun;
        m_begun = true;
        return (first ? inflateInit2(&m_stream, gzipFormat) : inflateReset2(&m_stream, gzipFormat)) == Z_OK;
    }
    Outcome decode(Input& input, Output& output) override
    {
        m_stream.next_in = const_cast<Bytef*>(input.data()); // zlib does not write to its input
        m_stream.avail_in = bounded(input.size());
        m_stream.next_out = output.data();
        m_stream.avail_out = bounded(output.size());
        const int code = inflate(&m_stream, Z_NO_FLUSH);
        input = input.subspan(static_cast<std::size_t>(m_stream.next_in - input.data()));
        output = output.subspan(static_cast<std::size_t>(m_stream.next_out - output.data()));
        if (code == Z_STREAM_END)
            return Outcome::MemberEnd;
        return code == Z_OK || code == Z_BUF_ERROR ? Outcome::More : Outcome::Damaged;
    }
    std::string reason() const override { return m_stream.msg != nullptr ? m_stream.msg : "bad data"; }

private:
    z_stream m_stream{};
    bool m_begun = false;
};

/// RFC 8878. Skippable frames are frames without content.
class ZstdCodec final : public Codec
{
public:
    ~ZstdCodec() override { ZSTD_freeDCtx(m_context); }
    bool begin() override
    {
        if (m_context == nullptr)
            m_context = ZSTD_createDCtx();
        return m_context != nullptr && ZSTD_isError(ZSTD_DCtx_reset(m_context, ZSTD_reset_session_only)) == 0;
    }
    Outcome decode(Input& input, Output& output) override
    {
        ZSTD_inBuffer in{input.data(), input.size(), 0};
        ZSTD_outBuffer out{output.data(), output.size(), 0};
        m_code = ZSTD_decompressStream(m_context, &out, &in);
        input = input.subspan(in.pos);
        output = output.subspan(out.pos);
        if (ZSTD_isError(m_code) != 0)
            return Outcome::Damaged;
        return m_code == 0 ? Outcome::MemberEnd : Outcome::More;
    }
    std::string reason() const override { return ZSTD_getErrorName(m_code); }

private:
    ZSTD_DCtx* m_context = nullptr;
    std::size_t m_code = 0;
};

/// The .xz file format 1.0.4; one stream at a time, so that what stands between streams is looked at by the caller.
class XzCodec final : public Codec
{
public:
    ~XzCodec() override { lzma_end(&m_stream); }
    bool begin() override { return lzma_stream_decoder(&m_stream, xzMemoryBytes, 0) == LZMA_OK; }
    Outcome decode(Input& input, Output& output) override
    {
        m_stream.next_in = input.data();
        m_stream.avail_in = input.size();
        m_stream.next_out = output.data();
        m_stream.avail_out = output.size();
        m_code = lzma_code(&m_stream, LZMA_RUN);
        input = input.last(m_stream.avail_in);
        output = output.last(m_stream.avail_out);
        if (m_code == LZMA_STREAM_END)
            return Outcome::MemberEnd;
        return m_code == LZMA_OK || m_code == LZMA_BUF_ERROR ? Outcome::More : Outcome::Damaged;
    }
    std::string reason() const override
    {
        switch (m_code) {
        case LZMA_MEMLIMIT_ERROR:
            return "it needs more than 256 MiB of memory to decompress";
        case LZMA_MEM_ERROR:
            return "no memory left to decompress";
        case LZMA_OPTIONS_ERROR:
            return "it uses options this program does not know";
        default:
            return "bad data";
        }
    }

private:
    lzma_stream m_stream = LZMA_STREAM_INIT;
    lzma_ret m_code = LZMA_OK;
};

class Bzip2Codec final : public Codec
{
public:
    ~Bzip2Codec() override { end(); }
    bool begin() override
    {
        end();
        m_stream = {};
        m_begun = BZ2_bzDecompressInit(&m_stream, 0, 0) == BZ_OK;
        return m_begun;
    }
    Outcome decode(Input& input, Output& output) override
    {
        m_stream.next_in = const_cast<char*>(reinterpret_cast<const char*>(input.data())); // not written to
        m_stream.avail_in = bounded(input.size());
        m_stream.next_out = reinterpret_cast<char*>(output.data());
        m_stream.avail_out = bounded(output.size());
        const auto inBefore = m_stream.avail_in, outBefore = m_stream.avail_out;
        const int code = BZ2_bzDecompress(&m_stream);
        input = input.subspan(inBefore - m_stream.avail_in);
        output = output.subspan(outBefore - m_stream.avail_out);
        if (code == BZ_STREAM_END)
            return Outcome::MemberEnd;
        return code == BZ_OK ? Outcome::More : Outcome::Damaged;
    }
    std::string reason() const override { return "bad data or checksum"; }

private:
    void end()
    {
        if (m_begun)
            BZ2_bzDecompressEnd(&m_stream);
        m_begun = false;
    }
    bz_stream m_stream{};
    bool m_begun = false;
};

} // namespace

std::unique_ptr<Codec> makeCodec(Compression compression)
{
    switch (compression) {
    case Compression::Gzip:
        return std::make_unique<GzipCodec>();
    case Compression::Zstd:
        return std::make_unique<ZstdCodec>();
    case Compression::Xz:
        return std::make_unique<XzCodec>();
    case Compression::Bzip2:
        return std::make_unique<Bzip2Codec>();
    case Compression::None:
        break;
    }
    return nullptr;
}

Compression compressionOf(std::string_view head)
{
    constexpr std::string_view xz("\xFD"
                                  "7zXZ\0",
                                  6);
    if (head.starts_with("\x1f\x8b\x08"))
        return Compression::Gzip;
    if (head.starts_with(xz))
        return Compression::Xz;
    if (head.starts_with("\x28\xB5\x2F\xFD"))
        return Compression::Zstd;
    // A zstd file may begin with skippable frames: 0x184D2A50 to 0x184D2A5F, little endian.
    if (head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xF0) == 0x50 && head.substr(1, 3) == "\x2A\x4D\x18")
        return Compression::Zstd;
    // "BZh", the block size, and the magic of the first block or of the end of an empty stream.
    if (head.size() >= 6 && head.starts_with("BZh") && head[3] >= '1' && head[3] <= '9' &&
        (head.substr(4, 2) == "1A" || head.substr(4, 2) == "\x17\x72"))
        return Compression::Bzip2;
    return Compression::None;
}

} // namespace faultline::sources
