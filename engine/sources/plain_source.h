// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/sources/file_handle.h"
#include "engine/sources/source.h"
#include <atomic>
#include <limits>

namespace faultline::sources
{

/// A file whose bytes are the content, but for a byte order mark before them.
class PlainSource final : public Source
{
public:
    PlainSource(FileHandle file, std::uint64_t markBytes) : m_file(std::move(file)), m_markBytes(markBytes) {}

    [[nodiscard]] const std::string& path() const override { return m_file.path(); }
    [[nodiscard]] Compression compression() const override { return Compression::None; }
    [[nodiscard]] std::uint64_t fileBytes() const override { return m_file.bytes(); }
    [[nodiscard]] std::int64_t modifiedUs() const override { return m_file.modifiedUs(); }
    [[nodiscard]] std::uint64_t contentBytes() const override { return m_file.bytes() - m_markBytes; }
    [[nodiscard]] double fractionAt(std::uint64_t offset) const override;
    [[nodiscard]] std::string warning() const override;
    [[nodiscard]] std::unique_ptr<BlockReader> blocks(std::size_t blockBytes) override;
    [[nodiscard]] Result<std::string> read(std::uint64_t offset, std::size_t bytes) const override;

private:
    class Stream;

    FileHandle m_file;
    std::uint64_t m_markBytes;
    std::atomic<std::uint64_t> m_endedAt{std::numeric_limits<std::uint64_t>::max()}; ///< where reading ended too early
    std::atomic<bool> m_broken{false};   ///< by a read error rather than by a shorter file
    std::atomic<bool> m_replaced{false}; ///< at the end of reading
};

} // namespace faultline::sources
