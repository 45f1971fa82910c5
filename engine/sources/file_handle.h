// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace faultline::sources
{

/// An open regular file, read by position. Reading is thread-safe. When the process has as many files open as its soft
/// limit allows, the limit is raised to the hard one: a folder of logs is more than 1,024 files.
class FileHandle
{
public:
    /// Io error with the system's reason and a remedy when the path is absent, unreadable, or not a regular file.
    [[nodiscard]] static Result<FileHandle> open(const std::string& path);
    FileHandle(FileHandle&& other) noexcept
        : m_path(std::move(other.m_path)), m_descriptor(std::exchange(other.m_descriptor, -1)), m_bytes(other.m_bytes),
          m_modified_us(other.m_modified_us), m_modifiedNs(other.m_modifiedNs), m_device(other.m_device),
          m_inode(other.m_inode)
    {
    }
    FileHandle& operator=(FileHandle&&) = delete;
    ~FileHandle();

    [[nodiscard]] const std::string& path() const { return m_path; }
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; } ///< when it was opened
    [[nodiscard]] std::int64_t modifiedUs() const { return m_modified_us; }
    /// Fills `target` from this position on; fewer bytes only at the end that the file had when it was opened, or when
    /// it has become shorter since.
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t position, std::span<char> target) const;
    /// Written to since it was opened: its size or its modification time is another.
    [[nodiscard]] bool changed() const;
    /// Another file has its name now, as after a rotation.
    [[nodiscard]] bool replaced() const;

private:
    FileHandle() = default;

    std::string m_path;
    int m_descriptor = -1;
    std::uint64_t m_bytes = 0;
    std::int64_t m_modified_us = 0;
    std::int64_t m_modifiedNs = 0; ///< within its second
    std::uint64_t m_device = 0, m_inode = 0;
};

} // namespace faultline::sources
