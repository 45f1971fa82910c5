// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/source.h"
#include "tests/engine/sources/packing.h"
#include "tests/engine/sources/source_folder.h"
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>

namespace faultline::sources
{
namespace
{

using SourceTest = SourceFolder;

TEST_F(SourceTest, BlocksOfAPlainFileJoinToItsContentAndEndAtLineEnds)
{
    const auto content = manyLines(1000);
    const auto blocks = blocksOf(*opened(file("a.log", content)), 500);
    EXPECT_EQ(joined(blocks), content);
    for (const auto& block : blocks) {
        EXPECT_EQ(block.bytes.back(), '\n');
        EXPECT_LE(block.bytes.size(), 500U);
    }
}

TEST_F(SourceTest, ALineLongerThanABlockComesInPiecesThatHoldNothingElse)
{
    const auto blocks = blocksOf(*opened(file("a.log", "ab\n" + std::string(25, 'x') + "\ncd\n")), 10);
    ASSERT_EQ(blocks.size(), 5U);
    EXPECT_EQ(blocks[0].bytes, "ab\n");
    EXPECT_TRUE(!blocks[1].startsInsideLine && blocks[1].endsInsideLine);
    EXPECT_TRUE(blocks[2].startsInsideLine && blocks[2].endsInsideLine);
    EXPECT_TRUE(blocks[3].startsInsideLine && !blocks[3].endsInsideLine);
    EXPECT_EQ(blocks[3].bytes, "xxxxx\n");
    EXPECT_EQ(blocks[4].bytes, "cd\n");
}

TEST_F(SourceTest, ALastLineWithoutEndIsHandedOver)
{
    EXPECT_EQ(joined(blocksOf(*opened(file("a.log", "one\ntwo")), 100)), "one\ntwo");
}

TEST_F(SourceTest, AnEmptyFileHasNoBlocks)
{
    EXPECT_TRUE(blocksOf(*opened(file("a.log", "")), 100).empty());
}

TEST_F(SourceTest, GzipIsKnownByItsContentNotItsName)
{
    const auto content = manyLines(1000);
    const auto source = opened(file("a.log", gzipped(content)));
    EXPECT_EQ(source->compression(), Compression::Gzip);
    EXPECT_EQ(joined(blocksOf(*source, 4096)), content);
    EXPECT_EQ(source->contentBytes(), content.size());
    EXPECT_EQ(opened(file("b.gz", "plain"))->compression(), Compression::None);
}

TEST_F(SourceTest, GzipMembersJoin)
{
    const auto source = opened(file("a.gz", gzipped("one\n") + gzipped("") + gzipped("two\n")));
    EXPECT_EQ(joined(blocksOf(*source, 4096)), "one\ntwo\n");
    EXPECT_EQ(source->warning(), "");
}

TEST_F(SourceTest, ZerosBehindGzipDataArePadding)
{
    const auto source = opened(file("a.gz", gzipped("one\n") + std::string(512, '\0')));
    EXPECT_EQ(joined(blocksOf(*source, 4096)), "one\n");
    EXPECT_EQ(source->warning(), "");
}

TEST_F(SourceTest, GarbageBehindGzipDataIsAWarning)
{
    const auto source = opened(file("a.gz", gzipped("one\n") + "garbage"));
    EXPECT_EQ(joined(blocksOf(*source, 4096)), "one\n");
    EXPECT_NE(source->warning().find("not gzip"), std::string::npos) << source->warning();
}

TEST_F(SourceTest, TruncatedGzipYieldsItsBeginningAndAWarning)
{
    const auto content = manyLines(20'000);
    const auto packed = gzipped(content);
    const auto source = opened(file("a.gz", packed.substr(0, packed.size() / 2)));
    const auto text = joined(blocksOf(*source, 65'536));
    EXPECT_GT(text.size(), content.size() / 4);
    EXPECT_EQ(text, content.substr(0, text.size()));
    EXPECT_NE(source->warning().find("ends early"), std::string::npos) << source->warning();
}

TEST_F(SourceTest, DamagedGzipYieldsWhatComesBeforeAndAWarning)
{
    const auto content = manyLines(200'000);
    auto packed = gzipped(content);
    for (std::size_t i = packed.size() / 2; i < packed.size() / 2 + 200; ++i)
        packed[i] = static_cast<char>(~packed[i]);
    const auto source = opened(file("a.gz", packed));
    const auto text = joined(blocksOf(*source, 65'536));
    EXPECT_EQ(text.substr(0, content.size() / 4), content.substr(0, content.size() / 4));
    EXPECT_NE(source->warning().find("damaged"), std::string::npos) << source->warning();
}

TEST_F(SourceTest, GzipThatYieldsNothingIsAnIoError)
{
    QuietJob job;
    const auto source = opened(file("a.gz", gzipped("one\n").substr(0, 9)));
    const auto done = source->forEachBlock(
        4096, [](const Block&) { return true; }, job);
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error().code, ErrorCode::Io);
}

TEST_F(SourceTest, AnyStretchOfGzipCanBeReadAgainWithoutStreamingFirst)
{
    const auto content = manyLines(600'000);
    ASSERT_GT(content.size(), 20U << 20);
    const auto source = opened(file("a.gz", gzipped(content)));
    for (const std::size_t offset : {std::size_t{0}, std::size_t{19} << 20, std::size_t{5} << 20, content.size() - 10})
        EXPECT_EQ(*source->read(offset, 100), content.substr(offset, 100)) << offset;
    EXPECT_EQ(*source->read(content.size() + 5, 10), "");
}

TEST_F(SourceTest, AccessPointsOfAStreamedGzipLeadToTheSameBytes)
{
    const auto content = manyLines(600'000);
    const auto source = opened(file("a.gz", gzipped(content) + gzipped(content)));
    EXPECT_EQ(joined(blocksOf(*source, 1U << 20)).size(), 2 * content.size());
    for (std::size_t offset = 1000; offset + 300 < 2 * content.size(); offset += 7'654'321)
        EXPECT_EQ(*source->read(offset, 200), (content + content).substr(offset, 200)) << offset;
    EXPECT_NEAR(source->fractionAt(content.size()), 0.5, 0.02);
}

TEST_F(SourceTest, ReadingFromManyThreadsGivesTheSameBytes)
{
    const auto content = manyLines(300'000);
    const auto source = opened(file("a.gz", gzipped(content)));
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (std::size_t offset = t * 1000; offset < content.size(); offset += 3'000'000)
                EXPECT_EQ(*source->read(offset, 50), content.substr(offset, 50));
        });
}

TEST_F(SourceTest, AnAbsentFileIsAnIoErrorThatNamesIt)
{
    const auto source = Source::open(folder() + "/nothing.log");
    ASSERT_FALSE(source.has_value());
    EXPECT_EQ(source.error().code, ErrorCode::Io);
    EXPECT_NE(source.error().text().find("nothing.log"), std::string::npos);
    EXPECT_NE(source.error().text().find("No such file"), std::string::npos);
}

TEST_F(SourceTest, AFolderIsAnIoErrorThatSaysSo)
{
    const auto source = Source::open(folder());
    ASSERT_FALSE(source.has_value());
    EXPECT_NE(source.error().message.find("folder"), std::string::npos);
}

TEST_F(SourceTest, AnUnreadableFileIsAnIoError)
{
    if (::geteuid() == 0)
        GTEST_SKIP() << "root may read everything";
    const auto path = file("a.log", "x");
    ::chmod(path.c_str(), 0);
    ASSERT_FALSE(Source::open(path).has_value());
}

TEST_F(SourceTest, AFileThatShrinksWhileItIsReadGivesAWarning)
{
    const auto path = file("a.log", manyLines(1000));
    const auto source = opened(path);
    std::filesystem::resize_file(path, 100);
    EXPECT_EQ(joined(blocksOf(*source, 4096)).size(), 100U);
    EXPECT_NE(source->warning().find("cut short"), std::string::npos) << source->warning();
}

TEST_F(SourceTest, AFileThatGrowsWhileItIsReadEndsWhereItEndedAndHalfALineIsUnfinished)
{
    const auto path = file("a.log", "one\ntwo\nthr");
    const auto source = opened(path);
    std::ofstream(path, std::ios::app) << "ee\nfour\n";
    const auto blocks = blocksOf(*source, 4096);
    ASSERT_EQ(blocks.size(), 2U);
    EXPECT_EQ(blocks[0].bytes, "one\ntwo\n");
    EXPECT_FALSE(blocks[0].unfinished);
    EXPECT_EQ(blocks[1].bytes, "thr");
    EXPECT_TRUE(blocks[1].unfinished);
    EXPECT_EQ(source->warning(), "");
}

TEST_F(SourceTest, AFileThatGrewButEndedWithALineEndHasNoUnfinishedLine)
{
    const auto path = file("a.log", "one\ntwo\n");
    const auto source = opened(path);
    std::ofstream(path, std::ios::app) << "three\n";
    const auto blocks = blocksOf(*source, 4096);
    ASSERT_EQ(blocks.size(), 1U);
    EXPECT_EQ(blocks[0].bytes, "one\ntwo\n");
    EXPECT_FALSE(blocks[0].unfinished);
}

TEST_F(SourceTest, TheLastLineOfAFileThatDidNotChangeIsWholeWithoutAnEnd)
{
    const auto blocks = blocksOf(*opened(file("a.log", "one\ntwo")), 4096);
    ASSERT_EQ(blocks.size(), 1U);
    EXPECT_FALSE(blocks[0].unfinished);
}

TEST_F(SourceTest, ARotatedFileIsReadToItsEndAndTheRotationIsSaid)
{
    const auto path = file("a.log", "old\n");
    const auto source = opened(path);
    std::filesystem::rename(path, path + ".1");
    file("a.log", "new\n");
    EXPECT_EQ(joined(blocksOf(*source, 4096)), "old\n");
    EXPECT_NE(source->warning().find("rotated"), std::string::npos) << source->warning();
}

TEST_F(SourceTest, MoreFilesThanTheSoftLimitAllowsCanBeOpen)
{
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    if (before.rlim_max < 256)
        GTEST_SKIP() << "the hard limit is as low as the soft one";
    const rlimit low{.rlim_cur = 64, .rlim_max = before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
    const auto path = file("a.log", "x\n");
    std::vector<std::shared_ptr<Source>> sources;
    for (int i = 0; i < 100; ++i) {
        auto source = Source::open(path);
        EXPECT_TRUE(source.has_value()) << i;
        if (source)
            sources.push_back(std::move(*source));
    }
    ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST_F(SourceTest, AStoppedJobEndsReading)
{
    std::stop_source stop;
    Progress progress;
    JobContext job(stop.get_token(), progress);
    const auto done = opened(file("a.log", manyLines(1000)))
                          ->forEachBlock(
                              1000, [&](const Block&) { return stop.request_stop(), true; }, job);
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error().code, ErrorCode::Cancelled);
}

TEST_F(SourceTest, ProgressCountsTheBytesOfTheFile)
{
    const auto packed = gzipped(manyLines(50'000));
    Progress progress;
    JobContext job(std::stop_token(), progress);
    ASSERT_TRUE(opened(file("a.gz", packed))
                    ->forEachBlock(
                        65'536, [](const Block&) { return true; }, job)
                    .has_value());
    EXPECT_EQ(progress.done, packed.size());
}

} // namespace
} // namespace faultline::sources
