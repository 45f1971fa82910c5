// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/follower.h"
#include "engine/sources/file_handle.h"
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace faultline::sources
{

namespace
{

constexpr std::size_t markBytes = 256;

} // namespace

Result<Follower> Follower::open(const std::string& path, const FollowOptions& options)
{
    const auto checked = FileHandle::open(path); // for its reasons and remedies
    if (!checked)
        return tl::unexpected(checked.error());
    Follower follower(path, options);
    follower.m_descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (follower.m_descriptor < 0)
        return fail({ErrorCode::Io,
                     "cannot be opened: " + std::generic_category().message(errno),
                     {path, 0, 0},
                     "check the path and its permissions"});
    struct stat facts {
    };
    if (!options.fromStart && ::fstat(follower.m_descriptor, &facts) == 0)
        follower.m_position = static_cast<std::uint64_t>(facts.st_size);
    return follower;
}

Follower::Follower(Follower&& other) noexcept
    : m_path(std::move(other.m_path)), m_options(other.m_options), m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_position(other.m_position), m_held(std::move(other.m_held)), m_mark(std::move(other.m_mark)),
      m_dropping(other.m_dropping), m_generation(other.m_generation)
{
}

Follower::~Follower()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

/// Appends to the held bytes what the file has behind the position, up to the limit.
Result<std::size_t> Follower::readOn()
{
    struct stat facts {
    };
    if (::fstat(m_descriptor, &facts) != 0 || static_cast<std::uint64_t>(facts.st_size) <= m_position)
        return 0;
    const auto held = m_held.size();
    const auto wanted = static_cast<std::size_t>(
        std::min<std::uint64_t>(m_options.limitBytes, static_cast<std::uint64_t>(facts.st_size) - m_position));
    m_held.resize(held + wanted);
    std::size_t added = 0;
    while (added < wanted) {
        const auto got =
            ::pread(m_descriptor, m_held.data() + held + added, wanted - added, static_cast<off_t>(m_position + added));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            const auto reason = std::generic_category().message(errno);
            m_held.resize(held);
            return fail({ErrorCode::Io,
                         "cannot be read at byte " + std::to_string(m_position + added) + ": " + reason,
                         {m_path, 0, 0},
                         "check the disk"});
        }
        if (got == 0)
            break;
        added += static_cast<std::size_t>(got);
    }
    m_held.resize(held + added);
    m_position += added;
    m_mark.append(m_held, held, added);
    m_mark.erase(0, m_mark.size() - std::min(m_mark.size(), markBytes));
    return added;
}

bool Follower::wasRewritten() const
{
    struct stat facts {
    };
    if (::fstat(m_descriptor, &facts) != 0)
        return false;
    if (static_cast<std::uint64_t>(facts.st_size) < m_position)
        return true;
    std::string now(m_mark.size(), '\0');
    const auto got = ::pread(m_descriptor, now.data(), now.size(), static_cast<off_t>(m_position - now.size()));
    return got == static_cast<ssize_t>(now.size()) && now != m_mark;
}

/// The next content begins at the start of a file.
void Follower::startOver(Appended& appended)
{
    appended.lostLines += m_held.empty() && !m_dropping ? 0U : 1U;
    m_held.clear();
    m_mark.clear();
    m_dropping = false;
    m_position = 0;
    ++m_generation;
}

/// When the name belongs to another file by now which holds something, goes on with that one.
bool Follower::switchToSuccessor(Appended& appended)
{
    struct stat ours {
    }, named{};
    if (::fstat(m_descriptor, &ours) != 0 || ::stat(m_path.c_str(), &named) != 0 || !S_ISREG(named.st_mode) ||
        named.st_size == 0 || (named.st_dev == ours.st_dev && named.st_ino == ours.st_ino))
        return false;
    const int successor = ::open(m_path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (successor < 0)
        return false;
    ::close(m_descriptor);
    m_descriptor = successor;
    startOver(appended);
    appended.rotated = true;
    return true;
}

/// Moves the whole lines out of the held bytes.
void Follower::handOver(Appended& appended)
{
    if (m_dropping) {
        const auto lineEnd = m_held.find('\n');
        m_dropping = lineEnd == std::string::npos;
        m_held.erase(0, m_dropping ? m_held.size() : lineEnd + 1);
        appended.lostLines += m_dropping ? 0U : 1U;
    }
    const auto lastEnd = m_held.rfind('\n');
    const auto whole = lastEnd == std::string::npos ? 0 : lastEnd + 1;
    appended.offset = m_position - m_held.size();
    appended.generation = m_generation;
    appended.lines.assign(m_held, 0, whole);
    m_held.erase(0, whole);
    if (m_held.size() > m_options.longestLine) {
        m_held = {};
        m_dropping = true;
    }
}

Result<Appended> Follower::poll()
{
    Appended appended;
    if (wasRewritten()) {
        startOver(appended);
        appended.truncated = true;
    }
    auto added = readOn();
    if (!added)
        return tl::unexpected(added.error());
    if (*added == 0 && switchToSuccessor(appended)) {
        added = readOn();
        if (!added)
            return tl::unexpected(added.error());
    }
    appended.more = *added == m_options.limitBytes;
    handOver(appended);
    return appended;
}

} // namespace faultline::sources
