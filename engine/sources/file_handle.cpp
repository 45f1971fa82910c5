// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/file_handle.h"
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
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
    else if (code == ELOOP)
        hint = "the symbolic link points at itself";
    return ioError(path, "cannot be opened: " + std::generic_category().message(code), hint);
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
        return ioError(path, "is not a regular file (a pipe, socket or device)",
                       "save its content to a file and open that");

    FileHandle handle;
    handle.m_descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (handle.m_descriptor < 0)
        return systemError(path, errno);
    if (::fstat(handle.m_descriptor, &facts) != 0)
        return systemError(path, errno);
    if (!S_ISREG(facts.st_mode))
        return ioError(path, "is no longer a regular file", "open it again");
    ::posix_fadvise(handle.m_descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    handle.m_path = path;
    handle.m_bytes = static_cast<std::uint64_t>(facts.st_size);
    handle.m_modified_us = static_cast<std::int64_t>(facts.st_mtim.tv_sec) * 1'000'000 + facts.st_mtim.tv_nsec / 1'000;
    return handle;
}

FileHandle::~FileHandle()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
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
