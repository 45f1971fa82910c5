// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/spool.h"
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <zstd.h>

namespace faultline::sources
{

namespace
{

constexpr std::size_t memoryBytes = 256U << 10;
constexpr std::size_t recentFrames = 2;
constexpr int level = 1;

/// /var/tmp rather than /tmp, which is often kept in memory.
std::string defaultFolder()
{
    if (const char* chosen = std::getenv("TMPDIR"); chosen != nullptr && *chosen != '\0')
        return chosen;
    return ::access("/var/tmp", W_OK) == 0 ? "/var/tmp" : "/tmp";
}

tl::unexpected<Error> spoolError(const std::string& folder, const std::string& what, int code)
{
    return fail({ErrorCode::Io,
                 "the temporary copy of compressed or piped content cannot be " + what + ": " +
                     std::generic_category().message(code),
                 {folder, 0, 0},
                 "make room there, or set TMPDIR to a folder that has some"});
}

} // namespace

struct Spool::Packer {
    Packer() : context(ZSTD_createCCtx()) {}
    ~Packer() { ZSTD_freeCCtx(context); }
    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;
    ZSTD_CCtx* context;
};

Spool::Spool(std::string folder) : m_folder(folder.empty() ? defaultFolder() : std::move(folder)) {}

Spool::~Spool()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<void> Spool::append(std::string_view bytes)
{
    while (!bytes.empty()) {
        if (m_open.capacity() < frameBytes && m_open.size() + bytes.size() > m_open.capacity())
            m_open.reserve(frameBytes);
        const auto step = std::min(bytes.size(), frameBytes - m_open.size());
        m_open.append(bytes.substr(0, step));
        bytes.remove_prefix(step);
        if (m_open.size() == frameBytes)
            if (auto sealed = seal(); !sealed)
                return sealed;
    }
    return {};
}

Result<void> Spool::finish()
{
    if (!m_open.empty())
        if (auto sealed = seal(); !sealed)
            return sealed;
    m_open = {};
    m_packed = {};
    m_packer.reset();
    return {};
}

Result<void> Spool::seal()
{
    m_packed.resize(ZSTD_compressBound(m_open.size()));
    if (!m_packer)
        m_packer = std::make_unique<Packer>();
    if (m_packer->context == nullptr)
        return spoolError(m_folder, "packed", ENOMEM);
    const auto packed =
        ZSTD_compressCCtx(m_packer->context, m_packed.data(), m_packed.size(), m_open.data(), m_open.size(), level);
    if (ZSTD_isError(packed) != 0)
        return spoolError(m_folder, "packed", ENOMEM);
    if (auto stored = store({m_packed.data(), packed}); !stored)
        return stored;
    m_frames.push_back({m_storedBytes, static_cast<std::uint32_t>(packed)});
    m_storedBytes += packed;
    m_packedContent += m_open.size();
    m_open.clear();
    return {};
}

Result<void> Spool::store(std::string_view packed)
{
    if (m_descriptor < 0 && m_storedBytes + packed.size() <= memoryBytes) {
        m_memory.append(packed);
        return {};
    }
    if (m_descriptor < 0) {
        if (auto created = createFile(); !created)
            return created;
        if (auto written = write(m_memory, 0); !written)
            return written;
        m_memory = {};
    }
    return write(packed, m_storedBytes);
}

Result<void> Spool::createFile()
{
    m_descriptor = ::open(m_folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    if (m_descriptor >= 0)
        return {};
    auto name = m_folder + "/faultline-XXXXXX"; // for file systems without O_TMPFILE
    m_descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (m_descriptor < 0)
        return spoolError(m_folder, "made", errno);
    ::unlink(name.c_str());
    return {};
}

Result<void> Spool::write(std::string_view bytes, std::uint64_t position)
{
    while (!bytes.empty()) {
        const auto done = ::pwrite(m_descriptor, bytes.data(), bytes.size(), static_cast<off_t>(position));
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return spoolError(m_folder, "written", done < 0 ? errno : ENOSPC);
        bytes.remove_prefix(static_cast<std::size_t>(done));
        position += static_cast<std::uint64_t>(done);
    }
    return {};
}

Result<std::string> Spool::packedFrame(const Frame& frame) const
{
    if (m_descriptor < 0)
        return m_memory.substr(frame.position, frame.packedBytes);
    std::string packed(frame.packedBytes, '\0');
    for (std::size_t done = 0; done < packed.size();) {
        const auto got = ::pread(m_descriptor, packed.data() + done, packed.size() - done,
                                 static_cast<off_t>(frame.position + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return spoolError(m_folder, "read", got < 0 ? errno : EIO);
        done += static_cast<std::size_t>(got);
    }
    return packed;
}

Result<const std::string*> Spool::inflated(std::size_t frame)
{
    const auto known =
        std::find_if(m_recent.begin(), m_recent.end(), [&](const Inflated& recent) { return recent.frame == frame; });
    if (known != m_recent.end()) {
        m_recent.splice(m_recent.begin(), m_recent, known);
        return &m_recent.front().bytes;
    }
    const auto packed = packedFrame(m_frames[frame]);
    if (!packed)
        return tl::unexpected(packed.error());
    std::string bytes(frameBytes, '\0');
    const auto size = ZSTD_decompress(bytes.data(), bytes.size(), packed->data(), packed->size());
    if (ZSTD_isError(size) != 0)
        return spoolError(m_folder, "read back", EIO);
    bytes.resize(size);
    if (m_recent.size() == recentFrames)
        m_recent.pop_back();
    m_recent.push_front({frame, std::move(bytes)});
    return &m_recent.front().bytes;
}

Result<std::size_t> Spool::readAt(std::uint64_t position, std::span<char> target)
{
    std::size_t done = 0;
    while (done < target.size() && position + done < bytes()) {
        const auto at = position + done;
        const std::string* text = &m_open;
        auto start = static_cast<std::size_t>(at - std::min(at, m_packedContent));
        if (at < m_packedContent) {
            const auto frame = inflated(static_cast<std::size_t>(at / frameBytes));
            if (!frame)
                return tl::unexpected(frame.error());
            text = *frame;
            start = static_cast<std::size_t>(at % frameBytes);
        }
        done += text->copy(target.data() + done, target.size() - done, start);
    }
    return done;
}

} // namespace faultline::sources
