// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/sources/byte_stream.h"
#include "engine/sources/file_handle.h"

namespace faultline::sources
{

using FileHandlePtr = std::shared_ptr<const FileHandle>; // shared: a file is looked into by one stream, read by another

/// The bytes that a file had when it was opened.
class FileStream final : public ByteStream
{
public:
    explicit FileStream(FileHandlePtr file) : m_file(std::move(file)) {}
    [[nodiscard]] Result<std::size_t> fill(std::span<char> target) override;
    [[nodiscard]] std::uint64_t consumedFileBytes() const override { return m_position; }
    [[nodiscard]] std::string problem() const override { return m_problem; }
    [[nodiscard]] bool endedEarly() const override { return m_file->changed(); }

private:
    FileHandlePtr m_file;
    std::uint64_t m_position = 0;
    std::string m_problem;
};

} // namespace faultline::sources
