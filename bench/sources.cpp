// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// How fast content comes out of compressed files: bench_sources [FILE] [MEGABYTES]
// FILE (without one, generated lines) is repeated to MEGABYTES (200) and packed with gzip, zstd, xz and bzip2,
// whichever are installed, in a temporary folder. Each is streamed in blocks of 1 MiB, which for all but gzip includes
// the spool that lets any part be read again, and beside it decompressed by its own tool to nowhere. Then 200 places
// are read.
#include "engine/core/random.h"
#include "engine/sources/source.h"
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace
{

using namespace faultline;

struct Tool {
    const char* name;
    const char* pack;
};
constexpr Tool tools[] = {{"gzip", "gzip -6"}, {"zstd", "zstd -q -3"}, {"xz", "xz -1"}, {"bzip2", "bzip2 -9"}};
constexpr int reads = 200;

double secondsOf(const auto& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string generatedLines()
{
    Random random(1);
    std::string text;
    for (int i = 0; i < 200'000; ++i)
        text += "2026-03-01 12:" + std::to_string(10 + i / 4'000) + ":" + std::to_string(10 + i % 50) +
                ",000 INFO [worker-" + std::to_string(random.below(8)) + "] shop.Orders: order " +
                std::to_string(random.below(1'000'000'000)) + " placed, total " + std::to_string(random.below(500)) +
                ".95 EUR\n";
    return text;
}

std::string contentOf(const char* path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool run(const std::string& command)
{
    return std::system(command.c_str()) == 0;
}

/// One line of the table; false when the content could not be read.
bool measure(const Tool& tool, const std::string& plain, const std::string& packed)
{
    QuietJob job;
    const auto source = sources::Source::open(packed);
    if (!source)
        return false;
    std::uint64_t bytes = 0;
    bool whole = true;
    const double ours = secondsOf([&] {
        const auto done = (*source)->forEachBlock(
            1U << 20, [&](const sources::Block& block) { return bytes += block.bytes.size(), true; }, job);
        whole = done.has_value() && bytes == std::filesystem::file_size(plain);
    });
    Random random(2);
    const double random200 = secondsOf([&] {
        for (int i = 0; i < reads; ++i)
            whole = whole && (*source)->read(random.below(bytes), 200).has_value();
    });
    const double theirs = secondsOf([&] { run(std::string(tool.name) + " -dc " + packed + " > /dev/null"); });
    const auto megabytes = static_cast<double>(bytes) / 1e6;
    std::printf("%-6s %10.1f %12.0f %14.0f %12.2f %14.2f\n", tool.name,
                static_cast<double>(std::filesystem::file_size(packed)) / 1e6, megabytes / ours, megabytes / theirs,
                theirs / ours, random200 * 1e3 / reads);
    return whole;
}

} // namespace

int main(int argc, char** argv)
{
    const auto content = argc > 1 ? contentOf(argv[1]) : generatedLines();
    const std::uint64_t megabytes = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 200;
    if (content.empty()) {
        std::fprintf(stderr, "bench_sources: nothing to read in %s\n", argv[1]);
        return 2;
    }
    const auto folder = std::filesystem::temp_directory_path() / "faultline_bench_sources";
    std::filesystem::create_directories(folder);
    const auto plain = (folder / "plain.log").string();
    std::ofstream file(plain, std::ios::binary);
    for (std::uint64_t written = 0; written < megabytes * 1'000'000; written += content.size())
        file << content;
    file.close();
    std::printf("%-6s %10s %12s %14s %12s %14s\n", "", "packed MB", "ours MB/s", "its tool MB/s", "ratio", "ms a read");
    bool all = true;
    for (const auto& tool : tools) {
        const auto packed = plain + "." + tool.name;
        if (!run(std::string("command -v ") + tool.name + " > /dev/null") ||
            !run(std::string(tool.pack) + " -c " + plain + " > " + packed)) {
            std::printf("%-6s is not installed\n", tool.name);
            continue;
        }
        all = measure(tool, plain, packed) && all;
    }
    std::filesystem::remove_all(folder);
    return all ? 0 : 1;
}
