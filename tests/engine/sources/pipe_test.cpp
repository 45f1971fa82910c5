// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "tests/engine/sources/packing.h"
#include "tests/engine/sources/source_folder.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>

namespace faultline::sources
{
namespace
{

class PipeTest : public SourceFolder
{
protected:
    std::string pipe() const
    {
        auto path = folder() + "/pipe";
        EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
        return path;
    }
    /// Writes from another thread; the pipe's buffer is smaller than the content.
    static std::jthread writer(const std::string& path, std::string content)
    {
        return std::jthread([path, content = std::move(content)] { std::ofstream(path, std::ios::binary) << content; });
    }
};

TEST_F(PipeTest, ItsContentIsReadOnceAndKept)
{
    const auto path = pipe();
    const auto content = manyLines(100'000);
    const auto writing = writer(path, content);
    const auto source = opened(path);
    EXPECT_EQ(*source->head(100), content.substr(0, 100));
    EXPECT_EQ(joined(blocksOf(*source, 1U << 16)), content);
    EXPECT_EQ(*source->read(content.size() / 2, 70), content.substr(content.size() / 2, 70));
    EXPECT_EQ(source->fileBytes(), 0U);
}

TEST_F(PipeTest, OpenedAgainItIsTheSameSource)
{
    const auto path = pipe();
    const auto writing = writer(path, "one\ntwo\n");
    EXPECT_EQ(*opened(path)->head(100), "one\ntwo\n");
    EXPECT_EQ(joined(blocksOf(*opened(path), 100)), "one\ntwo\n");
}

TEST_F(PipeTest, CompressedAndEncodedContentIsKnown)
{
    const auto path = pipe();
    const auto content = manyLines(50'000);
    const auto writing = writer(path, zstdPacked("\xEF\xBB\xBF" + content));
    const auto source = opened(path);
    EXPECT_EQ(source->compression(), Compression::Zstd);
    EXPECT_EQ(joined(blocksOf(*source, 1U << 16)), content);
}

TEST_F(PipeTest, GzipThroughAPipeIsInflated)
{
    const auto path = pipe();
    const auto content = manyLines(50'000);
    const auto writing = writer(path, gzipped(content));
    EXPECT_EQ(joined(blocksOf(*opened(path), 1U << 16)), content);
}

TEST_F(PipeTest, WaitingForASilentPipeEndsWhenTheJobIsStopped)
{
    std::stop_source stop;
    stop.request_stop();
    const auto source = Source::open(pipe(), {.stop = stop.get_token()});
    ASSERT_FALSE(source.has_value());
    EXPECT_EQ(source.error().code, ErrorCode::Cancelled);
}

TEST_F(PipeTest, AnEmptyPipeIsEmpty)
{
    const auto path = pipe();
    const auto writing = writer(path, "");
    EXPECT_EQ(*contentOf(path), "");
}

TEST_F(PipeTest, ADeviceIsRefusedWithItsReason)
{
    for (const auto* path : {"/dev/zero", "/dev/null"}) {
        const auto source = Source::open(path);
        ASSERT_FALSE(source.has_value());
        EXPECT_EQ(source.error().code, ErrorCode::Io);
        EXPECT_NE(source.error().message.find("device"), std::string::npos) << source.error().text();
    }
}

} // namespace
} // namespace faultline::sources
