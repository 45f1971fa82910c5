// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/sources/input_kind.h"
#include "engine/sources/input_name.h"
#include "engine/sources/inputs.h"
#include "tests/engine/sources/packing.h"
#include "tests/engine/sources/source_folder.h"
#include <gmock/gmock.h>
#include <sys/stat.h>

namespace faultline::sources
{
namespace
{

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string line = "2024-03-01 00:00:01,000 INFO a.b: one line\n";

class InputsTest : public SourceFolder
{
protected:
    Result<Inputs> expanded(const std::vector<std::string>& names) const
    {
        QuietJob job;
        std::vector<std::string> paths;
        for (const auto& name : names)
            paths.push_back(name == "-" ? name : folder() + (name.empty() ? "" : "/" + name));
        return expandInputs(paths, {}, job);
    }
    /// Paths below the folder, in order.
    std::vector<std::string> files(const Result<Inputs>& inputs) const
    {
        std::vector<std::string> names;
        EXPECT_TRUE(inputs.has_value()) << (inputs ? "" : inputs.error().text());
        if (inputs)
            for (const auto& file : inputs->files)
                names.push_back(file.path == "-" ? "-" : file.path.substr(folder().size() + 1));
        return names;
    }
    static std::vector<std::string> origins(const Result<Inputs>& inputs)
    {
        std::vector<std::string> names;
        for (const auto& file : inputs->files)
            names.push_back(file.origin);
        return names;
    }
    std::string reasonFor(const Result<Inputs>& inputs, const std::string& name) const
    {
        for (const auto& passed : inputs->passedOver)
            if (passed.path == folder() + "/" + name)
                return passed.reason;
        return {};
    }
};

TEST_F(InputsTest, AFolderIsAllThatIsInItWithoutWhatIsHidden)
{
    file("b.log", line);
    file("a/deep/c.csv", "time,value\n1,2\n");
    file(".hidden.log", line);
    file(".git/config.log", line);
    EXPECT_THAT(files(expanded({""})), ElementsAre("b.log", "a/deep/c.csv"));
}

TEST_F(InputsTest, LinksToFoldersAreNotFollowedAndSaid)
{
    file("a/b.log", line);
    std::filesystem::create_directory_symlink(folder() + "/a", folder() + "/a/loop");
    const auto inputs = expanded({""});
    EXPECT_THAT(files(inputs), ElementsAre("a/b.log"));
    EXPECT_THAT(reasonFor(inputs, "a/loop"), HasSubstr("link"));
}

TEST_F(InputsTest, PatternsThatNoShellExpandedAre)
{
    file("a.log", line);
    file("b.log", line);
    file("c.txt", line);
    file("deep/er/d.log", line);
    EXPECT_THAT(files(expanded({"*.log"})), ElementsAre("a.log", "b.log"));
    EXPECT_THAT(files(expanded({"?.txt"})), ElementsAre("c.txt"));
    EXPECT_THAT(files(expanded({"**/*.log"})), ElementsAre("a.log", "b.log", "deep/er/d.log"));
    EXPECT_THAT(files(expanded({"deep/*/[c-e].log"})), ElementsAre("deep/er/d.log"));
}

TEST_F(InputsTest, APatternThatFitsNothingIsAnErrorThatNamesIt)
{
    const auto inputs = expanded({"*.nothing"});
    ASSERT_FALSE(inputs.has_value());
    EXPECT_EQ(inputs.error().code, ErrorCode::Io);
    EXPECT_THAT(inputs.error().text(), HasSubstr("*.nothing"));
}

TEST_F(InputsTest, AFileWithAStarInItsNameIsItself)
{
    file("a*.log", line);
    file("ab.log", line);
    EXPECT_THAT(files(expanded({"a*.log"})), ElementsAre("a*.log"));
}

TEST_F(InputsTest, TheOrderOfNamesDoesNotMatterAndAFileIsOneInput)
{
    file("a.log", line);
    file("b.log", line);
    EXPECT_THAT(files(expanded({"b.log", "a.log", "./b.log", ""})), ElementsAre("a.log", "b.log"));
    EXPECT_THAT(files(expanded({"a.log", "b.log"})), ElementsAre("a.log", "b.log"));
}

TEST_F(InputsTest, StandardInputIsAnInput)
{
    file("a.log", line);
    const auto inputs = expanded({"-", "a.log"});
    EXPECT_THAT(files(inputs), ElementsAre("a.log", "-"));
    EXPECT_THAT(origins(inputs), ElementsAre("a", "stdin"));
}

TEST_F(InputsTest, WhatAFolderHoldsBesideDataIsPassedOverWithAReason)
{
    file("app.log", line);
    file("empty.log", "");
    file("picture", std::string("\x89PNG\r\n\x1a\n\0\0\0\0\0\0\0\0\0\0", 18));
    file("old.zip", "PK\x03\x04zip");
    file("README.md", "# words\n");
    file("LICENSE", "words\n");
    file("report.html", "<!DOCTYPE html><html>");
    file("page", "<html lang=en>");
    file("model.bin", std::string("\x40\0\0\0\0\0\0\0{\"__metadata__\":{}}", 27) + std::string(50, 'x'));
    file("scores.csv", "unit,start,end,entity,score,tail_p,flag\n0,,,,1,2,0\n");
    file("case.faultline", std::string("SQLite format 3\0", 16));
    ASSERT_EQ(::mkfifo((folder() + "/pipe").c_str(), 0600), 0);
    const auto inputs = expanded({""});
    EXPECT_THAT(files(inputs), ElementsAre("app.log"));
    EXPECT_THAT(reasonFor(inputs, "empty.log"), HasSubstr("empty"));
    EXPECT_THAT(reasonFor(inputs, "picture"), HasSubstr("binary"));
    EXPECT_THAT(reasonFor(inputs, "old.zip"), HasSubstr("zip"));
    EXPECT_THAT(reasonFor(inputs, "README.md"), HasSubstr("document"));
    EXPECT_THAT(reasonFor(inputs, "LICENSE"), HasSubstr("document"));
    EXPECT_THAT(reasonFor(inputs, "report.html"), HasSubstr("document"));
    EXPECT_THAT(reasonFor(inputs, "page"), HasSubstr("web page"));
    EXPECT_THAT(reasonFor(inputs, "model.bin"), HasSubstr("model"));
    EXPECT_THAT(reasonFor(inputs, "scores.csv"), HasSubstr("this program wrote"));
    EXPECT_THAT(reasonFor(inputs, "case.faultline"), HasSubstr("database"));
    EXPECT_THAT(reasonFor(inputs, "pipe"), HasSubstr("pipe"));
}

TEST_F(InputsTest, LabelsInAFolderAreNotDataAndTheRemedyIsNamed)
{
    file("app.log", line);
    file("labels.csv", "key,label\na,1\n");
    file("ranges.csv", "start,end\n2024-01-01,2024-01-02\n");
    file("block.csv", "BlockId,Label\nblk_1,Anomaly\n");
    file("day-fault_list.json", "[]\n");
    const auto inputs = expanded({""});
    EXPECT_THAT(files(inputs), ElementsAre("app.log"));
    for (const auto* name : {"labels.csv", "ranges.csv", "block.csv", "day-fault_list.json"})
        EXPECT_THAT(reasonFor(inputs, name), HasSubstr("--labels")) << name;
}

TEST_F(InputsTest, ATableOfMeasuresIsNoLabelTable)
{
    EXPECT_FALSE(isLabelTable("time,value\n"));
    EXPECT_FALSE(isLabelTable("timestamp,value,label\n"));
    EXPECT_FALSE(isLabelTable("start,end,duration\n"));
    EXPECT_TRUE(isLabelTable("\"start\",\"end\",entity\r\n"));
}

TEST_F(InputsTest, ALogIsNoDocumentWhateverItIsCalled)
{
    for (const auto* name : {"license-server.log", "notices.log", "authors.csv", "labels.log", "readme.json"})
        file(name, line);
    EXPECT_EQ(files(expanded({""})).size(), 5U);
}

TEST_F(InputsTest, ANamedFileIsTakenAtItsWord)
{
    file("labels.csv", "key,label\na,1\n");
    const auto inputs = expanded({"labels.csv"});
    EXPECT_THAT(files(inputs), ElementsAre("labels.csv"));
    EXPECT_TRUE(inputs->files[0].named);
    EXPECT_THAT(files(expanded({"", "labels.csv"})), ElementsAre("labels.csv"));
    EXPECT_THAT(expanded({"", "labels.csv"})->passedOver, IsEmpty());
}

TEST_F(InputsTest, AFolderWithoutDataIsAnErrorWithAReason)
{
    file("LICENSE", "words\n");
    const auto inputs = expanded({""});
    ASSERT_FALSE(inputs.has_value());
    EXPECT_EQ(inputs.error().code, ErrorCode::Io);
    EXPECT_THAT(inputs.error().message, HasSubstr("LICENSE"));
}

TEST_F(InputsTest, ARotatedLogIsOneOriginOldestFirst)
{
    for (const auto* name : {"app.log", "app.log.1", "app.log.2.gz", "app.log.10", "app-20260101.log",
                             "app.log-2026-01-02", "app-20260102-12.log", "db.log"})
        file(name, std::string(name).ends_with(".gz") ? gzipped(line) : line);
    const auto inputs = expanded({""});
    EXPECT_THAT(files(inputs), ElementsAre("app-20260101.log", "app.log-2026-01-02", "app-20260102-12.log",
                                           "app.log.10", "app.log.2.gz", "app.log.1", "app.log", "db.log"));
    EXPECT_THAT(origins(inputs), ElementsAre("app", "app", "app", "app", "app", "app", "app", "db"));
}

TEST_F(InputsTest, EqualStemsAreToldApartByTheirFoldersOrEndings)
{
    for (const auto* name : {"web1/app.log", "web2/app.log", "web2/other.log", "x.log", "x.csv"})
        file(name, line);
    EXPECT_THAT(origins(expanded({""})), ElementsAre("other", "web1/app", "web2/app", "x.csv", "x.log"));
}

TEST_F(InputsTest, OnlyAsManyFoldersAsNeededAreInAnOrigin)
{
    for (const auto* name : {"a/logs/app.log", "b/logs/app.log"})
        file(name, line);
    EXPECT_THAT(origins(expanded({""})), ElementsAre("a/logs/app", "b/logs/app"));
}

TEST(InputNames, NumbersThatAreNoRotationStay)
{
    EXPECT_EQ(inputNameOf("/d/machine-1-1.txt").stem, "machine-1-1");
    EXPECT_EQ(inputNameOf("/d/HDFS_2k.log").stem, "HDFS_2k");
    EXPECT_EQ(inputNameOf("/d/run-20269999.log").stem, "run-20269999");
    EXPECT_EQ(inputNameOf("/d/20260101.log").stem, "20260101");
    EXPECT_EQ(inputNameOf("/d/host-10.0.0.1.log").stem, "host-10.0.0.1");
    EXPECT_EQ(inputNameOf("/d/.1").stem, ".1");
}

TEST(InputNames, AnEmptyNameIsNoCrash)
{
    QuietJob job;
    EXPECT_EQ(inputNameOf("").stem, "");
    EXPECT_TRUE(expandInputs({""}, {}, job).has_value()); // opening it says what is wrong
}

TEST(InputNames, CompressionIsNoPartOfThem)
{
    EXPECT_EQ(inputNameOf("/d/app.log.gz").log, "app.log");
    EXPECT_EQ(inputNameOf("/d/app.log.gz.3").log, "app.log");
    EXPECT_EQ(inputNameOf("/d/app.jsonl.zst").stem, "app");
}

} // namespace
} // namespace faultline::sources
