// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// Times the isolation forest on Gaussian data: bench_isolation_forest [rows] [columns] [trees] [samples] [repetitions].
// bench/peers/run times it beside scikit-learn and isotree.
#include "engine/core/random.h"
#include "engine/detectors/catalogue.h"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace
{
using namespace faultline;
using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

features::FeatureTable gaussianTable(std::size_t rows, std::size_t columns)
{
    features::FeatureTable table;
    table.columns.resize(columns);
    table.values.resize(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
    Random random(1);
    for (Eigen::Index i = 0; i < table.values.size(); ++i)
        table.values.data()[i] = random.normal();
    return table;
}

std::int64_t argument(int argc, char** argv, int index, std::int64_t standard)
{
    return argc > index ? std::strtoll(argv[index], nullptr, 10) : standard;
}
} // namespace

int main(int argc, char** argv)
{
    const auto rows = argument(argc, argv, 1, 200'000);
    const auto columns = argument(argc, argv, 2, 10);
    const auto trees = argument(argc, argv, 3, 100);
    const auto samples = argument(argc, argv, 4, 256);
    const auto repetitions = argument(argc, argv, 5, 5);
    const auto table = gaussianTable(static_cast<std::size_t>(rows), static_cast<std::size_t>(columns));
    const detectors::DetectorInput input{.table = &table, .standardised = &table.values};
    std::printf("%lld rows x %lld columns, %lld trees of %lld, %u threads\n", static_cast<long long>(rows),
                static_cast<long long>(columns), static_cast<long long>(trees), static_cast<long long>(samples),
                std::thread::hardware_concurrency());
    std::vector<double> totals;
    for (std::int64_t i = 0; i < repetitions; ++i) {
        QuietJob job;
        const auto forest = detectors::make("isolation_forest", {{"trees", trees}, {"samples", samples}}, 1);
        const auto start = Clock::now();
        if (!forest || !(*forest)->fit(input, job))
            return EXIT_FAILURE;
        const double fitted = secondsSince(start);
        const auto scores = (*forest)->score(input, {.isTrainingData = true}, job);
        if (!scores)
            return EXIT_FAILURE;
        totals.push_back(secondsSince(start));
        std::printf("fit %.3f s, score %.3f s, both %.3f s, highest %.4f\n", fitted, totals.back() - fitted,
                    totals.back(), *std::max_element(scores->begin(), scores->end()));
    }
    std::sort(totals.begin(), totals.end());
    std::printf("median of %lld: %.3f s\n", static_cast<long long>(repetitions), totals[totals.size() / 2]);
    return EXIT_SUCCESS;
}
