// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/random.h"
#include "engine/core/system.h"
#include "engine/records/loader.h"
#include "tests/engine/records/scratch_folder.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zstd.h>

namespace faultline::records
{
namespace
{

using testing::HasSubstr;

Result<RecordSet> attempted(const std::string& path, const LoadOptions& options = {})
{
    QuietJob job;
    return load({path}, options, job);
}

void expectBalance(const SourceReport& report)
{
    EXPECT_EQ(report.lines, report.records + report.continuationLines + report.blankLines + report.headerLines +
                                report.rejectedLines);
}

const std::string goodLine = "2024-03-01 00:00:01,000 INFO a.b: one good line\n";

TEST(HostileInput, AnEmptyFileIsAParseErrorThatSaysSo)
{
    const ScratchFolder folder("empty");
    const auto set = attempted(folder.write("a.log", ""));
    ASSERT_FALSE(set.has_value());
    EXPECT_EQ(set.error().code, ErrorCode::Parse);
    EXPECT_THAT(set.error().text(), HasSubstr("a.log: is empty"));
}

TEST(HostileInput, AFileOfBlankLinesHoldsNoRecord)
{
    const ScratchFolder folder("blank");
    const auto set = attempted(folder.write("a.log", "\n \n\t\n\r\n"));
    ASSERT_FALSE(set.has_value());
    EXPECT_EQ(set.error().code, ErrorCode::Parse);
}

TEST(HostileInput, ACapturedTerminalIsTextWhateverItsControls)
{
    const ScratchFolder folder("terminal");
    const auto set =
        attempted(folder.write("a.log", "the keys that were pressed: \x01\x02\x03\x04\x05 and then stopped\n"));
    ASSERT_TRUE(set.has_value()) << set.error().text();
    EXPECT_EQ(set->table.size(), 1U);
}

TEST(HostileInput, WhatIsPackedIsRefusedWhateverWordsItHolds)
{
    using namespace std::string_literals;
    std::string png = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\2"s;
    std::string elf = "\x7F"
                      "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\x3E\0\1\0\0\0"s;
    std::string sqlite = "SQLite format 3\0\x10\0\1\1\0\x40\x20\x20\0\0\0\x0C"s;
    std::string fields; // as protocol buffers write them: a tag, a length, a short text
    std::string noise;
    Random random(1);
    for (int i = 0; i < 500; ++i) {
        fields += "\x0A\x05"
                  "alpha\x12\x04"
                  "beta\x18\x07";
        noise += static_cast<char>(random.below(256));
    }
    png += noise, elf += noise, sqlite += noise;
    const ScratchFolder folder("packed");
    for (const auto& content : {png, elf, sqlite, fields, noise}) {
        const auto set = attempted(folder.write("a.log", content));
        ASSERT_FALSE(set.has_value());
        EXPECT_THAT(set.error().message, testing::AnyOf(HasSubstr("binary"), HasSubstr("SQLite")));
    }
}

TEST(HostileInput, ACompressedFileThatBreaksOffWithinItsOnlyLineKeepsWhatIsThere)
{
    const ScratchFolder folder("only_line");
    const std::string line = "2024-03-01 00:00:01,000 INFO a.b: " + std::string(200'000, 'x') + "\n";
    const auto whole = *readSmallFile(folder.writeGzip("a.gz", line), 10U << 20);
    const auto set = attempted(folder.write("b.gz", whole.substr(0, whole.size() / 2)));
    ASSERT_TRUE(set.has_value()) << set.error().text();
    EXPECT_EQ(set->table.size(), 1U);
    expectBalance(set->reports[0]);
    EXPECT_THAT(set->reports[0].warning, HasSubstr("ends early"));
    EXPECT_THAT(set->reports[0].detection.reasons, testing::Contains(HasSubstr("breaks off within its only line")));
}

TEST(HostileInput, BinaryContentIsAParseError)
{
    const ScratchFolder folder("binary");
    Random random(7);
    std::string bytes(100'000, '\0');
    for (auto& byte : bytes)
        byte = static_cast<char>(random.below(256));
    bytes[0] = 'x';
    const auto set = attempted(folder.write("a.log", bytes));
    ASSERT_FALSE(set.has_value());
    EXPECT_EQ(set.error().code, ErrorCode::Parse);
    EXPECT_THAT(set.error().message, HasSubstr("binary"));
}

TEST(HostileInput, AnArchiveIsNamedWithItsRemedy)
{
    const ScratchFolder folder("zip");
    const auto set = attempted(folder.write("a.log", "PK\x03\x04 more"));
    ASSERT_FALSE(set.has_value());
    EXPECT_THAT(set.error().text(), HasSubstr("unzip"));
}

TEST(HostileInput, Utf16IsReadAsText)
{
    const ScratchFolder folder("utf16");
    std::string bytes = "\xFF\xFE";
    for (const char c : goodLine + goodLine)
        bytes += {c, '\0'};
    const auto set = attempted(folder.write("a.log", bytes));
    ASSERT_TRUE(set.has_value()) << set.error().text();
    EXPECT_EQ(set->table.size(), 2U);
    EXPECT_EQ(set->reports[0].encoding, sources::Encoding::Utf16Le);
    EXPECT_EQ(*set->text(1) + "\n", goodLine);
    expectBalance(set->reports[0]);
}

TEST(HostileInput, ACompressionBombStopsWithItsRemedyAndIsReadWhenAllowed)
{
    const ScratchFolder folder("bomb");
    std::string line = goodLine;
    line.insert(line.size() - 1, std::string(60'000, ' '));
    std::string content;
    while (content.size() < (80U << 20))
        content += line;
    std::string packed(ZSTD_compressBound(content.size()), '\0');
    packed.resize(ZSTD_compress(packed.data(), packed.size(), content.data(), content.size(), 3));
    ASSERT_LT(packed.size(), content.size() / 2'500);
    const auto path = folder.write("a.zst", packed);
    const auto stopped = attempted(path);
    ASSERT_FALSE(stopped.has_value());
    EXPECT_THAT(stopped.error().text(), HasSubstr("--allow-expansion"));
    LoadOptions options;
    options.parse.allowExpansion = true;
    const auto set = attempted(path, options);
    ASSERT_TRUE(set.has_value()) << set.error().text();
    EXPECT_EQ(set->table.size(), content.size() / line.size());
    EXPECT_EQ(set->reports[0].compression, sources::Compression::Zstd);
    expectBalance(set->reports[0]);
}

TEST(HostileInput, TruncatedGzipLoadsWhatIsThereAndWarns)
{
    const ScratchFolder folder("cut");
    std::string content;
    Random random(3);
    for (int i = 0; i < 20'000; ++i)
        content += "2024-03-01 00:00:01,000 INFO a.b: value " + std::to_string(random()) + "\n";
    const auto whole = *readSmallFile(folder.writeGzip("a.gz", content), 10U << 20);
    const auto set = attempted(folder.write("b.gz", whole.substr(0, whole.size() / 2)));
    ASSERT_TRUE(set.has_value()) << set.error().text();
    EXPECT_GT(set->table.size(), 5000U);
    EXPECT_LT(set->table.size(), 20'000U);
    EXPECT_THAT(set->reports[0].warning, HasSubstr("ends early"));
    ASSERT_EQ(set->reports[0].rejectedLines, 1U);
    EXPECT_EQ(set->reports[0].rejectedByReason[0].first, "unfinished last line");
    expectBalance(set->reports[0]);
}

TEST(HostileInput, ALineOverOneMebibyteIsRejectedOnce)
{
    const ScratchFolder folder("long");
    const auto path =
        folder.write("a.log", goodLine + std::string(5U << 20, 'x') + "\n" + goodLine + std::string(2U << 20, 'y'));
    const auto set = attempted(path);
    ASSERT_TRUE(set.has_value()) << set.error().text();
    const auto& report = set->reports[0];
    EXPECT_EQ(report.records, 2U);
    EXPECT_EQ(report.lines, 4U);
    ASSERT_EQ(report.rejectedLines, 2U);
    EXPECT_EQ(report.rejected[0].line, 2U);
    EXPECT_EQ(report.rejected[1].line, 4U);
    EXPECT_THAT(report.rejected[0].reason, HasSubstr("1 MiB"));
    EXPECT_GE(report.longestLineBytes, 5U << 20);
    EXPECT_EQ(set->lineNumber(1), 3U);
    expectBalance(report);
}

TEST(HostileInput, AFileOfOneHugeLineHoldsNoRecord)
{
    const ScratchFolder folder("huge");
    const auto set = attempted(folder.write("a.log", std::string(3U << 20, 'x')));
    ASSERT_FALSE(set.has_value());
    EXPECT_THAT(set.error().message, HasSubstr("1 MiB"));
}

TEST(HostileInput, InvalidUtf8IsKeptAndCounted)
{
    const ScratchFolder folder("utf8");
    const auto set = attempted(folder.write("a.log", goodLine + "2024-03-01 00:00:02,000 INFO a.b: caf\xFF\n"));
    ASSERT_TRUE(set.has_value());
    EXPECT_EQ(set->table.size(), 2U);
    EXPECT_EQ(set->reports[0].invalidUtf8Lines, 1U);
}

TEST(HostileInput, WindowsLineEndsAreNotPartOfRecords)
{
    const ScratchFolder folder("crlf");
    const auto set = attempted(folder.write(
        "a.log", "2024-03-01 00:00:01,000 INFO a.b: one\r\n\r\n2024-03-01 00:00:02,000 INFO a.b: two\r\n"));
    ASSERT_TRUE(set.has_value());
    EXPECT_EQ(*set->text(1), "2024-03-01 00:00:02,000 INFO a.b: two");
    EXPECT_EQ(set->lineNumber(1), 3U);
    expectBalance(set->reports[0]);
}

TEST(HostileInput, AnAbsentFileAndADeviceAreIoErrors)
{
    const ScratchFolder folder("kinds");
    for (const auto& path : {folder.path() + "/absent.log", std::string("/dev/zero")}) {
        const auto set = attempted(path);
        ASSERT_FALSE(set.has_value()) << path;
        EXPECT_EQ(set.error().code, ErrorCode::Io) << path;
    }
}

TEST(HostileInput, AnUnreadableFileIsAnIoError)
{
    if (::geteuid() == 0)
        GTEST_SKIP() << "root may read everything";
    const ScratchFolder folder("rights");
    const auto path = folder.write("a.log", goodLine);
    ::chmod(path.c_str(), 0);
    const auto set = attempted(path);
    ASSERT_FALSE(set.has_value());
    EXPECT_EQ(set.error().code, ErrorCode::Io);
}

TEST(HostileInput, ABlockOfContinuationLinesWithoutARecordBeforeThemBecomesOne)
{
    const ScratchFolder folder("orphan");
    // The first block is one long line; the second begins with lines that would join the record before them.
    const auto path = folder.write("a.log", std::string(100, ' ') + "\n" + std::string(2U << 20, 'x') +
                                                "\n  orphan one\n  orphan two\n" + goodLine);
    LoadOptions options;
    options.parse.format = "log4j";
    const auto set = attempted(path, options);
    ASSERT_TRUE(set.has_value()) << set.error().text();
    ASSERT_EQ(set->table.size(), 2U);
    EXPECT_THAT(*set->text(0), HasSubstr("orphan two"));
    EXPECT_EQ(set->lineNumber(0), 3U);
    EXPECT_EQ(set->lineNumber(1), 5U);
    expectBalance(set->reports[0]);
}

TEST(HostileInput, AnyMutationOfALogLoadsOrFailsCleanlyAndBalances)
{
    const ScratchFolder folder("mutants");
    std::string content;
    for (int i = 10; i < 60; ++i)
        content += "[2024-03-01 00:00:" + std::to_string(i) + "] WARN host app[" + std::to_string(i) +
                   "]: \"GET /x\" <a> (b) = 17%\n";
    Random random(11);
    for (int round = 0; round < 300; ++round) {
        auto mutant = content;
        for (std::uint64_t edits = 1 + random.below(40); edits > 0; --edits)
            mutant[random.below(mutant.size())] = static_cast<char>(random.below(256));
        const auto set = attempted(folder.write("a.log", mutant));
        if (set)
            expectBalance(set->reports[0]);
        else
            EXPECT_TRUE(set.error().code == ErrorCode::Parse || set.error().code == ErrorCode::Io)
                << set.error().text();
    }
}

} // namespace
} // namespace faultline::records
