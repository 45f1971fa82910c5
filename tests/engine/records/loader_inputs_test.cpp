// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/loader.h"
#include "tests/engine/records/scratch_folder.h"
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::records
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string noon = "2024-03-01 12:00:00,000 INFO a.b: noon\n";
const std::string night = "2024-03-01 00:00:00,000 INFO a.b: night\n";

RecordSet loaded(const std::vector<std::string>& inputs)
{
    QuietJob job;
    auto set = load(inputs, {}, job);
    EXPECT_TRUE(set.has_value()) << (set ? "" : set.error().text());
    return set ? std::move(*set) : RecordSet{};
}

std::vector<std::string> texts(const RecordSet& set)
{
    std::vector<std::string> out;
    for (std::size_t i = 0; i < set.table.size(); ++i)
        out.push_back(*set.text(i));
    return out;
}

TEST(LoaderInputs, AFolderIsReadAndWhatItPassesOverIsSaid)
{
    const ScratchFolder folder("folder");
    folder.write("a.log", noon);
    folder.write("b.log", night);
    folder.write("labels.csv", "key,label\nx,1\n");
    const auto set = loaded({folder.path()});
    EXPECT_EQ(set.table.size(), 2U);
    EXPECT_THAT(set.notices, ElementsAre(HasSubstr("labels.csv is passed over: ")));
}

TEST(LoaderInputs, AFileInAFolderThatCannotBeReadIsLeftOutWithANotice)
{
    const ScratchFolder folder("partly");
    folder.write("good.log", noon);
    folder.write("blank.log", "\n\n\n");
    folder.writeGzip("cut.log.gz", noon);
    std::filesystem::resize_file(folder.path() + "/cut.log.gz", 10);
    const auto set = loaded({folder.path()});
    EXPECT_EQ(set.table.size(), 1U);
    EXPECT_EQ(set.sources.size(), set.reports.size());
    EXPECT_EQ(set.notices.size(), 2U);
}

TEST(LoaderInputs, ANamedFileThatCannotBeReadFailsTheLoading)
{
    const ScratchFolder folder("named");
    folder.write("good.log", noon);
    const auto bad = folder.write("blank.log", "\n\n\n");
    QuietJob job;
    const auto set = load({folder.path() + "/good.log", bad}, {}, job);
    ASSERT_FALSE(set.has_value());
    EXPECT_EQ(set.error().code, ErrorCode::Parse);
}

TEST(LoaderInputs, AFolderOfWhichNothingCanBeReadIsAnErrorWithTheReason)
{
    const ScratchFolder folder("nothing");
    folder.write("blank.log", "\n\n\n");
    QuietJob job;
    const auto set = load({folder.path()}, {}, job);
    ASSERT_FALSE(set.has_value());
    EXPECT_THAT(set.error().text(), HasSubstr("blank.log: holds nothing"));
}

TEST(LoaderInputs, TheOrderOfNamesDoesNotChangeTheTable)
{
    const ScratchFolder folder("order");
    const auto a = folder.write("a.log", noon), b = folder.write("b.log", night);
    EXPECT_EQ(texts(loaded({a, b})), texts(loaded({b, a})));
    EXPECT_EQ(loaded({b, a}).reports[0].origin, "a");
}

TEST(LoaderInputs, ARotatedLogIsReadOldestFirstAndIsNoEntityOfItsOwn)
{
    const ScratchFolder folder("rotated");
    folder.write("app.log", noon);
    folder.writeGzip("app.log.1.gz", night);
    const auto set = loaded({folder.path()});
    EXPECT_THAT(texts(set), ElementsAre(HasSubstr("night"), HasSubstr("noon")));
    EXPECT_EQ(set.table.entities[set.table.entity[0]], "");
    EXPECT_EQ(set.reports[0].origin, "app");
    EXPECT_EQ(set.reports[1].origin, "app");
}

TEST(LoaderInputs, EqualStemsAreEntitiesWithTheirFolders)
{
    const ScratchFolder folder("hosts");
    for (const auto* host : {"web1", "web2"})
        std::filesystem::create_directories(folder.path() + "/" + host);
    folder.write("web1/app.log", noon);
    folder.write("web2/app.log", night);
    const auto set = loaded({folder.path()});
    EXPECT_EQ(set.table.entities[set.table.entity[0]], "web1/app");
    EXPECT_EQ(set.table.entities[set.table.entity[1]], "web2/app");
}

TEST(LoaderInputs, OneMacLineEndIsALineEnd)
{
    const ScratchFolder folder("mac");
    auto text = noon + night;
    std::replace(text.begin(), text.end(), '\n', '\r');
    const auto set = loaded({folder.write("a.log", text)});
    EXPECT_EQ(set.table.size(), 2U);
    EXPECT_THAT(set.notices, IsEmpty());
}

TEST(LoaderInputs, EachSourceMayHaveAFormatOfItsOwn)
{
    const ScratchFolder folder("own_formats");
    const std::string lines = "2024-03-01 00:00:01,000 INFO a: one\n2024-03-01 00:00:02,000 INFO a: two\n";
    LoadOptions options;
    options.parse.format = "text";
    options.parse.formats = {{"b*.log", "generic", {}}, {"c.log", "", {}}};
    QuietJob job;
    const auto set =
        load({folder.write("a.log", lines), folder.write("b1.log", lines), folder.write("c.log", lines)}, options, job);
    ASSERT_TRUE(set.has_value()) << set.error().text();
    ASSERT_EQ(set->reports.size(), 3U);
    EXPECT_EQ(set->reports[0].detection.format, "text");
    EXPECT_EQ(set->reports[1].detection.format, "generic");
    EXPECT_NE(set->reports[2].detection.format, "text");
}

} // namespace
} // namespace faultline::records
