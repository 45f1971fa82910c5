// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/sources/source.h"
#include <bzlib.h>
#include <cstdint>
#include <lzma.h>
#include <string>
#include <zlib.h>
#include <zstd.h>

namespace faultline::sources
{

inline std::string gzipped(const std::string& content)
{
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, content.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

inline std::string zstdPacked(const std::string& content)
{
    std::string packed(ZSTD_compressBound(content.size()), '\0');
    ZSTD_CCtx* context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    packed.resize(ZSTD_compress2(context, packed.data(), packed.size(), content.data(), content.size()));
    ZSTD_freeCCtx(context);
    return packed;
}

inline std::string xzPacked(const std::string& content)
{
    std::string packed(lzma_stream_buffer_bound(content.size()), '\0');
    std::size_t used = 0;
    lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, nullptr, reinterpret_cast<const std::uint8_t*>(content.data()),
                            content.size(), reinterpret_cast<std::uint8_t*>(packed.data()), &used, packed.size());
    packed.resize(used);
    return packed;
}

inline std::string bzip2Packed(const std::string& content)
{
    std::string packed(content.size() + content.size() / 100 + 600, '\0');
    auto used = static_cast<unsigned int>(packed.size());
    BZ2_bzBuffToBuffCompress(packed.data(), &used, const_cast<char*>(content.data()),
                             static_cast<unsigned int>(content.size()), 9, 0, 0);
    packed.resize(used);
    return packed;
}

inline std::string packed(Compression compression, const std::string& content)
{
    switch (compression) {
    case Compression::Gzip:
        return gzipped(content);
    case Compression::Zstd:
        return zstdPacked(content);
    case Compression::Xz:
        return xzPacked(content);
    case Compression::Bzip2:
        return bzip2Packed(content);
    case Compression::None:
        break;
    }
    return content;
}

/// Lines that do not compress to nothing, so that there are many blocks.
inline std::string manyLines(std::size_t count)
{
    std::string text;
    std::uint64_t state = 88172645463325252ULL;
    for (std::size_t i = 0; i < count; ++i) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text += "line " + std::to_string(i) + " value " + std::to_string(state) + "\n";
    }
    return text;
}

} // namespace faultline::sources
