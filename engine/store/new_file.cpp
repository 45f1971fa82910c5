// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/store/new_file.h"
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace faultline::store
{

namespace
{
tl::unexpected<Error> ioError(const std::string& path, int reason)
{
    if (reason == EEXIST)
        return fail({ErrorCode::Io,
                     "there is already a file with this name",
                     {.file = path},
                     "choose another name or open it"});
    return fail({ErrorCode::Io,
                 std::string("cannot write here: ") + std::strerror(reason),
                 {.file = path},
                 "check that the folder exists and may be written to"});
}
} // namespace

Result<NewFile> NewFile::beside(const std::string& path)
{
    if (::access(path.c_str(), F_OK) == 0)
        return ioError(path, EEXIST);
    for (int attempt = 0; attempt < 100; ++attempt) { // names left over from a crash are passed over
        auto temporary = path + ".new" + std::to_string(attempt);
        const int fd = ::open(temporary.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
        if (fd >= 0) {
            ::close(fd);
            return NewFile(path, std::move(temporary));
        }
        if (errno != EEXIST)
            return ioError(path, errno);
    }
    return ioError(path, EEXIST);
}

NewFile::~NewFile()
{
    if (m_temporary.empty())
        return;
    for (const auto* suffix : {"", "-wal", "-shm", "-journal"})
        ::unlink((m_temporary + suffix).c_str());
}

Result<void> NewFile::moveIntoPlace()
{
    int moved = ::renameat2(AT_FDCWD, m_temporary.c_str(), AT_FDCWD, m_path.c_str(), RENAME_NOREPLACE);
    if (moved != 0 && (errno == EINVAL || errno == ENOSYS)) { // a file system without it: the look before has to do
        if (::access(m_path.c_str(), F_OK) == 0)
            return ioError(m_path, EEXIST);
        moved = ::rename(m_temporary.c_str(), m_path.c_str());
    }
    if (moved != 0)
        return ioError(m_path, errno);
    m_temporary.clear();
    const auto parent = std::filesystem::path(m_path).parent_path();
    const int folder = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    return {};
}

} // namespace faultline::store
