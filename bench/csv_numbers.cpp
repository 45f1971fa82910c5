// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// How fast a table of numbers becomes records: bench_csv_numbers [MEGABYTES] [PYTHON]
// A time and 20 measures (counts, values of 6 decimals, doubles of 17 digits) in MEGABYTES (300) of CSV in a temporary
// folder are loaded with one thread, each run in a process of its own; PYTHON (python3) reads the same file with
// pandas' C engine, in turns. The median of three runs each, and their ratio.
#include "engine/core/random.h"
#include "engine/core/system.h"
#include "engine/core/text.h"
#include "engine/records/loader.h"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <sys/wait.h>
#include <tbb/global_control.h>
#include <unistd.h>

namespace
{

using namespace faultline;

constexpr int measures = 20;
constexpr int rounds = 3;

struct Figures {
    double seconds = 0.0;
    std::uint64_t records = 0, memoryBytes = 0;
};

void writeTable(const std::string& path, std::uint64_t bytes)
{
    Random random(1);
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (file == nullptr)
        return;
    std::string text = "timestamp";
    for (int i = 0; i < measures; ++i)
        text += ",measure_" + std::to_string(i);
    text += '\n';
    char cell[64];
    std::uint64_t written = 0;
    for (std::int64_t row = 0; written < bytes; ++row) {
        text += std::to_string(1'700'000'000 + row);
        for (int i = 0; i < measures; ++i) {
            const double value = random.uniform() * 1'000.0;
            const int length = i % 4 == 0   ? std::snprintf(cell, sizeof cell, ",%.0f", value * 100.0)
                               : i % 4 == 3 ? std::snprintf(cell, sizeof cell, ",%.17g", value)
                                            : std::snprintf(cell, sizeof cell, ",%.6f", value);
            text.append(cell, static_cast<std::size_t>(length));
        }
        text += '\n';
        if (text.size() > (1U << 20)) {
            written += std::fwrite(text.data(), 1, text.size(), file);
            text.clear();
        }
    }
    std::fclose(file);
}

/// In a child process, so that peak memory is that run's.
Figures loadInChild(const std::string& path)
{
    int ends[2];
    Figures figures;
    if (::pipe(ends) != 0)
        return figures;
    if (const auto child = ::fork(); child == 0) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 1);
        const auto before = peakMemoryBytes();
        const auto start = std::chrono::steady_clock::now();
        QuietJob job;
        const auto set = records::load({path}, {}, job);
        figures.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        figures.records = set ? set->table.size() : 0;
        figures.memoryBytes = peakMemoryBytes() - before;
        ::_exit(::write(ends[1], &figures, sizeof figures) == sizeof figures ? 0 : 1);
    } else {
        ::close(ends[1]);
        if (::read(ends[0], &figures, sizeof figures) != sizeof figures)
            figures = {};
        ::close(ends[0]);
        ::waitpid(child, nullptr, 0);
    }
    return figures;
}

/// Seconds, or 0 when pandas is not there.
double pandasSeconds(const std::string& python, const std::string& path)
{
    const auto script = std::filesystem::path(FAULTLINE_SOURCE_DIR) / "bench" / "peers" / "pandas_csv.py";
    const auto command = python + " '" + script.string() + "' '" + path + "'";
    std::FILE* output = ::popen(command.c_str(), "r");
    double seconds = 0.0;
    if (output != nullptr) {
        if (std::fscanf(output, "%lf", &seconds) != 1)
            seconds = 0.0;
        ::pclose(output);
    }
    return seconds;
}

} // namespace

int main(int argc, char** argv)
{
    const auto megabytes = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 300ULL;
    const std::string python = argc > 2 ? argv[2] : "python3";
    const auto path =
        (std::filesystem::temp_directory_path() / ("bench_csv_" + std::to_string(::getpid()) + ".csv")).string();
    writeTable(path, megabytes * 1'000'000);
    const auto bytes = static_cast<double>(std::filesystem::file_size(path));
    std::vector<Figures> own;
    std::vector<double> peer;
    for (int round = 0; round < rounds; ++round) {
        own.push_back(loadInChild(path));
        peer.push_back(pandasSeconds(python, path));
    }
    std::filesystem::remove(path);
    std::sort(own.begin(), own.end(), [](const Figures& a, const Figures& b) { return a.seconds < b.seconds; });
    std::sort(peer.begin(), peer.end());
    const auto& middle = own[rounds / 2];
    if (middle.records == 0)
        return 1;
    std::printf("%s, %s rows of a time and %d measures\n", formatBytes(static_cast<std::uint64_t>(bytes)).c_str(),
                formatCount(middle.records).c_str(), measures);
    std::printf("faultline, 1 thread  %6.2f s %6.0f MB/s  %.1f bytes a record more than its measures\n", middle.seconds,
                bytes / 1e6 / middle.seconds,
                static_cast<double>(middle.memoryBytes) / static_cast<double>(middle.records) - 8.0 * measures);
    if (const double pandas = peer[rounds / 2]; pandas > 0.0)
        std::printf("pandas, C engine     %6.2f s %6.0f MB/s\nratio                %6.2f\n", pandas,
                    bytes / 1e6 / pandas, pandas / middle.seconds);
    else
        std::printf("pandas is not installed for %s\n", python.c_str());
    return 0;
}
