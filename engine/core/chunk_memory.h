// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace faultline
{

/// Where large columns keep their chunks, so that a log of any size can be looked at with bounded memory. The first
/// chunks come from the heap; what is beyond `heapBytes` lies in an unlinked temporary file that is mapped. As long as
/// there is such a file, a thread of its own tells the kernel fifty times a second that its pages need not stay in
/// memory: they come back when they are touched, so whoever walks over a column holds what it touches in a fiftieth
/// of a second, some 100 MB at most. Disk space is reserved before it is used, so that a full disk can never be a
/// SIGBUS; where there is none, or no temporary folder, chunks come from the heap after all. Chunks live as long as
/// this. Thread-safe.
class ChunkMemory
{
public:
    static constexpr std::uint64_t defaultHeapBytes = 256ULL << 20; ///< 7.5 M records of a log

    /// `folder`: of the temporary file; $TMPDIR or /var/tmp when empty (/tmp is often memory itself).
    explicit ChunkMemory(std::uint64_t heapBytes = defaultHeapBytes, std::string folder = {});
    ~ChunkMemory();
    ChunkMemory(const ChunkMemory&) = delete;
    ChunkMemory& operator=(const ChunkMemory&) = delete;

    /// Uninitialised memory, aligned for any type. Throws std::bad_alloc when there is none at all.
    [[nodiscard]] void* allocate(std::size_t bytes);
    /// Lets go of the pages of all chunks in the file; what they hold is kept. About 1 ms a GB.
    void putAway() const;
    [[nodiscard]] std::uint64_t fileBytes() const; ///< allocated in the file

private:
    struct Segment {
        std::byte* base = nullptr;
        std::size_t bytes = 0, used = 0;
    };
    [[nodiscard]] void* allocateInFile(std::size_t bytes);
    [[nodiscard]] bool addSegment(std::size_t bytes);
    void keepAway(const std::stop_token& stop);

    mutable std::mutex m_mutex; ///< guards what follows
    std::uint64_t m_heapLeft;
    std::string m_folder;
    int m_file = -1;
    bool m_fileFailed = false;
    std::uint64_t m_fileBytes = 0, m_usedInFile = 0;
    std::vector<Segment> m_segments;
    std::vector<std::unique_ptr<std::byte[]>> m_heap;
    std::condition_variable_any m_ended;
    std::jthread m_keeper; // last member: joins before the mappings go
};

using ChunkMemoryPtr = std::shared_ptr<ChunkMemory>; // shared: all columns of a table, which may be moved apart

} // namespace faultline
