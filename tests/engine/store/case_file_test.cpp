// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/store/case_file.h"
#include "tests/engine/store/case_folder.h"
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::store
{

namespace
{
using testing::HasSubstr;

TensorBundle arrays(double first)
{
    TensorBundle bundle;
    bundle.put("score", std::vector<double>{first, 2.0});
    bundle.facts["units"] = 2;
    return bundle;
}

class CaseFileTest : public CaseFolder
{
protected:
    CaseFile made() const { return CaseFile::create(path()).value(); }
};
} // namespace

TEST_F(CaseFileTest, KeepsSourcesInOrderAndReplacesThem)
{
    auto file = made();
    ASSERT_TRUE(file.setSources({{.path = "old.log"}}));
    ASSERT_TRUE(file.setSources({{.path = "b.log", .bytes = 9, .modified_us = 12, .sha256 = "ab"}, {.path = "a.log"}}));
    const auto sources = file.sources().value();
    ASSERT_EQ(sources.size(), 2U);
    EXPECT_EQ(sources[0].path, "b.log");
    EXPECT_EQ(sources[0].bytes, 9U);
    EXPECT_EQ(sources[0].modified_us, 12);
    EXPECT_EQ(sources[0].sha256, "ab");
    EXPECT_EQ(sources[1].modified_us, noTime);
}

TEST_F(CaseFileTest, KeepsRunsWithTheirArraysAcrossReopening)
{
    {
        auto file = made();
        ASSERT_EQ(
            file.addRun({.name = "first", .created_us = 5, .recipeYaml = "a: 1", .summaryJson = "{}"}, arrays(1.0))
                .value(),
            1);
        ASSERT_EQ(file.addRun({.name = "second"}, arrays(7.0)).value(), 2);
    }
    const auto file = CaseFile::open(path()).value();
    const auto runs = file.runs().value();
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_EQ(runs[0].name, "first");
    EXPECT_EQ(runs[0].recipeYaml, "a: 1");
    EXPECT_EQ(file.runArrays(2).value().vector<double>("score").value()[0], 7.0);
    EXPECT_EQ(file.runArrays(1).value().fact<int>("/units").value(), 2);
}

TEST_F(CaseFileTest, SaysThatARunIsAbsent)
{
    EXPECT_THAT(made().runArrays(3).error().text(), HasSubstr("no run 3"));
}

TEST_F(CaseFileTest, NumbersTheVersionsOfEachModel)
{
    auto file = made();
    EXPECT_EQ(file.addModel("checkout", arrays(1.0)).value(), 1);
    EXPECT_EQ(file.addModel("checkout", arrays(2.0)).value(), 2);
    EXPECT_EQ(file.addModel("payments", arrays(1.0)).value(), 1);
    EXPECT_EQ(file.model("checkout", 2).value().vector<double>("score").value()[0], 2.0);
    EXPECT_THAT(file.model("checkout", 3).error().text(), HasSubstr("no model checkout version 3"));
}

TEST_F(CaseFileTest, KeepsEqualArraysOnce)
{
    {
        auto file = made();
        ASSERT_TRUE(file.addModel("a", arrays(1.0)));
        ASSERT_TRUE(file.addModel("b", arrays(1.0)));
    }
    EXPECT_EQ(rawInteger("SELECT count(*) FROM artifacts"), 1);
}

TEST_F(CaseFileTest, AddsReplacesRemovesAndRestoresLabels)
{
    auto file = made();
    const auto id =
        file.putLabel({.start = 10, .end = 20, .entity = "checkout", .verdict = "true", .note = "outage"}).value();
    auto label = file.labels().value().at(0);
    EXPECT_EQ(label.note, "outage");
    label.verdict = "ignore";
    EXPECT_EQ(file.putLabel(label).value(), id);
    EXPECT_EQ(file.labels().value().at(0).verdict, "ignore");
    ASSERT_TRUE(file.removeLabel(id));
    EXPECT_TRUE(file.labels().value().empty());
    EXPECT_EQ(file.putLabel(label).value(), id);
    EXPECT_EQ(file.labels().value().at(0).id, id);
}

TEST_F(CaseFileTest, RefusesAVerdictThatIsNone)
{
    EXPECT_THAT(made().putLabel({.verdict = "maybe"}).error().text(), HasSubstr("true, false or ignore"));
}

TEST_F(CaseFileTest, SaysThatALabelToRemoveIsAbsent)
{
    EXPECT_THAT(made().removeLabel(4).error().text(), HasSubstr("no label 4"));
}

TEST_F(CaseFileTest, KeepsTextsByNameAndAnyContent)
{
    auto file = made();
    const std::string odd("a'; DROP TABLE texts; --\0\xff", 26);
    ASSERT_TRUE(file.setText("note", "first"));
    ASSERT_TRUE(file.setText("note", odd));
    ASSERT_TRUE(file.setText("empty", ""));
    EXPECT_EQ(file.text("note").value(), odd);
    EXPECT_EQ(file.text("empty").value(), "");
    EXPECT_EQ(file.text("other").value(), std::nullopt);
}

TEST_F(CaseFileTest, CarriesItsMarkAndSchemaVersion)
{
    made();
    EXPECT_EQ(rawInteger("PRAGMA application_id"), 0x464C544C);
    EXPECT_EQ(rawInteger("PRAGMA user_version"), 1);
}

TEST_F(CaseFileTest, DoesNotReplaceAFileThatExists)
{
    std::ofstream(path()) << "mine";
    const auto file = CaseFile::create(path());
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::Io);
    EXPECT_THAT(file.error().text(), HasSubstr("already a file"));
}

