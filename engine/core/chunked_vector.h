// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/core/chunk_memory.h"
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace faultline
{

/// A growing column of trivial values in chunks of 65,536: appending never moves what is there, so a column of n values costs
/// n * sizeof(T) plus at most one chunk, and never the double of a reallocating vector. Chunks lie on the heap, or in
/// the memory that was given. Reading is safe from many threads while nobody appends.
template <class T>
class ChunkedVector
{
    static_assert(std::is_trivially_copyable_v<T>);

public:
    static constexpr std::size_t chunkSize = 65'536;

    ChunkedVector() = default;
    explicit ChunkedVector(ChunkMemoryPtr memory) : m_memory(std::move(memory)) {}

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] bool empty() const { return m_size == 0; }
    [[nodiscard]] const T& operator[](std::size_t i) const { return (*m_chunks[i / chunkSize])[i % chunkSize]; }
    [[nodiscard]] T& operator[](std::size_t i) { return (*m_chunks[i / chunkSize])[i % chunkSize]; }
    [[nodiscard]] std::size_t bytes() const { return m_chunks.size() * sizeof(Chunk); }

    void push_back(const T& value)
    {
        reserveOne();
        (*m_chunks[m_size / chunkSize])[m_size % chunkSize] = value;
        ++m_size;
    }
    void append(std::span<const T> values)
    {
        fill(values.size(), [&](T* target, std::size_t from, std::size_t count) {
            std::memcpy(target, values.data() + from, count * sizeof(T));
        });
    }
    void appendCopies(std::size_t count, const T& value)
    {
        fill(count, [&](T* target, std::size_t, std::size_t n) { std::fill_n(target, n, value); });
    }
    void clear()
    {
        m_chunks.clear();
        m_size = 0;
    }
    /// The values of chunk `i`, the last one cut at size().
    [[nodiscard]] std::span<const T> chunk(std::size_t i) const
    {
        return {m_chunks[i]->data(), std::min(chunkSize, m_size - i * chunkSize)};
    }
    [[nodiscard]] std::size_t chunks() const { return m_chunks.size(); }
    /// Makes it `size` values long; new values are not initialised.
    void resizeForOverwrite(std::size_t size)
    {
        fill(size - std::min(size, m_size), [](T*, std::size_t, std::size_t) {});
    }
    /// As chunk(), to be written: by several threads as long as each writes chunks of its own.
    [[nodiscard]] std::span<T> mutableChunk(std::size_t i)
    {
        return {m_chunks[i]->data(), std::min(chunkSize, m_size - i * chunkSize)};
    }

private:
    using Chunk = std::array<T, chunkSize>;
    struct Free {
        bool owned = true;
        void operator()(Chunk* chunk) const
        {
            if (owned)
                delete chunk;
        }
    };
    using ChunkPtr = std::unique_ptr<Chunk, Free>;

    void reserveOne()
    {
        if (m_size == m_chunks.size() * chunkSize)
            m_chunks.push_back(m_memory ? ChunkPtr(new (m_memory->allocate(sizeof(Chunk))) Chunk, Free{false})
                                        : ChunkPtr(new Chunk));
    }
    template <class Write>
    void fill(std::size_t count, const Write& write)
    {
        for (std::size_t done = 0; done < count;) {
            reserveOne();
            const auto within = m_size % chunkSize;
            const auto n = std::min(count - done, chunkSize - within);
            write(m_chunks[m_size / chunkSize]->data() + within, done, n);
            done += n;
            m_size += n;
        }
    }

    ChunkMemoryPtr m_memory; ///< null: the heap
    std::vector<ChunkPtr> m_chunks;
    std::size_t m_size = 0;
};

} // namespace faultline
