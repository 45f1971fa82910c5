// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/system.h"
#include "engine/core/text.h"
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace faultline
{

namespace
{
/// Owns a file descriptor.
class Descriptor
{
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int value() const { return m_fd; }
    [[nodiscard]] bool valid() const { return m_fd >= 0; }
    /// False when the system reports a late write error.
    bool close()
    {
        const bool good = m_fd < 0 || ::close(m_fd) == 0;
        m_fd = -1;
        return good;
    }

private:
    int m_fd;
};

Error ioError(const std::string& path, const std::string& what, int reason, std::string hint = {})
{
    return {ErrorCode::Io, what + ": " + std::strerror(reason), {.file = path}, std::move(hint)};
}

bool writeAll(int fd, std::string_view content)
{
    while (!content.empty()) {
        const auto written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// A new file beside `path`, with the rights of the file that it will replace, if there is one.
int createBeside(const std::string& path, std::string& temporary)
{
    static std::atomic<unsigned> counter{0};
    for (int attempt = 0; attempt < 100; ++attempt) {
        temporary = path + ".tmp-" + std::to_string(::getpid()) + '-' + std::to_string(counter++);
        const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno == EEXIST)
            continue;
        struct stat old {
        };
        if (fd >= 0 && ::stat(path.c_str(), &old) == 0)
            ::fchmod(fd, old.st_mode & 07777);
        return fd;
    }
    return -1;
}
} // namespace

std::uint64_t peakMemoryBytes()
{
    struct rusage usage {
    };
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1'024; // Linux counts in KiB
}

Result<void> writeFileAtomically(const std::string& path, std::string_view content)
{
    std::string folder = std::filesystem::path(path).parent_path().string();
    if (folder.empty())
        folder = ".";
    std::string temporary;
    Descriptor file(createBeside(path, temporary));
    if (!file.valid())
        return fail(ioError(path, "cannot write here", errno, "check that the folder exists and may be written to"));
    const bool good = writeAll(file.value(), content) && ::fsync(file.value()) == 0 && file.close() &&
                      ::rename(temporary.c_str(), path.c_str()) == 0;
    if (!good) {
        const int reason = errno;
        ::unlink(temporary.c_str());
        return fail(ioError(path, "cannot write the file", reason, reason == ENOSPC ? "free some disk space" : ""));
    }
    // Some file systems cannot sync a folder; the content is in place either way.
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.valid())
        ::fsync(directory.value());
    return {};
}

Result<std::string> readSmallFile(const std::string& path, std::uint64_t limitBytes)
{
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)); // a pipe must not hang us
    if (!file.valid())
        return fail(ioError(path, "cannot open the file", errno, "check the path and its permissions"));
    struct stat status {
    };
    if (::fstat(file.value(), &status) != 0)
        return fail(ioError(path, "cannot read the file", errno));
    if (!S_ISREG(status.st_mode))
        return fail({ErrorCode::Io,
                     S_ISDIR(status.st_mode) ? "this is a folder, not a file" : "this is not a regular file",
                     {.file = path},
                     "give the path of a file"});
    std::string content;
    std::string buffer(65'536, '\0');
    for (;;) {
        const auto count = ::read(file.value(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(ioError(path, "cannot read the file", errno));
        if (count == 0)
            return content;
        content.append(buffer, 0, static_cast<std::size_t>(count));
        if (content.size() > limitBytes)
            return fail({ErrorCode::Io,
                         "the file is larger than " + formatBytes(limitBytes),
                         {.file = path},
                         "is it the right file?"});
    }
}

} // namespace faultline
