// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/file_handle.h"
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace faultline::sources
{

namespace
{

tl::unexpected<Error> ioError(const std::string& path, std::string message, std::string hint)
{
    return fail({ErrorCode::Io, std::move(message), {path, 0, 0}, std::move(hint)});
}

tl::unexpected<Error> systemError(const std::string& path, int code)
{
    const char* hint = "check the disk and the file";
    if (code == ENOENT || code == ENOTDIR)
        hint = "check the spelling of the path";
    else if (code == EACCES || code == EPERM)
        hint = "ask for the right to read it, or copy it somewhere you may read";
    else if (code == EMFILE || code == ENFILE)
        hint = "raise the number of files that may be open with `ulimit -n`";
    else if (code == ELOOP)
        hint = "the symbolic link points at itself";
    return ioError(path, "cannot be opened: " + std::generic_category().message(code), hint);
}

const char* kindName(mode_t mode)
{
    if (S_ISFIFO(mode))
        return "a pipe";
    return S_ISSOCK(mode) ? "a socket" : "a device";
}

int openedForReading(const std::string& path)
{
    constexpr int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
    const int descriptor = ::open(path.c_str(), flags);
    rlimit limit{};
    if (descriptor >= 0 || errno != EMFILE || ::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return descriptor;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    return ::open(path.c_str(), flags);
}

std::int64_t microseconds(const timespec& time)
{
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000 + time.tv_nsec / 1'000;
}

} // namespace

Result<FileHandle> FileHandle::open(const std::string& path)
{
    struct stat facts {
    };
    // The kind is asked before opening: to open a pipe would block until someone writes to it.
    if (::stat(path.c_str(), &facts) != 0)
        return systemError(path, errno);
    if (S_ISDIR(facts.st_mode))
        return ioError(path, "is a folder", "name the files in it, e.g. " + path + "/*.log");
    if (!S_ISREG(facts.st_mode))
        return ioError(path, std::string("is ") + kindName(facts.st_mode) + ", not a regular file",
                       "save what you need of it to a file and open that");

    FileHandle handle;
    handle.m_descriptor = openedForReading(path);
    if (handle.m_descriptor < 0)
        return systemError(path, errno);
    if (::fstat(handle.m_descriptor, &facts) != 0)
        return systemError(path, errno);
    if (!S_ISREG(facts.st_mode))
        return ioError(path, "is no longer a regular file", "open it again");
    ::posix_fadvise(handle.m_descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    handle.m_path = path;
    handle.m_bytes = static_cast<std::uint64_t>(facts.st_size);
    handle.m_modified_us = microseconds(facts.st_mtim);
    handle.m_modifiedNs = facts.st_mtim.tv_nsec;
    handle.m_device = facts.st_dev;
    handle.m_inode = facts.st_ino;
    return handle;
}

FileHandle::~FileHandle()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

bool FileHandle::changed() const
{
    struct stat now {
    };
    return ::fstat(m_descriptor, &now) == 0 &&
           (static_cast<std::uint64_t>(now.st_size) != m_bytes || microseconds(now.st_mtim) != m_modified_us ||
            now.st_mtim.tv_nsec != m_modifiedNs);
}

bool FileHandle::replaced() const
{
    struct stat now {
    };
    return ::stat(m_path.c_str(), &now) == 0 && (now.st_dev != m_device || now.st_ino != m_inode);
}

Result<std::size_t> FileHandle::readAt(std::uint64_t position, std::span<char> target) const
{
    const auto left = position < m_bytes ? m_bytes - position : 0;
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, target.size()));
    std::size_t done = 0;
    while (done < wanted) {
        const auto got =
            ::pread(m_descriptor, target.data() + done, wanted - done, static_cast<off_t>(position + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return ioError(m_path,
                           "cannot be read at byte " + std::to_string(position + done) + ": " +
                               std::generic_category().message(errno),
                           "check the disk");
        if (got == 0)
            break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

} // namespace faultline::sources
