// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/core/system.h"
#include "engine/sources/expansion_limit.h"
#include "tests/engine/sources/packing.h"
#include "tests/engine/sources/source_folder.h"

namespace faultline::sources
{
namespace
{

class Hostile : public SourceFolder, public testing::WithParamInterface<Compression>
{
};

TEST_P(Hostile, CutAnywhereItYieldsABeginningOfItsContentOrAnError)
{
    const auto content = manyLines(12);
    const auto bytes = packed(GetParam(), content) + packed(GetParam(), "last\n");
    for (std::size_t length = 1; length < bytes.size(); ++length) {
        const auto path = file("a.x", bytes.substr(0, length));
        const auto source = Source::open(path);
        if (!source)
            continue;
        const auto text = contentOf(path);
        if (text && (*source)->compression() != Compression::None) {
            EXPECT_TRUE((content + "last\n").starts_with(*text)) << length;
        }
    }
}

TEST_P(Hostile, CutFarIntoALongFileItYieldsABeginningOfItsContent)
{
    const auto content = manyLines(30'000);
    const auto bytes = packed(GetParam(), content);
    for (std::size_t length = 1000; length < bytes.size(); length += bytes.size() / 97) {
        const auto text = contentOf(file("a.x", bytes.substr(0, length)));
        if (text) {
            EXPECT_TRUE(content.starts_with(*text)) << length;
        }
    }
}

TEST_P(Hostile, NoFlippedBitCrashesOrHangs)
{
    const auto bytes = packed(GetParam(), manyLines(400));
    Random random(5);
    std::size_t readable = 0;
    for (int flip = 0; flip < 1000; ++flip) {
        auto damaged = bytes;
        damaged[random.below(damaged.size())] ^= static_cast<char>(1U << random.below(8));
        readable += contentOf(file("a.x", damaged)).has_value() ? 1U : 0U;
    }
    EXPECT_GT(readable, 0U);
}

TEST_P(Hostile, AFileOfEmptyMembersIsEmpty)
{
    std::string bytes;
    for (int i = 0; i < 500; ++i)
        bytes += packed(GetParam(), "");
    EXPECT_EQ(*contentOf(file("a.x", bytes)), "");
}

INSTANTIATE_TEST_SUITE_P(All, Hostile,
                         testing::Values(Compression::Gzip, Compression::Zstd, Compression::Xz, Compression::Bzip2),
                         [](const auto& chosen) { return std::string(compressionName(chosen.param)); });

/// Streams a file and counts, keeping nothing.
struct Streamed {
    std::uint64_t bytes = 0;
    std::size_t longestBlock = 0;
    Result<void> outcome;
};
Streamed streamed(const std::string& path, const OpenOptions& options = {})
{
    Streamed result;
    const auto source = opened(path, options);
    QuietJob job;
    result.outcome = source->forEachBlock(
        1U << 20,
        [&](const Block& block) {
            result.bytes += block.bytes.size();
            result.longestBlock = std::max(result.longestBlock, block.bytes.size());
            return true;
        },
        job);
    return result;
}

class Bomb : public SourceFolder
{
protected:
    /// A zstd file of zeros, made without holding them.
    std::string zeros(std::uint64_t mebibytes) const
    {
        const std::string piece(1U << 20, '\0');
        ZSTD_CCtx* context = ZSTD_createCCtx();
        std::string bytes, out(ZSTD_CStreamOutSize(), '\0');
        for (std::uint64_t i = 0; i < mebibytes; ++i) {
            ZSTD_inBuffer in{piece.data(), piece.size(), 0};
            std::size_t left = 1;
            while (in.pos < in.size || (i + 1 == mebibytes && left != 0)) {
                ZSTD_outBuffer target{out.data(), out.size(), 0};
                left = ZSTD_compressStream2(context, &target, &in, i + 1 == mebibytes ? ZSTD_e_end : ZSTD_e_continue);
                bytes.append(out, 0, target.pos);
            }
        }
        ZSTD_freeCCtx(context);
        return file("zeros.zst", bytes);
    }
};

TEST_F(Bomb, AGibibyteOfZerosIsStoppedWithARemedyInBoundedMemory)
{
    const auto path = zeros(1024);
    ASSERT_LT(std::filesystem::file_size(path), 200'000U);
    const auto before = peakMemoryBytes();
    const auto result = streamed(path);
    ASSERT_FALSE(result.outcome.has_value());
    EXPECT_EQ(result.outcome.error().code, ErrorCode::Io);
    EXPECT_NE(result.outcome.error().message.find("bomb"), std::string::npos);
    EXPECT_NE(result.outcome.error().hint.find("--allow-expansion"), std::string::npos);
    EXPECT_GE(result.bytes, ExpansionLimit::ratioFrom - (2U << 20));
    EXPECT_LT(result.bytes, 512U << 20);
    EXPECT_LT(peakMemoryBytes() - before, 300U << 20);
}

TEST_F(Bomb, WhoTrustsTheFileMayReadItAllInBoundedMemory)
{
    const auto path = zeros(256);
    const auto before = peakMemoryBytes();
    const auto result = streamed(path, {.allowExpansion = true});
    ASSERT_TRUE(result.outcome.has_value()) << result.outcome.error().text();
    EXPECT_EQ(result.bytes, 256ULL << 20);
    EXPECT_LT(peakMemoryBytes() - before, 300U << 20);
}

TEST_F(Bomb, ShortContentMayBeAsRegularAsItLikes)
{
    const auto result = streamed(zeros(48));
    EXPECT_TRUE(result.outcome.has_value()) << result.outcome.error().text();
    EXPECT_EQ(result.bytes, 48ULL << 20);
}

TEST(ExpansionLimitTest, CountsContentAgainstTheFile)
{
    EXPECT_FALSE(ExpansionLimit::exceeded(64ULL << 20, 1));
    EXPECT_TRUE(ExpansionLimit::exceeded(65ULL << 20, 1'000));
    EXPECT_FALSE(ExpansionLimit::exceeded(10ULL << 30, 10U << 20));
    EXPECT_TRUE(ExpansionLimit::exceeded((64ULL << 30) + 1, 60ULL << 30));
}

TEST_F(Bomb, GzipZerosStreamThroughInBoundedMemory)
{
    // Deflate reaches 1:1032 at most: the ratio is no bomb, and the size decides.
    std::string bytes;
    const auto member = gzipped(std::string(16U << 20, '\0'));
    for (int i = 0; i < 16; ++i)
        bytes += member;
    const auto path = file("zeros.gz", bytes);
    const auto before = peakMemoryBytes();
    const auto result = streamed(path);
    ASSERT_TRUE(result.outcome.has_value());
    EXPECT_EQ(result.bytes, 256ULL << 20);
    EXPECT_LT(peakMemoryBytes() - before, 300U << 20);
}

TEST_F(Bomb, ManyCompressedFilesThatAreOpenTogetherTakeLittleMemory)
{
    const auto path = file("a.bz2", bzip2Packed(manyLines(40'000))); // a decoder of bzip2 takes 4 MB
    const auto before = peakMemoryBytes();
    std::vector<std::shared_ptr<Source>> sources;
    for (int i = 0; i < 200; ++i)
        sources.push_back(opened(path));
    EXPECT_LT(peakMemoryBytes() - before, 64U << 20);
    EXPECT_EQ(sources.back()->head(10)->size(), 10U);
}

TEST_F(Bomb, ALineOf256MebibytesComesInPiecesInBoundedMemory)
{
    const auto path = folder() + "/long.log";
    {
        std::ofstream out(path, std::ios::binary);
        const std::string piece(1U << 20, 'x');
        for (int i = 0; i < 256; ++i)
            out << piece;
        out << "\nlast\n";
    }
    const auto before = peakMemoryBytes();
    const auto result = streamed(path);
    ASSERT_TRUE(result.outcome.has_value());
    EXPECT_EQ(result.bytes, (256ULL << 20) + 6);
    EXPECT_LE(result.longestBlock, 1U << 20);
    EXPECT_LT(peakMemoryBytes() - before, 64U << 20);
}

} // namespace
} // namespace faultline::sources
