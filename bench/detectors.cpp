// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// Fits a detector to a table and scores it, once, and prints how long that took, so that a script can run it and a peer
// library alternately on the same values:
//
//   bench_detectors --work WORK --data FILE.f64 --rows N --columns D [--threads T] [--scores FILE.f64]
//
// The data are raw little-endian doubles, row by row; the scores are written in the same form.
#include "engine/detectors/catalogue.h"
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <tbb/global_control.h>

namespace
{
using namespace faultline;

struct Work {
    std::string detector;
    detectors::Parameters parameters;
};

const std::map<std::string, Work>& works()
{
    constexpr std::int64_t all = 2'000'000;
    static const std::map<std::string, Work> known{
        {"isolation_forest_1m", {"isolation_forest", {{"trees", std::int64_t{100}}, {"samples", std::int64_t{256}}}}},
        {"extended_forest", {"isolation_forest", {{"trees", std::int64_t{100}}, {"extension", std::int64_t{9}}}}},
        {"knn_50k", {"knn", {{"neighbours", std::int64_t{20}}, {"references", all}}}},
        {"lof_50k", {"lof", {{"neighbours", std::int64_t{20}}, {"references", all}}}},
        {"matrix_profile_100k", {"matrix_profile", {{"window", std::int64_t{100}}}}},
        {"window_knn_100k", {"window_knn", {}}},
    };
    return known;
}

/// --name value pairs; empty when an argument is not one.
std::map<std::string, std::string> argumentsOf(int argc, char** argv)
{
    std::map<std::string, std::string> out;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!std::string_view(argv[i]).starts_with("--"))
            return {};
        out[argv[i] + 2] = argv[i + 1];
    }
    return out;
}

bool readTable(const std::string& path, features::FeatureTable& table, Eigen::Index rows, Eigen::Index columns)
{
    table.columns.resize(static_cast<std::size_t>(columns));
    table.values.resize(rows, columns);
    table.start.assign(static_cast<std::size_t>(rows), noTime);
    table.end = table.start;
    table.entity.assign(static_cast<std::size_t>(rows), 0);
    table.entities = {""};
    std::ifstream file(path, std::ios::binary);
    const auto bytes = static_cast<std::streamsize>(sizeof(double)) * rows * columns;
    return static_cast<bool>(file.read(reinterpret_cast<char*>(table.values.data()), bytes));
}

int failed(const std::string& why)
{
    std::fprintf(stderr, "%s\n", why.c_str());
    return EXIT_FAILURE;
}
} // namespace

int main(int argc, char** argv)
{
    auto given = argumentsOf(argc, argv);
    const auto work = works().find(given["work"]);
    if (work == works().end() || given["data"].empty())
        return failed("bench_detectors --work isolation_forest_1m|extended_forest|knn_50k|lof_50k|"
                      "matrix_profile_100k|window_knn_100k --data FILE.f64 --rows N --columns D [--threads T] "
                      "[--scores FILE.f64]");
    const auto rows = std::atoll(given["rows"].c_str()), columns = std::atoll(given["columns"].c_str());
    features::FeatureTable table;
    if (rows <= 0 || columns <= 0 || !readTable(given["data"], table, rows, columns))
        return failed("the file does not hold that many rows and columns");
    const auto threads = given["threads"].empty() ? 2 : std::max(1, std::atoi(given["threads"].c_str()));
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads));
    const detectors::DetectorInput input{.table = &table, .standardised = &table.values};
    QuietJob job;
    const auto start = std::chrono::steady_clock::now();
    const auto detector = detectors::make(work->second.detector, work->second.parameters, 1);
    if (!detector || !(*detector)->fit(input, job))
        return failed("the detector could not be fitted");
    const auto scores = (*detector)->score(input, {.isTrainingData = true}, job);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    if (!scores)
        return failed(scores.error().text());
    std::printf("{\"work\": \"%s\", \"seconds\": %.6f, \"threads\": %d}\n", work->first.c_str(), taken.count(),
                threads);
    if (!given["scores"].empty())
        std::ofstream(given["scores"], std::ios::binary)
            .write(reinterpret_cast<const char*>(scores->data()),
                   static_cast<std::streamsize>(sizeof(double) * scores->size()));
    return EXIT_SUCCESS;
}
