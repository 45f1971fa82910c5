// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/source.h"
#include "engine/sources/file_handle.h"
#include "engine/sources/gzip_source.h"
#include "engine/sources/plain_source.h"
#include <array>

namespace faultline::sources
{

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
