// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/chunk_memory.h"
#include "engine/core/chunked_vector.h"
#include <filesystem>
#include <gtest/gtest.h>
#include <numeric>

namespace faultline
{

namespace
{

constexpr std::size_t chunkBytes = ChunkedVector<std::uint64_t>::chunkSize * sizeof(std::uint64_t);

TEST(ChunkMemory, ValuesComeBackAfterTheirPagesWerePutAway)
{
    const auto memory = std::make_shared<ChunkMemory>(chunkBytes); // the first chunk on the heap, the rest in the file
    ChunkedVector<std::uint64_t> column(memory);
    constexpr std::uint64_t values = 10 * ChunkedVector<std::uint64_t>::chunkSize + 17;
    for (std::uint64_t i = 0; i < values; ++i)
        column.push_back(i * i);
    EXPECT_EQ(memory->fileBytes(), 10 * chunkBytes);
    memory->putAway();
    for (std::uint64_t i = 0; i < values; ++i)
        ASSERT_EQ(column[i], i * i);
}

TEST(ChunkMemory, WithoutATemporaryFolderEverythingIsOnTheHeap)
{
    const auto memory = std::make_shared<ChunkMemory>(0, "/nonexistent/folder");
    ChunkedVector<std::uint64_t> column(memory);
    column.appendCopies(100'000, 7);
    EXPECT_EQ(memory->fileBytes(), 0U);
    EXPECT_EQ(column[99'999], 7U);
}

TEST(ChunkMemory, ItsFileHasNoNameThatCouldBeLeftBehind)
{
    const std::string folder = ::testing::TempDir() + "chunk_memory";
    std::filesystem::create_directories(folder);
    const auto memory = std::make_shared<ChunkMemory>(0, folder);
    ChunkedVector<std::uint64_t> column(memory);
    column.push_back(1);
    EXPECT_GT(memory->fileBytes(), 0U);
    EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST(ChunkedVector, AppendsAcrossChunksAsOneByOneWould)
{
    std::vector<std::uint64_t> values(150'000);
    std::iota(values.begin(), values.end(), 5);
    ChunkedVector<std::uint64_t> column;
    column.push_back(4);
    column.append(values);
    column.appendCopies(70'000, 9);
    ASSERT_EQ(column.size(), 220'001U);
    EXPECT_EQ(column[0], 4U);
    for (std::size_t i = 0; i < values.size(); ++i)
        ASSERT_EQ(column[i + 1], values[i]);
    EXPECT_EQ(column[150'001], 9U);
    EXPECT_EQ(column[220'000], 9U);
    EXPECT_EQ(column.chunk(3).size(), 220'001U - 3 * 65'536U);
}

} // namespace

} // namespace faultline
