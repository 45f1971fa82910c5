// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// Reads one file to records once and prints the seconds as JSON, for bench/peers/compare.py:
//   bench_records --work templates_masked|csv_read --data FILE --threads N
// templates_masked: a log to time, level, template and its id; csv_read: a table to times and numbers.
#include "engine/records/loader.h"
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <string>
#include <tbb/global_control.h>

int main(int argc, char** argv)
{
    using namespace faultline;
    std::string work, data;
    std::size_t threads = 1;
    CLI::App app("Reads one file to records once and prints the seconds.");
    app.add_option("--work", work)->required()->check(CLI::IsMember({"templates_masked", "csv_read"}));
    app.add_option("--data", data)->required()->check(CLI::ExistingFile);
    app.add_option("--threads", threads)->check(CLI::PositiveNumber);
    CLI11_PARSE(app, argc, argv);

    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    QuietJob job;
    const auto start = std::chrono::steady_clock::now();
    const auto set = records::load({data}, {}, job);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (!set) {
        std::fprintf(stderr, "%s\n", set.error().text().c_str());
        return 3;
    }
    const bool isComplete = work == "csv_read" ? !set->table.fields.empty() : !set->templates.templates.empty();
    if (!isComplete || set->table.size() == 0) {
        std::fprintf(stderr, "%s: was not read as this work wants it\n", data.c_str());
        return 3;
    }
    std::printf("{\"work\": \"%s\", \"seconds\": %.6f, \"threads\": %zu, \"records\": %zu}\n", work.c_str(), seconds,
                threads, set->table.size());
    return 0;
}
