// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// How fast a table of numbers becomes records: bench_csv_numbers [MEGABYTES] [PYTHON]
// A time and 20 measures (counts, values of 6 decimals, doubles of 17 digits) in MEGABYTES (300) of CSV in a temporary
// folder are loaded with one thread and with two, each run in a process of its own; PYTHON (python3) reads the same
// file with pandas' C engine, in turns. The median of three runs each, and their ratios. Below them what the machine
// allows one thread: reading the file, finding its lines, and making numbers of its cells, each by itself.
#include "engine/core/random.h"
#include "engine/core/system.h"
#include "engine/core/text.h"
#include "engine/records/decimal.h"
#include "engine/records/loader.h"
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
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
Figures loadInChild(const std::string& path, std::size_t threads)
{
    int ends[2];
    Figures figures;
    if (::pipe(ends) != 0)
        return figures;
    if (const auto child = ::fork(); child == 0) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
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

template <class Work>
double secondsOf(const Work& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// What one thread does of the file when it does one thing only.
void printLimits(const std::string& path, double bytes)
{
    std::string text(static_cast<std::size_t>(bytes), '\0');
    std::size_t lines = 0, cells = 0;
    double sum = 0.0;
    const double read = secondsOf([&] {
        std::FILE* file = std::fopen(path.c_str(), "rb");
        text.resize(file == nullptr ? 0 : std::fread(text.data(), 1, text.size(), file));
        if (file != nullptr)
            std::fclose(file);
    });
    const char* const end = text.data() + text.size();
    const double split = secondsOf([&] {
        for (const char* at = text.data(); at < end; ++lines) {
            const void* feed = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
            at = feed == nullptr ? end : static_cast<const char*>(feed) + 1;
        }
    });
    const double convert = secondsOf([&] {
        for (const char* at = text.data(); at < end; ++at, ++cells) {
            const char* const begin = at;
            while (at<end&& * at> ',') // the digits, the point, the minus and the letters, not what is between cells
                ++at;
            sum += records::readDecimal({begin, static_cast<std::size_t>(at - begin)}, end).value_or(0.0);
        }
    });
    std::printf("alone, of one thread: read the file %.0f MB/s, find %s lines %.0f MB/s, convert %s cells %.0f MB/s "
                "(sum %.6g)\n",
                bytes / 1e6 / read, formatCount(lines).c_str(), bytes / 1e6 / split, formatCount(cells).c_str(),
                bytes / 1e6 / convert, sum);
}

void printLoad(const char* name, const Figures& figures, double bytes, double pandas)
{
    std::printf("%-20s %6.2f s %6.0f MB/s  %.1f bytes a record more than its measures", name, figures.seconds,
                bytes / 1e6 / figures.seconds,
                static_cast<double>(figures.memoryBytes) / static_cast<double>(figures.records) - 8.0 * measures);
    if (pandas > 0.0)
        std::printf("  %.2f x pandas", pandas / figures.seconds);
    std::printf("\n");
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
    std::array<std::vector<Figures>, 2> own; // with one thread, with two
    std::vector<double> peer;
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t threads = 1; threads <= own.size(); ++threads)
            own[threads - 1].push_back(loadInChild(path, threads));
        peer.push_back(pandasSeconds(python, path));
    }
    for (auto& figures : own)
        std::sort(figures.begin(), figures.end(),
                  [](const Figures& a, const Figures& b) { return a.seconds < b.seconds; });
    std::sort(peer.begin(), peer.end());
    const auto& middle = own[0][rounds / 2];
    const double pandas = peer[rounds / 2];
    if (middle.records == 0)
        return 1;
    std::printf("%s, %s rows of a time and %d measures\n", formatBytes(static_cast<std::uint64_t>(bytes)).c_str(),
                formatCount(middle.records).c_str(), measures);
    printLoad("faultline, 1 thread", middle, bytes, pandas);
    printLoad("faultline, 2 threads", own[1][rounds / 2], bytes, pandas);
    if (pandas > 0.0)
        std::printf("pandas, C engine     %6.2f s %6.0f MB/s\n", pandas, bytes / 1e6 / pandas);
    else
        std::printf("pandas is not installed for %s\n", python.c_str());
    printLimits(path, bytes);
    std::filesystem::remove(path);
    return 0;
}
