// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/result.h"
#include <cstdint>
#include <string>

namespace faultline::sources
{

struct FollowOptions {
    bool fromStart = true;               ///< else from the end that the file has when it is opened
    std::size_t limitBytes = 4U << 20;   ///< of what one poll hands over
    std::size_t longestLine = 16U << 20; ///< a longer one is dropped and counted
};

/// What came since the poll before.
struct Appended {
    std::string lines;            ///< whole lines, each with its line end
    std::uint64_t offset = 0;     ///< of the first of them in its file
    std::uint64_t generation = 0; ///< which file they are from: counts rotations and truncations
    bool truncated = false;       ///< the file was cut or written anew, and is read from its start
    bool rotated = false;         ///< the name belongs to another file now, which is read from its start
    std::uint64_t lostLines = 0;  ///< half lines that a truncation or rotation left without an end, and lines too long
    bool more = false;            ///< there is more: poll again at once
};

/// Reads what is appended to a plain text file, as `tail -F` does. Has no clock and no thread: whoever owns it polls. A
/// line is handed over when its line end has come. A file that was rotated is read to its end before the one that took
/// its name; that one counts as soon as it holds something, since many writers go on with the old one until then. A
/// file that is smaller than what was read of it, or whose last bytes read are no longer the same, was truncated
/// (copytruncate). A name that leads nowhere for a while is waited for. Not thread-safe; move-only.
class Follower
{
public:
    /// Io error when the file cannot be opened or is not a regular file.
    [[nodiscard]] static Result<Follower> open(const std::string& path, const FollowOptions& options = {});
    ~Follower();
    Follower(Follower&& other) noexcept;
    Follower& operator=(Follower&&) = delete;

    /// Never blocks. Io error when the file cannot be read; the next poll tries again.
    [[nodiscard]] Result<Appended> poll();
    /// Bytes of the half line that waits for its end.
    [[nodiscard]] std::size_t heldBytes() const { return m_held.size(); }
    [[nodiscard]] const std::string& path() const { return m_path; }

private:
    Follower(std::string path, FollowOptions options) : m_path(std::move(path)), m_options(options) {}
    [[nodiscard]] Result<std::size_t> readOn();
    [[nodiscard]] bool wasRewritten() const;
    [[nodiscard]] bool switchToSuccessor(Appended& appended);
    void startOver(Appended& appended);
    void handOver(Appended& appended);

    std::string m_path;
    FollowOptions m_options;
    int m_descriptor = -1;
    std::uint64_t m_position = 0; ///< read so far, the held half line included
    std::string m_held;
    std::string m_mark;      ///< the last bytes read, to know the file again
    bool m_dropping = false; ///< inside a line that is too long
    std::uint64_t m_generation = 0;
};

} // namespace faultline::sources
