// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// bench_end_to_end [ROWS]: generates an incident, analyses it whole, and prints time per stage and peak memory. Default 10 M rows.
#include "engine/core/system.h"
#include "engine/core/text.h"
#include "engine/pipeline/analysis.h"
#include "engine/pipeline/catalogue.h"
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace
{

using namespace faultline;
using Clock = std::chrono::steady_clock;

double since(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

int run(std::uint64_t rows, const std::filesystem::path& folder)
{
    QuietJob job;
    const auto begin = Clock::now();
    const auto made = pipeline::generate("checkout-outage", {.outputFolder = folder.string(), .rows = rows, .seed = 1}, job);
    if (!made) {
        std::fprintf(stderr, "%s\n", made.error().text().c_str());
        return 1;
    }
    std::printf("generated %s records, %s in %.1f s\n", formatCount(made->records).c_str(), formatBytes(made->bytes).c_str(), since(begin));
    pipeline::AnalyzeRequest request;
    for (const auto& file : made->files)
        if (file.find("labels") == std::string::npos)
            request.inputs.push_back(file);
    const auto start = Clock::now();
    const auto choice = pipeline::chooseRecipe(request.inputs, {});
    if (!choice)
        return 1;
    request.recipe = choice->recipe;
    const auto result = pipeline::analyze(request, job);
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().text().c_str());
        return 1;
    }
    const double seconds = since(start);
    std::printf("analysed in %.1f s, %.2f M records/s, peak memory %s, %zu units, %zu episodes\n", seconds,
                static_cast<double>((*result)->records->table.size()) / seconds / 1e6, formatBytes(peakMemoryBytes()).c_str(),
                (*result)->table.units(), (*result)->episodes.size());
    for (const auto& timing : (*result)->timings)
        std::printf("  %-12s %6.2f s\n", timing.stage.c_str(), timing.seconds);
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    const auto folder = std::filesystem::temp_directory_path() / "faultline-bench-end-to-end";
    const int code = run(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000'000, folder);
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    return code;
}
