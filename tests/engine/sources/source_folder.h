// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/sources/source.h"
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace faultline::sources
{

/// A test with a folder of its own, removed with it.
class SourceFolder : public testing::Test
{
protected:
    SourceFolder()
    {
        auto name = std::string(testing::UnitTest::GetInstance()->current_test_info()->name());
        std::replace(name.begin(), name.end(), '/', '_');
        m_folder =
            std::filesystem::temp_directory_path() / ("faultline_source_" + std::to_string(::getpid()) + "_" + name);
        std::filesystem::create_directories(m_folder);
    }
    ~SourceFolder() override { std::filesystem::remove_all(m_folder); }

    std::string file(const std::string& name, const std::string& content) const
    {
        const auto path = m_folder / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << content;
        return path.string();
    }
    std::string folder() const { return m_folder.string(); }

private:
    std::filesystem::path m_folder;
};

inline std::shared_ptr<Source> opened(const std::string& path, const OpenOptions& options = {})
{
    auto source = Source::open(path, options);
    EXPECT_TRUE(source.has_value()) << (source ? "" : source.error().text());
    return source ? *source : nullptr;
}

inline std::vector<Block> blocksOf(Source& source, std::size_t blockBytes)
{
    std::vector<Block> blocks;
    QuietJob job;
    const auto done = source.forEachBlock(
        blockBytes,
        [&](Block block) {
            blocks.push_back(std::move(block));
            return true;
        },
        job);
    EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().text());
    return blocks;
}

inline std::string joined(const std::vector<Block>& blocks)
{
    std::string text;
    for (const auto& block : blocks) {
        EXPECT_EQ(block.offset, text.size());
        text += block.bytes;
    }
    return text;
}

/// What a file's blocks join to, or the message of the error that ended them.
inline Result<std::string> contentOf(const std::string& path, const OpenOptions& options = {})
{
    auto source = Source::open(path, options);
    if (!source)
        return tl::unexpected(source.error());
    std::string text;
    QuietJob job;
    const auto done = (*source)->forEachBlock(
        1U << 16,
        [&](const Block& block) {
            text += block.bytes;
            return true;
        },
        job);
    if (!done)
        return tl::unexpected(done.error());
    return text;
}

} // namespace faultline::sources
