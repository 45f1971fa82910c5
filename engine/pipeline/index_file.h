// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

namespace faultline::pipeline
{

/// A file of compressed blocks with a JSON table of contents at its end: 8 bytes magic, zstd frames with checksums, the
/// contents as one more frame, and a trailer of 24 bytes (position, compressed and raw size of the contents).
class IndexFileWriter
{
public:
    /// A file under a temporary name beside `path`, removed again unless finish() succeeds.
    [[nodiscard]] static Result<IndexFileWriter> create(const std::string& path);
    ~IndexFileWriter();
    IndexFileWriter(IndexFileWriter&& other) noexcept;
    IndexFileWriter& operator=(IndexFileWriter&&) = delete;

    /// Appends a frame that compressBlock() made of `rawBytes`; returns the block's number.
    [[nodiscard]] Result<std::size_t> append(const std::string& frame, std::size_t rawBytes);
    /// Writes the contents, makes the file durable and gives it its name, replacing an older index.
    [[nodiscard]] Result<void> finish(const nlohmann::json& facts);

private:
    IndexFileWriter() = default;
    [[nodiscard]] Result<void> write(const void* bytes, std::size_t count);

    std::string m_path, m_temporary;
    int m_file = -1;
    std::uint64_t m_position = 0;
    nlohmann::json m_blocks = nlohmann::json::array();
};

class IndexFileReader
{
public:
    /// Store error when it is no index of this version or its contents are damaged; Io error when it cannot be read.
    [[nodiscard]] static Result<IndexFileReader> open(const std::string& path);
    ~IndexFileReader();
    IndexFileReader(IndexFileReader&& other) noexcept;
    IndexFileReader& operator=(IndexFileReader&&) = delete;

    [[nodiscard]] const nlohmann::json& facts() const { return m_facts; }
    [[nodiscard]] std::size_t blocks() const { return m_blocks.size(); }
    [[nodiscard]] std::size_t rawBytes(std::size_t block) const { return m_blocks[block].rawBytes; }
    /// Inflates a block into `target`, whose size must be the block's raw size. Thread-safe. Store error when damaged.
    [[nodiscard]] Result<void> read(std::size_t block, std::span<std::byte> target) const;
    [[nodiscard]] Error damaged(const std::string& what) const;

private:
    struct Block {
        std::uint64_t position = 0, bytes = 0, rawBytes = 0;
    };
    IndexFileReader() = default;

    std::string m_path;
    int m_file = -1;
    nlohmann::json m_facts;
    std::vector<Block> m_blocks;
};

/// One zstd frame, level 1, with a checksum.
[[nodiscard]] std::string compressBlock(std::span<const std::byte> bytes);

} // namespace faultline::pipeline
