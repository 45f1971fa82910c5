// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace faultline::scenarios
{

/// A file written front to back under a temporary name (`NAME.partial`), which gets its own name when it is complete. A
/// file that was never completed is removed. Write errors are kept and reported by complete().
class OutputFile
{
public:
    [[nodiscard]] static Result<OutputFile> create(std::string path);
    OutputFile(OutputFile&&) noexcept = default;
    OutputFile& operator=(OutputFile&&) noexcept = default;
    ~OutputFile();

    void append(std::string_view bytes)
    {
        m_buffer.append(bytes);
        if (m_buffer.size() >= bufferBytes)
            flush();
    }
    /// Io error with the system's reason when anything could not be written.
    [[nodiscard]] Result<void> complete();
    [[nodiscard]] bool failed() const { return m_errno != 0; }
    [[nodiscard]] const std::string& path() const { return m_path; }
    [[nodiscard]] std::uint64_t bytes() const { return m_written + m_buffer.size(); }

private:
    static constexpr std::size_t bufferBytes = 1U << 20U;
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    OutputFile() = default;
    void flush();
    [[nodiscard]] Error error() const;

    std::string m_path, m_partialPath;
    std::unique_ptr<std::FILE, Close> m_file;
    std::string m_buffer;
    std::uint64_t m_written = 0;
    int m_errno = 0;
};

} // namespace faultline::scenarios
