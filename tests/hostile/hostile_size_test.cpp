// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
// Inputs that are too long, too wide, too deep, endless, or cut off. Each test is a process of its own under ctest, so
// that the peak of its memory is its own.
#include "engine/core/system.h"
#include "tests/hostile/hostile_input.h"
#include "tests/support/temporary_folder.h"
#include <fstream>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <thread>
#include <zlib.h>
#include <zstd.h>

namespace faultline::test
{
namespace
{

using testing::HasSubstr;

constexpr std::uint64_t mebibyte = 1U << 20;

std::string goodLine(int i)
{
    return "2024-03-01 00:00:" + std::to_string(10 + i % 50) + " INFO shop: order " + std::to_string(i) + " done\n";
}

/// Good lines, one line of so many bytes, good lines; written piece by piece.
std::string writeLongLine(const TemporaryFolder& folder, std::uint64_t bytes)
{
    const auto path = folder.path("long.log");
    std::ofstream out(path, std::ios::binary);
    for (int i = 0; i < 100; ++i)
        out << goodLine(i);
    const std::string piece(mebibyte, 'x');
    for (std::uint64_t written = 0; written < bytes; written += piece.size())
        out << piece;
    out << '\n';
    for (int i = 0; i < 100; ++i)
        out << goodLine(i);
    return path;
}

void expectOnlyTheLongLineIsRejected(const std::string& path, std::uint64_t lineBytes)
{
    const auto set = loaded(path);
    ASSERT_TRUE(set.has_value()) << set.error().text();
    const auto& report = set->reports[0];
    EXPECT_EQ(report.records, 200U);
    EXPECT_EQ(report.rejectedLines, 1U);
    EXPECT_EQ(report.text.longestLine, 101U);
    EXPECT_EQ(report.text.longestBytes, lineBytes);
    expectBalance(report);
    EXPECT_LT(peakMemoryBytes(), 200 * mebibyte);
}

TEST(HostileSize, ALineOf64MebibytesCostsOneLineAndLittleMemory)
{
    const TemporaryFolder folder;
    expectOnlyTheLongLineIsRejected(writeLongLine(folder, 64 * mebibyte), 64 * mebibyte);
}

TEST(HostileSize, ALineOfOneGibibyteCostsOneLineAndLittleMemory)
{
    if (!longTestsAreOn())
        GTEST_SKIP() << "set FAULTLINE_LONG_TESTS";
    const TemporaryFolder folder;
    expectOnlyTheLongLineIsRejected(writeLongLine(folder, 1'024 * mebibyte), 1'024 * mebibyte);
}

TEST(HostileSize, TenMillionColumnsAreRefusedOrRejected)
{
    const TemporaryFolder folder;
    const std::string wide(10'000'000, ',');
    expectLoadsOrIsRefused(folder.write("header.csv", wide + "\n1,2\n"));
    std::string rows = "time,cpu\n";
    for (int i = 10; i < 60; ++i)
        rows += "2024-03-01 00:00:" + std::to_string(i) + ",1\n";
    expectLoadsOrIsRefused(folder.write("row.csv", rows + wide + "\n"));
    EXPECT_LT(peakMemoryBytes(), 400 * mebibyte);
}

TEST(HostileSize, ManyColumnsWithinALineAreRefusedOrRead)
{
    const TemporaryFolder folder;
    std::string table;
    for (int row = 0; row < 3; ++row)
        table += std::string(100'000, ',') + "\n";
    expectLoadsOrIsRefused(folder.write("a.csv", table));
    EXPECT_LT(peakMemoryBytes(), 400 * mebibyte);
}

TEST(HostileSize, DeepJsonIsRefusedOrRejected)
{
    const TemporaryFolder folder;
    std::string text;
    for (int i = 0; i < 100; ++i)
        text += "{\"time\":\"2024-03-01T00:00:00Z\",\"msg\":\"hello\"}\n";
    std::string deep = "{\"a\":";
    for (int i = 0; i < 100'000; ++i)
        deep += "[";
    expectLoadsOrIsRefused(folder.write("deep.json", text + deep + "\n" + text));
    expectLoadsOrIsRefused(folder.write("only.json", deep));
}

TEST(HostileSize, AnEndlessDeviceIsRefused)
{
    const auto set = loaded("/dev/zero");
    ASSERT_FALSE(set.has_value());
    EXPECT_EQ(set.error().code, ErrorCode::Io);
}

/// A gzip file of so many equal bytes: a thousandth of that on disk.
std::string writeBomb(const TemporaryFolder& folder, std::uint64_t bytes, char fill)
{
    const auto path = folder.path("bomb.log.gz");
    gzFile file = gzopen(path.c_str(), "wb9");
    const std::string piece(mebibyte, fill);
    for (std::uint64_t written = 0; written < bytes; written += piece.size())
        gzwrite(file, piece.data(), static_cast<unsigned>(piece.size()));
    gzclose(file);
    return path;
}

TEST(HostileSize, AGzipBombOfZerosIsReadInLittleMemory)
{
    const TemporaryFolder folder;
    expectLoadsOrIsRefused(writeBomb(folder, (longTestsAreOn() ? 4'096 : 256) * mebibyte, '\0'));
    EXPECT_LT(peakMemoryBytes(), 300 * mebibyte);
}

TEST(HostileSize, AGzipBombOfBlankLinesIsReadInLittleMemory)
{
    const TemporaryFolder folder;
    expectLoadsOrIsRefused(writeBomb(folder, 64 * mebibyte, '\n'));
    EXPECT_LT(peakMemoryBytes(), 300 * mebibyte);
}

/// Streams pieces through zstd into a file.
class ZstdWriter
{
public:
    explicit ZstdWriter(const std::string& path) : m_out(path, std::ios::binary), m_context(ZSTD_createCCtx()) {}
    ~ZstdWriter()
    {
        push({}, ZSTD_e_end);
        ZSTD_freeCCtx(m_context);
    }
    ZstdWriter(const ZstdWriter&) = delete;
    ZstdWriter& operator=(const ZstdWriter&) = delete;
    void write(std::string_view piece) { push(piece, ZSTD_e_continue); }

private:
    void push(std::string_view piece, ZSTD_EndDirective directive)
    {
        ZSTD_inBuffer in{piece.data(), piece.size(), 0};
        std::string packed(ZSTD_CStreamOutSize(), '\0');
        for (std::size_t left = 1; left != 0 || in.pos < in.size;) {
            ZSTD_outBuffer out{packed.data(), packed.size(), 0};
            left = ZSTD_compressStream2(m_context, &out, &in, directive);
            ASSERT_EQ(ZSTD_isError(left), 0U);
            m_out.write(packed.data(), static_cast<std::streamsize>(out.pos));
            if (directive == ZSTD_e_continue && in.pos == in.size)
                return;
        }
    }
    std::ofstream m_out;
    ZSTD_CCtx* m_context;
};

TEST(HostileSize, AZstdBombIsStoppedInLittleMemoryWithItsRemedy)
{
    const TemporaryFolder folder;
    const auto path = folder.path("bomb.log.zst");
    {
        ZstdWriter writer(path);
        std::string piece;
        while (piece.size() < mebibyte)
            piece += "2024-03-01 00:00:00 INFO shop: the same\n";
        for (int i = 0; i < 1'024; ++i)
            writer.write(piece);
    }
    const auto set = loaded(path);
    ASSERT_FALSE(set.has_value());
    EXPECT_EQ(set.error().code, ErrorCode::Io);
    EXPECT_FALSE(set.error().hint.empty());
    EXPECT_LT(peakMemoryBytes(), 300 * mebibyte);
}

TEST(HostileSize, AZstdFileCutInTheMiddleLoadsWhatIsThere)
{
    const TemporaryFolder folder;
    const auto path = folder.path("whole.zst");
    {
        ZstdWriter writer(path);
        for (int i = 0; i < 50'000; ++i)
            writer.write(goodLine(i * 7'919));
    }
    const auto whole = TemporaryFolder::read(path);
    const auto set = loaded(folder.write("cut.zst", std::string_view(whole).substr(0, whole.size() / 2)));
    ASSERT_TRUE(set.has_value()) << set.error().text();
    EXPECT_FALSE(set->reports[0].warning.empty());
    EXPECT_GT(set->table.size(), 0U);
    EXPECT_LT(set->table.size(), 50'000U);
    expectBalance(set->reports[0]);
}

TEST(HostileSize, ANamedPipeIsReadToItsEnd)
{
    const TemporaryFolder folder;
    const auto path = folder.path("pipe");
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    std::jthread writer([&path] {
        std::ofstream out(path, std::ios::binary); // waits for the reader
        for (int i = 0; i < 5'000; ++i)
            out << goodLine(i);
    });
    const auto set = loaded(path);
    ASSERT_TRUE(set.has_value()) << set.error().text();
    EXPECT_EQ(set->table.size(), 5'000U);
    expectBalance(set->reports[0]);
}

TEST(HostileSize, AGzipFileCutAnywhereLoadsWhatIsThere)
{
    const TemporaryFolder folder;
    const auto path = folder.path("whole.gz");
    gzFile file = gzopen(path.c_str(), "wb");
    for (int i = 0; i < 5'000; ++i) {
        const auto line = goodLine(i * 7'919);
        gzwrite(file, line.data(), static_cast<unsigned>(line.size()));
    }
    gzclose(file);
    const auto whole = TemporaryFolder::read(path);
    for (const auto bytes : {std::size_t{0}, std::size_t{5}, std::size_t{11}, whole.size() / 3, whole.size() / 2,
                             whole.size() - 9, whole.size() - 1}) {
        SCOPED_TRACE(bytes);
        const auto cut = folder.write("cut.gz", std::string_view(whole).substr(0, bytes));
        expectLoadsOrIsRefused(cut);
        if (bytes > whole.size() / 4) {
            const auto set = loaded(cut);
            ASSERT_TRUE(set.has_value()) << set.error().text();
            EXPECT_THAT(set->reports[0].warning, HasSubstr("ends early"));
        }
    }
}

/// A log over 2^27 lines crashed another viewer.
TEST(HostileSize, MoreThanTwoToThe27LinesAreRead)
{
    if (!longTestsAreOn())
        GTEST_SKIP() << "set FAULTLINE_LONG_TESTS";
    const TemporaryFolder folder;
    const auto path = folder.path("many.log");
    constexpr std::uint64_t lines = (std::uint64_t{1} << 27) + 10;
    {
        std::ofstream out(path, std::ios::binary);
        std::string piece;
        for (int i = 0; i < 1'024; ++i)
            piece += "2024-03-01T00:00:0" + std::to_string(i % 10) + "Z a\n";
        const auto lineBytes = piece.size() / 1'024;
        for (std::uint64_t written = 0; written < lines; written += 1'024)
            out << std::string_view(piece).substr(0, std::min<std::uint64_t>(1'024, lines - written) * lineBytes);
    }
    const auto set = loaded(path);
    ASSERT_TRUE(set.has_value()) << set.error().text();
    EXPECT_EQ(set->reports[0].lines, lines);
    EXPECT_EQ(set->lineNumber(set->table.size() - 1), lines);
    expectBalance(set->reports[0]);
    EXPECT_LT(peakMemoryBytes(), 4'096 * mebibyte);
}

} // namespace
} // namespace faultline::test
