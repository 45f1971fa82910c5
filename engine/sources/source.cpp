// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/source.h"
#include "engine/sources/file_handle.h"
#include "engine/sources/gzip_source.h"
#include "engine/sources/plain_source.h"
#include <array>
#include <string_view>

namespace faultline::sources
{

namespace
{

constexpr std::array compressionNames{"none", "gzip", "zstd", "xz", "bzip2"};
constexpr std::array encodingNames{"UTF-8", "UTF-16 LE", "UTF-16 BE", "Windows-1252"};

struct EncodingAlias {
    std::string_view name;
    Encoding encoding;
};
constexpr std::array encodingAliases{
    EncodingAlias{"utf8", Encoding::Utf8},          EncodingAlias{"utf16", Encoding::Utf16Le},
    EncodingAlias{"utf16le", Encoding::Utf16Le},    EncodingAlias{"utf16be", Encoding::Utf16Be},
    EncodingAlias{"cp1252", Encoding::Windows1252}, EncodingAlias{"windows1252", Encoding::Windows1252},
    EncodingAlias{"latin1", Encoding::Windows1252}, EncodingAlias{"iso88591", Encoding::Windows1252},
};

} // namespace

const char* compressionName(Compression compression)
{
    return compressionNames.at(static_cast<std::size_t>(compression));
}

const char* encodingName(Encoding encoding)
{
    return encodingNames.at(static_cast<std::size_t>(encoding));
}

Result<Encoding> encodingNamed(std::string_view name)
{
    std::string letters;
    for (const char c : name)
        if (c != '-' && c != '_' && c != ' ')
            letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    for (const auto& alias : encodingAliases)
        if (letters == alias.name)
            return alias.encoding;
    return fail({ErrorCode::Usage,
                 "the encoding `" + std::string(name) + "` is not known",
                 {},
                 "one of utf-8, utf-16le, utf-16be, windows-1252, latin-1"});
}

Result<std::shared_ptr<Source>> Source::open(const std::string& path)
{
    auto file = FileHandle::open(path);
    if (!file)
        return tl::unexpected(file.error());
    // RFC 1952: two magic bytes, then 8 for deflate. What the file is called does not matter.
    std::array<char, 3> magic{};
    const auto got = file->readAt(0, magic);
    if (!got)
        return tl::unexpected(got.error());
    if (*got == magic.size() && magic == std::array<char, 3>{'\x1f', '\x8b', '\x08'})
        return std::make_shared<GzipSource>(std::move(*file));
    return std::make_shared<PlainSource>(std::move(*file));
}

Result<void> Source::forEachBlock(std::size_t blockBytes, const std::function<bool(Block)>& take, JobContext& job)
{
    const auto reader = blocks(blockBytes);
    std::uint64_t reported = 0;
    while (true) {
        auto block = reader->next();
        if (!block)
            return tl::unexpected(block.error());
        const auto consumed = reader->consumedFileBytes();
        if (!job.advance(consumed - reported))
            return cancelled();
        reported = consumed;
        if (!*block || !take(std::move(**block)))
            return {};
    }
}

} // namespace faultline::sources
