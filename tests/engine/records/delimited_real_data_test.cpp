// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/format_detection.h"
#include "engine/records/record_batch.h"
#include "tests/support/data_folder.h"
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>

// Public metric sets and logs as they are: told apart, and read without loss.
namespace faultline::records
{
namespace
{

namespace fs = std::filesystem;

using test::dataFolder;

std::vector<std::string> filesIn(const std::string& family, const std::vector<std::string>& endings)
{
    std::vector<std::string> files;
    if (!fs::is_directory(dataFolder() / family))
        return files;
    for (const auto& entry : fs::recursive_directory_iterator(dataFolder() / family))
        for (const auto& ending : endings)
            if (entry.is_regular_file() && entry.path().string().ends_with(ending))
                files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    return files;
}

struct Family {
    const char* folder;
    std::vector<std::string> endings;
    bool timed;
    std::size_t fields; ///< numeric fields, labels left out; 0: they differ from file to file
};

struct ReadFile {
    Candidate candidate;
    std::size_t records = 0, rejected = 0, timed = 0, missing = 0, lines = 0, accounted = 0;
    std::vector<std::string> fields;
};

void readAll(sources::Source& source, ReadFile& file)
{
    QuietJob job;
    const auto take = [&](const sources::Block& block) {
        const auto batch = file.candidate.parser->parse(block.bytes, block.offset, block.offset == 0);
        file.records += batch.time.size();
        file.rejected += batch.rejected.size();
        file.timed += batch.linesWithTime;
        file.lines += batch.lines;
        file.accounted +=
            batch.time.size() + batch.continuationLines + batch.blankLines + batch.headerLines + batch.rejected.size();
        file.fields.clear();
        for (const auto& field : batch.fields)
            file.fields.push_back(field.name);
        return true;
    };
    ASSERT_TRUE(source.forEachBlock(1U << 20U, take, job));
}

class MetricFamily : public testing::TestWithParam<Family>
{
};

TEST_P(MetricFamily, isReadAsTablesWithoutLossOrLabels)
{
    const auto files = filesIn(GetParam().folder, GetParam().endings);
    if (files.empty())
        GTEST_SKIP() << "skipped: no " << GetParam().folder << " under " << dataFolder() << " (set FAULTLINE_DATA)";
    for (const auto& path : files) {
        const auto source = sources::Source::open(path);
        ASSERT_TRUE(source) << path;
        auto candidate = detectFormat(**source, {});
        ASSERT_TRUE(candidate) << path;
        ReadFile file{.candidate = std::move(*candidate), .fields = {}};
        EXPECT_EQ(file.candidate.detection.kind, Kind::Delimited) << path;
        EXPECT_GE(file.candidate.detection.confidence, 0.99) << path;
        readAll(**source, file);
        EXPECT_GT(file.records, 0U) << path;
        EXPECT_EQ(file.rejected, 0U) << path;
        EXPECT_EQ(file.accounted, file.lines) << path;
        EXPECT_EQ(file.timed, GetParam().timed ? file.records : 0U) << path;
        if (GetParam().fields != 0) {
            EXPECT_EQ(file.fields.size(), GetParam().fields) << path;
        }
        for (const char* verdict : {"label", "Label", "anomaly", "changepoint"})
            EXPECT_EQ(std::count(file.fields.begin(), file.fields.end(), verdict), 0) << path;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Public, MetricFamily,
    testing::Values(Family{"nab/data", {".csv"}, true, 1}, Family{"ms_cloud", {".csv"}, true, 1},
                    Family{"kpi", {".csv"}, true, 1}, Family{"smd", {".csv.gz"}, false, 38},
                    Family{"asd", {".train.csv.gz", ".test.csv.gz"}, false, 19}, Family{"skab", {".csv"}, true, 8},
                    Family{"smap_msl/test", {".csv.gz"}, false, 0}, Family{"tabular", {".csv.gz"}, false, 0},
                    Family{"ucr", {".txt"}, false, 1}, Family{"nezha", {"_metric.csv.gz"}, true, 19},
                    Family{"drift", {".csv.gz"}, false, 0}, Family{"openstack_failures", {".tsv"}, false, 0}),
    [](const auto& one) {
        std::string name = one.param.folder;
        std::replace(name.begin(), name.end(), '/', '_');
        return name;
    });

TEST(TextLogs, areNotTakenForTables)
{
    const auto files = filesIn("loghub_2k", {".log"});
    if (files.empty())
        GTEST_SKIP() << "skipped: no loghub_2k under " << dataFolder() << " (set FAULTLINE_DATA)";
    for (const auto& path : files) {
        const auto source = sources::Source::open(path);
        ASSERT_TRUE(source) << path;
        const auto candidate = detectFormat(**source, {});
        ASSERT_TRUE(candidate) << path;
        EXPECT_EQ(candidate->detection.kind, Kind::TextLog) << path;
    }
}

} // namespace
} // namespace faultline::records
