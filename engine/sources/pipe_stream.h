// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/sources/byte_stream.h"

namespace faultline::sources
{

/// What comes through standard input or a named pipe, until its writers are done.
class PipeStream final : public ByteStream
{
public:
    /// "-" is standard input (a pipe, socket, terminal or file); any other path must be a FIFO. Never blocks: a FIFO
    /// whose writer is yet to come is waited for in fill(). Io error for devices, whose content never ends.
    [[nodiscard]] static Result<std::unique_ptr<PipeStream>> open(const std::string& path, StopSignalPtr stop);
    ~PipeStream() override;
    PipeStream(const PipeStream&) = delete;
    PipeStream& operator=(const PipeStream&) = delete;

    /// Waits until `target` is full or the writers are done; Cancelled when the signal says so meanwhile.
    [[nodiscard]] Result<std::size_t> fill(std::span<char> target) override;
    [[nodiscard]] std::uint64_t consumedFileBytes() const override { return m_position; }
    [[nodiscard]] std::string problem() const override { return m_problem; }
    [[nodiscard]] std::int64_t modifiedUs() const { return m_modified_us; }

private:
    PipeStream(std::string path, int descriptor, StopSignalPtr stop);
    [[nodiscard]] Result<void> awaitInput() const;

    std::string m_path;
    int m_descriptor;
    StopSignalPtr m_stop;
    std::uint64_t m_position = 0;
    std::int64_t m_modified_us = 0;
    bool m_atEnd = false;
    std::string m_problem;
};

/// The path names something that can be read only once: "-" or a FIFO.
[[nodiscard]] bool isPipe(const std::string& path);

} // namespace faultline::sources
