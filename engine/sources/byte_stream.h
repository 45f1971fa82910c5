// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace faultline::sources
{

inline constexpr const char* rotationWarning =
    "another file has its name since it was opened (rotated?); the one that was opened was read";

/// Bytes in order, without any idea of lines: a file, a pipe, or a layer that makes other bytes of them. Layers own the
/// stream below them.
class ByteStream
{
public:
    virtual ~ByteStream() = default;
    /// Fills as much of `target` as there is; fewer bytes (or none) only at the end of the content, where problem()
    /// tells whether it should have ended there. Io error when nothing at all could be read, or when reading on would
    /// be wrong (see ExpansionLimit); Cancelled.
    [[nodiscard]] virtual Result<std::size_t> fill(std::span<char> target) = 0;
    [[nodiscard]] virtual std::uint64_t consumedFileBytes() const = 0;
    /// Empty, or what was wrong with what has been read so far.
    [[nodiscard]] virtual std::string problem() const { return {}; }
    /// At the end of the content: it may end within a line that its writer had not finished, or whose rest is lost.
    [[nodiscard]] virtual bool endedEarly() const { return false; }
};

/// Whose wish to stop ends a wait: that of the job which opened the source last. Shared by the layers of a source.
class StopSignal
{
public:
    explicit StopSignal(std::stop_token token) : m_token(std::move(token)) {}
    void follow(std::stop_token token)
    {
        const std::lock_guard lock(m_mutex);
        m_token = std::move(token);
    }
    [[nodiscard]] bool requested() const
    {
        const std::lock_guard lock(m_mutex);
        return m_token.stop_requested();
    }

private:
    mutable std::mutex m_mutex;
    std::stop_token m_token;
};
using StopSignalPtr = std::shared_ptr<StopSignal>; // shared: by a source that is opened again and its streams

/// A stream that is made when its first byte is wanted: a decoder takes megabytes, and a folder may hold thousands of
/// files that are opened together and read one after the other.
class LazyStream final : public ByteStream
{
public:
    using Make = std::function<Result<std::unique_ptr<ByteStream>>()>;

    explicit LazyStream(Make make) : m_make(std::move(make)) {}
    [[nodiscard]] Result<std::size_t> fill(std::span<char> target) override;
    [[nodiscard]] std::uint64_t consumedFileBytes() const override { return m_made ? m_made->consumedFileBytes() : 0; }
    [[nodiscard]] std::string problem() const override { return m_made ? m_made->problem() : std::string(); }
    [[nodiscard]] bool endedEarly() const override { return m_made && m_made->endedEarly(); }

private:
    Make m_make;
    std::unique_ptr<ByteStream> m_made;
};

/// A stream whose next bytes can be looked at before they are taken.
class PeekStream final : public ByteStream
{
public:
    explicit PeekStream(std::unique_ptr<ByteStream> below) : m_below(std::move(below)) {}
    /// The next `bytes` (fewer at the end), valid until the next call.
    [[nodiscard]] Result<std::string_view> peek(std::size_t bytes);
    [[nodiscard]] Result<std::size_t> fill(std::span<char> target) override;
    [[nodiscard]] std::uint64_t consumedFileBytes() const override { return m_below->consumedFileBytes(); }
    [[nodiscard]] std::string problem() const override { return m_below->problem(); }
    [[nodiscard]] bool endedEarly() const override { return m_below->endedEarly(); }

private:
    std::unique_ptr<ByteStream> m_below;
    std::string m_held;
    std::size_t m_taken = 0; ///< of m_held
    bool m_atEnd = false;
};

} // namespace faultline::sources
