// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/sources/byte_stream.h"
#include "engine/sources/source.h"
#include "engine/sources/spool.h"
#include <mutex>

namespace faultline::sources
{

/// What is known of a spooled source before it is read.
struct SpooledFacts {
    std::string path;
    Compression compression = Compression::None;
    Encoding encoding = Encoding::Utf8;
    std::uint64_t fileBytes = 0; ///< 0 = a pipe
    std::int64_t modified_us = 0;
    std::string spoolFolder{};
};

/// Content that is taken from a stream once, as far as somebody asks for it, and kept in a spool: zstd, xz and bzip2
/// files, pipes, and text that is not UTF-8. The first reader of blocks pulls; later ones and read() find in the spool
/// what was pulled, and pull on behind it.
class SpooledSource final : public Source
{
public:
    SpooledSource(SpooledFacts facts, std::unique_ptr<ByteStream> content);

    [[nodiscard]] const std::string& path() const override { return m_facts.path; }
    [[nodiscard]] Compression compression() const override { return m_facts.compression; }
    [[nodiscard]] Encoding encoding() const override { return m_facts.encoding; }
    [[nodiscard]] std::uint64_t fileBytes() const override { return m_facts.fileBytes; }
    [[nodiscard]] std::int64_t modifiedUs() const override { return m_facts.modified_us; }
    [[nodiscard]] std::uint64_t contentBytes() const override;
    [[nodiscard]] double fractionAt(std::uint64_t offset) const override;
    [[nodiscard]] std::string warning() const override;
    [[nodiscard]] std::unique_ptr<BlockReader> blocks(std::size_t blockBytes) override;
    [[nodiscard]] Result<std::string> read(std::uint64_t offset, std::size_t bytes) const override;

private:
    class Reader;
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t position, std::span<char> target) const;
    [[nodiscard]] Result<std::size_t> pull(std::span<char> target) const;

    SpooledFacts m_facts;
    mutable std::mutex m_mutex;                    ///< guards what follows
    mutable std::unique_ptr<ByteStream> m_content; ///< null at its end: the file is closed by then
    mutable Spool m_spool;
    mutable std::uint64_t m_consumed = 0; ///< bytes of the file
    mutable std::string m_problem;
    mutable bool m_endedEarly = false;
    mutable std::optional<Error> m_error; ///< stays: what could not be pulled once cannot be pulled later
};

} // namespace faultline::sources
