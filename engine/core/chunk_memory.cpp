// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/chunk_memory.h"
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace faultline
{

namespace
{

constexpr std::size_t segmentBytes = 64ULL << 20;
constexpr std::size_t alignment = 4096; // pages, so that putting one chunk away never touches another's

std::size_t roundedUp(std::size_t bytes)
{
    return (bytes + alignment - 1) / alignment * alignment;
}

int openUnlinked(const std::string& folder)
{
    std::string path = folder;
    if (path.empty()) {
        const char* given = std::getenv("TMPDIR");
        path = given != nullptr && *given != '\0' ? given : "/var/tmp";
    }
    path += "/faultline-columns-XXXXXX";
    const int file = ::mkostemp(path.data(), O_CLOEXEC);
    if (file >= 0)
        ::unlink(path.c_str());
    return file;
}

} // namespace

ChunkMemory::ChunkMemory(std::uint64_t heapBytes, std::string folder)
    : m_heapLeft(heapBytes), m_folder(std::move(folder))
{
}

ChunkMemory::~ChunkMemory()
{
    m_keeper = {}; // stops and joins
    for (const auto& segment : m_segments)
        ::munmap(segment.base, segment.bytes);
    if (m_file >= 0)
        ::close(m_file);
}

void* ChunkMemory::allocate(std::size_t bytes)
{
    const std::lock_guard lock(m_mutex);
    if (m_heapLeft < bytes)
        if (void* chunk = allocateInFile(bytes); chunk != nullptr)
            return chunk;
    m_heapLeft -= std::min<std::uint64_t>(m_heapLeft, bytes);
    m_heap.push_back(std::make_unique_for_overwrite<std::byte[]>(bytes));
    return m_heap.back().get();
}

void* ChunkMemory::allocateInFile(std::size_t bytes)
{
    bytes = roundedUp(bytes);
    if (m_segments.empty() || m_segments.back().bytes - m_segments.back().used < bytes)
        if (!addSegment(std::max(bytes, segmentBytes)))
            return nullptr;
    auto& segment = m_segments.back();
    void* chunk = segment.base + segment.used;
    segment.used += bytes;
    m_usedInFile += bytes;
    return chunk;
}

bool ChunkMemory::addSegment(std::size_t bytes)
{
    if (m_fileFailed)
        return false;
    if (m_file < 0)
        m_file = openUnlinked(m_folder);
    const auto at = static_cast<off_t>(m_fileBytes);
    void* base = MAP_FAILED;
    if (m_file >= 0 && ::posix_fallocate(m_file, at, static_cast<off_t>(bytes)) == 0)
        base = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, m_file, at);
    if (base == MAP_FAILED) {
        m_fileFailed = true;
        return false;
    }
    m_segments.push_back({static_cast<std::byte*>(base), bytes, 0});
    m_fileBytes += bytes;
    if (!m_keeper.joinable())
        m_keeper = std::jthread([this](const std::stop_token& stop) { keepAway(stop); });
    return true;
}

void ChunkMemory::putAway() const
{
    const std::lock_guard lock(m_mutex);
    for (const auto& segment : m_segments)
        ::madvise(segment.base, segment.bytes, MADV_DONTNEED); // shared mapping: the file keeps what was written
}

void ChunkMemory::keepAway(const std::stop_token& stop)
{
    std::mutex mutex;
    std::unique_lock lock(mutex);
    while (!m_ended.wait_for(lock, stop, std::chrono::milliseconds(20), [&] { return stop.stop_requested(); }))
        putAway();
}

std::uint64_t ChunkMemory::fileBytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_usedInFile;
}

} // namespace faultline
