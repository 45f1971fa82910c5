// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
//
// How long a job goes on after it was told to stop: bench_cancel [--megabytes N] [--session-key PATTERN] [FILE...]
// Each file is loaded once to the end, then 20 times with a stop at a random moment; printed is the longest time from
// the wish to stop until load() and the cutting of sessions had returned and freed what they held. Without files it
// makes what readers have trouble with, N (200) megabytes each, in a temporary folder. A load may be over before its
// stop comes; such stops are drawn again. The promise is 200 ms.
#include "engine/core/random.h"
#include "engine/core/text.h"
#include "engine/records/loader.h"
#include "engine/records/session_cut.h"
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace
{

using namespace faultline;
using Clock = std::chrono::steady_clock;

constexpr int stopsPerFile = 20;
constexpr int mostTries = 200;
constexpr double promised_ms = 200.0;

double msSince(Clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// The whole work; its results are freed before it returns.
void work(const std::string& path, const std::string& sessionKey, JobContext& job)
{
    records::LoadOptions options;
    options.parse.sessionKey = sessionKey;
    options.parse.allowExpansion = true;
    const auto loaded = records::load({path}, options, job);
    if (loaded && !sessionKey.empty())
        (void)records::cutSessions(*loaded, {.timeout_us = 60 * second_us}, records::SessionOrder::ByStart, job);
}

struct Stopped {
    bool inTime = false; ///< the work went on when the stop came
    double latency_ms = 0.0;
    std::string stage;
};

Stopped stopAfter(double delay_ms, const std::string& path, const std::string& sessionKey)
{
    Progress progress;
    std::atomic<bool> over{false};
    Stopped stopped;
    std::jthread thread([&](const std::stop_token& stop) {
        JobContext job(stop, progress);
        work(path, sessionKey, job);
        over = true;
    });
    std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(delay_ms));
    stopped.inTime = !over;
    stopped.stage = progress.stage.load();
    const auto start = Clock::now();
    thread.request_stop();
    thread.join();
    stopped.latency_ms = msSince(start);
    return stopped;
}

/// Prints a line; false when the promise was broken.
bool measure(const std::string& path, const std::string& sessionKey)
{
    QuietJob whole;
    const auto start = Clock::now();
    work(path, sessionKey, whole);
    const double whole_ms = msSince(start);
    Random random(1);
    Stopped worst;
    int stops = 0;
    for (int tries = 0; stops < stopsPerFile && tries < mostTries; ++tries) {
        const auto stopped = stopAfter(random.uniform() * whole_ms, path, sessionKey);
        if (!stopped.inTime)
            continue;
        ++stops;
        if (stopped.latency_ms >= worst.latency_ms)
            worst = stopped;
    }
    const auto name = std::filesystem::path(path).filename().string();
    std::printf("%-28s %8.0f ms whole %6d stops %8.1f ms worst (%s)\n", name.c_str(), whole_ms, stops, worst.latency_ms,
                worst.stage.c_str());
    std::fflush(stdout);
    return worst.latency_ms <= promised_ms;
}

// --- files that readers have trouble with

using Write = void (*)(std::ofstream& out, std::size_t bytes);

void repeat(std::ofstream& out, std::size_t bytes, std::string_view piece)
{
    std::string block;
    while (block.size() < (1U << 20))
        block += piece;
    for (std::size_t written = 0; written < bytes; written += block.size())
        out << block;
}

void oneLine(std::ofstream& out, std::size_t bytes)
{
    out << "2026-03-01 12:00:00 INFO ";
    repeat(out, bytes, "payload ");
}

void jsonArray(std::ofstream& out, std::size_t bytes)
{
    out << '[';
    repeat(out, bytes, R"({"time":"2026-03-01T12:00:00Z","level":"info","msg":"order 17 placed","ms":3.5},)");
    out << R"({"time":"2026-03-01T12:00:01Z","level":"info","msg":"the last","ms":1}])";
}

void jsonNeverEnds(std::ofstream& out, std::size_t bytes)
{
    out << R"({"time":"2026-03-01T12:00:00Z","values":[)";
    repeat(out, bytes, "1234,");
}

void openQuote(std::ofstream& out, std::size_t bytes)
{
    out << "time,value,text\n2026-03-01T12:00:00Z,1,ok\n2026-03-01T12:00:01Z,2,\"never closed\n";
    repeat(out, bytes, "2026-03-01T12:00:02Z,3,more\n");
}

void stackTraces(std::ofstream& out, std::size_t bytes)
{
    std::string event = "2026-03-01 12:00:00,123 ERROR [worker-1] shop.Orders: order failed\n"
                        "java.io.IOException: broken pipe\n";
    for (int depth = 0; depth < 60; ++depth)
        event += "\tat com.example.shop.Orders.place" + std::to_string(depth) +
                 "(Orders.java:" + std::to_string(100 + depth) + ")\n";
    repeat(out, bytes, event);
}

void oneTrace(std::ofstream& out, std::size_t bytes)
{
    out << "2026-03-01 12:00:00,123 ERROR [worker-1] shop.Orders: order failed\n";
    repeat(out, bytes, "\tat com.example.shop.Orders.place(Orders.java:100)\n");
}

void freeText(std::ofstream& out, std::size_t bytes)
{
    Random random(2);
    std::string line;
    for (std::size_t written = 0; written < bytes; written += line.size()) {
        line = "2026-03-01 12:00:00 INFO";
        for (int word = 0; word < 8; ++word) {
            line += ' ';
            for (int letter = 0; letter < 6; ++letter)
                line += static_cast<char>('a' + random.below(26));
        }
        line += '\n';
        out << line;
    }
}

struct Case {
    const char* name;
    Write write;
    const char* pack = "";
};
constexpr Case cases[] = {{"one_line.log", oneLine},
                          {"array.json", jsonArray},
                          {"never_ends.json", jsonNeverEnds},
                          {"open_quote.csv", openQuote},
                          {"stack_traces.log", stackTraces},
                          {"one_trace.log", oneTrace},
                          {"one_line_packed.log", oneLine, "gzip -1"},
                          {"free_text.log", freeText}};

bool measureMade(std::size_t megabytes)
{
    auto pattern = (std::filesystem::temp_directory_path() / "bench_cancel_XXXXXX").string();
    const char* made = ::mkdtemp(pattern.data());
    if (made == nullptr)
        return false;
    bool kept = true;
    for (const auto& each : cases) {
        auto path = std::string(made) + '/' + each.name;
        {
            std::ofstream out(path, std::ios::binary);
            each.write(out, megabytes * 1'000'000);
        }
        if (*each.pack != '\0') {
            if (std::system((std::string(each.pack) + ' ' + path).c_str()) != 0)
                return false;
            path += ".gz";
        }
        kept &= measure(path, {});
        std::filesystem::remove(path);
    }
    std::filesystem::remove_all(made);
    return kept;
}

} // namespace

int main(int argc, char** argv)
{
    std::size_t megabytes = 200;
    std::string sessionKey;
    std::vector<std::string> files;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--megabytes" && i + 1 < argc) {
            const std::string_view text = argv[++i];
            std::from_chars(text.data(), text.data() + text.size(), megabytes);
        } else if (argument == "--session-key" && i + 1 < argc) {
            sessionKey = argv[++i];
        } else {
            files.emplace_back(argument);
        }
    }
    bool kept = true;
    for (const auto& file : files)
        kept &= measure(file, sessionKey);
    if (files.empty())
        kept = measureMade(megabytes);
    return kept ? 0 : 1;
}
