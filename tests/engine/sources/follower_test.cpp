// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/follower.h"
#include "tests/engine/sources/source_folder.h"

namespace faultline::sources
{
namespace
{

class FollowerTest : public SourceFolder
{
protected:
    void append(const std::string& text) const { std::ofstream(path(), std::ios::binary | std::ios::app) << text; }
    void write(const std::string& text) const { std::ofstream(path(), std::ios::binary | std::ios::trunc) << text; }
    void rotate() const { std::filesystem::rename(path(), path() + ".1"); }
    std::string path() const { return folder() + "/app.log"; }
    Follower follow(const FollowOptions& options = {}) const { return std::move(*Follower::open(path(), options)); }
    static Appended polled(Follower& follower)
    {
        auto appended = follower.poll();
        EXPECT_TRUE(appended.has_value()) << (appended ? "" : appended.error().text());
        return appended ? *appended : Appended{};
    }
};

TEST_F(FollowerTest, HandsOverWholeLinesAsTheyCome)
{
    append("one\n");
    auto follower = follow();
    EXPECT_EQ(polled(follower).lines, "one\n");
    EXPECT_EQ(polled(follower).lines, "");
    append("two\nthree\n");
    const auto appended = polled(follower);
    EXPECT_EQ(appended.lines, "two\nthree\n");
    EXPECT_EQ(appended.offset, 4U);
    EXPECT_EQ(appended.generation, 0U);
}

TEST_F(FollowerTest, KeepsAHalfLineUntilItsEndHasCome)
{
    append("one\ntw");
    auto follower = follow();
    EXPECT_EQ(polled(follower).lines, "one\n");
    EXPECT_EQ(follower.heldBytes(), 2U);
    append("o");
    EXPECT_EQ(polled(follower).lines, "");
    append("\nthree");
    const auto appended = polled(follower);
    EXPECT_EQ(appended.lines, "two\n");
    EXPECT_EQ(appended.offset, 4U);
}

TEST_F(FollowerTest, CanBeginAtTheEnd)
{
    append("old\n");
    auto follower = follow({.fromStart = false});
    append("new\n");
    EXPECT_EQ(polled(follower).lines, "new\n");
}

TEST_F(FollowerTest, ReadsARotatedFileToItsEndBeforeItsSuccessor)
{
    append("one\n");
    auto follower = follow();
    EXPECT_EQ(polled(follower).lines, "one\n");
    append("two\n");
    rotate();
    append("three\n");
    const auto last = polled(follower);
    EXPECT_EQ(last.lines, "two\n");
    EXPECT_FALSE(last.rotated);
    const auto first = polled(follower);
    EXPECT_EQ(first.lines, "three\n");
    EXPECT_TRUE(first.rotated);
    EXPECT_EQ(first.offset, 0U);
    EXPECT_EQ(first.generation, 1U);
}

TEST_F(FollowerTest, GoesOnWithTheOldFileWhileTheNewOneIsEmpty)
{
    append("one\n");
    auto follower = follow();
    EXPECT_EQ(polled(follower).lines, "one\n");
    rotate();
    write("");
    EXPECT_FALSE(polled(follower).rotated);
    std::ofstream(path() + ".1", std::ios::app) << "late\n";
    EXPECT_EQ(polled(follower).lines, "late\n");
    append("new\n");
    EXPECT_EQ(polled(follower).lines, "new\n");
}

TEST_F(FollowerTest, WaitsForANameThatLeadsNowhere)
{
    append("one\n");
    auto follower = follow();
    EXPECT_EQ(polled(follower).lines, "one\n");
    std::filesystem::remove(path());
    EXPECT_EQ(polled(follower).lines, "");
    append("two\n");
    EXPECT_EQ(polled(follower).lines, "two\n");
}

TEST_F(FollowerTest, CountsTheHalfLineThatARotationLeaves)
{
    append("one\nhal");
    auto follower = follow();
    EXPECT_EQ(polled(follower).lines, "one\n");
    rotate();
    append("two\n");
    const auto appended = polled(follower);
    EXPECT_EQ(appended.lines, "two\n");
    EXPECT_EQ(appended.lostLines, 1U);
}

TEST_F(FollowerTest, ATruncatedFileIsReadFromItsStart)
{
    append("one\ntwo\nthree\n");
    auto follower = follow();
    EXPECT_EQ(polled(follower).lines.size(), 14U);
    write("new\n");
    const auto appended = polled(follower);
    EXPECT_EQ(appended.lines, "new\n");
    EXPECT_TRUE(appended.truncated);
    EXPECT_EQ(appended.offset, 0U);
    EXPECT_EQ(appended.generation, 1U);
}

TEST_F(FollowerTest, ATruncatedFileThatHasOutgrownItsOldSizeIsNoticed)
{
    append("one\ntwo\n");
    auto follower = follow();
    EXPECT_EQ(polled(follower).lines, "one\ntwo\n");
    write("entirely different and longer\n");
    const auto appended = polled(follower);
    EXPECT_EQ(appended.lines, "entirely different and longer\n");
    EXPECT_TRUE(appended.truncated);
}

TEST_F(FollowerTest, HandsOverALotInPiecesThatJoin)
{
    std::string content;
    for (int i = 0; i < 1000; ++i)
        content += "line " + std::to_string(i) + "\n";
    append(content);
    auto follower = follow({.limitBytes = 100});
    std::string joined;
    for (auto appended = polled(follower);; appended = polled(follower)) {
        EXPECT_EQ(appended.offset, joined.size());
        joined += appended.lines;
        if (!appended.more)
            break;
    }
    EXPECT_EQ(joined, content);
}

TEST_F(FollowerTest, ALineThatIsTooLongIsDroppedAndCounted)
{
    append("one\n" + std::string(5'000, 'x'));
    auto follower = follow({.limitBytes = 1'000, .longestLine = 2'000});
    std::string lines;
    std::uint64_t lost = 0;
    for (int i = 0; i < 10; ++i) {
        const auto appended = polled(follower);
        lines += appended.lines;
        lost += appended.lostLines;
    }
    EXPECT_LE(follower.heldBytes(), 2'000U);
    append("xx\ntwo\n");
    const auto appended = polled(follower);
    EXPECT_EQ(lines + appended.lines, "one\ntwo\n");
    EXPECT_EQ(lost + appended.lostLines, 1U);
}

TEST_F(FollowerTest, AnAbsentFileIsAnIoError)
{
    const auto follower = Follower::open(folder() + "/nothing.log");
    ASSERT_FALSE(follower.has_value());
    EXPECT_EQ(follower.error().code, ErrorCode::Io);
}

} // namespace
} // namespace faultline::sources
