// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// Runs the command line as a person would: exit codes, clean stdout, errors that say what is wrong and how to fix it.
#include "tests/support/temporary_folder.h"
#include <array>
#include <cstdio>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

namespace
{

using faultline::test::TemporaryFolder;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Finished {
    int code = -1;
    std::string out, err;
};

class CommandLine : public testing::Test
{
protected:
    Finished run(const std::string& arguments, const std::string& input = "/dev/null")
    {
        const auto out = folder.path("stdout"), err = folder.path("stderr");
        const auto line = std::string(FAULTLINE_PROGRAM) + " " + arguments + " >" + out + " 2>" + err + " <" + input;
        const int status = std::system(line.c_str());
        return {WIFEXITED(status) ? WEXITSTATUS(status) : 128, TemporaryFolder::read(out), TemporaryFolder::read(err)};
    }
    std::string table(int rows = 300)
    {
        std::string csv = "a,b\n";
        for (int i = 0; i < rows; ++i)
            csv += std::to_string(i % 7) + "," + std::to_string((i * 37 % 11) / 3.0) + "\n";
        return folder.write("table.csv", csv);
    }
    std::string log()
    {
        std::string lines;
        for (int i = 0; i < 600; ++i) {
            char line[160];
            std::snprintf(line, sizeof line, "2026-03-12 14:%02d:%02d,%03d INFO [worker] com.example.Job: request %d took %d ms\n", i / 60 % 60, i % 60,
                          i % 1000, i, 10 + i % 9);
            lines += line;
        }
        return folder.write("app.log", lines);
    }
    TemporaryFolder folder;
};

TEST_F(CommandLine, WithoutACommandItIsAUsageError)
{
    const auto done = run("");
    EXPECT_EQ(done.code, 2);
    EXPECT_THAT(done.err, Not(IsEmpty()));
    EXPECT_THAT(done.out, IsEmpty());
}

TEST_F(CommandLine, EveryCommandHasHelpWithAnExample)
{
    for (const char* command : {"analyze", "score", "templates", "inspect", "generate", "detectors", "recipes"}) {
        const auto done = run(std::string(command) + " --help");
        EXPECT_EQ(done.code, 0) << command;
        EXPECT_THAT(done.out, HasSubstr("Example:")) << command;
    }
}

TEST_F(CommandLine, CommandsThatDoNotExistYetAreRefused)
{
    for (const char* command : {"evaluate", "drift", "models"})
        EXPECT_EQ(run(command).code, 2) << command;
}

TEST_F(CommandLine, AnUnknownOptionIsAUsageError)
{
    const auto done = run("analyze --no-such-option");
    EXPECT_EQ(done.code, 2);
    EXPECT_THAT(done.err, Not(IsEmpty()));
}

TEST_F(CommandLine, AnUnknownDetectorIsAUsageErrorThatSuggestsTheNearest)
{
    const auto done = run("analyze " + table() + " --detectors knnn");
    EXPECT_EQ(done.code, 2);
    EXPECT_THAT(done.err, HasSubstr("knn"));
}

TEST_F(CommandLine, AMissingFileIsAnInputErrorThatNamesIt)
{
    const auto done = run("analyze " + folder.path("absent.log"));
    EXPECT_EQ(done.code, 3);
    EXPECT_THAT(done.err, HasSubstr("absent.log"));
    EXPECT_THAT(done.out, IsEmpty());
}

TEST_F(CommandLine, BadInputsAreClearErrorsAndNeverACrash)
{
    folder.write("empty.log", "");
    std::string binary;
    for (int i = 0; i < 5'000; ++i)
        binary += static_cast<char>(i * 7919 % 256);
    folder.write("binary.log", binary);
    std::filesystem::create_directory(folder.path("folder.log"));
    for (const char* name : {"empty.log", "binary.log", "folder.log"}) {
        const auto done = run("analyze " + folder.path(name));
        EXPECT_EQ(done.code, 3) << name << ": " << done.err;
        EXPECT_THAT(done.err, HasSubstr(name));
        EXPECT_THAT(done.err, HasSubstr("(")) << "a remedy: " << done.err;
    }
}

TEST_F(CommandLine, AHeaderWithoutRowsIsAClearError)
{
    const auto done = run("analyze " + folder.write("header.csv", "timestamp,value\n"));
    EXPECT_EQ(done.code, 3);
    EXPECT_THAT(done.err, HasSubstr("header.csv"));
}

TEST_F(CommandLine, BadUtf8IsReadAndCounted)
{
    std::string lines;
    for (int i = 0; i < 50; ++i)
        lines += "2026-03-12 14:00:" + std::string(i < 10 ? "0" : "") + std::to_string(i) + " INFO caf\xe9 \xff ok\n";
    const auto done = run("inspect --json " + folder.write("latin.log", lines));
    ASSERT_EQ(done.code, 0) << done.err;
    const auto json = nlohmann::json::parse(done.out);
    EXPECT_EQ(json["records"], 50);
    EXPECT_EQ(json["input"]["files"][0]["invalid_utf8_lines"], 50);
}

TEST_F(CommandLine, ATruncatedGzipIsReadAsFarAsItGoesAndSaid)
{
    const auto path = log();
    ASSERT_EQ(std::system(("gzip -k " + path).c_str()), 0);
    const auto whole = TemporaryFolder::read(path + ".gz");
    const auto cut = folder.write("cut.log.gz", whole.substr(0, whole.size() * 2 / 3));
    const auto done = run("inspect --json " + cut);
    ASSERT_EQ(done.code, 0) << done.err;
    const auto json = nlohmann::json::parse(done.out);
    EXPECT_GT(json["records"].get<int>(), 100);
    EXPECT_LT(json["records"].get<int>(), 600);
    EXPECT_THAT(json["input"]["files"][0]["warning"].get<std::string>(), Not(IsEmpty()));
}

TEST_F(CommandLine, StandardInputIsAnalysedLikeTheFile)
{
    const auto input = log();
    const auto scores = [&](const std::string& name, const std::string& from) {
        const auto path = this->folder.path(name);
        const auto done = run("analyze - --quiet --scores " + path, from);
        EXPECT_EQ(done.code, 0) << done.err;
        return TemporaryFolder::read(path);
    };
    const auto piped = scores("piped.csv", input);
    ASSERT_EQ(run("analyze " + input + " --quiet --scores " + folder.path("file.csv")).code, 0);
    EXPECT_FALSE(piped.empty());
    EXPECT_EQ(piped, TemporaryFolder::read(folder.path("file.csv")));
}

TEST_F(CommandLine, ADeviceAsStandardInputIsAClearError)
{
    const auto done = run("inspect -", "/dev/zero");
    EXPECT_EQ(done.code, 3);
    EXPECT_THAT(done.err, HasSubstr("device"));
}

TEST_F(CommandLine, AFolderIsReadAndWhatItPassesOverIsSaid)
{
    log();
    folder.write("labels.csv", "start,end\n2026-03-12,2026-03-13\n");
    const auto done = run("inspect --json '" + folder.path("*.*") + "'");
    ASSERT_EQ(done.code, 0) << done.err;
    const auto json = nlohmann::json::parse(done.out);
    EXPECT_EQ(json["records"], 600);
    EXPECT_EQ(json["input"]["files"][0]["origin"], "app");
    EXPECT_THAT(json["notices"].dump(), HasSubstr("--labels"));
}

TEST_F(CommandLine, TheEncodingCanBeSaidAndAnUnknownOneIsAUsageError)
{
    const auto input = folder.write("a.log", "2026-03-12 14:00:01,000 INFO [w] a.B: caf\xC3\xA9\n");
    const auto forced = run("inspect --json --encoding latin-1 " + input);
    ASSERT_EQ(forced.code, 0) << forced.err;
    EXPECT_EQ(nlohmann::json::parse(forced.out)["input"]["files"][0]["encoding"], "Windows-1252");
    EXPECT_EQ(run("inspect --encoding ebcdic " + input).code, 2);
}

TEST_F(CommandLine, ARecipeWithATypoNamesFileLineAndTheNearestKey)
{
    const auto recipe = folder.write("typo.yaml", "detectors:\n  - name: robust_z\nthreshhold: evt:1e-3\n");
    const auto done = run("analyze " + table() + " --recipe " + recipe);
    EXPECT_EQ(done.code, 2);
    EXPECT_THAT(done.err, HasSubstr("typo.yaml:3:1"));
    EXPECT_THAT(done.err, HasSubstr("threshold"));
}

TEST_F(CommandLine, SessionsWithoutAKeyAreAUsageError)
{
    EXPECT_EQ(run("analyze " + log() + " --unit session").code, 2);
}

TEST_F(CommandLine, StdoutCarriesTheDocumentAndNothingElse)
{
    const auto done = run("analyze " + table() + " --unit row --json");
    ASSERT_EQ(done.code, 0) << done.err;
    const auto json = nlohmann::json::parse(done.out);
    EXPECT_EQ(json["units"]["count"], 300);
    EXPECT_THAT(done.err, IsEmpty());
}

TEST_F(CommandLine, TheScoresFileHasOneLinePerRowInOrder)
{
    const auto scores = folder.path("s.csv");
    ASSERT_EQ(run("analyze " + table() + " --unit row --quiet --scores " + scores).code, 0);
    const auto text = TemporaryFolder::read(scores);
    EXPECT_TRUE(text.starts_with("unit,start,end,entity,score,tail_p,flag\n0,"));
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 301);
    EXPECT_THAT(text, HasSubstr("\n299,"));
}

TEST_F(CommandLine, OneSeedGivesOneResult)
{
    const auto input = table();
    ASSERT_EQ(run("analyze " + input + " --quiet --seed 3 --scores " + folder.path("a.csv")).code, 0);
    ASSERT_EQ(run("analyze " + input + " --quiet --seed 3 --threads 1 --scores " + folder.path("b.csv")).code, 0);
    EXPECT_EQ(TemporaryFolder::read(folder.path("a.csv")), TemporaryFolder::read(folder.path("b.csv")));
}

TEST_F(CommandLine, AModelThatIsNotOneIsAnInputError)
{
    const auto done = run("score " + table() + " --model " + folder.write("bad.flm", "\x80\x04pickle"));
    EXPECT_EQ(done.code, 3);
    EXPECT_THAT(done.err, HasSubstr("bad.flm"));
}

TEST_F(CommandLine, TemplatesWritesOneLinePerRecord)
{
    const auto lines = folder.path("lines.csv");
    ASSERT_EQ(run("templates " + log() + " --lines " + lines).code, 0);
    const auto text = TemporaryFolder::read(lines);
    EXPECT_TRUE(text.starts_with("line,template_id,template\n1,T-"));
    EXPECT_THAT(text, HasSubstr("request <*> took <*>"));
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 601);
}

TEST_F(CommandLine, AReportAndACaseAreWrittenWhereAsked)
{
    const auto report = folder.path("r.html"), file = folder.path("c.faultline");
    const auto done = run("analyze " + log() + " --window 5s --report " + report + " --case " + file);
    ASSERT_EQ(done.code, 0) << done.err;
    EXPECT_THAT(TemporaryFolder::read(report), HasSubstr("faultline analyze"));
    EXPECT_TRUE(std::filesystem::exists(file));
}

TEST_F(CommandLine, AnOutputFolderThatDoesNotExistIsAnError)
{
    const auto done = run("analyze " + table() + " --quiet --scores " + folder.path("no/such/folder.csv"));
    EXPECT_EQ(done.code, 3);
    EXPECT_THAT(done.err, HasSubstr("no/such/folder.csv"));
}

} // namespace