TEST_F(CaseFileTest, LeavesNothingBesideTheCaseWhenClosed)
{
    made();
    EXPECT_EQ(filesInFolder(), 1U);
}

TEST_F(CaseFileTest, SaysThatAFolderIsAbsent)
{
    const auto file = CaseFile::create(folder() + "/none/x.faultline");
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::Io);
    EXPECT_THAT(file.error().text(), HasSubstr("check that the folder exists"));
}

TEST_F(CaseFileTest, OpensOrCreates)
{
    ASSERT_TRUE(CaseFile::openOrCreate(path()).value().setText("k", "v"));
    EXPECT_EQ(CaseFile::openOrCreate(path()).value().text("k").value(), "v");
}

TEST_F(CaseFileTest, TwoProgramsCanWriteInTurn)
{
    auto first = made();
    auto second = CaseFile::open(path()).value();
    ASSERT_TRUE(first.setText("a", "1"));
    ASSERT_TRUE(second.setText("b", "2"));
    EXPECT_EQ(first.text("b").value(), "2");
    EXPECT_EQ(second.text("a").value(), "1");
}

TEST_F(CaseFileTest, SaysThatAnotherProgramIsWriting)
{
    made();
    auto file = CaseFile::open(path(), std::chrono::milliseconds(1)).value();
    const auto other = rawOpen();
    rawExecute(*other, "BEGIN IMMEDIATE");
    const auto put = file.setText("a", "1");
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code, ErrorCode::Store);
    EXPECT_THAT(put.error().text(), HasSubstr("another program is writing"));
    rawExecute(*other, "ROLLBACK");
    EXPECT_TRUE(file.setText("a", "1"));
}

TEST_F(CaseFileTest, RefusesArraysLargerThanAValueOfSqlite)
{
    EXPECT_TRUE(CaseFile::checkArrayBytes(999'000'000));
    EXPECT_THAT(CaseFile::checkArrayBytes(1'999'000'000).error().text(), HasSubstr("2.0 GB, more than the 999.0 MB"));
}

TEST_F(CaseFileTest, DescribesASourceSoThatAChangeIsNoticed)
{
    const auto log = folder() + "/a.log";
    std::ofstream(log) << std::string(3'000'000, 'x');
    const auto before = describeSource(log).value();
    EXPECT_EQ(before.bytes, 3'000'000U);
    EXPECT_EQ(describeSource(log).value().sha256, before.sha256);
    std::ofstream(log, std::ios::app) << "y";
    EXPECT_NE(describeSource(log).value().sha256, before.sha256);
    EXPECT_EQ(describeSource(folder() + "/none.log").error().code, ErrorCode::Io);
}

} // namespace faultline::store
