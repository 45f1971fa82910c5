// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

namespace faultline
{

/// A growing column of trivial values in chunks of 65,536: appending never moves what is there, so a column of n values costs
/// n * sizeof(T) plus at most one chunk, and never the double of a reallocating vector. Reading is safe from many threads
/// while nobody appends.
template <class T>
class ChunkedVector
{
    static_assert(std::is_trivially_copyable_v<T>);

public:
    static constexpr std::size_t chunkSize = 65'536;

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] bool empty() const { return m_size == 0; }
    [[nodiscard]] const T& operator[](std::size_t i) const { return (*m_chunks[i / chunkSize])[i % chunkSize]; }
    [[nodiscard]] T& operator[](std::size_t i) { return (*m_chunks[i / chunkSize])[i % chunkSize]; }
    [[nodiscard]] std::size_t bytes() const { return m_chunks.size() * sizeof(Chunk); }

    void push_back(const T& value)
    {
        if (m_size == m_chunks.size() * chunkSize)
            m_chunks.push_back(std::make_unique_for_overwrite<Chunk>());
        (*m_chunks[m_size / chunkSize])[m_size % chunkSize] = value;
        ++m_size;
    }
    void append(std::span<const T> values)
    {
        for (const T& value : values)
            push_back(value);
    }
    void appendCopies(std::size_t count, const T& value)
    {
        for (std::size_t i = 0; i < count; ++i)
            push_back(value);
    }
    void clear()
    {
        m_chunks.clear();
        m_size = 0;
    }

private:
    using Chunk = std::array<T, chunkSize>;
    std::vector<std::unique_ptr<Chunk>> m_chunks;
    std::size_t m_size = 0;
};

} // namespace faultline
