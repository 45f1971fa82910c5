// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// How fast lines become records (time, level, template id): bench_throughput [FILE] [MEGABYTES]
// FILE (plain or gzip; without one, a generated service log) is repeated to MEGABYTES (1000) in a temporary folder, so
// that start-up does not count, and loaded three times with one thread and three times with two, each in a process of
// its own, so that peak memory is that run's. Beside it, the same bytes read and their line ends counted: what any
// reader must do.
#include "engine/core/random.h"
#include "engine/core/system.h"
#include "engine/core/text.h"
#include "engine/records/loader.h"
#include "engine/records/quality.h"
#include "engine/sources/source.h"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/wait.h>
#include <tbb/global_control.h>
#include <unistd.h>

namespace
{

using namespace faultline;

struct Figures {
    double seconds = 0.0, judgingSeconds = 0.0;
    std::uint64_t lines = 0, records = 0, memoryBytes = 0;
};

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string generatedLog()
{
    Random random(1);
    std::string text;
    for (int i = 0; i < 200'000; ++i) {
        const auto clock = formatIso8601(1'700'000'000 * second_us + i * 10'000);
        const auto id = std::to_string(random.below(1'000'000'000));
        text += clock.substr(0, 10) + " " + clock.substr(11, 8) + ",000 ";
        switch (random.below(4)) {
        case 0:
            text += "INFO [worker-" + std::to_string(random.below(8)) + "] shop.Orders: order " + id +
                    " placed, total " + std::to_string(random.below(500)) + ".95 EUR\n";
            break;
        case 1:
            text += "INFO [worker-1] shop.Db: query took " + std::to_string(random.below(90)) +
                    " ms, rows=" + std::to_string(random.below(1000)) + " on /10.0.0." +
                    std::to_string(random.below(255)) + ":5432\n";
            break;
        case 2:
            text += "DEBUG [cache] shop.Cache: hit for key session:" + id + "\n";
            break;
        default:
            text += "WARN [worker-2] shop.Payment: retry 1 of 3 for payment " + id + ": connection reset by peer\n";
        }
    }
    return text;
}

Result<std::string> contentOf(const std::string& path)
{
    const auto source = sources::Source::open(path);
    if (!source)
        return tl::unexpected(source.error());
    std::string content;
    QuietJob job;
    const auto read = (*source)->forEachBlock(
        1U << 20, [&](const sources::Block& block) { return content += block.bytes, true; }, job);
    if (!read)
        return tl::unexpected(read.error());
    return content;
}

void writeRepeated(const std::string& path, const std::string& content, std::uint64_t bytes)
{
    std::ofstream file(path, std::ios::binary);
    for (std::uint64_t written = 0; written < bytes; written += content.size())
        file << content;
}

/// Runs `measure` in a child process and returns what it measured.
template <class Measure>
Figures inChild(Measure measure)
{
    int ends[2];
    Figures figures;
    if (::pipe(ends) != 0)
        return figures;
    if (const auto child = ::fork(); child == 0) {
        figures = measure();
        const bool sent = ::write(ends[1], &figures, sizeof figures) == sizeof figures;
        ::_exit(sent ? 0 : 1);
    } else {
        ::close(ends[1]);
        if (::read(ends[0], &figures, sizeof figures) != sizeof figures)
            figures = {};
        ::close(ends[0]);
        ::waitpid(child, nullptr, 0);
    }
    return figures;
}

Figures countLineEnds(const std::string& path)
{
    const auto start = std::chrono::steady_clock::now();
    Figures figures;
    std::string buffer(1U << 20, '\0');
    std::FILE* file = std::fopen(path.c_str(), "rb");
    if (file == nullptr)
        return figures;
    while (const auto got = std::fread(buffer.data(), 1, buffer.size(), file)) {
        const char* at = buffer.data();
        const char* const end = at + got;
        while ((at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)))) != nullptr) {
            ++figures.lines;
            ++at;
        }
    }
    std::fclose(file);
    figures.seconds = secondsSince(start);
    return figures;
}

Figures loadFile(const std::string& path, std::size_t threads)
{
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    const auto before = peakMemoryBytes();
    const auto start = std::chrono::steady_clock::now();
    QuietJob job;
    const auto set = records::load({path}, {}, job);
    Figures figures{.seconds = secondsSince(start)};
    if (!set) {
        std::fprintf(stderr, "%s\n", set.error().text().c_str());
        return {};
    }
    figures.lines = set->reports.front().lines;
    figures.records = set->table.size();
    figures.memoryBytes = peakMemoryBytes() - std::min(before, peakMemoryBytes());
    const auto judging = std::chrono::steady_clock::now();
    if (records::assess(*set, job))
        figures.judgingSeconds = secondsSince(judging);
    return figures;
}

void print(const char* what, std::vector<Figures> runs, std::uint64_t bytes)
{
    std::sort(runs.begin(), runs.end(), [](const Figures& a, const Figures& b) { return a.seconds < b.seconds; });
    const auto& middle = runs[runs.size() / 2];
    if (middle.seconds <= 0.0)
        return;
    std::printf("%-24s %6.2f s (%.2f to %.2f) %12s lines/s %8.0f MB/s", what, middle.seconds, runs.front().seconds,
                runs.back().seconds,
                formatCount(static_cast<std::uint64_t>(static_cast<double>(middle.lines) / middle.seconds)).c_str(),
                static_cast<double>(bytes) / 1e6 / middle.seconds);
    if (middle.records > 0)
        std::printf("  %.1f bytes/record, %s more memory",
                    static_cast<double>(middle.memoryBytes) / static_cast<double>(middle.records),
                    formatBytes(middle.memoryBytes).c_str());
    if (middle.judgingSeconds > 0.0)
        std::printf(", quality judged in %.2f s", middle.judgingSeconds);
    std::printf("\n");
}

} // namespace

int main(int argc, char** argv)
{
    std::string content = generatedLog();
    if (argc > 1) {
        auto read = contentOf(argv[1]);
        if (!read || read->empty()) {
            std::fprintf(stderr, "%s\n", read ? "the file is empty" : read.error().text().c_str());
            return 3;
        }
        content = std::move(*read);
    }
    const auto megabytes = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1000ULL;
    const auto path =
        (std::filesystem::temp_directory_path() / ("bench_throughput_" + std::to_string(::getpid()) + ".log")).string();
    writeRepeated(path, content, megabytes * 1'000'000);
    content = {};
    const auto bytes = std::filesystem::file_size(path);
    std::printf("%s, %s\n", argc > 1 ? argv[1] : "generated log", formatBytes(bytes).c_str());

    constexpr std::size_t rounds = 3;
    std::vector<Figures> counted, one, two;
    for (std::size_t round = 0; round < rounds; ++round) {
        counted.push_back(inChild([&] { return countLineEnds(path); }));
        one.push_back(inChild([&] { return loadFile(path, 1); }));
        two.push_back(inChild([&] { return loadFile(path, 2); }));
    }
    print("counting line ends", counted, bytes);
    print("load, 1 thread", one, bytes);
    print("load, 2 threads", two, bytes);
    std::filesystem::remove(path);
    return one.front().lines > 0 ? 0 : 1;
}
