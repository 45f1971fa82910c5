// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/sources/packing.h"
#include "tests/engine/sources/source_folder.h"
#include <thread>

namespace faultline::sources
{
namespace
{

class Compressed : public SourceFolder, public testing::WithParamInterface<Compression>
{
protected:
    std::string pack(const std::string& content) const { return packed(GetParam(), content); }
};

TEST_P(Compressed, IsKnownByItsContentNotItsName)
{
    const auto content = manyLines(1000);
    const auto source = opened(file("a.log", pack(content)));
    EXPECT_EQ(source->compression(), GetParam());
    EXPECT_EQ(joined(blocksOf(*source, 4096)), content);
    EXPECT_EQ(source->contentBytes(), content.size());
    EXPECT_EQ(source->warning(), "");
}

TEST_P(Compressed, MembersJoinAndEmptyOnesAddNothing)
{
    EXPECT_EQ(*contentOf(file("a.x", pack("one\n") + pack("") + pack("two\n") + pack(""))), "one\ntwo\n");
    EXPECT_EQ(*contentOf(file("b.x", pack("") + pack("one\n"))), "one\n");
}

TEST_P(Compressed, ManyMembersJoin)
{
    std::string content, bytes;
    for (int i = 0; i < 300; ++i) {
        const auto line = "member " + std::to_string(i) + "\n";
        content += line;
        bytes += pack(line);
    }
    EXPECT_EQ(*contentOf(file("a.x", bytes)), content);
}

TEST_P(Compressed, ZerosBehindAreAndBetweenMembersArePadding)
{
    const auto source =
        opened(file("a.x", pack("one\n") + std::string(512, '\0') + pack("two\n") + std::string(4, '\0')));
    EXPECT_EQ(joined(blocksOf(*source, 4096)), "one\ntwo\n");
    EXPECT_EQ(source->warning(), "");
}

TEST_P(Compressed, GarbageBehindIsAWarning)
{
    const auto source = opened(file("a.x", pack("one\n") + "garbage"));
    EXPECT_EQ(joined(blocksOf(*source, 4096)), "one\n");
    EXPECT_NE(source->warning().find(std::string("not ") + compressionName(GetParam())), std::string::npos)
        << source->warning();
}

TEST_P(Compressed, ATruncatedFileYieldsItsBeginningAndSaysWhereItBroke)
{
    const auto content = manyLines(60'000);
    const auto bytes = pack(content);
    const auto source = opened(file("a.x", bytes.substr(0, bytes.size() / 2)));
    const auto text = joined(blocksOf(*source, 65'536));
    EXPECT_GT(text.size(), content.size() / 8);
    EXPECT_EQ(text, content.substr(0, text.size()));
    EXPECT_NE(source->warning().find("ends early"), std::string::npos) << source->warning();
    EXPECT_NE(source->warning().find("at byte " + std::to_string(bytes.size() / 2)), std::string::npos)
        << source->warning();
}

TEST_P(Compressed, TheLineThatATruncationCutsIsUnfinished)
{
    const auto content = manyLines(60'000);
    const auto bytes = pack(content);
    const auto blocks = blocksOf(*opened(file("a.x", bytes.substr(0, bytes.size() / 2))), 65'536);
    ASSERT_GT(blocks.size(), 1U);
    const bool endsWithLine = blocks.back().bytes.ends_with('\n');
    EXPECT_NE(endsWithLine, blocks.back().unfinished);
    for (std::size_t i = 0; i + 1 < blocks.size(); ++i)
        EXPECT_FALSE(blocks[i].unfinished);
}

TEST_P(Compressed, ADamagedFileYieldsWhatComesBeforeAndAWarning)
{
    const auto content = manyLines(60'000);
    auto bytes = pack(content);
    for (std::size_t i = bytes.size() / 2; i < bytes.size() / 2 + 200; ++i)
        bytes[i] = static_cast<char>(~bytes[i]);
    const auto source = opened(file("a.x", bytes));
    const auto text = joined(blocksOf(*source, 65'536));
    EXPECT_EQ(text.substr(0, content.size() / 8), content.substr(0, content.size() / 8));
    EXPECT_NE(source->warning().find("damaged"), std::string::npos) << source->warning();
}

TEST_P(Compressed, WhatYieldsNothingIsAnIoErrorWithARemedy)
{
    const auto bytes = pack("one\n");
    const auto text = contentOf(file("a.x", bytes.substr(0, 9)));
    ASSERT_FALSE(text.has_value());
    EXPECT_EQ(text.error().code, ErrorCode::Io);
    EXPECT_NE(text.error().hint, "");
}

TEST_P(Compressed, TheHeadCanBeReadBeforeStreaming)
{
    const auto content = manyLines(200'000);
    const auto source = opened(file("a.x", pack(content)));
    EXPECT_EQ(*source->head(1000), content.substr(0, 1000));
    EXPECT_LT(source->contentBytes(), 2U << 20) << "no more than the head was decompressed";
    EXPECT_EQ(joined(blocksOf(*source, 1U << 16)), content);
}

TEST_P(Compressed, AnyStretchCanBeReadWithoutStreamingFirst)
{
    const auto content = manyLines(200'000);
    const auto source = opened(file("a.x", pack(content)));
    for (const std::size_t offset : {std::size_t{5} << 20, std::size_t{0}, std::size_t{3} << 20, content.size() - 10})
        EXPECT_EQ(*source->read(offset, 100), content.substr(offset, 100)) << offset;
    EXPECT_EQ(*source->read(content.size() + 5, 10), "");
}

TEST_P(Compressed, AnyStretchCanBeReadAgainAfterStreamingAndTwice)
{
    const auto content = manyLines(200'000);
    const auto source = opened(file("a.x", pack(content)));
    EXPECT_EQ(joined(blocksOf(*source, 1U << 20)), content);
    for (int round = 0; round < 2; ++round)
        for (std::size_t offset = 1000; offset + 300 < content.size(); offset += 654'321)
            EXPECT_EQ(*source->read(offset, 200), content.substr(offset, 200)) << offset;
    EXPECT_EQ(joined(blocksOf(*source, 1U << 16)), content) << "a second pass over the blocks";
}

TEST_P(Compressed, ReadingFromManyThreadsWhileStreamingGivesTheSameBytes)
{
    const auto content = manyLines(150'000);
    const auto source = opened(file("a.x", pack(content)));
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < 3; ++t)
        threads.emplace_back([&, t] {
            for (std::size_t offset = t * 1000; offset < content.size(); offset += 700'000)
                EXPECT_EQ(*source->read(offset, 50), content.substr(offset, 50));
        });
    EXPECT_EQ(joined(blocksOf(*source, 1U << 18)), content);
}

TEST_P(Compressed, ProgressCountsTheBytesOfTheFile)
{
    const auto bytes = pack(manyLines(50'000));
    Progress progress;
    JobContext job(std::stop_token(), progress);
    ASSERT_TRUE(opened(file("a.x", bytes))
                    ->forEachBlock(
                        65'536, [](const Block&) { return true; }, job)
                    .has_value());
    EXPECT_EQ(progress.done, bytes.size());
}

TEST_P(Compressed, TextInAnotherEncodingIsDecodedBehindIt)
{
    const std::string utf16("\xFF\xFEo\0n\0e\0\n\0\xE4\0\n\0", 14);
    const auto source = opened(file("a.x", pack(utf16)));
    EXPECT_EQ(source->encoding(), Encoding::Utf16Le);
    EXPECT_EQ(source->compression(), GetParam());
    EXPECT_EQ(joined(blocksOf(*source, 4096)), "one\n\xC3\xA4\n");
}

TEST_P(Compressed, AByteOrderMarkIsNotContent)
{
    EXPECT_EQ(*contentOf(file("a.x", pack("\xEF\xBB\xBFone\n"))), "one\n");
}

TEST_P(Compressed, AnArchiveInsideIsRefusedWithARemedy)
{
    std::string tar(1024, '\0');
    tar.replace(0, 5, "a.log");
    tar.replace(257, 5, "ustar");
    const auto source = Source::open(file("a.x", pack(tar)));
    ASSERT_FALSE(source.has_value());
    EXPECT_NE(source.error().message.find("tar archive"), std::string::npos) << source.error().text();
    EXPECT_NE(source.error().hint.find("tar -xf"), std::string::npos);
}

TEST_P(Compressed, TwiceIsRefusedWithARemedy)
{
    const auto source = Source::open(file("a.x", pack(pack(manyLines(100)))));
    ASSERT_FALSE(source.has_value());
    EXPECT_NE(source.error().message.find("twice"), std::string::npos) << source.error().text();
}

INSTANTIATE_TEST_SUITE_P(All, Compressed,
                         testing::Values(Compression::Gzip, Compression::Zstd, Compression::Xz, Compression::Bzip2),
                         [](const auto& chosen) { return std::string(compressionName(chosen.param)); });

class ZstdTest : public SourceFolder
{
};

TEST_F(ZstdTest, SkippableFramesHoldNoContent)
{
    const std::string skippable("\x53\x2A\x4D\x18\x05\x00\x00\x00hello", 13);
    const auto source =
        opened(file("a.zst", skippable + zstdPacked("one\n") + skippable + zstdPacked("two\n") + skippable));
    EXPECT_EQ(source->compression(), Compression::Zstd);
    EXPECT_EQ(joined(blocksOf(*source, 4096)), "one\ntwo\n");
    EXPECT_EQ(source->warning(), "");
}

TEST_F(ZstdTest, OtherArchivesAreRefusedWithTheirRemedy)
{
    struct Case {
        std::string bytes, what;
    };
    for (const auto& [bytes, what] : {Case{"PK\x03\x04rest", "zip"}, Case{"Rar!\x1A\x07rest", "rar"},
                                      Case{std::string("\x04\x22\x4D\x18", 4), "lz4"}, Case{"PAR1....", "Parquet"}}) {
        const auto source = Source::open(file("a.log", bytes));
        ASSERT_FALSE(source.has_value()) << what;
        EXPECT_NE(source.error().message.find(what), std::string::npos) << source.error().text();
        EXPECT_NE(source.error().hint, "");
    }
}

} // namespace
} // namespace faultline::sources
