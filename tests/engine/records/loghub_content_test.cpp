// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/core/system.h"
#include "engine/records/record_batch.h"
#include "tests/support/data_folder.h"
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <iostream>

namespace faultline::records
{
namespace
{

std::string dataFolder()
{
    return test::dataFolder().string();
}

std::vector<std::vector<std::string>> csvRows(const std::string& text)
{
    std::vector<std::vector<std::string>> rows(1);
    std::string field;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"')
            field += text[++i];
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == ',' || c == '\n')) {
            rows.back().push_back(std::exchange(field, {}));
            if (c == '\n')
                rows.emplace_back();
        } else if (quoted || c != '\r')
            field += c;
    }
    rows.back().push_back(field);
    if (rows.back().size() < 2)
        rows.pop_back();
    return rows;
}

std::string stripped(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos
               ? ""
               : std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

struct System {
    const char* name;
    const char* format;
    double learnedShare; ///< messages that begin rightly when the layout's name is not known
};

class LoghubContentTest : public testing::TestWithParam<System>
{
protected:
    /// The share of messages that begin where the published `Content` column begins, which template mining is judged
    /// on.
    static double shareAsPublished(const std::string& forced);
};

double LoghubContentTest::shareAsPublished(const std::string& forced)
{
    const std::string system = GetParam().name, format = GetParam().format;
    const auto base = dataFolder() + "/loghub_2k/" + system + "/" + system + "_2k.log";
    const auto log = *readSmallFile(base, 10U << 20);
    const auto truth = csvRows(*readSmallFile(base + "_structured.csv", 10U << 20));
    const auto column =
        static_cast<std::size_t>(std::find(truth[0].begin(), truth[0].end(), "Content") - truth[0].begin());

    const auto candidate = detectText(std::string_view(log).substr(0, 256 * 1024), {.format = forced}, {});
    EXPECT_EQ(candidate.detection.format, forced.empty() ? format : forced);
    const auto batch = candidate.parser->parse(log, 0, true);
    EXPECT_EQ(batch.time.size(), truth.size() - 1);
    std::size_t same = 0, shown = 0;
    for (std::size_t i = 0; i < batch.time.size() && i + 1 < truth.size(); ++i) {
        const auto line = std::string_view(log).substr(batch.offset[i], batch.bytes[i]);
        const auto message = stripped(line.substr(batch.messageStart[i]));
        const auto content = stripped(truth[i + 1][column]);
        if (message == content)
            ++same;
        else if (++shown <= 5)
            std::cout << system << " line " << i + 1 << ": [" << message << "] is not [" << content << "]\n";
    }
    std::cout << system << ": " << same << " of " << truth.size() - 1 << " messages as published, format "
              << candidate.detection.format << ", confidence " << candidate.detection.confidence << "\n";
    for (const auto& reason : candidate.detection.reasons)
        std::cout << "    " << reason << "\n";
    return static_cast<double>(same) / static_cast<double>(truth.size() - 1);
}

TEST_P(LoghubContentTest, MessagesAreThePublishedContent)
{
    if (!std::filesystem::exists(dataFolder() + "/loghub_2k"))
        GTEST_SKIP() << "needs " << dataFolder() << "/loghub_2k; set FAULTLINE_DATA";
    EXPECT_GE(shareAsPublished(""), 0.99);
}

TEST_P(LoghubContentTest, ALearnedLayoutFindsThemToo)
{
    if (!std::filesystem::exists(dataFolder() + "/loghub_2k"))
        GTEST_SKIP() << "needs " << dataFolder() << "/loghub_2k; set FAULTLINE_DATA";
    EXPECT_GE(shareAsPublished("generic"), GetParam().learnedShare);
}

INSTANTIATE_TEST_SUITE_P(TenSystems, LoghubContentTest,
                         testing::Values(System{"HDFS", "hdfs", 0.99}, System{"Hadoop", "hadoop", 0.99},
                                         System{"BGL", "bgl", 0.99}, System{"HPC", "hpc", 0.99},
                                         System{"Linux", "syslog", 0.99}, System{"Apache", "apache_error", 0.99},
                                         System{"OpenSSH", "syslog", 0.99}, System{"Zookeeper", "zookeeper", 0.99},
                                         System{"Android", "logcat", 0.99}, System{"Proxifier", "proxifier", 0.99}),
                         [](const auto& system) { return std::string(system.param.name); });

} // namespace
} // namespace faultline::records
