// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// The isolation forest against scikit-learn's on labelled public tables.
#include "tests/engine/detectors/tables.h"
#include "tests/support/data_folder.h"
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>
#include <zlib.h>

using namespace faultline;
using namespace faultline::detectors;
using namespace faultline::detectors::test;

namespace
{
struct Labelled {
    Table table;
    std::vector<bool> isAnomaly;
};

std::string unpacked(const std::string& path)
{
    std::string out;
    std::vector<char> block(1U << 20);
    const auto file = gzopen(path.c_str(), "rb");
    for (int read = 0; file && (read = gzread(file, block.data(), static_cast<unsigned>(block.size()))) > 0;)
        out.append(block.data(), static_cast<std::size_t>(read));
    gzclose(file);
    return out;
}

/// Every k-th row of a file whose last column is the label, as make_forest_auc.py takes them.
Labelled readTable(const std::string& path)
{
    std::istringstream lines(unpacked(path));
    std::string line, cell;
    std::getline(lines, line); // names
    std::vector<std::vector<double>> rows;
    while (std::getline(lines, line)) {
        std::istringstream cells(line);
        rows.emplace_back();
        while (std::getline(cells, cell, ','))
            rows.back().push_back(std::strtod(cell.c_str(), nullptr));
    }
    const auto step = (rows.size() + 19'999) / 20'000, kept = (rows.size() + step - 1) / step;
    features::Matrix values(static_cast<Eigen::Index>(kept), static_cast<Eigen::Index>(rows[0].size() - 1));
    Labelled out;
    for (std::size_t i = 0; i < kept; ++i) {
        std::copy(rows[i * step].begin(), rows[i * step].end() - 1, values.row(static_cast<Eigen::Index>(i)).data());
        out.isAnomaly.push_back(rows[i * step].back() != 0.0);
    }
    out.table = tableOf(std::move(values));
    return out;
}

/// The chance that an anomaly scores higher than a normal row; ties count one half.
double areaUnderCurve(const std::vector<double>& scores, const std::vector<bool>& isAnomaly)
{
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return scores[a] < scores[b]; });
    double below = 0.0, area = 0.0, anomalies = 0.0;
    for (std::size_t i = 0, j = 0; i < order.size(); i = j) {
        double normal = 0.0, odd = 0.0;
        for (; j < order.size() && scores[order[j]] == scores[order[i]]; ++j)
            (isAnomaly[order[j]] ? odd : normal) += 1.0;
        area += odd * (below + 0.5 * normal);
        below += normal;
        anomalies += odd;
    }
    return area / (anomalies * below);
}
} // namespace

TEST(IsolationForest, FindsAsMuchAsScikitLearnsOnPublicTables)
{
    const auto folder = faultline::test::dataFolder() / "tabular";
    if (!std::filesystem::exists(folder))
        GTEST_SKIP() << "set FAULTLINE_DATA to the folder of labelled data";
    std::ifstream file(FAULTLINE_SOURCE_DIR "/tests/golden/detectors/forest_auc.json");
    double ours = 0.0, theirs = 0.0;
    const auto expected = nlohmann::json::parse(file);
    for (const auto& [name, area] : expected.items()) {
        const auto data = readTable((folder / name).string());
        for (std::uint64_t seed = 0; seed < 5; ++seed)
            ours += areaUnderCurve(scoresOf(*fitted("isolation_forest", data.table, {}, seed), data.table, true),
                                   data.isAnomaly) /
                    5.0;
        theirs += area.get<double>();
    }
    const auto tables = static_cast<double>(expected.size());
    EXPECT_GE(tables, 20.0);
    EXPECT_NEAR(ours / tables, theirs / tables, 0.005);
}
