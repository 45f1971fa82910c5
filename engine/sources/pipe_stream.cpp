// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/pipe_stream.h"
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace faultline::sources
{

namespace
{

constexpr int waitMs = 50; // how long a stop may go unnoticed

tl::unexpected<Error> ioError(const std::string& path, std::string message, std::string hint)
{
    return fail({ErrorCode::Io, std::move(message), {path, 0, 0}, std::move(hint)});
}

std::string reasonOf(int code)
{
    return std::generic_category().message(code);
}

} // namespace

bool isPipe(const std::string& path)
{
    struct stat facts {
    };
    return path == "-" || (::stat(path.c_str(), &facts) == 0 && S_ISFIFO(facts.st_mode));
}

PipeStream::PipeStream(std::string path, int descriptor, StopSignalPtr stop)
    : m_path(std::move(path)), m_descriptor(descriptor), m_stop(std::move(stop))
{
    struct stat facts {
    };
    if (::fstat(m_descriptor, &facts) == 0)
        m_modified_us = static_cast<std::int64_t>(facts.st_mtim.tv_sec) * 1'000'000 + facts.st_mtim.tv_nsec / 1'000;
}

PipeStream::~PipeStream()
{
    ::close(m_descriptor);
}

Result<std::unique_ptr<PipeStream>> PipeStream::open(const std::string& path, StopSignalPtr stop)
{
    const bool standard = path == "-";
    const int descriptor =
        standard ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return ioError(path, "cannot be opened: " + reasonOf(errno),
                       standard ? "pipe something into the program" : "check the path and its permissions");
    std::unique_ptr<PipeStream> pipe(new PipeStream(path, descriptor, std::move(stop)));
    struct stat facts {
    };
    if (::fstat(descriptor, &facts) != 0)
        return ioError(path, "cannot be read: " + reasonOf(errno), "check the path and its permissions");
    if (S_ISDIR(facts.st_mode))
        return ioError(path, "is a folder", "name the folder instead of `-`");
    if (S_ISBLK(facts.st_mode) || (S_ISCHR(facts.st_mode) && ::isatty(descriptor) == 0))
        return ioError(path, "is a device, not a pipe or file", "save what you need of it to a file and open that");
    return pipe;
}

Result<void> PipeStream::awaitInput() const
{
    pollfd waited{.fd = m_descriptor, .events = POLLIN, .revents = 0};
    while (true) {
        if (m_stop->requested())
            return cancelled();
        const int ready = ::poll(&waited, 1, waitMs);
        if (ready > 0)
            return {};
        if (ready < 0 && errno != EINTR)
            return ioError(m_path, "cannot be waited for: " + reasonOf(errno), "start it again");
    }
}

Result<std::size_t> PipeStream::fill(std::span<char> target)
{
    std::size_t done = 0;
    while (done < target.size() && !m_atEnd) {
        if (auto ready = awaitInput(); !ready)
            return tl::unexpected(ready.error());
        const auto got = ::read(m_descriptor, target.data() + done, target.size() - done);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got < 0) {
            m_problem = "reading failed at byte " + std::to_string(m_position) + ": " + reasonOf(errno);
            if (m_position == 0)
                return ioError(m_path, m_problem, "start it again");
        }
        m_atEnd = got <= 0;
        done += got > 0 ? static_cast<std::size_t>(got) : 0;
        m_position += got > 0 ? static_cast<std::uint64_t>(got) : 0;
    }
    return done;
}

} // namespace faultline::sources
