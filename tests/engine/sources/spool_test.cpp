// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/spool.h"
#include "tests/engine/sources/packing.h"
#include "tests/engine/sources/source_folder.h"
#include <csignal>
#include <sys/resource.h>

namespace faultline::sources
{
namespace
{

class SpoolTest : public SourceFolder
{
protected:
    static std::string read(Spool& spool, std::uint64_t position, std::size_t bytes)
    {
        std::string text(bytes, '\0');
        const auto got = spool.readAt(position, text);
        EXPECT_TRUE(got.has_value()) << (got ? "" : got.error().text());
        text.resize(got.value_or(0));
        return text;
    }
};

/// Bytes that do not compress, so that the spool needs its file.
std::string noise(std::size_t bytes)
{
    std::string text(bytes, '\0');
    std::uint64_t state = 99;
    for (auto& c : text) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        c = static_cast<char>(state >> 56);
    }
    return text;
}

TEST_F(SpoolTest, GivesBackAnyStretchOfWhatWasAppended)
{
    const auto content = manyLines(150'000);
    Spool spool(folder());
    for (std::size_t at = 0; at < content.size(); at += 77'777)
        ASSERT_TRUE(spool.append(std::string_view(content).substr(at, 77'777)).has_value());
    EXPECT_EQ(spool.bytes(), content.size());
    EXPECT_EQ(read(spool, (1U << 20) - 50, 100), content.substr((1U << 20) - 50, 100)) << "across two frames";
    EXPECT_EQ(read(spool, content.size() - 20, 100), content.substr(content.size() - 20)) << "in the open frame";
    ASSERT_TRUE(spool.finish().has_value());
    EXPECT_EQ(read(spool, 0, content.size() + 5), content);
    EXPECT_EQ(read(spool, content.size(), 5), "");
}

TEST_F(SpoolTest, LeavesNoFileBehind)
{
    Spool spool(folder());
    ASSERT_TRUE(spool.append(noise(3U << 20)).has_value());
    EXPECT_TRUE(std::filesystem::is_empty(folder()));
    EXPECT_EQ(read(spool, 2U << 20, 5), noise(3U << 20).substr(2U << 20, 5));
}

TEST_F(SpoolTest, LittleContentNeedsNoFile)
{
    Spool spool("/nowhere/at/all");
    ASSERT_TRUE(spool.append("one\ntwo\n").has_value());
    ASSERT_TRUE(spool.finish().has_value());
    EXPECT_EQ(read(spool, 4, 3), "two");
}

TEST_F(SpoolTest, AFolderThatCannotBeWrittenIsAnErrorWithARemedy)
{
    Spool spool("/nowhere/at/all");
    const auto done = spool.append(noise(2U << 20));
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error().code, ErrorCode::Io);
    EXPECT_NE(done.error().hint.find("TMPDIR"), std::string::npos);
}

TEST_F(SpoolTest, AFullDiskIsAClearErrorOfTheSource)
{
    // A limit on the size of files stands for a full disk: write fails in the same place.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto path = file("a.zst", zstdPacked(noise(8U << 20) + "\n"));
    const rlimit low{.rlim_cur = 2U << 20, .rlim_max = before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &low), 0);
    const auto text = contentOf(path, {.encoding = Encoding::Utf8, .spoolFolder = folder()});
    ::setrlimit(RLIMIT_FSIZE, &before);
    ASSERT_FALSE(text.has_value());
    EXPECT_EQ(text.error().code, ErrorCode::Io);
    EXPECT_NE(text.error().text().find("temporary copy"), std::string::npos) << text.error().text();
}

TEST_F(SpoolTest, AnErrorStaysAnErrorWhenTheSourceIsReadAgain)
{
    const auto source = opened(file("a.zst", zstdPacked(noise(4U << 20))),
                               {.encoding = Encoding::Utf8, .spoolFolder = "/nowhere/at/all"});
    EXPECT_EQ(source->head(100)->size(), 100U);
    EXPECT_FALSE(source->read(3U << 20, 10).has_value());
    EXPECT_FALSE(source->read(3U << 20, 10).has_value());
}

} // namespace
} // namespace faultline::sources
