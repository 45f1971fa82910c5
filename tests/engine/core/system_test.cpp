// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/hash.h"
#include "engine/core/system.h"
#include <filesystem>
#include <gtest/gtest.h>

namespace faultline
{
namespace
{

class SmallFile : public testing::Test
{
protected:
    void SetUp() override
    {
        m_folder =
            std::filesystem::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
        std::filesystem::remove_all(m_folder);
        std::filesystem::create_directories(m_folder);
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }
    std::filesystem::path m_folder;
};

TEST_F(SmallFile, readsBackWhatWasWritten)
{
    const auto path = (m_folder / "a.txt").string();
    ASSERT_TRUE(writeFileAtomically(path, "old"));
    ASSERT_TRUE(writeFileAtomically(path, "new content"));
    EXPECT_EQ(readSmallFile(path, 100).value(), "new content");
}

TEST_F(SmallFile, leavesNoTemporaryFileBehind)
{
    ASSERT_TRUE(writeFileAtomically((m_folder / "a.txt").string(), "x"));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(m_folder), {}), 1);
}

TEST_F(SmallFile, keepsTheRightsOfTheFileItReplaces)
{
    const auto path = m_folder / "a.txt";
    ASSERT_TRUE(writeFileAtomically(path.string(), "x"));
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    ASSERT_TRUE(writeFileAtomically(path.string(), "y"));
    EXPECT_EQ(std::filesystem::status(path).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(SmallFile, saysWhyItCannotBeWritten)
{
    const auto result = writeFileAtomically((m_folder / "absent" / "a.txt").string(), "x");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Io);
    EXPECT_NE(result.error().message.find("No such file"), std::string::npos);
}

TEST_F(SmallFile, refusesFoldersAbsentAndLargeFiles)
{
    const auto path = (m_folder / "a.txt").string();
    ASSERT_TRUE(writeFileAtomically(path, "12345"));
    EXPECT_FALSE(readSmallFile(path, 4));
    EXPECT_TRUE(readSmallFile(path, 5));
    EXPECT_FALSE(readSmallFile(m_folder.string(), 100));
    EXPECT_FALSE(readSmallFile((m_folder / "absent").string(), 100));
}

TEST(Memory, isCountedInBytes)
{
    EXPECT_GT(peakMemoryBytes(), 1'000'000U);
}

TEST(Sha256, equalsThePublishedExamples)
{
    EXPECT_EQ(sha256Hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    const std::string_view abc = "abc";
    EXPECT_EQ(sha256Hex(std::as_bytes(std::span(abc.data(), abc.size()))),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

} // namespace
} // namespace faultline
